"""Drawn pictures, ways to copy them, and an image store for each test."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageOps

from acnelib.atlas.drawing import draw_picture, encode_jpeg
from acnelib.config.settings import Settings
from acnelib.dataset.appearance.facts import FactStore
from acnelib.dataset.curation import curate
from acnelib.dataset.duplicates.detection import find_pairs
from acnelib.dataset.overrides import Overrides
from acnelib.storage.files import sha256_of
from acnelib.storage.manifest import ImageRecord
from acnelib.storage.workspace import ImageStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from acnelib.dataset.duplicates.pairs import PairStore

SEED = 7


def written_over(image: Image.Image) -> Image.Image:
    """A line of large letters across, and a bar with an address below."""
    copy = image.copy()
    draw = ImageDraw.Draw(copy)
    draw.text((10, 90), "SAMPLE ATLAS", fill=(235, 225, 220), font_size=30)
    draw.rectangle((0, 220, 320, 240), fill=(20, 20, 20))
    draw.text((6, 222), "www.example.org", fill="white", font_size=12)
    return copy


def marked(image: Image.Image) -> Image.Image:
    """A watermark in the lower left corner, as a whole atlas carries it."""
    copy = image.copy()
    draw = ImageDraw.Draw(copy)
    for radius in range(6, 36, 6):
        draw.ellipse((50 - radius, 180 - radius, 50 + radius, 180 + radius), outline="white", width=2)
    draw.text((14, 218), "Sample Atlas", fill="white", font_size=14)
    return copy


def tinted(image: Image.Image) -> Image.Image:
    red, green, blue = image.split()
    return Image.merge("RGB", (red.point(lambda level: level * 0.8), green, blue.point(lambda level: level * 1.2)))


COPIES: dict[str, Callable[[Image.Image], bytes]] = {
    "equal": encode_jpeg,
    "mirrored": lambda image: encode_jpeg(ImageOps.mirror(image)),
    "mirrored and recompressed": lambda image: encode_jpeg(ImageOps.mirror(image), quality=50),
    "cropped": lambda image: encode_jpeg(image.crop((30, 4, 302, 208))),
    "tilted": lambda image: encode_jpeg(image.rotate(8, Image.Resampling.BICUBIC)),
    "tilted on white": lambda image: encode_jpeg(image.rotate(-6, Image.Resampling.BICUBIC, fillcolor="white")),
    "black border": lambda image: encode_jpeg(ImageOps.expand(image, (40, 10, 40, 10), "black")),
    "white border": lambda image: encode_jpeg(ImageOps.expand(image, 30, "white")),
    "brightened": lambda image: encode_jpeg(ImageEnhance.Brightness(image).enhance(1.2)),
    "darkened": lambda image: encode_jpeg(ImageEnhance.Brightness(image).enhance(0.6)),
    "recompressed": lambda image: encode_jpeg(image, quality=40),
    "shrunk": lambda image: encode_jpeg(image.resize((160, 120)), quality=60),
    "written over": lambda image: encode_jpeg(written_over(image)),
    "grey": lambda image: encode_jpeg(ImageOps.grayscale(image).convert("RGB")),
    "tinted": lambda image: encode_jpeg(tinted(image)),
    "marked": lambda image: encode_jpeg(marked(image)),
}


@cache
def picture(index: int) -> Image.Image:
    return draw_picture(index, seed=SEED).image


@cache
def photo_bytes(index: int, copy: str) -> bytes:
    return COPIES[copy](picture(index))


@pytest.fixture
def photo():
    """The bytes of a drawn photo, or of a copy of it."""

    def bytes_of(index: int, *, copy: str = "equal") -> bytes:
        return photo_bytes(index, copy)

    return bytes_of


@pytest.fixture
def encoded():
    """Any picture as a file without loss."""

    def bytes_of(image: Image.Image) -> bytes:
        stream = io.BytesIO()
        image.save(stream, "PNG")
        return stream.getvalue()

    return bytes_of


@pytest.fixture
def square(encoded):
    """A photo of a few pixels."""
    return lambda side: encoded(picture(0).resize((side, side)))


@pytest.fixture
def store(tmp_path):
    return ImageStore(tmp_path / "images")


@pytest.fixture
def fact_store(tmp_path):
    return FactStore(tmp_path / "facts")


@pytest.fixture
def pairs_of(store, fact_store):
    """The pairs found among files."""

    def find(*contents: bytes, judged: PairStore | None = None):
        names = {store.add(content) for content in contents}
        facts = fact_store.facts(names, path_of=store.path)
        return find_pairs(facts, fact_store.key_points(names), store=judged)

    return find


@pytest.fixture
def curated(store, fact_store):
    """Curate (label, bytes) pairs, or records made of them; photos come back by hash."""

    def judge(*photos, overrule: Overrides | None = None, reviewed=None):
        records = [
            entry
            if isinstance(entry, ImageRecord)
            else ImageRecord(sha256=store.add(entry[1]), label=entry[0], path=f"{entry[0]}/{place}.jpg")
            for place, entry in enumerate(photos)
        ]
        records = [replace(record, reviewed=(reviewed or {}).get(record.sha256)) for record in records]
        facts = fact_store.facts({record.sha256 for record in records}, path_of=store.path)
        readable = {sha256: fact for sha256, fact in facts.items() if fact.error is None}
        pairs = find_pairs(readable, fact_store.key_points(readable))
        pairs = (overrule or Overrides()).applied(pairs, photos=facts)
        return {photo.sha256: photo for photo in curate(records, facts, pairs, overrule=overrule)}

    return judge


@pytest.fixture
def settings(tmp_path):
    """Settings whose folders are all below the test's own."""
    return Settings(**{name: tmp_path / name for name in ("home", "cache", "stack", "workdir")})


@pytest.fixture
def put(tmp_path, photo):
    """Put a drawn photo, or a copy of it, into a folder; return its hash."""

    def put(path, index, copy="equal"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(photo(index, copy=copy))
        return sha256_of(photo(index, copy=copy))

    return put
