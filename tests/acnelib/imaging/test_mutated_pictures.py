"""Damaged files of every kind: read, or refused in one clear line. `benchmarks/mutated_photos.py` tries thousands."""

import pytest
from mutated_pictures import mutated

from acnelib.errors import ImageUnreadable
from acnelib.imaging import read_picture


def test_a_seed_and_a_number_make_the_same_file_each_time():
    assert mutated(3, 4) == mutated(3, 4)
    assert mutated(3, 4).content != mutated(4, 4).content


@pytest.mark.parametrize("number", range(5))
def test_a_damaged_file_is_a_picture_or_refused_in_one_line(number):
    try:
        outcome = read_picture(mutated(0, number).content).image.mode
    except ImageUnreadable as error:
        outcome = str(error)
    assert outcome == "RGB" or ("; " in outcome and outcome.isprintable())
