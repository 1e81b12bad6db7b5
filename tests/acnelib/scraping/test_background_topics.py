"""Background topics of a site: photos of its other conditions, from the same visit."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from acnelib.label_aliases import LabelAliases
from acnelib.scraping.layout import BackgroundTopic
from acnelib.scraping.layout_files import load_layout
from acnelib.storage.manifest import PhotoRole

ANY = BackgroundTopic(topic="*", label="*")


@pytest.fixture
def atlas(draw):
    """A class with three pictures and two other conditions with four each, listed before it."""
    names = {"eczema": 4, "tinea": 4, "comedones": 3}
    return {
        topic: {f"{topic}-{number}": draw(20 * place + number) for number in range(count)}
        for place, (topic, count) in enumerate(names.items())
    }


@pytest.fixture
def layout(sample):
    return replace(sample, background=(BackgroundTopic(topic="tinea", label="tinea", limit=3), ANY), background_limit=2)


def by_topic(collected):
    return Counter((record.role, record.label) for record in collected.records)


def test_one_visit_gives_classes_and_background_up_to_the_limits(look, layout):
    assert by_topic(look(layout=layout)) == {
        (PhotoRole.CLASS, "comedones"): 3,
        (PhotoRole.BACKGROUND, "eczema"): 2,
        (PhotoRole.BACKGROUND, "tinea"): 3,
    }


def test_nothing_is_requested_twice_and_nothing_beyond_the_limit(look, layout, site):
    look(layout=layout)
    requests = Counter(path for path, _ in site.requests)
    assert set(requests.values()) == {1}
    assert not {"/assets/eczema-2.png", "/assets/tinea-3.png"} & set(requests)


def test_the_classes_are_fetched_first(look, layout, site):
    look(layout=layout)
    pictures = [path for path, _ in site.requests if path.startswith("/assets/")]
    assert all("comedones" in path for path in pictures[:3])


def test_without_background_topics_other_topics_are_not_visited(look, site):
    assert set(by_topic(look())) == {(PhotoRole.CLASS, "comedones")}
    assert not any("eczema" in path for path, _ in site.requests)


def test_a_topic_of_many_pages_is_left_when_its_limit_is_reached(look, site, draw):
    site.show_classic(
        {"Rosacea": {"rosacea-1": draw(1)}, "Tinea": {f"tinea-{number}": draw(2 + number) for number in range(6)}}
    )
    classic = replace(load_layout("dermnet-classic"), background=(ANY,), background_limit=3)
    assert by_topic(look(layout=classic)) == {(PhotoRole.CLASS, "rosacea"): 1, (PhotoRole.BACKGROUND, "tinea"): 3}
    # the site's first page has a number, too
    assert site.asked("/images/Tinea/photos/2") == 1
    assert site.asked("/images/Tinea/photos/3") == 0


def test_a_picture_of_a_class_and_of_a_background_topic_is_fetched_once(look, layout, site, draw):
    site.show_dermnet({"tinea": {"both": draw(7)}, "comedones": {"both": draw(7)}})
    assert by_topic(look(layout=layout)) == {(PhotoRole.CLASS, "comedones"): 1, (PhotoRole.BACKGROUND, "tinea"): 1}
    assert site.asked("/assets/both.png") == 1


def test_a_condition_that_is_another_name_of_a_class_is_no_background(look, site, draw):
    site.show_dermnet({"milia": {"a": draw(1)}, "milium-cyst": {"b": draw(2)}})
    layout = replace(load_layout("dermnet"), delay=0, background=(ANY,))
    collected = look(layout=layout, aliases=LabelAliases({"milium-cyst": "milia"}))
    assert by_topic(collected) == {(PhotoRole.CLASS, "milia"): 1}
    assert any("milium-cyst is left out: milia is a class" in note for note in collected.notes)
    assert site.asked("/topics/milium-cyst-images?stage=Live") == 0


def test_topics_under_an_alias_are_the_class_it_stands_for(look, sample, site, draw):
    site.show_dermnet({"perioral": {"a": draw(1)}, "periorificial": {"b": draw(2)}})
    topics = (("perioral", "perioral-dermatitis"), ("periorificial", "periorificial-dermatitis"))
    collected = look(layout=replace(sample, topics=topics))
    assert by_topic(collected) == {(PhotoRole.CLASS, "periorificial-dermatitis"): 2}
    (note,) = collected.notes
    assert note.startswith("perioral-dermatitis is taken as periorificial-dermatitis")
