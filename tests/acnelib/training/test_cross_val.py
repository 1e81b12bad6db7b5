"""Scores of photos by heads that never saw them."""

from __future__ import annotations

import numpy as np

from acnelib.folds import group_folds
from acnelib.training.cross_val import NEVER_SEEN, cross_val_logits

LABELS = ("cysts", "papules")


def embeddings(number, *, seed=0):
    return np.random.default_rng(seed).normal(size=(number, 8)).astype(np.float32)


def test_what_can_be_learnt_is_told_of_photos_that_were_held_out():
    truth = ["cysts", "papules"] * 30
    some = embeddings(60)
    some[::2, 0] += 4
    logits = cross_val_logits(some, truth, labels=LABELS, folds=group_folds(truth, [str(i) for i in range(60)]))
    assert (logits.argmax(axis=1) == np.array([0, 1] * 30)).mean() > 0.9


def test_what_photos_of_one_group_only_show_is_never_learnt_for_themselves():
    """Each group has a pattern of its own, and labels mean nothing: held out by groups, chance is all there is."""
    chance = np.random.default_rng(1)
    truth = np.repeat(chance.permutation(["cysts", "papules"] * 30), 5).tolist()
    groups = np.repeat([f"group-{i}" for i in range(60)], 5).tolist()
    some = np.repeat(embeddings(60, seed=2), 5, axis=0) + 0.01 * embeddings(300)
    own = np.array([LABELS.index(label) for label in truth])

    def accuracy(of_groups):
        logits = cross_val_logits(some, truth, labels=LABELS, folds=group_folds(truth, of_groups))
        return (logits.argmax(axis=1) == own).mean()

    apart = [f"photo-{i}" for i in range(300)]
    assert accuracy(groups) < 0.65
    assert accuracy(apart) > accuracy(groups)


def test_a_label_that_only_the_held_out_photos_show_is_practically_impossible():
    labels = ("cysts", "papules", "scars")
    truth = ["cysts", "papules"] * 5 + ["scars"]
    folds = [np.array([10]), np.arange(10)]
    logits = cross_val_logits(embeddings(11), truth, labels=labels, folds=folds)
    assert logits[10, 2] == NEVER_SEEN
    assert np.isnan(logits[:10]).all()  # of scars alone nothing can be learnt
