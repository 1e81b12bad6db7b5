"""What leaves the machine, or is shown to whoever may look, names no file of anybody's."""

from pathlib import Path

import pytest

from acnelib.text.redaction import redact_paths

KNOWN = {Path("/home/me/photos"): "photos-ab12", Path("/home/me/acne/data"): "the working folder"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("no photo in /home/me/photos/Anna Smith/IMG 1.jpg: bad", "no photo in photos-ab12: bad"),
        ("/home/me/photos has no folder; add one", "photos-ab12 has no folder; add one"),
        ("free some at /home/me/acne/data", "free some at the working folder"),
        ("/home/me/photosets/x is bad", "(a path) is bad"),
        ("'/some where/a photo.png' cannot be read", "'(a path)' cannot be read"),
        ("IMG_1.JPG is broken", "(a photo) is broken"),
        ("photos/anna/IMG_1.JPG is broken", "(a photo) is broken"),
        ("~/settings.toml: mend it", "(a path): mend it"),
        (r"C:\Users\Me\a.txt is bad", "(a path) is bad"),
        ("file:///home/me/x is bad", "(a path) is bad"),
    ],
)
def test_a_path_is_not_told(text, told):
    assert redact_paths(text, known=KNOWN) == told


@pytest.mark.parametrize(
    "text",
    [
        "http://127.0.0.1:5000/#/models/acne is down",
        "macro-F1 0.943 against 0.950 and/or 3/4",
        "https://atlas.example/a.html: HTTP 404",
    ],
)
def test_whatever_is_no_path_stays(text):
    assert redact_paths(text) == text


def test_whoever_stands_in_an_address_is_not_told():
    assert redact_paths("https://me:secret@mlflow.example/x is down") == "https://mlflow.example/x is down"
