"""What a walk through a folder finds, and what it says of the rest."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from acnelib.folders.walk import Walk

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps none of these in folders")


@pytest.fixture
def folder(tmp_path):
    """Return a folder with a photo in a folder in a class folder, and one beside it."""
    folder = tmp_path / "photos"
    put(folder, "acne/deep/1.jpg", "rosacea/2.jpg")
    return folder


PHOTOS = ["acne/deep/1.jpg", "rosacea/2.jpg"]


def put(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"")


def walked(folder):
    """Return the paths found, and the sentences on the rest."""
    walk = Walk(folder)
    found = sorted(path.as_posix() for path in walk.files())
    return found, list(map(str, walk.left_out))


@pytest.fixture
def refuse(monkeypatch):
    """Let folders of a name refuse to be listed."""
    scandir = os.scandir

    def of_this_name(name):
        def refusing(path):
            if Path(path).name == name:
                raise PermissionError(13, "Permission denied", str(path))
            return scandir(path)

        monkeypatch.setattr(os, "scandir", refusing)

    return of_this_name


def test_files_at_any_depth_are_found_whatever_their_ending(folder):
    put(folder, "acne/notes", "stray.TXT")
    assert walked(folder) == (["acne/deep/1.jpg", "acne/notes", "rosacea/2.jpg", "stray.TXT"], [])


@pytest.mark.parametrize(
    "name",
    [".git/x", "acne/.x", "acne/Thumbs.db", "DESKTOP.INI", "@eaDir/x", "__MACOSX/x", "acne/.ipynb_checkpoints/x"],
)
def test_hidden_files_and_litter_are_a_number(folder, name):
    put(folder, name)
    walk = Walk(folder)
    assert (len(list(walk.files())), walk.hidden, walk.left_out) == (2, 1, ())


def test_a_folder_that_cannot_be_read_is_named_and_the_others_are_read(folder, refuse):
    refuse("deep")
    said = "acne/deep cannot be read (Permission denied): check its permissions"
    assert walked(folder) == (["rosacea/2.jpg"], [said])


def test_a_folder_that_can_be_listed_and_not_entered_is_named_once(folder, monkeypatch):
    put(folder, "acne/deep/2.jpg")
    stat = Path.stat

    def refusing(path, **options):
        if path.parent.name == "deep":
            raise PermissionError(13, "Permission denied", str(path))
        return stat(path, **options)

    monkeypatch.setattr(Path, "stat", refusing)
    assert walked(folder)[1] == ["acne/deep cannot be read (Permission denied): check its permissions"]


def test_links_to_files_and_to_folders_elsewhere_are_followed(folder, tmp_path):
    put(tmp_path / "elsewhere", "3.jpg", "deep/4.jpg")
    (folder / "acne" / "3.jpg").symlink_to(tmp_path / "elsewhere" / "3.jpg")
    (folder / "cysts").symlink_to(tmp_path / "elsewhere")
    assert walked(folder) == (sorted([*PHOTOS, "acne/3.jpg", "cysts/3.jpg", "cysts/deep/4.jpg"]), [])


@pytest.mark.parametrize("to", [".", "..", "/", "acne", "acne/deep"])
def test_a_link_to_a_folder_that_holds_it_or_was_read_ends_the_walk_there(folder, to):
    (folder / "acne" / "deep" / "up").symlink_to(folder / to)
    found, said = walked(folder)
    assert found == PHOTOS
    assert [sentence.partition(" ")[0] for sentence in said] == ["acne/deep/up"]


def test_links_of_two_folders_to_each_other_end(folder, tmp_path):
    put(tmp_path / "one", "1.jpg")
    put(tmp_path / "other", "2.jpg")
    (tmp_path / "one" / "other").symlink_to(tmp_path / "other")
    (tmp_path / "other" / "one").symlink_to(tmp_path / "one")
    (folder / "acne" / "one").symlink_to(tmp_path / "one")
    found, said = walked(folder)
    assert found == ["acne/deep/1.jpg", "acne/one/1.jpg", "acne/one/other/2.jpg", "rosacea/2.jpg"]
    assert said == ["acne/one/other/one is a link to a folder that was read already"]


def test_a_photo_counts_where_it_really_lies_and_not_where_a_link_shows_it(folder):
    (folder / "a link").symlink_to(folder / "rosacea")
    assert walked(folder) == (PHOTOS, ["a link is a link to a folder that was read already"])


def test_links_that_lead_nowhere_are_named(folder):
    (folder / "acne" / "gone.jpg").symlink_to("nowhere.jpg")
    (folder / "acne" / "self.jpg").symlink_to("self.jpg")
    assert walked(folder) == (
        PHOTOS,
        ["acne/gone.jpg is a link that leads nowhere", "acne/self.jpg is a link that leads to itself"],
    )


@posix
def test_pipes_and_sockets_are_named_and_not_opened(folder, monkeypatch):
    os.mkfifo(folder / "acne" / "pipe.jpg")
    monkeypatch.chdir(folder / "acne")  # the path of a socket must be short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket.jpg")
    assert walked(folder) == (PHOTOS, ["acne/pipe.jpg is a pipe", "acne/socket.jpg is a socket"])


@posix
def test_names_that_are_not_utf_8_are_named_so_that_they_can_be_printed(folder):
    put(folder, os.fsdecode(b"acne/\xff.jpg"), os.fsdecode(b"\xfe/1.jpg"))
    assert walked(folder) == (
        PHOTOS,
        [
            r"acne/\udcff.jpg has a name that is not valid UTF-8: rename it",
            r"\udcfe has a name that is not valid UTF-8: rename it",
        ],
    )


@posix
def test_what_is_said_of_a_name_with_line_breaks_is_one_line(folder):
    (folder / "acne" / "a\nb\x1b[31m").symlink_to("nowhere")
    assert walked(folder)[1] == [r"acne/a\nb\x1b[31m is a link that leads nowhere"]
