"""What a path that somebody hands over means."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from acnelib.photo_files import expand

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
    found = expand([tmp_path])
    assert found.files == tuple(sorted(shown))
    assert found.problems == ()


def test_a_named_path_is_kept_whatever_it_is(tmp_path: Path) -> None:
    (hidden,) = made(tmp_path, ".hidden.jpg")
    missing, impossible = tmp_path / "missing.jpg", tmp_path / ("long" * 100)
    assert expand([missing, str(hidden), impossible]).files == (missing, hidden, impossible)


def test_files_come_in_the_order_of_the_names(tmp_path: Path) -> None:
    one, other = made(tmp_path, "z/1.jpg", "a/1.jpg")
    assert expand([one.parent, other]).files == (one, other)


def test_a_loop_of_links_is_not_entered_and_a_link_to_nothing_is_no_file(tmp_path: Path) -> None:
    (photo,) = made(tmp_path, "a/1.jpg")
    (tmp_path / "a" / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "a" / "nothing.jpg").symlink_to(tmp_path / "gone.jpg")
    (tmp_path / "a" / "again.jpg").symlink_to(photo)
    assert expand([tmp_path]).files == (photo, tmp_path / "a" / "again.jpg")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes in folders")
def test_what_is_no_regular_file_is_left_out_of_a_folder(tmp_path: Path) -> None:
    (photo,) = made(tmp_path, "1.jpg")
    os.mkfifo(tmp_path / "pipe.jpg")
    assert expand([tmp_path]).files == (photo,)


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    assert expand([tmp_path]).problems == (f"{tmp_path} holds no file that is not hidden: name a folder of photos",)


def test_a_folder_that_cannot_be_read_is_told_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(tmp_path, "closed/1.jpg")
    (photo,) = made(tmp_path, "open/2.jpg")
    scandir = os.scandir

    def refusing(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    found = expand([tmp_path])
    assert found.files == (photo,)
    assert found.problems == (f"{tmp_path / 'closed'} cannot be read (Permission denied): check its permissions",)
