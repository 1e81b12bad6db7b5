"""The numbers of photos by outcome and by class."""

from __future__ import annotations

from pathlib import Path

import pytest

from acnelib.inference import ModelIdentity, Prediction, Verdict
from gui.state.counts import Counts, counted
from gui.state.results import Results, Row
from gui.state.results_filter import Filter, RowKind

MODEL = ModelIdentity(name="acne", version="3", sha256="f" * 64)


def answered(row: Row, label: str, confidence: float) -> Row:
    verdict = Verdict.CONFIDENT if confidence >= 0.6 else Verdict.UNCERTAIN
    prediction = Prediction(
        path=None, sha256="0", label=label, confidence=confidence, verdict=verdict, scores={label: 1.0}, model=MODEL
    )
    return row.answered(prediction, stage=None, at="2026-01-01T00:00:00+00:00")


@pytest.fixture
def rows() -> list[Row]:
    """Two cysts, of which one is confident, a papule, and a photo without an answer."""
    a, b, c, d = Results().add(Path("album") / name for name in ("a", "b", "c", "d"))
    return [answered(a, "cysts", 0.9), answered(b, "cysts", 0.5), answered(c, "papules", 0.7), d]


def test_photos_are_counted_by_outcome_and_by_class_the_most_frequent_first(rows: list[Row]) -> None:
    counts = counted(rows, Filter(), None)
    assert counts == Counts(
        kinds={RowKind.CONFIDENT: 2, RowKind.UNCERTAIN: 1, RowKind.PENDING: 1}, labels={"cysts": 2, "papules": 1}
    )
    assert list(counts.labels) == ["cysts", "papules"]


def test_a_class_that_is_asked_for_narrows_the_outcomes_and_not_the_classes(rows: list[Row]) -> None:
    counts = counted(rows, Filter(label="cysts"), None)
    assert counts.kinds == {RowKind.CONFIDENT: 1, RowKind.UNCERTAIN: 1}
    assert counts.labels == {"cysts": 2, "papules": 1}


def test_an_outcome_that_is_asked_for_narrows_the_classes_and_not_the_outcomes(rows: list[Row]) -> None:
    counts = counted(rows, Filter(kind=RowKind.CONFIDENT), None)
    assert counts.kinds[RowKind.UNCERTAIN] == 1
    assert counts.labels == {"cysts": 1, "papules": 1}


def test_a_name_that_is_asked_for_narrows_both(rows: list[Row]) -> None:
    assert counted(rows, Filter(text="C"), None) == Counts(kinds={RowKind.CONFIDENT: 1}, labels={"papules": 1})


def test_outcomes_follow_the_users_threshold(rows: list[Row]) -> None:
    assert counted(rows, Filter(), 0.8).kinds[RowKind.CONFIDENT] == 1
