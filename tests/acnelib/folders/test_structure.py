"""Whether the folders just below one are taken for classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from acnelib.errors import UsageError
from acnelib.folders.photo_files import labelled_photos
from acnelib.folders.structure import check_level

if TYPE_CHECKING:
    from pathlib import Path

CLASSES = ("acne", "rosacea")
PATIENTS = ("patient 1", "patient 2")
MODEL = ("acne", "cysts", "rosacea")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder that is looked at."""
    return tmp_path / "photos"


def fill(folder: Path, *places: str) -> None:
    for place in places:
        (folder / place).mkdir(parents=True, exist_ok=True)
        (folder / place / "1.jpg").write_bytes(b"")


def below(tops: tuple[str, ...], names: tuple[str, ...] = CLASSES) -> list[str]:
    return [f"{top}/{name}" for top in tops for name in names]


@pytest.mark.parametrize(
    ("tops", "meant"),
    [
        (("train", "val", "test"), "train"),
        (("Training", "Validation", "Testing"), "Training"),
        (("valid", "train", "test"), "train"),
        (("train_set", "test_set"), "train_set"),
        (("01_train", "02_test"), "01_train"),
        (("fold1", "fold2", "fold3"), "fold1"),
        (("split0", "split1"), "split0"),
        (("part_1", "part_2"), "part_1"),
        (("train",), "train"),
        (("dataset",), "dataset"),
        (("photos",), "photos"),
        (("DermNet pictures",), "DermNet pictures"),
        (("dataset/train", "dataset/test"), "dataset/train"),
        (("a/b/c",), "a/b/c"),
    ],
)
def test_classes_that_lie_deeper_are_found_and_the_folder_that_was_meant_is_said(folder, tops, meant):
    fill(folder, *below(tops))
    with pytest.raises(UsageError) as refused:
        check_level(folder)
    assert f"--source {folder / meant}" in str(refused.value)
    check_level(folder / meant)


def test_parts_without_class_folders_are_no_classes_either(folder):
    fill(folder, "train", "test")
    with pytest.raises(UsageError, match=r"parts of a data set \(test, train\), not classes: sort the photos"):
        check_level(folder)


def test_parts_beside_notes_are_no_classes(folder):
    fill(folder, "train", "test", "masks")
    with pytest.raises(UsageError, match=r"parts of a data set \(test, train\)"):
        check_level(folder)


def test_an_empty_folder_or_one_of_texts_beside_it_does_not_hide_what_holds_the_classes(folder):
    fill(folder, *below(("dataset",)))
    (folder / "docs").mkdir()
    (folder / "docs" / "about.pdf").write_text("")
    with pytest.raises(UsageError, match=f"--source {folder / 'dataset'}"):
        check_level(folder)


def test_pictures_beside_notes_are_no_classes(folder):
    fill(folder, "images", "labels")
    with pytest.raises(UsageError, match=r"pictures beside notes on them \(images, labels\), not classes: sort"):
        check_level(folder)


def test_pictures_in_class_folders_beside_notes_are_what_was_meant(folder):
    fill(folder, "images/acne", "images/rosacea", "masks/acne", "masks/rosacea")
    with pytest.raises(UsageError, match=f"--source {folder / 'images'}"):
        check_level(folder)


def test_the_parts_of_an_exported_detection_set_hold_no_classes(folder):
    fill(folder, *below(("train", "valid", "test"), ("images", "labels")))
    with pytest.raises(UsageError, match="sort the photos into one sub-folder per class"):
        check_level(folder)


def test_a_test_set_beside_the_classes_that_it_holds_again_is_refused(folder):
    fill(folder, *CLASSES, *below(("test",)))
    with pytest.raises(UsageError, match=r"parts of a data set \(test\)"):
        check_level(folder)


@pytest.mark.parametrize(
    "places",
    [
        CLASSES,
        below(CLASSES, PATIENTS),
        below(CLASSES, ("left", "right")),
        below(("acne",), PATIENTS),
        ("acne", *below(("rosacea",), PATIENTS)),
        below(("type 1", "type 2"), PATIENTS),
        ("acne", "rosacea", "test"),
        ("acne", "rosacea", "training"),
        ("acne", "labels"),
        ("acne",),
        ("images", "rosacea"),
        ("part 1/p1", "part 2"),
        ("testis", "trainer"),
        ("acne/mild", "acne/severe", "images"),
    ],
)
def test_folders_that_are_classes_are_let_through(folder, places):
    fill(folder, *places)
    check_level(folder)


def test_where_a_model_is_measured_the_part_for_tests_is_named(folder):
    fill(folder, *below(("train", "test")))
    with pytest.raises(UsageError, match=f"name the folder that holds the classes, {folder / 'test'}$"):
        labelled_photos(folder, known=MODEL)


@pytest.mark.parametrize("places", [below(("acne",), ("mild", "severe")), ("acne", "rosacea")])
def test_folders_that_the_model_knows_as_classes_are_classes(folder, places):
    fill(folder, *places)
    assert {photo.label for photo in labelled_photos(folder, known=MODEL).photos} <= set(MODEL)


def test_a_text_beside_the_classes_does_not_make_a_class_of_what_holds_them(folder):
    fill(folder, *below(("dermnet",)))
    (folder / "dermnet" / "README.md").write_text("")
    with pytest.raises(UsageError, match=f"--source {folder / 'dermnet'}"):
        check_level(folder)
    (folder / "dermnet" / "1.jpg").write_bytes(b"")
    check_level(folder)


def test_folders_that_lie_in_each_other_without_end_are_not_followed_for_ever(folder):
    fill(folder, "/".join("a" * 400))
    check_level(folder)
    (folder.parent / "loop").mkdir()
    (folder.parent / "loop" / "on").symlink_to(folder.parent / "loop")
    check_level(folder.parent / "loop")


def test_a_class_without_photos_does_not_make_a_data_set_of_the_other(folder):
    fill(folder, "acne/mild", "acne/severe")
    (folder / "cysts").mkdir()
    check_level(folder)


def test_links_and_litter_decide_nothing(folder):
    fill(folder, *CLASSES, "__MACOSX/train", ".git/test")
    (folder / "acne" / "up").symlink_to(folder)
    check_level(folder)
