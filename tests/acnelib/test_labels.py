"""How class labels are written, ordered and shown."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from acnelib.errors import DataUnusable
from acnelib.labels import as_cell, display_name, file_name_of, is_label, normalised_label, ordered_labels


@pytest.mark.parametrize(
    "name", ["acne-vulgaris", "Acne Vulgaris", " acne_vulgaris ", "ACNE, (vulgaris)!", "acne__-__vulgaris"]
)
def test_names_that_differ_in_case_or_punctuation_are_one_label(name):
    assert normalised_label(name) == "acne-vulgaris"


def test_a_label_keeps_the_letters_of_its_language():
    assert normalised_label("Akné à l'été 2") == "akné-à-l-été-2"


def made_label(name):
    """Return the label of a name; discard names without a word."""
    try:
        return normalised_label(name)
    except DataUnusable:
        assume(False)


NAMES = st.text() | st.text(st.sampled_from("aé\u0301\u0338İςकी1٣+-−<>=_ &\n\u200d\u200b😀"), min_size=1, max_size=6)


@settings(deadline=None, database=None)
@given(NAMES)
def test_a_label_is_its_own_label(name):
    label = made_label(name)
    assert normalised_label(label) == label


@settings(deadline=None, database=None)
@given(NAMES)
def test_a_label_is_one_line_that_can_be_written(name):
    label = made_label(name)
    assert is_label(label)
    assert label.splitlines() == [label]
    label.encode("utf-8")


@settings(deadline=None, database=None)
@given(NAMES)
def test_composed_and_decomposed_names_are_one_label(name):
    forms = {unicodedata.normalize(form, name) for form in ("NFC", "NFD")}
    assert len({made_label(form) for form in forms}) == 1


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("grade 1+", "grade-1+"),
        ("grade 1-", "grade-1-"),
        ("grade 1−", "grade-1-"),
        ("-1", "-1"),
        ("type <2", "type-<2"),
        ("Type ≥ 2", "type-≥-2"),
        ("50 %", "50-%"),
        ("rosacea?", "rosacea?"),
        ("acne\u0301", "acn\u00e9"),
        ("मुँहासे", "मुँहासे"),
        ("สิว", "สิว"),
        ("acne\u200b", "acne"),
        ("a\nb\x00c", "a-b-c"),
    ],
)
def test_what_tells_names_apart_stays(name, label):
    assert normalised_label(name) == label


@pytest.mark.parametrize("name", ["", "  ", "&", "__", "…", "+", "-", "\u0301", "\n"])
def test_a_name_without_a_word_is_refused(name):
    with pytest.raises(DataUnusable, match="gives no class label: rename the folder to a word"):
        normalised_label(name)


def test_labels_stand_in_alphabetical_order():
    assert ordered_labels({"rosacea", "cysts", "acne"}) == ("acne", "cysts", "rosacea")


@pytest.mark.parametrize(
    ("label", "shown"),
    [("acne-vulgaris", "Acne vulgaris"), ("grade-1+", "Grade 1+"), ("grade-1-", "Grade 1-"), ("-1", "-1")],
)
def test_people_read_words(label, shown):
    assert display_name(label) == shown


@pytest.mark.parametrize("value", ["", " ", "a\nb", "a\x00", "a\u2028b", "\udcff", None, 1])
def test_what_is_no_line_of_text_is_no_label(value):
    assert not is_label(value)


RESERVED = {"con", "prn", "aux", "nul", *(f"{device}{number}" for device in ("com", "lpt") for number in range(10))}


class TestFileNames:
    @pytest.mark.parametrize("label", ["acne", "acne-vulgaris", "grade-1"])
    def test_a_plain_label_is_its_own_name(self, label):
        assert file_name_of(label) == label

    @pytest.mark.parametrize("label", ["type-<2", "grade-1+", "acné", "मुँहासे", "con", "nul", "com1", "a" * 300, "a."])
    def test_any_other_has_a_name_of_its_own(self, label):
        assert file_name_of(label) != label
        assert file_name_of(label) == file_name_of(label)

    @settings(deadline=None, database=None)
    @given(st.text())
    def test_every_name_is_safe_on_every_system(self, label):
        name = file_name_of(label)
        assert re.fullmatch("[a-z0-9][a-z0-9_-]*", name)
        assert len(name) <= 60
        assert name not in RESERVED

    @settings(deadline=None, database=None)
    @given(st.lists(NAMES, min_size=2, max_size=2, unique=True))
    def test_two_labels_never_share_a_name(self, labels):
        one, other = labels
        assert file_name_of(one) != file_name_of(other)


@pytest.mark.parametrize(("label", "cell"), [("+1", "'+1"), ("-1", "'-1"), ("=a", "'=a"), ("acne", "acne")])
def test_no_spreadsheet_runs_a_label(label, cell):
    assert as_cell(label) == cell
