"""The evaluation record: comes back as it was written, and a damaged file is one clear error."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from acnelib.errors import BundleInvalid
from acnelib.evaluation_record import (
    ClassMetrics,
    EvaluationRecord,
    Metrics,
    SubsetEvaluation,
    ThresholdShare,
    UnseenConditionEvaluation,
    publishable_values,
)


@pytest.fixture
def record():
    metrics = Metrics(
        n=40,
        unreadable=0,
        accuracy=0.9,
        balanced_accuracy=0.88,
        macro_f1=0.87,
        macro_f1_interval=(0.7, 0.95),
        ece=0.05,
        nll=0.4,
        brier=0.2,
        coverage=0.5,
        selective_accuracy=None,
        per_class={"rosacea": ClassMetrics(precision=1.0, recall=0.5, f1=0.66, support=8)},
    )
    share = ThresholdShare(confidence=0.9, photos=20, groups=18, accuracy=0.95, interval=(0.8, 0.99))
    subset = SubsetEvaluation(metrics=metrics, out_of_scope=0)
    return EvaluationRecord(
        out_of_fold=subset,
        series=replace(subset, out_of_scope=1, thresholds=(share,)),
        unseen_source=subset,
        unseen_sources={"atlas": subset, "archive": replace(subset, out_of_scope=2)},
        unseen_condition=UnseenConditionEvaluation(photos=90, conditions=9, refused=0.7, confident=0.1),
        test=replace(subset, thresholds=(share,)),
        majority_label="rosacea",
        majority_macro_f1=0.1,
    )


@pytest.fixture
def path(record, tmp_path):
    record.write(tmp_path / "evaluation.json")
    return tmp_path / "evaluation.json"


def test_it_comes_back_as_it_was_written(record, path):
    assert EvaluationRecord.read(path) == record


def test_its_json_is_what_bundles_and_the_api_have(path):
    values = json.loads(path.read_text())
    assert values.keys() == {
        *("out_of_fold", "series", "unseen_source", "unseen_sources", "unseen_condition", "test", "majority")
    }
    assert values["majority"] == {"label": "rosacea", "macro_f1": 0.1}
    assert values["unseen_sources"].keys() == {"atlas", "archive"}
    assert values["unseen_condition"] == {"photos": 90, "conditions": 9, "refused": 0.7, "confident": 0.1}
    assert values["series"]["macro_f1_interval"] == [0.7, 0.95]
    assert values["series"]["selective"] == {
        "confidence": [0.9],
        "photos": [20],
        "groups": [18],
        "accuracy": [0.95],
        "low": [0.8],
        "high": [0.99],
    }
    assert "selective" not in values["out_of_fold"]


def test_a_model_of_one_source_without_test_and_background_has_no_figures_of_them(record, tmp_path):
    plain = replace(record, unseen_source=None, unseen_sources={}, unseen_condition=None, test=None)
    plain.write(tmp_path / "plain.json")
    assert EvaluationRecord.read(tmp_path / "plain.json") == plain
    assert plain.subsets().keys() == {"out_of_fold", "series"}


def test_the_gate_judges_by_test_photos_only_where_there_are_some(record):
    assert record.judged is record.test
    assert replace(record, test=None).judged is record.out_of_fold


def test_thresholds_are_shown_on_test_photos_or_else_with_series_held_out(record):
    assert record.at_thresholds is record.test
    assert replace(record, test=None).at_thresholds is record.series


@pytest.mark.parametrize("thresholds", [(), None])
def test_no_photo_in_scope_is_told_from_shares_that_were_not_computed(record, tmp_path, thresholds):
    subset = SubsetEvaluation(metrics=record.test.metrics, out_of_scope=40, thresholds=thresholds)
    assert SubsetEvaluation.from_json(json.loads(json.dumps(subset.as_json()))) == subset


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("macro_f1", 1.5, "macro_f1 is 1.5, not in 0–1"),
        ("macro_f1", "high", "macro_f1 is 'high', not a number"),
        ("accuracy", True, "accuracy is True, not a number"),
        ("nll", float("nan"), "nll is nan, not in 0"),
        ("n", -1, "n is -1, not a count"),
        ("out_of_scope", 1.5, "out_of_scope is 1.5, not a count"),
        ("macro_f1_interval", [0.5], "missing 1 required"),
        ("selective", {"confidence": [0.9]}, "photos"),
        ("per_class", {"rosacea": {"precision": 2.0}}, "precision is 2.0"),
    ],
)
def test_a_value_of_another_type_or_out_of_range_is_one_clear_error(path, name, value, reason):
    values = json.loads(path.read_text())
    values["test"][name] = value
    path.write_text(json.dumps(values))
    with pytest.raises(BundleInvalid, match="is no evaluation of this version of acnelib") as failed:
        EvaluationRecord.read(path)
    assert str(path) in str(failed.value)
    assert reason in str(failed.value)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"test": null}', "not JSON"])
def test_another_file_is_one_clear_error(path, content):
    path.write_text(content)
    with pytest.raises(BundleInvalid, match="train again"):
        EvaluationRecord.read(path)


def test_a_missing_file_is_one_clear_error_and_publishes_nothing(tmp_path):
    with pytest.raises(BundleInvalid, match="train again"):
        EvaluationRecord.read(tmp_path / "evaluation.json")
    assert publishable_values(tmp_path / "evaluation.json") is None


def test_a_file_that_is_no_json_is_not_published(path):
    path.write_text("{")
    with pytest.raises(BundleInvalid, match="is no JSON"):
        publishable_values(path)


def test_what_is_published_has_no_number_that_json_does_not_know(path):
    path.write_text('{"test": {"macro_f1": 0.75, "ece": NaN}}')
    assert publishable_values(path) == {"test": {"macro_f1": 0.75, "ece": None}}
