from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from acnelib.inference import ConfidenceThreshold, ModelIdentity, Prediction, ThresholdOrigin, Verdict
from gui.state.results import Results, Row, RowState, judged_again, verdict_at

MODEL = ModelIdentity(name="acne", version="3", sha256="f" * 64)
A, B, C = Path("a.png"), Path("b.png"), Path("c.png")


def answer(*, confidence: float = 0.7, verdict: Verdict = Verdict.CONFIDENT, fit: bool = True) -> Prediction:
    scores = {"papules": confidence, "cysts": 1 - confidence}
    reported = {"label": "papules", "confidence": confidence, "verdict": verdict, "scores": scores}
    return Prediction(path=None, sha256="0", fit=fit, model=MODEL, **reported)


def failure() -> Prediction:
    return Prediction(path=None, sha256=None, model=MODEL, error="a.png is empty: copy or export it again")


def of_drawn(confidence: float) -> Prediction:
    return replace(answer(confidence=confidence, verdict=Verdict.UNCERTAIN), model=replace(MODEL, drawn=True))


def answered(row: Row, prediction: Prediction) -> Row:
    return row.answered(prediction, stage=None, at="2026-01-01T00:00:00+00:00")


def paths(results: Results) -> list[Path]:
    return [row.path for row in results]


def test_photos_stand_in_the_order_in_which_they_came_each_once():
    results = Results()
    results.add([B, A, B])
    results.add([C])
    assert paths(results) == [B, A, C]


def test_a_row_waits_until_its_photo_is_answered_or_fails():
    results = Results()
    one, two, three = results.add([A, B, C])
    results.put(answered(one, answer()))
    results.put(answered(two, failure()))
    assert [row.state for row in results] == [RowState.ANSWERED, RowState.FAILED, RowState.PENDING]
    assert results.pending() == (three,)


def test_a_file_that_is_opened_again_is_pending_in_its_place_under_another_number():
    results = Results()
    old, _ = results.add([A, B])
    results.put(answered(old, answer()))
    (new,) = results.add([A])
    assert (results.place(new.number), results[0].state, new.number != old.number) == (0, RowState.PENDING, True)


def test_a_late_answer_to_an_earlier_opening_is_not_taken():
    results = Results()
    (old,) = results.add([A])
    results.add([A])
    assert results.put(answered(old, answer())) is None
    assert results[0].state is RowState.PENDING


def test_removed_rows_are_gone_and_the_others_close_ranks():
    results = Results()
    one, two, three = results.add([A, B, C])
    results.remove([two.number])
    assert paths(results) == [A, C]
    assert (results.place(three.number), results.row(two.number), results.place(one.number)) == (1, None, 0)
    results.add([B])
    assert paths(results) == [A, C, B]


def test_an_emptied_list_can_be_filled_again():
    results = Results()
    results.add([A, B])
    results.clear()
    assert len(results) == 0
    assert [row.path for row in results.add([B])] == [B]


def test_all_photos_can_be_pending_again():
    results = Results()
    results.put(answered(results.add([A, B])[0], answer()))
    again = results.reset_answers()
    assert [row.path for row in again] == [A, B] == [row.path for row in results.pending()]


@pytest.mark.parametrize(
    ("threshold", "verdict"), [(None, "uncertain"), (0.7, "confident"), (0.71, "uncertain"), (0.0, "confident")]
)
def test_a_verdict_follows_the_threshold(threshold, verdict):
    assert verdict_at(answer(confidence=0.7, verdict=Verdict.UNCERTAIN), threshold) == verdict


def test_no_threshold_makes_an_unfit_photo_confident():
    assert verdict_at(answer(verdict=Verdict.UNCERTAIN, fit=False), 0.0) is Verdict.UNCERTAIN


def test_no_threshold_brings_a_photo_into_scope_and_an_error_has_no_verdict():
    assert verdict_at(answer(verdict=Verdict.OUT_OF_SCOPE), 0.1) is Verdict.OUT_OF_SCOPE
    assert verdict_at(failure(), 0.1) is None


def test_a_list_of_photos_needs_no_numpy_before_there_is_an_answer():
    check = "import sys, gui.state.results, gui.state.results_filter, gui.state.batch; print('numpy' in sys.modules)"
    root = Path(__file__).parents[3]
    ended = subprocess.run([sys.executable, "-c", check], cwd=root, capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "False"


@pytest.mark.parametrize("threshold", [None, 0.0, 0.5])
def test_no_threshold_makes_an_answer_of_a_model_of_drawn_pictures_confident(threshold):
    assert verdict_at(of_drawn(0.99), threshold) is Verdict.UNCERTAIN


def test_another_threshold_in_force_changes_the_verdicts_of_its_model_alone():
    site = ConfidenceThreshold(0.65, ThresholdOrigin.SITE)
    (row,) = Results().add([A])
    before = answered(row, answer(confidence=0.7, verdict=Verdict.UNCERTAIN))
    judged = judged_again(before, model_sha256=MODEL.sha256, threshold=site)
    assert (judged.prediction.verdict, judged.prediction.threshold) == (Verdict.CONFIDENT, site)
    assert judged_again(judged, model_sha256=MODEL.sha256, threshold=site) is None
    assert judged_again(before, model_sha256="0" * 64, threshold=site) is None
    assert judged_again(row, model_sha256=MODEL.sha256, threshold=site) is None
