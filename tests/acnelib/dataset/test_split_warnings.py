"""What is said of classes that are too small to be learnt, tested or calibrated on."""

from __future__ import annotations

from acnelib.dataset.curation import Reason
from acnelib.dataset.split_warnings import small_test_warnings, split_warnings
from acnelib.dataset.splitting import Split, SplitPhoto, Subset

TRAIN, VALIDATION, TEST = Subset.TRAIN, Subset.VALIDATION, Subset.TEST


def split_of(*numbers, joined=0):
    """Return a split with a label and its groups, of two photos each, in train, validation and test."""
    photos = {}
    for label, *groups in numbers:
        for subset, number in zip((TRAIN, VALIDATION, TEST), groups, strict=True):
            for group in range(number):
                for place in range(2):
                    name = f"{label}-{subset}-{group}"
                    photos[f"{name}-{place}"] = SplitPhoto(labels=(label,), paths=(), group=name, subset=subset)
    for place in range(joined):
        photos[f"joined-{place}"] = SplitPhoto(
            labels=("cysts",), paths=(), group="t", subset=Subset.EXCLUDED, reason=Reason.JOINED_TO_TEST
        )
    return Split(photos=photos, grouped_by="look")


def test_nothing_is_said_of_classes_that_are_large_enough():
    assert split_warnings(split_of(("cysts", 20, 5, 5), ("papules", 20, 6, 7))) == ()


def test_a_class_of_one_series_is_said_to_be_never_tested():
    (statement,) = split_warnings(split_of(("cysts", 20, 5, 5), ("scars", 1, 0, 0)))
    assert statement == "scars (2 photos in 1 group): learnt, but never tested; add photos of other patients"


def test_a_class_of_two_series_is_said_to_be_left_out_of_calibration():
    (statement,) = split_warnings(split_of(("cysts", 20, 5, 5), ("scars", 1, 0, 1)))
    assert statement.startswith("scars (4 photos in 2 groups): tested, but not part of calibration")


def test_classes_with_few_test_groups_are_said_to_have_figures_that_say_little():
    split = split_of(("cysts", 20, 5, 5), ("papules", 9, 2, 4), ("scars", 9, 2, 3))
    assert split_warnings(split) == ()
    (statement,) = small_test_warnings(split)
    assert statement == "with fewer than 5 test groups, their own figures say little: papules (4), scars (3)"


def test_a_class_that_is_held_out_whole_is_said_to_be_unknown_to_any_model():
    (statement,) = split_warnings(split_of(("cysts", 20, 5, 5), ("scars", 0, 0, 6)))
    assert "nothing to learn it from" in statement


def test_photos_that_were_joined_to_test_are_counted():
    (statement,) = split_warnings(split_of(("cysts", 20, 5, 5), joined=3))
    assert statement.startswith("3 photos once learnt from belong together with test photos")
