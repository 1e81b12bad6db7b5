"""The photos that a path stands for, with and without classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from acnelib.errors import DataUnusable
from acnelib.folders.photo_files import (
    LabelledPhoto,
    LeftOut,
    LeftOutKind,
    find_photo_files,
    labelled_photos,
    left_out_lines,
)

if TYPE_CHECKING:
    from pathlib import Path


def made(folder: Path, *names: str) -> list[Path]:
    paths = [folder / name for name in names]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    return paths


def test_a_folder_means_every_file_below_it_that_is_not_hidden_sorted(tmp_path: Path) -> None:
    shown = made(tmp_path, "a/1.jpg", "a/deep/er/2.txt", "b.png")
    made(tmp_path, ".hidden.jpg", ".cache/3.jpg", "a/.DS_Store")
    found = find_photo_files([tmp_path])
    assert found.files == tuple(sorted(shown))
    assert found.problems == ()


def test_a_named_path_is_kept_whatever_it_is(tmp_path: Path) -> None:
    (hidden,) = made(tmp_path, ".hidden.jpg")
    missing, impossible = tmp_path / "missing.jpg", tmp_path / ("long" * 100)
    assert find_photo_files([missing, str(hidden), impossible]).files == (missing, hidden, impossible)


def test_files_come_in_the_order_of_the_names(tmp_path: Path) -> None:
    one, other = made(tmp_path, "z/1.jpg", "a/1.jpg")
    assert find_photo_files([one.parent, other]).files == (one, other)


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    assert find_photo_files([tmp_path]).problems == (
        f"{tmp_path} holds no file that is not hidden: name a folder of photos",
    )


def test_what_is_left_out_below_a_folder_is_told_with_the_path_that_leads_there(tmp_path: Path) -> None:
    (photo,) = made(tmp_path, "1.jpg")
    (tmp_path / "2.jpg").symlink_to("gone.jpg")
    found = find_photo_files([tmp_path])
    assert found.files == (photo,)
    assert found.problems == (f"{tmp_path / '2.jpg'} is a link that leads nowhere",)


class TestLabelledPhotos:
    def test_the_top_folder_is_the_class_of_everything_below_it(self, tmp_path: Path) -> None:
        inner, photo = made(tmp_path, "Acne Vulgaris/p 1/1.jpg", "rosacea/2.jpg")
        found = labelled_photos(tmp_path)
        assert found.photos == (LabelledPhoto(inner, "acne-vulgaris"), LabelledPhoto(photo, "rosacea"))
        assert (found.left_out, found.merged, found.hidden) == ((), (), 0)

    def test_a_class_folder_without_photos_and_a_file_in_no_class_folder_are_named(self, tmp_path: Path) -> None:
        made(tmp_path, "acne/1.jpg", "cysts/.hidden", "notes.txt", "licence.txt")
        found = labelled_photos(tmp_path)
        assert list(map(str, found.left_out)) == [
            "notes.txt lies in no class folder",
            "cysts is a class folder without photos",
        ]
        assert found.hidden == 1

    @pytest.mark.parametrize(
        ("names", "shown"),
        [
            (("Acne Vulgaris", "acne-vulgaris"), "the folders Acne Vulgaris, acne-vulgaris are one class"),
            (("acne\u0301", "acn\u00e9"), r"the folders 'acne\u0301', 'acn\xe9' are one class"),
        ],
    )
    def test_folders_that_become_one_class_are_named(self, tmp_path: Path, names: tuple[str, ...], shown: str) -> None:
        made(tmp_path, *(f"{name}/1.jpg" for name in names))
        (merged,) = labelled_photos(tmp_path).merged
        assert str(merged).startswith(shown)

    @pytest.mark.parametrize("names", [("1+", "1-", "1"), ("type <2", "type >2"), ("acne", "acn\u00e9"), ("की", "का")])
    def test_folders_whose_names_differ_stay_classes_of_their_own(self, tmp_path: Path, names: tuple[str, ...]) -> None:
        made(tmp_path, *(f"{name}/1.jpg" for name in names))
        found = labelled_photos(tmp_path)
        assert len({photo.label for photo in found.photos}) == len(names)
        assert found.merged == ()

    @pytest.mark.parametrize(
        ("names", "said"),
        [
            ((), "is empty, it has no class folders"),
            (("a.jpg", "b.jpg"), "has no class folders, only 2 files like a.jpg"),
            (("acne/.hidden",), "has no photo in its class folders"),
            (("---/1.jpg",), "gives no class label"),
        ],
    )
    def test_a_folder_without_classes_or_photos_is_refused(
        self, tmp_path: Path, names: tuple[str, ...], said: str
    ) -> None:
        made(tmp_path, *names)
        with pytest.raises(DataUnusable, match=said):
            labelled_photos(tmp_path)

    def test_what_is_no_folder_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(DataUnusable, match="is no folder: name a folder with one sub-folder of photos per class"):
            labelled_photos(tmp_path / "nowhere")


def test_of_much_that_is_left_out_the_most_serious_is_named_and_the_rest_is_counted() -> None:
    left_out = [LeftOut(f"{number}.txt", "lies in no class folder", kind=LeftOutKind.MISPLACED) for number in range(6)]
    lines = left_out_lines([*left_out, LeftOut("acne", "cannot be read (Permission denied)")], hidden=1)
    assert lines[0] == "left out: acne cannot be read (Permission denied)"
    assert lines[-2:] == ("left out: 2 more (2 misplaced)", "1 hidden or system entry passed over")
    assert len(lines) == 7
