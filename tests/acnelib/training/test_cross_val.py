"""Logits of photos by heads that never saw them."""

from __future__ import annotations

import numpy as np

from acnelib.folds import fold_numbers, held_out_rows
from acnelib.training import cross_val
from acnelib.training.cross_val import NEVER_SEEN, cross_val_logits, nested_logits

LABELS = ("cysts", "papules")


def embeddings(number, *, seed=0):
    return np.random.default_rng(seed).normal(size=(number, 8)).astype(np.float32)


def folds(units):
    return held_out_rows(fold_numbers(units, repeats=1)[0])


def test_what_can_be_learnt_shows_on_photos_that_were_held_out():
    truth = ["cysts", "papules"] * 30
    some = embeddings(60)
    some[::2, 0] += 4
    logits = cross_val_logits(some, truth, labels=LABELS, folds=folds([str(i) for i in range(60)]))
    assert (logits.argmax(axis=1) == np.array([0, 1] * 30)).mean() > 0.9


def test_what_photos_of_one_group_only_show_is_never_learnt_for_themselves():
    """Each group has a pattern of its own, and labels mean nothing: held out by groups, chance is all there is."""
    chance = np.random.default_rng(1)
    truth = np.repeat(chance.permutation(["cysts", "papules"] * 30), 5).tolist()
    groups = np.repeat([f"group-{i}" for i in range(60)], 5).tolist()
    some = np.repeat(embeddings(60, seed=2), 5, axis=0) + 0.01 * embeddings(300)
    own = np.array([LABELS.index(label) for label in truth])

    def accuracy(of_groups):
        logits = cross_val_logits(some, truth, labels=LABELS, folds=folds(of_groups))
        return (logits.argmax(axis=1) == own).mean()

    apart = [f"photo-{i}" for i in range(300)]
    assert accuracy(groups) < 0.65
    assert accuracy(apart) > accuracy(groups)


def test_a_label_that_only_the_held_out_photos_show_never_wins_however_low_the_other_logits_are():
    labels = ("cysts", "papules", "scars")
    truth = ["cysts", "papules"] * 5 + ["scars"]
    some = embeddings(11)
    some[10] -= 1e3  # far from everything that the head knows
    logits = cross_val_logits(some, truth, labels=labels, folds=[np.array([10]), np.arange(10)])
    assert logits[10, 2] == NEVER_SEEN
    assert logits[10].argmax() != 2
    assert np.isnan(logits[:10]).all()  # of scars alone nothing can be learnt


def test_inner_logits_of_a_fold_are_by_heads_that_saw_neither_the_fold_nor_the_photo(monkeypatch):
    fitted = []
    fit = cross_val.fit_head
    monkeypatch.setattr(cross_val, "fit_head", lambda some, known: fitted.append(set(some[:, 0])) or fit(some, known))
    some = embeddings(50)
    some[:, 0] = np.arange(50)
    numbers = np.arange(50) % 5
    found = nested_logits(some, ["cysts", "papules"] * 25, labels=LABELS, numbers=numbers)
    assert len(fitted) == 15  # ten pairs of folds, five folds
    assert {len(rows) for rows in fitted} == {30, 40}
    for fold, (held_out, inner) in enumerate(zip(found.folds, found.inner, strict=True)):
        assert np.isnan(inner[held_out]).all()
        assert not np.isnan(inner[numbers != fold]).any()


def test_the_logits_of_nested_folds_are_those_of_plain_ones():
    some, truth = embeddings(50), ["cysts", "papules"] * 25
    numbers = np.arange(50) % 5
    plain = cross_val_logits(some, truth, labels=LABELS, folds=held_out_rows(numbers))
    assert np.array_equal(nested_logits(some, truth, labels=LABELS, numbers=numbers).logits, plain)
