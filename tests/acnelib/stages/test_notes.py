"""Descriptions for the MLflow UI: metrics by what was held apart, and what becomes of other conditions."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest
from tiny_bundles import DESCRIPTION, TINY, evaluation

from acnelib.bundle import LITERT, write_description
from acnelib.evaluation_record import UnseenConditionEvaluation
from acnelib.stages.artifacts import CandidateFolder
from acnelib.stages.notes import EXPERIMENT, version_note
from acnelib.stages.results import EvaluateResult


@pytest.fixture
def note(tmp_path):
    candidate = CandidateFolder(tmp_path)
    candidate.bundle.mkdir()
    shutil.copyfile(TINY, candidate.bundle / LITERT)
    write_description(candidate.bundle, DESCRIPTION)
    result = EvaluateResult.model_construct(
        backbone="mobilenet_v1_0.25_128", candidate=tmp_path, statements=["only one patient"]
    )
    return lambda record: version_note(result, record)


def test_each_set_of_answers_has_a_column_that_says_what_was_held_out(note):
    (head, *_) = note(evaluation(photos=30)).splitlines()
    assert [cell.replace("&emsp;", "").strip() for cell in head.strip("|").split("|")[1:]] == [
        "groups held out (30 photos)",
        "series held out (30 photos)",
    ]


def test_sources_held_out_and_test_photos_have_their_columns_too(note):
    record = evaluation()
    head = note(replace(record, unseen_source=record.series, test=record.series)).splitlines()[0]
    assert "sources held out" in head
    assert "test (4 photos)" in head


def test_the_share_that_is_refused_is_a_row(note):
    record = evaluation(photos=10)
    refusing = replace(record, series=replace(record.series, out_of_scope=1))
    (row,) = (line for line in note(refusing).splitlines() if line.startswith("| share that is refused"))
    assert "0.000" in row
    assert "0.100" in row


def test_without_background_photos_other_conditions_were_never_seen(note):
    assert "Other skin conditions were never seen." in note(evaluation())


def test_what_becomes_of_conditions_held_apart_is_reported(note):
    unseen = UnseenConditionEvaluation(photos=204, conditions=20, refused=0.65, confident=0.12)
    record = replace(evaluation(), unseen_condition=unseen)
    assert "Of 204 photos of other conditions, held apart: 65% refused, 12% confident." in note(record)


def test_a_version_says_what_it_was_made_of_and_where_its_card_is(note):
    described = note(evaluation())
    assert "mobilenet_v1_0.25_128, weights `none`; photos: 25 train, 4 test" in described
    assert "`artifacts/bundle/model_card.md`" in described
    assert "only one patient" in described
    assert len(described.splitlines()) < 25


def test_no_set_of_answers_is_called_validation():
    assert "validation" not in EXPERIMENT
