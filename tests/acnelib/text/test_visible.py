"""What stands in a name is seen, does nothing, and stays in its line."""

from __future__ import annotations

import io
import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acnelib.text.visible import VisibleFormatter, visible, visible_json, visible_lines


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", r"\x1b[31mred"),
        ("a\nacne: forged", r"a\nacne: forged"),
        ("a\racne: forged", r"a\racne: forged"),
        ("a\tb", r"a\tb"),
        ("\x9b31m\x85", r"\x9b31m\x85"),
        ("\x7f", r"\x7f"),
        ("photo\u202egpj.exe", r"photo\u202egpj.exe"),
        ("\u2066\u2069\u200f\u061c", r"\u2066\u2069\u200f\u061c"),
        ("a\u2028b\u2029c", r"a\u2028b\u2029c"),
        ("\ufeffa\u200bb", r"\ufeffa\u200bb"),
        ("\udc80", r"\udc80"),
        ("\U000e0041", r"\U000e0041"),
    ],
)
def test_what_is_hidden_or_does_something_is_written_out(text, shown):
    assert visible(text) == shown


@pytest.mark.parametrize(
    "text", ["Bläschen 痤疮 حب الشباب – 95 % · C:\\photos\\a.jpg [red]", "👩‍⚕️", "می‌خواهم", "e\u0301"]
)
def test_words_of_any_language_stay_as_they_are(text):
    assert visible(text) == text


def test_a_text_of_several_lines_keeps_its_line_feeds_only():
    assert visible_lines("a\nb\r\x1b[2J\u2028c") == "a\nb\\r\\x1b[2J\\u2028c"


@given(st.text(st.characters(codec=None)))
def test_one_line_is_one_line_and_can_always_be_written(text):
    assert len(visible(text).splitlines()) <= 1
    visible(text).encode()


@given(st.dictionaries(st.text(), st.text(st.characters(codec=None))))
def test_json_means_the_same_and_hides_nothing(value):
    reported = visible_json(json.dumps(value, indent=1, ensure_ascii=False))
    assert json.loads(reported) == value
    assert visible_lines(reported) == reported


@pytest.fixture
def logged():
    """Log something through a logger of its own; return what was written."""

    def log(write, **options):
        stream = io.StringIO()
        handler = logging.StreamHandler(stream)
        handler.setFormatter(VisibleFormatter("acne: %(message)s", **options))
        logger = logging.getLogger("acnelib.of_this_test")
        logger.addHandler(handler)
        write(logger)
        logger.removeHandler(handler)
        return stream.getvalue()

    return log


def test_one_record_is_one_line(logged):
    reported = logged(lambda logger: logger.warning("%s is left out", "a\nacne: all is well\x1b[A"))
    assert reported == "acne: a\\nacne: all is well\\x1b[A is left out\n"


def test_a_traceback_keeps_its_lines_and_what_it_says_stays_in_one(logged):
    def fail(logger):
        try:
            raise ValueError("a\nacne: forged\x1b[2J")
        except ValueError:
            logger.exception("failed")

    assert logged(fail, tracebacks=False) == "acne: failed (ValueError: a acne: forged\\x1b[2J)\n"
    lines = logged(fail).splitlines()
    assert lines[:2] == ["acne: failed", "Traceback (most recent call last):"]
    assert lines[-1] == "ValueError: a\\nacne: forged\\x1b[2J"
    assert any(line.startswith("  File ") for line in lines)
