"""The example in the guide is one that works, and the guide explains every key."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from acnelib.scraping.layout import Index, Layout, PictureRules, Rewriting
from acnelib.scraping.layout_files import layout_names, load_layout, read_layout

GUIDE = Path(__file__).parents[3] / "docs" / "scraping.md"


@pytest.fixture(scope="module")
def guide():
    return GUIDE.read_text()


@pytest.fixture
def examples(guide, tmp_path):
    files = []
    for number, text in enumerate(re.findall(r"```toml\n(.*?)```", guide, re.DOTALL)):
        files.append(tmp_path / f"example-{number}.toml")
        files[-1].write_text(text)
    return files


def test_the_override_is_one(examples):
    layout = load_layout("dermnet", topics=examples[0])
    assert (layout.minimum, layout.label_of("acne-scar"), layout.label_of("acne-face")) == (30, None, "acne")


def test_the_background_of_the_guide_is_added_to_a_layout(examples):
    layout = load_layout("dermnet", topics=examples[1])
    found = {topic: layout.background_of(topic) for topic in ("psoriasis-scalp", "tinea", "warts", "acne-keloidalis")}
    assert {topic: entry and (entry.label, entry.limit) for topic, entry in found.items()} == {
        "psoriasis-scalp": ("psoriasis", 20),
        "tinea": ("tinea-corporis", 5),
        "warts": ("warts", 20),
        "acne-keloidalis": None,
    }


def test_the_example_of_a_layout_does_what_the_guide_says(examples):
    layout = read_layout(examples[2])
    assert layout.original_of("https://atlas.example.org/a-300x200.jpg") == "https://atlas.example.org/a.jpg"
    assert layout.label_of("acne-back") == "acne-vulgaris"
    assert layout.topic_at("https://atlas.example.org/gallery/rosacea/") == "rosacea"


@pytest.mark.parametrize("kind", [Layout, Index, PictureRules, Rewriting])
def test_every_key_is_explained(guide, kind):
    names = {field.name for field in fields(kind)} - {"name", "index", "pictures", "originals"}
    table = guide.partition("| key | meaning | default |")[2]
    assert [name for name in sorted(names) if f"`{name}`" not in table and f"`[{name}]`" not in table] == []


def test_every_layout_is_named(guide):
    assert [name for name in layout_names() if f"`{name}`" not in guide] == []
