"""Aliases of class labels: those that come with the program, a user's own, and what cannot be understood."""

from __future__ import annotations

import pytest

from acnelib.errors import SettingsInvalid
from acnelib.label_aliases import FILE_NAME, LabelAliases
from acnelib.labels import normalised_label
from acnelib.scraping.layout_files import layout_names, load_layout


@pytest.fixture
def load(tmp_path):
    """Load the aliases with a user's file of some text."""

    def load(text=None):
        if text is not None:
            (tmp_path / FILE_NAME).write_text(text, encoding="utf-8")
        return LabelAliases.load(tmp_path)

    return load


def test_perioral_dermatitis_is_periorificial_dermatitis(load):
    assert load().label("perioral-dermatitis") == "periorificial-dermatitis"


@pytest.mark.parametrize("label", ["acne", "rosacea", "periorificial-dermatitis", "nobody-knows"])
def test_a_name_that_is_no_synonym_stands_for_itself(load, label):
    assert load().label(label) == label


def test_the_shipped_aliases_are_normalised_and_lead_to_classes_of_shipped_layouts(load):
    classes = {label for name in layout_names() for label in load_layout(name).classes}
    table = load().labels
    assert all(normalised_label(alias) == alias for alias in table)
    assert set(table.values()) <= classes
    assert not set(table) & classes


class TestAUsersFile:
    def test_adds_aliases_to_those_of_the_program(self, load):
        aliases = load('[aliases]\nacne = "acne-vulgaris"')
        assert aliases.label("acne") == "acne-vulgaris"
        assert aliases.label("acne-inversa") == "hidradenitis-suppurativa"

    def test_names_folders_as_people_write_them(self, load):
        assert load('[aliases]\n"Teenage Acne" = "Acne vulgaris"').label("teenage-acne") == "acne-vulgaris"

    def test_keeps_a_class_that_would_be_renamed(self, load):
        aliases = load('[aliases]\nperioral-dermatitis = "perioral-dermatitis"\npod = "perioral-dermatitis"')
        assert aliases.label("perioral-dermatitis") == aliases.label("pod") == "perioral-dermatitis"

    def test_turns_an_alias_of_the_program_round(self, load):
        turned = (
            '[aliases]\nperiorificial-dermatitis = "perioral-dermatitis"\nperioral-dermatitis = "perioral-dermatitis"'
        )
        assert load(turned).label("periorificial-dermatitis") == "perioral-dermatitis"

    def test_may_be_empty(self, load):
        assert load("") == LabelAliases.load()

    @pytest.mark.parametrize(
        ("text", "complaint"),
        [
            ('pod = "rosacea"', r"'pod' is no key of this file: write aliases below a line \[aliases\]"),
            ("aliases = 3", "is no table"),
            ("[aliases]\npod = 3", "3 is no class label"),
            ('[aliases]\npod = ""', "'' is no class label"),
            ('[aliases]\n"?!" = "rosacea"', "is no class label"),
            ("[aliases", "cannot be read as TOML"),
            ('[aliases]\n"A b" = "c"\na-b = "d"', "a-b stands for c and for d"),
            ('[aliases]\na = "b"\nb = "c"', "b is itself an alias of c: write a = c"),
            ('[aliases]\npod = "perioral-dermatitis"', "write pod = periorificial-dermatitis"),
            ('[aliases]\na = "b"\nb = "a"', "a = b = a is a circle"),
            ('[aliases]\na = "b"\nb = "c"\nc = "d"\nd = "b"', "is a circle"),
            ('[aliases]\nperiorificial-dermatitis = "perioral-dermatitis"', "is a circle: choose one as the class"),
        ],
    )
    def test_that_cannot_be_followed_is_an_error_that_names_it(self, load, text, complaint):
        with pytest.raises(SettingsInvalid, match=rf"labels\.toml.*{complaint}"):
            load(text)

    def test_that_is_no_file_is_an_error(self, load, tmp_path):
        (tmp_path / FILE_NAME).mkdir()
        with pytest.raises(SettingsInvalid, match="cannot be read"):
            load()


class TestTheLabelsOfAModel:
    @pytest.mark.parametrize(
        ("known", "name", "label"),
        [
            (["periorificial-dermatitis", "rosacea"], "perioral-dermatitis", "periorificial-dermatitis"),
            (["perioral-dermatitis", "rosacea"], "periorificial-dermatitis", "perioral-dermatitis"),
            (["perioral-dermatitis", "periorificial-dermatitis"], "perioral-dermatitis", "perioral-dermatitis"),
            (["rosacea"], "perioral-dermatitis", "perioral-dermatitis"),
            (["acne-scar", "acne-scars"], "acne-scarring", "acne-scarring"),
        ],
    )
    def test_are_found_under_their_other_names(self, load, known, name, label):
        assert load().label_among(name, known) == label

    def test_are_known_under_all_of_these(self, load):
        assert load().names_of(["milia", "x"]) == {"milia", "milium", "x"}
