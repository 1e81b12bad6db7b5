"""What leaves the machine, or is shown to whoever may look, names no file of anybody's."""

from pathlib import Path

import pytest

from acnelib.folders.file_names import file_names_below
from acnelib.text.redaction import THE_SOURCE, Redaction
from acnelib.text.visible import visible

KNOWN = {Path("/home/me/photos"): "photos-ab12", Path("/home/me/acne/data"): "the working folder"}


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("no photo in /home/me/photos/Anna Smith/IMG 1.jpg: bad", "no photo in photos-ab12: bad"),
        ("/home/me/photos has no folder; add one", "photos-ab12 has no folder; add one"),
        ("free some at /home/me/acne/data", "free some at the working folder"),
        ("/home/me/photosets/x is bad", "<path> is bad"),
        ("'/some where/a photo.png' cannot be read", "'<path>' cannot be read"),
        ("IMG_1.JPG is broken", "<file> is broken"),
        ("photos/anna/IMG_1.JPG is broken", "<file> is broken"),
        ("~/settings.toml: mend it", "<path>: mend it"),
        (r"C:\Users\Me\a.txt is bad", "<path> is bad"),
        ("file:///home/me/x is bad", "<path> is bad"),
    ],
)
def test_a_path_is_not_told(text, reported):
    assert Redaction(folders=KNOWN)(text) == reported


@pytest.mark.parametrize(
    "text",
    [
        "http://127.0.0.1:5000/#/models/acne is down",
        "macro-F1 0.943 against 0.950 and/or 3/4",
        "https://atlas.example/a.html: HTTP 404",
    ],
)
def test_whatever_is_no_path_stays(text):
    assert Redaction()(text) == text


def test_whoever_stands_in_an_address_is_not_told():
    assert Redaction()("https://me:secret@mlflow.example/x is down") == "https://mlflow.example/x is down"


def of_source(folder):
    return Redaction(
        roots={folder: THE_SOURCE, Path.home(): "<home>"},
        file_names=file_names_below(folder),
    )


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "Jane Doe's photos"
    (folder / "acne-vulgaris").mkdir(parents=True)
    (folder / "acne-vulgaris" / "Jane Doe 1").write_text("")
    (folder / "acne-vulgaris" / "John Doe").mkdir()
    (folder / "stray note.txt").write_text("")
    return folder


@pytest.mark.parametrize(
    ("line", "redacted"),
    [
        ("acne: {0}/acne-vulgaris/Jane Doe 1 cannot be decoded", "acne: <file> cannot be decoded"),
        ("acne: acne-vulgaris/Jane Doe 1: lies in no class", "acne: <file>: lies in no class"),
        ("acne: stray note.txt: lies in no class folder", "acne: <file>: lies in no class folder"),
        ("acne: acne-vulgaris/John Doe: cannot be read", "acne: <file>: cannot be read"),
        ("acne: acne-vulgaris: is a class folder", "acne: acne-vulgaris: is a class folder"),
        ("acne: acne-vulgaris/gone.JPG: not there", "acne: <file>: not there"),
        ("acne: {0} has no class folders", "acne: <source> has no class folders"),
        ("acne: the disk of /mnt/x/y is full", "acne: the disk of <path> is full"),
        ("acne: {1}/.ssh/id cannot be read", "acne: <home>/.ssh/id cannot be read"),
        ("✓ Scrape   0.1 s  12 files, 3 new", "✓ Scrape   0.1 s  12 files, 3 new"),
        ("acne: file:///home/x is none", "acne: <path> is none"),
        ("MLflow: http://127.0.0.1:5000/#/models/acne", "MLflow: http://127.0.0.1:5000/#/models/acne"),
    ],
)
def test_paths_of_peoples_files_do_not_leave(folder, line, redacted):
    assert of_source(folder)(line.format(folder, Path.home())) == redacted


def test_names_behind_a_linked_class_folder_do_not_leave_either(folder, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "Jane Doe").write_text("")
    (folder / "cysts").symlink_to(tmp_path / "elsewhere")
    assert of_source(folder)("acne: cysts/Jane Doe: is empty") == "acne: <file>: is empty"


@pytest.mark.parametrize("name", ["Anna\nacne: forged.dat", "Anna\x1b[31m.dat", "Anna \u202e Berta.dat"])
def test_a_name_that_had_to_be_made_visible_is_not_told(tmp_path, name):
    (tmp_path / name).write_bytes(b"")
    line = of_source(tmp_path)(f"acne: {visible(str(tmp_path / name))}: cannot be read")
    assert "Anna" not in line
    assert line.endswith(": cannot be read")


def test_a_line_holds_no_controls(tmp_path):
    assert of_source(tmp_path)("a\x1b[2Jb\rc: \x1b[31m") == "a\\x1b[2Jb\\rc: \\x1b[31m"


def test_a_file_address_of_a_known_folder_keeps_nothing_of_the_path():
    assert Redaction(folders=KNOWN)("file:///home/me/photos/Anna.jpg is bad") == "photos-ab12 is bad"
