"""Files that are there whole or not at all."""

from __future__ import annotations

import contextlib
import json
import os
import stat
from pathlib import Path

import pytest

from acnelib.errors import StorageFailed
from acnelib.storage import files


@pytest.fixture
def path(tmp_path):
    return tmp_path / "folder" / "file.txt"


def test_a_file_has_the_digest_of_its_bytes(path):
    files.write_bytes(path, b"abc")
    assert files.sha256_of_file(path) == files.sha256_of(b"abc")
    assert files.sha256_of(b"abc").startswith("ba7816bf")


def test_equal_values_have_one_digest_on_every_machine():
    digest = files.digest_of("é", {"b": 1, "a": [2.5, None]})
    assert digest == files.digest_of("é", {"a": [2.5, None], "b": 1})
    assert digest == files.sha256_of(rb'["\u00e9",{"a":[2.5,null],"b":1}]')


@pytest.mark.parametrize("others", [("a",), ("ab",), ("a", "b", ""), ("b", "a"), (["a", "b"],)])
def test_other_values_have_another_digest(others):
    assert files.digest_of(*others) != files.digest_of("a", "b")


def test_writing_makes_the_folders_above(path):
    files.write_json(path, {"é": [1]})
    assert json.loads(path.read_text()) == {"é": [1]}


def test_a_reader_sees_the_old_content_until_the_new_is_whole(path):
    files.write_text(path, "old")
    with files.atomic_write(path) as part:
        part.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"


def test_a_failed_write_leaves_the_old_content_and_nothing_else(path):
    files.write_text(path, "old")
    with contextlib.suppress(KeyboardInterrupt), files.atomic_write(path) as part:
        part.write_text("half")
        raise KeyboardInterrupt
    assert path.read_text() == "old"
    assert [entry.name for entry in path.parent.iterdir()] == ["file.txt"]


def test_a_private_file_is_private_before_it_holds_anything(path):
    with files.atomic_write(path, mode=0o600) as part:
        assert stat.S_IMODE(part.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_sweeping_removes_what_was_left_unfinished_and_nothing_else(tmp_path):
    for name in ("kept.txt", "kept.part", "a/.kept", "a/.file.0a1b.part", ".folder.2c3d.part/b/c.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert files.remove_unfinished(tmp_path) == 2
    assert {path.name for path in tmp_path.rglob("*")} == {"kept.txt", "kept.part", "a", ".kept"}


class TestAFolder:
    def test_takes_the_place_of_the_one_before_at_once(self, tmp_path):
        folder = tmp_path / "results"
        folder.mkdir()
        (folder / "old").touch()
        with files.atomic_folder(folder) as part:
            part.mkdir()
            (part / "new").touch()
            assert [entry.name for entry in folder.iterdir()] == ["old"]
        assert [entry.name for entry in folder.iterdir()] == ["new"]
        assert list(tmp_path.iterdir()) == [folder]

    def test_that_failed_leaves_the_one_before_and_nothing_else(self, tmp_path):
        folder = tmp_path / "results"
        folder.mkdir()
        (folder / "old").touch()
        with contextlib.suppress(KeyboardInterrupt), files.atomic_folder(folder) as part:
            part.mkdir()
            raise KeyboardInterrupt
        assert [entry.name for entry in folder.iterdir()] == ["old"]
        assert list(tmp_path.iterdir()) == [folder]

    def test_on_its_way_is_not_taken_for_something_left(self, tmp_path):
        with files.atomic_folder(tmp_path / "results") as part:
            part.mkdir()
            assert files.remove_unfinished(tmp_path) == 0
        assert (tmp_path / "results").is_dir()

    def test_that_a_killed_process_left_goes_when_the_same_is_written_a_day_later(self, tmp_path):
        left, young = (tmp_path / f".results.{name}.unfinished" for name in ("0a1b2c3d", "4e5f6a7b"))
        for part in (left, young):
            part.mkdir()
        os.utime(left, (1_700_000_000, 1_700_000_000))
        with files.atomic_folder(tmp_path / "results") as part:
            part.mkdir()
        assert {entry.name for entry in tmp_path.iterdir()} == {"results", young.name}

    def test_whose_name_cannot_be_taken_leaves_the_one_before(self, tmp_path):
        folder = tmp_path / "results"
        folder.mkdir()
        (folder / "old").touch()
        with pytest.raises(FileNotFoundError), files.atomic_folder(folder):
            pass  # nothing was made
        assert [entry.name for entry in folder.iterdir()] == ["old"]
        assert list(tmp_path.iterdir()) == [folder]


def test_a_name_may_be_as_long_as_the_file_system_takes(tmp_path):
    for name in ("x" * 247, "é" * 125):
        files.write_text(tmp_path / name, "content")
        assert (tmp_path / name).read_text() == "content"
        with files.atomic_folder(tmp_path / f"{name}-") as part:
            part.mkdir()
        assert (tmp_path / f"{name}-").is_dir()


def test_a_name_that_is_too_long_has_no_other_remedy_than_a_shorter_one(tmp_path):
    with pytest.raises(StorageFailed, match="choose a shorter name") as failed:
        files.check_writable(tmp_path / ("x" * 260))
    assert "--workdir" not in str(failed.value)
    assert len(str(failed.value)) < 400


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="there is no folder that even root cannot write")
def test_a_folder_that_takes_no_files_is_named(tmp_path):
    files.check_writable(tmp_path / "new" / "deep")
    assert not (tmp_path / "new").exists()
    (tmp_path / "old").mkdir()
    files.check_writable(tmp_path / "old")
    assert list((tmp_path / "old").iterdir()) == []
    with pytest.raises(StorageFailed, match="/proc"):
        files.check_writable(Path("/proc"))
