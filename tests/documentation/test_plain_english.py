"""The documents are written in plain English."""

import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
WORDS = (
    "anew",
    "aforementioned",
    "hence",
    "hereby",
    "hither",
    "lest",
    "meanwhile",
    "nobody",
    "somebody",
    "thereof",
    "told",
    "whence",
    "whilst",
    "whoever",
    "whosoever",
)
"""Words that a technical writer would not use."""

PHRASES = (
    "as it were",
    "draws of whole",
    "go on with",
    "goes on with",
    "gone on with",
    "looks on",
    "meant to be right",
    "no match for",
    "no version that stays",
    "or the like",
    "said to be",
    "tells nobody",
    "what becomes of",
)
"""Phrases that a reader has to solve like a riddle."""

VOCABULARY = "words.md"
"""Lists words to avoid."""

DOCUMENTS = sorted(
    path
    for path in [
        *REPOSITORY.glob("*.md"),
        *(REPOSITORY / "docs").rglob("*.md"),
        *(REPOSITORY / ".github").rglob("*.md"),
    ]
    if path.name != VOCABULARY
)


def prose(text):
    """Return a document without its code, on one line, so that a phrase may be broken over two."""
    without_blocks = re.sub(r"^ *```.*?^ *```", "", text, flags=re.MULTILINE | re.DOTALL)
    return " ".join(re.sub(r"`[^`]*`", "", without_blocks).split())


def found(text, expressions):
    return [one for one in expressions if re.search(rf"\b{one}\b", prose(text), re.IGNORECASE)]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(REPOSITORY).as_posix())
def test_a_document_has_no_word_or_phrase_of_the_list(document):
    text = document.read_text(encoding="utf-8")
    assert found(text, (*WORDS, *PHRASES)) == []


def test_a_word_is_found_in_text_and_over_the_end_of_a_line():
    assert found("It goes\non with what\nsomebody told it.", (*WORDS, *PHRASES)) == ["somebody", "told", "goes on with"]


def test_code_is_not_prose():
    assert found("Run `acne told`.\n```console\n$ acne anew\n```\n", WORDS) == []
