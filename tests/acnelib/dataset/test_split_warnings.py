"""Warnings about classes that are too small to be learnt or measured."""

from __future__ import annotations

from acnelib.dataset.curation import Reason
from acnelib.dataset.split_warnings import small_class_warnings, split_warnings
from acnelib.dataset.splitting import Split, SplitPhoto, Subset
from acnelib.storage.manifest import PhotoRole

TRAIN, TEST = Subset.TRAIN, Subset.TEST


def split_of(*numbers, joined=0, background=0):
    """Return a split with a label and its groups, of two photos each, in train and test."""
    photos = {}
    for label, *groups in numbers:
        for subset, number in zip((TRAIN, TEST), groups, strict=True):
            for group in range(number):
                for place in range(2):
                    name = f"{label}-{subset}-{group}"
                    photos[f"{name}-{place}"] = SplitPhoto(labels=(label,), paths=(), group=name, subset=subset)
    for place in range(joined):
        photos[f"joined-{place}"] = SplitPhoto(
            labels=("cysts",), paths=(), group="t", subset=Subset.EXCLUDED, reason=Reason.JOINED_TO_TEST
        )
    for place in range(background):
        photos[f"background-{place}"] = SplitPhoto(
            labels=("warts",), paths=(), group=f"b{place}", subset=TRAIN, role=PhotoRole.BACKGROUND
        )
    return Split(photos=photos, grouped_by="look")


def test_nothing_is_said_of_classes_that_are_large_enough():
    split = split_of(("cysts", 20, 0), ("papules", 20, 0))
    assert split_warnings(split) == small_class_warnings(split) == ()


def test_a_class_of_one_group_is_learnt_and_never_measured():
    (warning,) = split_warnings(split_of(("cysts", 20, 0), ("scars", 1, 0)))
    assert warning == "scars (2 photos in 1 group): learnt, but never measured; add photos of other patients"


def test_classes_of_few_groups_have_figures_that_say_little():
    split = split_of(("cysts", 20, 0), ("papules", 4, 0), ("scars", 3, 0))
    assert split_warnings(split) == ()
    (warning,) = small_class_warnings(split)
    assert warning == "measured on fewer than 5 groups, so their own figures say little: papules (4), scars (3)"


def test_with_test_photos_the_groups_in_test_count():
    (warning,) = small_class_warnings(split_of(("cysts", 20, 5), ("papules", 20, 4)))
    assert "papules (4)" in warning


def test_a_class_that_is_held_out_whole_is_unknown_to_any_model():
    (warning,) = split_warnings(split_of(("cysts", 20, 5), ("scars", 0, 6)))
    assert "nothing to learn it from" in warning


def test_photos_that_were_joined_to_test_are_counted():
    (warning,) = split_warnings(split_of(("cysts", 20, 5), joined=3))
    assert warning.startswith("3 photos left out: they belong together with test photos")


def test_a_condition_of_the_background_is_no_class():
    split = split_of(("cysts", 20, 0), ("papules", 20, 0), background=1)
    assert split_warnings(split) == small_class_warnings(split) == ()
