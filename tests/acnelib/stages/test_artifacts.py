"""The folders of candidates and evaluations: files come back as they were written, and damage is one clear error."""

from __future__ import annotations

import pytest

from acnelib.errors import DataUnusable
from acnelib.evaluation.label_errors import SuspectedLabelError
from acnelib.evaluation.scored_photos import ScoredPhoto, ScoredPhotos
from acnelib.evaluation_record import EvaluationRecord, SubsetEvaluation
from acnelib.stages.artifacts import FINAL, OUT_OF_FOLD, SERIES, TEST, CandidateFolder, EvaluationFolder

PHOTOS = tuple(
    ScoredPhoto(sha256=f"{number}" * 64, true_label=truth, group=truth, scores=(0.75, 0.25))
    for number, truth in enumerate(("acne", "rosacea"))
)
SCORES = ScoredPhotos(labels=("acne", "rosacea"), confidence_threshold=0.7, photos=PHOTOS)

ANGLES = {"0" * 64: 41.5, "1" * 64: None}


@pytest.fixture
def suspicion():
    return SuspectedLabelError(sha256="1" * 64, label="rosacea", suggested="acne", score=0.1, suggested_score=0.8)


@pytest.fixture
def evaluation():
    subset = SubsetEvaluation(metrics=SCORES.metrics(), out_of_scope=0)
    return EvaluationRecord(out_of_fold=subset, series=subset, majority_label="acne", majority_macro_f1=0.3)


@pytest.fixture
def files(tmp_path, evaluation, suspicion):
    files = EvaluationFolder(tmp_path)
    files.write(evaluation, {OUT_OF_FOLD: SCORES, SERIES: SCORES.subset({"0" * 64})}, [suspicion], ANGLES)
    return files


def test_an_evaluation_comes_back_as_it_was_written(files, evaluation, suspicion):
    assert files.evaluation() == evaluation
    assert files.scores(OUT_OF_FOLD) == SCORES
    assert files.scores(SERIES).photos == PHOTOS[:1]
    assert files.label_errors() == (suspicion,)
    assert files.angles() == ANGLES


def test_without_test_photos_the_out_of_fold_answers_decide(tmp_path, evaluation):
    files = EvaluationFolder(tmp_path)
    files.write(evaluation, {OUT_OF_FOLD: SCORES}, [], {})
    assert files.judged() == SCORES


def test_the_answers_of_a_candidate_come_back_as_they_were_written(tmp_path):
    answers = {OUT_OF_FOLD: SCORES, SERIES: SCORES, FINAL: SCORES.subset({"0" * 64})}
    files = CandidateFolder(tmp_path)
    files.write_answers(answers)
    assert files.answers() == answers


@pytest.mark.parametrize("content", ["", "[]", '{"0": "light"}'])
def test_typology_angles_that_are_damaged_are_one_clear_error(files, tmp_path, content):
    (tmp_path / "typology_angles.json").write_text(content)
    with pytest.raises(DataUnusable, match="is missing or damaged: delete its folder and run again"):
        files.angles()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"test": {"labels": 3}}', None])
@pytest.mark.parametrize("read", [lambda at: EvaluationFolder(at).judged(), lambda at: CandidateFolder(at).answers()])
def test_scores_that_are_missing_or_damaged_are_one_clear_error(tmp_path, read, content):
    if content is not None:
        (tmp_path / "answers.json").write_text(content)
    with pytest.raises(DataUnusable, match="is missing or damaged: delete its folder and run again"):
        read(tmp_path)


def test_a_set_of_scores_that_is_missing_is_one_clear_error(files):
    with pytest.raises(DataUnusable, match="is missing or damaged"):
        files.scores(TEST)


@pytest.mark.parametrize("content", ["", "{}x", "[{}]", "[3]", None])
def test_suspicions_that_are_missing_or_damaged_are_one_clear_error(files, content):
    path = files.root / "label_suspicions.json"
    path.unlink() if content is None else path.write_text(content)
    with pytest.raises(DataUnusable, match="is missing or damaged"):
        files.label_errors()
