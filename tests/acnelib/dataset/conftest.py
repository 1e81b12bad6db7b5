"""Drawn pictures, ways to copy them, and an image store for each test."""

from __future__ import annotations

import io
from functools import cache

import pytest
from PIL import Image, ImageEnhance, ImageOps

from acnelib.atlas.drawing import draw_picture, encode_jpeg
from acnelib.dataset.curation import curate
from acnelib.dataset.facts import FactStore
from acnelib.manifest import ImageRecord
from acnelib.workspace import ImageStore

COPIES = {
    "equal": encode_jpeg,
    "recompressed": lambda image: encode_jpeg(image, quality=40),
    "shrunk": lambda image: encode_jpeg(image.resize((160, 120))),
    "brightened": lambda image: encode_jpeg(ImageEnhance.Brightness(image).enhance(1.2)),
    "mirrored": lambda image: encode_jpeg(ImageOps.mirror(image)),
    "mirrored and recompressed": lambda image: encode_jpeg(ImageOps.mirror(image), quality=50),
}


@cache
def picture(index: int) -> Image.Image:
    return draw_picture(index, seed=7).image


@pytest.fixture
def photo():
    """The bytes of a drawn photo, or of a copy of it."""

    def bytes_of(index: int, *, copy: str = "equal") -> bytes:
        return COPIES[copy](picture(index))

    return bytes_of


@pytest.fixture
def square():
    """A photo of a few pixels."""

    def bytes_of(side: int) -> bytes:
        stream = io.BytesIO()
        picture(0).resize((side, side)).save(stream, "PNG")
        return stream.getvalue()

    return bytes_of


@pytest.fixture
def store(tmp_path):
    return ImageStore(tmp_path / "images")


@pytest.fixture
def fact_store(tmp_path):
    return FactStore(tmp_path / "facts")


@pytest.fixture
def curated(store, fact_store):
    """Curate (label, bytes) pairs, or records made of them; photos come back by hash."""

    def judge(*photos):
        records = [
            entry
            if isinstance(entry, ImageRecord)
            else ImageRecord(sha256=store.add(entry[1]), label=entry[0], path=f"{entry[0]}/{place}.jpg")
            for place, entry in enumerate(photos)
        ]
        facts = fact_store.facts({record.sha256 for record in records}, path_of=store.path)
        return {photo.sha256: photo for photo in curate(records, facts)}

    return judge
