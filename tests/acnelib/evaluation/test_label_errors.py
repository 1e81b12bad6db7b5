"""Photos that may stand under the wrong label."""

from __future__ import annotations

import numpy as np

from acnelib.evaluation.label_errors import find_label_errors

LABELS = ("cysts", "papules")


def label_errors(scores, truth):
    return find_label_errors(
        np.array([[score, 1 - score] for score in scores]),
        [f"photo-{i}" for i in range(len(truth))],
        truth,
        labels=LABELS,
    )


def test_a_photo_that_is_confidently_seen_as_another_class_is_suspected():
    (suspicion,) = label_errors([0.9, 0.8, 0.05, 0.1, 0.2], ["cysts", "cysts", "cysts", "papules", "papules"])
    assert (suspicion.sha256, suspicion.label, suspicion.suggested) == ("photo-2", "cysts", "papules")
    assert (suspicion.score, suspicion.suggested_score) == (0.05, 0.95)


def test_an_error_that_is_not_surer_than_usual_is_not_suspected():
    assert not label_errors([0.9, 0.8, 0.4, 0.1, 0.2], ["cysts", "cysts", "cysts", "papules", "papules"])


def test_the_plainest_come_first():
    found = label_errors([0.9, 0.9, 0.9, 0.1, 0.02, 0.1, 0.1], ["cysts"] * 5 + ["papules"] * 2)
    assert [one.sha256 for one in found] == ["photo-4", "photo-3"]


def test_photos_without_scores_are_passed_over():
    assert not label_errors([0.9, np.nan, 0.1], ["cysts", "papules", "papules"])


def test_of_swapped_labels_the_plainer_half_is_found_and_nothing_else():
    chance = np.random.default_rng(0)
    truth = np.repeat(["cysts", "papules"], 100)
    scores = np.clip(np.where(truth == "cysts", 0.8, 0.2) + chance.normal(0, 0.08, 200), 0, 1)
    swapped = chance.choice(200, 10, replace=False)
    given = truth.copy()
    given[swapped] = np.where(truth[swapped] == "cysts", "papules", "cysts")
    found = {one.sha256 for one in label_errors(scores, given.tolist())}
    planted = {f"photo-{row}" for row in swapped}
    assert len(planted & found) >= 5
    assert found <= planted
