"""What the classifier says of one photo."""

from __future__ import annotations

import json

import pytest

from acnelib.inference import ConfidenceThreshold, ModelIdentity, Prediction, Quality, Verdict

IDENTITY = ModelIdentity(name="acne", version="3", sha256="a" * 64)
SCORES = {"acne": 0.2, "cysts": 0.2, "rosacea": 0.6}


@pytest.fixture
def prediction():
    return Prediction(
        path="a.jpg",
        sha256="b" * 64,
        label="rosacea",
        confidence=0.6,
        verdict=Verdict.UNCERTAIN,
        threshold=ConfidenceThreshold(0.8),
        quality=(Quality.SMALL, Quality.BLURRED),
        scores=SCORES,
        model=IDENTITY,
    )


def test_the_best_labels_come_first_and_equal_ones_in_alphabetical_order(prediction):
    assert prediction.top(2) == (("rosacea", 0.6), ("acne", 0.2))
    assert [label for label, _ in prediction.top(9)] == ["rosacea", "acne", "cysts"]


def test_a_row_of_json_says_it_all(prediction):
    assert json.loads(json.dumps(prediction.as_dict())) == {
        "path": "a.jpg",
        "sha256": "b" * 64,
        "label": "rosacea",
        "confidence": 0.6,
        "verdict": "uncertain",
        "threshold": {"value": 0.8, "origin": "model"},
        "quality": ["small", "blurred"],
        "scores": SCORES,
        "model": {"name": "acne", "version": "3", "sha256": "a" * 64, "drawn": False},
        "error": None,
    }


def test_a_photo_without_an_answer_has_no_scores():
    failed = Prediction(path="a.jpg", sha256=None, model=IDENTITY, error="a.jpg is empty")
    assert (failed.label, failed.confidence, failed.verdict, failed.scores, failed.top(3)) == (None, None, None, {}, ())


def test_verdicts_are_written_as_people_read_them():
    assert [str(verdict) for verdict in Verdict] == ["confident", "uncertain", "out-of-scope"]
