"""Numbers read the same in the command line, the app, reports and cards."""

from __future__ import annotations

import pytest

from acnelib.text.formatting import format_bytes, format_score


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (999_949, "999.9 kB"),
        (999_951, "1.0 MB"),
        (2_500_000_000, "2.5 GB"),
        (10**16, "10000.0 TB"),
    ],
)
def test_bytes_have_the_largest_unit_that_gives_at_least_one(size, text):
    assert format_bytes(size) == text


@pytest.mark.parametrize(
    ("score", "digits", "text"),
    [
        (1.0, 1, "100.0%"),
        (0.9999, 1, ">99.9%"),
        (0.0, 1, "0.0%"),
        (0.0001, 1, "<0.1%"),
        (0.999, 0, ">99%"),
        (0.004, 0, "<1%"),
    ],
)
def test_a_score_that_is_not_quite_certain_is_never_written_as_certain(score, digits, text):
    assert format_score(score, digits=digits) == text
