"""How class labels are written, ordered and shown."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from acnelib.errors import DataUnusable
from acnelib.labels import display_name, normalised_label, ordered_labels


@pytest.mark.parametrize(
    "name", ["acne-vulgaris", "Acne Vulgaris", " acne_vulgaris ", "ACNE, (vulgaris)!", "acne__-__vulgaris"]
)
def test_names_that_differ_in_case_or_punctuation_are_one_label(name):
    assert normalised_label(name) == "acne-vulgaris"


def test_a_label_keeps_the_letters_of_its_language():
    assert normalised_label("Akné à l'été 2") == "akné-à-l-été-2"


@settings(deadline=None, database=None)
@given(st.text())
def test_a_label_is_its_own_label(name):
    assume(any(character.isalnum() for character in name))
    label = normalised_label(name)
    assert normalised_label(label) == label


@pytest.mark.parametrize("name", ["", "  ", "&", "__", "…"])
def test_a_name_without_a_word_is_refused(name):
    with pytest.raises(DataUnusable, match="gives no class label: rename the folder to a word"):
        normalised_label(name)


def test_labels_stand_in_alphabetical_order():
    assert ordered_labels({"rosacea", "cysts", "acne"}) == ("acne", "cysts", "rosacea")


def test_people_read_words():
    assert display_name("acne-vulgaris") == "Acne vulgaris"
