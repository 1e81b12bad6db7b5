from __future__ import annotations

from pathlib import Path

import pytest

from gui.state.wording import class_name, counted, duration, error_text, number, percentage, photo_quality, share


@pytest.mark.parametrize(
    ("score", "text"),
    [(0.0, "<1 %"), (0.004, "<1 %"), (0.5, "50 %"), (0.994, "99 %"), (0.999, ">99 %"), (1.0, ">99 %")],
)
def test_a_score_is_a_whole_percentage_and_never_certain(score: float, text: str) -> None:
    assert percentage(score).replace("\u00a0", " ") == text


@pytest.mark.parametrize(("value", "text"), [(0.0, "0 %"), (0.004, "<1 %"), (0.999, ">99 %"), (1.0, "100 %")])
def test_a_share_is_none_or_all_only_where_it_is(value: float, text: str) -> None:
    assert share(value).replace("\u00a0", " ") == text


def test_an_error_names_the_file_and_not_its_whole_path() -> None:
    path = Path("/home/somebody/photos/img.jpg")
    assert error_text(f"{path} is empty: export it again", path) == "img.jpg is empty: export it again"


def test_a_command_in_an_error_is_quoted_as_people_write_it() -> None:
    assert error_text("no server is known: run `acne up`") == "No server is known: run “acne up”"


def test_nothing_in_the_name_of_a_class_is_hidden() -> None:
    assert class_name("acne\u202egpj") == "Acne\\u202egpj"


def test_the_problems_of_a_photo_are_on_one_line_with_its_size_where_that_is_known() -> None:
    assert photo_quality(["small", "bright"]) == "Photo quality: small, very bright"
    assert photo_quality(["small"], size=(40, 30)) == "Photo quality: small (40 × 30)"
    assert photo_quality([]) == ""


def test_numbers_have_marks_between_thousands_and_one_thing_has_words_of_its_own() -> None:
    assert number(1234567) == "1,234,567"
    assert counted(1, "1 row to {name}", "{number} rows to {name}", name="{x}.csv") == "1 row to {x}.csv"
    assert counted(1200, "1 row to {name}", "{number} rows to {name}", name="{x}.csv") == "1,200 rows to {x}.csv"


@pytest.mark.parametrize(("seconds", "text"), [(0, "about 1 s"), (1_860, "about 31 min"), (7_000, "about 1.9 h")])
def test_a_duration_is_as_exact_as_an_estimate(seconds: float, text: str) -> None:
    assert duration(seconds) == text
