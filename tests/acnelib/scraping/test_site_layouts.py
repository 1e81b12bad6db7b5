from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acnelib.errors import SettingsInvalid, SourceUnknown
from acnelib.labels import normalised_label
from acnelib.scraping.layout_files import find_layout, layout_names, load_layout, read_layout

SITE = """
title = "A site"
base = "https://example.org"
[index]
kind = "json"
path = "/index"
link = "url"
topic = "^/(?P<topic>.+)$"
[pictures]
select = "img"
[topics]
rosacea = "rosacea"
"""
NAMES = st.from_regex(r"[a-z0-9]{1,12}(-[a-z0-9]{1,6}){0,3}", fullmatch=True)
METHODS = st.sampled_from(["Fill", "FocusFill", "FitMax", "ScaleWidth", "ResizedImage", "Quality"])
ARGUMENTS = st.lists(st.one_of(st.integers(1, 4000), st.sampled_from("xy")), max_size=4).filter(
    lambda arguments: not arguments or isinstance(arguments[0], int)
)


def code(arguments):
    return base64.urlsafe_b64encode(json.dumps(arguments, separators=(",", ":")).encode()).decode().rstrip("=")


@pytest.fixture(scope="module")
def dermnet():
    return load_layout("dermnet")


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "mine.toml"
        path.write_text(text)
        return path

    return write


@pytest.mark.parametrize("name", ["dermnet", "dermnet-classic", "sample", "wikimedia-commons"])
def test_every_layout_that_ships_is_whole(name):
    layout = load_layout(name)
    assert layout.name == name
    assert all(label == normalised_label(label) for _, label in layout.topics if label)


def test_the_names_are_those_of_the_files():
    assert layout_names() == ("dermnet", "dermnet-classic", "sample", "wikimedia-commons")


def test_an_unknown_name_is_answered_with_the_nearest_one_and_all():
    with pytest.raises(SourceUnknown, match=r"'dermnt' \(did you mean 'dermnet'\?\): there are dermnet, dermnet-c"):
        load_layout("dermnt")


def test_sites_of_other_people_have_terms_and_the_bundled_atlas_has_none():
    assert "no derived works" in load_layout("dermnet").terms
    assert load_layout("dermnet-classic").terms
    assert load_layout("wikimedia-commons").terms
    assert load_layout("sample").terms is None


# A busy machine is no failure: examples have no deadline.
@settings(deadline=None)
@given(name=NAMES, method=METHODS, arguments=ARGUMENTS)
def test_the_variant_of_any_name_leads_to_its_original(dermnet, name, method, arguments):
    original = f"https://example.org/assets/Uploads/{name}.jpg"
    variant = f"__{method}{code(arguments)}.jpg"
    assert dermnet.original_of(original.replace(".jpg", variant)) == original


@settings(deadline=None)
@given(name=NAMES, method=METHODS, arguments=ARGUMENTS)
def test_an_older_variant_leads_to_its_original(dermnet, name, method, arguments):
    variant = f"/assets/_resampled/{method}{code(arguments)}/{name}.jpg"
    assert dermnet.original_of(variant) == f"/assets/{name}.jpg"


@pytest.mark.parametrize(
    ("variant", "original"),
    [
        ("/a__FocusFillWzMwMCwzMDAsInkiLDQ0XQ.jpg", "/a.jpg"),
        ("/a__FillWzEyMDAsNjI4XQ.jpg?v=2", "/a.jpg?v=2"),
        ("/a__FitMaxWzEwMCwxMDBd_FillWzEyXQ.jpg", "/a.jpg"),
        ("/_resampled/SetWidth300-a.jpg", "/a.jpg"),
        ("/acne__Worse__WithTime.jpg", "/acne__Worse__WithTime.jpg"),
    ],
)
def test_a_variants_address_is_rewritten_and_an_originals_is_not(dermnet, variant, original):
    assert dermnet.original_of(variant) == original


@pytest.mark.parametrize(
    ("topic", "label"),
    [
        ("acne-face", "acne-vulgaris"),
        ("acne-affecting-the-back", "acne-vulgaris"),
        ("acne-excoriee", "acne-excoriee"),
        ("steroid-acne", "steroid-acne"),
        ("rosacea", "rosacea"),
        ("perioral-dermatitis", "periorificial-dermatitis"),
        ("acne-keloidalis-nuchae", None),
        ("eczema", None),
    ],
)
def test_the_first_line_of_the_table_that_fits_gives_the_class(topic, label):
    assert load_layout("dermnet").label_of(topic) == label


class TestAUsersFile:
    def test_replaces_topics_and_minimum(self, written):
        layout = load_layout("dermnet", topics=written('minimum = 3\n[topics]\nEczema = "eczema"\n'))
        assert (layout.label_of("eczema"), layout.label_of("rosacea")) == ("eczema", None)
        assert layout.minimum == 3

    def test_may_replace_the_minimum_alone(self, written):
        layout = load_layout("dermnet", topics=written("minimum = 3"))
        assert (layout.label_of("rosacea"), layout.minimum) == ("rosacea", 3)

    @pytest.mark.parametrize(
        ("text", "complaint"),
        [
            ("", "changes nothing: give it a table"),
            ("delay = 0", "'delay' of the layout dermnet cannot be changed, only"),
            ("minimum = 0", "minimum = 0: write 1 or more"),
            ("minimum = true", "minimum = True is not of type int"),
            ("[topics]", r"no table \[topics\]"),
        ],
    )
    def test_that_says_something_else_is_a_mistake(self, written, text, complaint):
        with pytest.raises(SettingsInvalid, match=rf"mine\.toml.*{complaint}"):
            load_layout("dermnet", topics=written(text))

    def test_may_name_parameters_to_ignore(self, written):
        layout = load_layout("dermnet", topics=written('ignored_parameters = ["sid"]'))
        assert layout.key_of("https://example.org/a.png?v=2&SID=9") == "/a.png?v=2"

    def test_that_is_named_like_a_layout_counts_for_it(self, tmp_path):
        (tmp_path / "dermnet.toml").write_text("minimum = 7")
        assert find_layout("dermnet", own=tmp_path).minimum == 7
        assert find_layout("sample", own=tmp_path) == load_layout("sample")

    def test_of_another_name_is_a_site_of_its_own(self, tmp_path):
        (tmp_path / "my-atlas.toml").write_text(SITE)
        layout = find_layout("my-atlas", own=tmp_path)
        assert (layout.name, layout.topic_at("https://example.org/rosacea?a=b")) == ("my-atlas", "rosacea")
        assert "my-atlas" in layout_names(own=tmp_path)

    def test_whose_name_is_no_source_is_not_counted(self, tmp_path):
        for name in ("My Atlas", ".hidden", "images", "a@b"):
            (tmp_path / f"{name}.toml").write_text(SITE)
        assert layout_names(own=tmp_path) == layout_names()


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ('title = "A site"', "title = [", "cannot be read as TOML"),
        ('title = "A site"', "", "'title' is missing"),
        ('title = "A site"', "title = 3", "title = 3 is not of type str"),
        ('title = "A site"', 'title = "A"\ndelay = "2"', "delay = '2' is not of type float"),
        ('select = "img"', 'selects = "img"', r"\[pictures\]: 'selects' is no key of a layout"),
        ('select = "img"', "", r"\[pictures\]: 'select' is missing"),
        ('link = "url"', "", r"\[index\]: 'link' is missing"),
        ('kind = "json"', "", r"\[index\]: 'kind' is missing"),
        ('title = "A site"', 'title = "A"\ndelay = -1', "delay = -1: write 0 or more"),
        ('title = "A site"', 'title = "A"\nneeds_contact = "yes"', "needs_contact = 'yes' is not of type bool"),
        ('title = "A site"', 'title = "A"\nhosts = "a.example"', r'write a list like \["www'),
        ('title = "A site"', 'title = "A"\nignored_parameters = "sig"', r'write a list like \["token"\]'),
        ('title = "A site"', 'title = "A"\nignored_parameters = ["*"]', "'\\*' is no name of a query parameter"),
        ('title = "A site"', 'title = "A"\nignored_parameters = ["a=1"]', "'a=1' is no name of a query parameter"),
        ('title = "A site"', 'title = "A"\noriginals = "a"', r"write each step as a table \[\[originals\]\]"),
        ("[index]", 'index = "a"\n[other]', "'a' is no table"),
        ('select = "img"', 'select = "img["', r"'img\[' is no CSS selector"),
        ('kind = "json"', 'kind = "xml"', "kind = 'xml': write json, links, mediawiki"),
        ('topic = "^/(?P<topic>.+)$"', 'topic = "("', "is no regular expression"),
        ('topic = "^/(?P<topic>.+)$"', 'topic = ".+"', "has no group"),
        ('rosacea = "rosacea"', "", r"no table \[topics\]"),
        ('rosacea = "rosacea"', 'rosacea = "The Rosacea"', "'The Rosacea', which is no class label"),
    ],
)
def test_a_mistake_in_a_file_is_named_with_its_place(written, before, after, complaint):
    with pytest.raises(SettingsInvalid, match=rf"mine\.toml.*{complaint}"):
        read_layout(written(SITE.replace(before, after)))


def test_a_category_is_named_in_full(written):
    text = SITE.replace('"json"', '"mediawiki"').replace("rosacea =", '"Acne *" =')
    with pytest.raises(SettingsInvalid, match=r"'Acne \*' is no name of a category"):
        read_layout(written(text))


class TestBackgroundTopics:
    @pytest.fixture
    def layout(self, written):
        text = """
"acne-agminata" = ""
[background]
"eczema-*" = "eczema"
"tinea" = { label = "tinea-corporis", limit = 5 }
"*" = "*"
"""
        return read_layout(written("background_limit = 12\n" + SITE + text))

    @pytest.mark.parametrize(
        ("topic", "label", "limit"),
        [("eczema-hand", "eczema", 12), ("tinea", "tinea-corporis", 5), ("lichen_planus", "lichen-planus", 12)],
    )
    def test_have_a_condition_and_a_limit(self, layout, topic, label, limit):
        found = layout.background_of(topic)
        assert (found.label, found.limit) == (label, limit)

    @pytest.mark.parametrize("topic", ["rosacea", "acne-agminata"])
    def test_are_none_that_the_table_of_topics_names(self, layout, topic):
        assert layout.background_of(topic) is None

    @pytest.mark.parametrize(
        ("text", "complaint"),
        [
            ('[background]\nroses = "rosacea"', "'roses' becomes 'rosacea', a class of this layout"),
            ('[background]\nRosacea = "other"', "'Rosacea' stands in .topics., too"),
            ('[background]\ntinea = { label = "tinea", limit = 0 }', "limit = 0: write 1 or more"),
            ('[background]\ntinea = { label = "tinea", most = 3 }', "'most' is no key"),
            ("[background]\ntinea = { limit = 3 }", "'label' is missing"),
            ('[background]\ntinea = "Tinea corporis"', "which is no label"),
            ('[background]\ntinea = ""', "which is no label"),
            ("[background]\ntinea = 3", "not of type str"),
        ],
    )
    def test_that_cannot_be_are_an_error_when_the_layout_is_read(self, written, text, complaint):
        with pytest.raises(SettingsInvalid, match=rf"mine\.toml.*{complaint}"):
            read_layout(written(SITE + text))

    @pytest.mark.parametrize("line", ["background_limit = 0", "background = 3"])
    def test_that_cannot_be_read_are_an_error(self, written, line):
        with pytest.raises(SettingsInvalid, match="background"):
            read_layout(written(f"{line}\n{SITE}"))

    def test_are_added_to_a_layout_of_the_program(self, written):
        layout = load_layout("dermnet", topics=written('background_limit = 4\n[background]\npsoriasis = "psoriasis"'))
        assert layout.background_of("psoriasis").limit == 4
        assert layout.label_of("rosacea") == "rosacea"

    def test_of_a_category_named_like_a_class_are_an_error(self, written):
        with pytest.raises(SettingsInvalid, match="a class of this layout"):
            load_layout("wikimedia-commons", topics=written('[topics]\nX = "milia"\n[background]\nMilia = "*"'))
