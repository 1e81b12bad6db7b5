"""The contents of the sample atlas: the address of each drawn picture, with the flaws of a real atlas.

Pictures are only ever added: a larger atlas keeps the addresses and bytes of a smaller one of the same seed.
"""

from __future__ import annotations

import base64
import io
import json
import re
from dataclasses import dataclass
from enum import StrEnum

from PIL import Image, ImageOps

from acnelib.atlas.drawing import DRAWING_VERSION, LABELS, draw_picture, encode_jpeg, label_of
from acnelib.errors import UsageError
from acnelib.storage.files import digest_of

ATLAS_SEED = 7
"""Seed of the sample atlas."""

ATLAS_NUMBER = 300
"""Number of complete pictures that the sample atlas draws; its flawed copies are extra."""

ATLAS_DIFFICULTY = 0.15
"""Share of its patients who are hard to tell apart, so that candidates differ and reports have errors to show."""

LICENCE = "CC0-1.0"
LICENCE_URL = "https://creativecommons.org/publicdomain/zero/1.0/"

TOPICS: dict[str, str] = {
    "comedones": "comedonal-acne",
    "cysts": "nodulocystic-acne",
    "papules": "papular-acne",
    "pustules": "pustular-acne",
    "rosacea": "rosacea",
}
"""The topic of the atlas that shows the pictures of each class."""

_CAPTIONS = {
    "comedones": "Open and closed comedones",
    "cysts": "Large, deep cysts",
    "papules": "Inflamed papules",
    "pustules": "Pustules with a yellow-white head",
    "rosacea": "Fine dilated vessels",
}


class Treatment(StrEnum):
    """The alteration of a picture before it was put into the atlas."""

    NONE = "none"
    RECOMPRESSED = "recompressed"
    CROPPED = "cropped"
    BRIGHTENED = "brightened"
    TRUNCATED = "truncated"


# Three pictures in every 59 come twice (59 and the five classes have no common factor, so every topic has some);
# this depends on the index alone, so growth adds more.
_COPIES = {7: Treatment.RECOMPRESSED, 22: Treatment.CROPPED, 48: Treatment.BRIGHTENED}
_COPY_PERIOD = 59
_TRUNCATED_INDEX = 4
_SHARED_INDEX, _SHARED_WITH = 13, "papules"


@dataclass(frozen=True)
class SitePhoto:
    """A photo of the atlas, not drawn yet.

    Attributes:
        topic: its topic, such as ``papular-acne``.
        name: file name without ending.
        caption: what the page says about it.
        index: of the drawn picture.
        treatment: what is done to the drawn picture.
    """

    topic: str
    name: str
    caption: str
    index: int
    treatment: Treatment = Treatment.NONE

    @property
    def path(self) -> str:
        """Return the address of the original."""
        return f"/assets/Uploads/{self.topic.capitalize()}/{self.name}.jpg"

    @property
    def broken(self) -> bool:
        """Return whether the file ends midway."""
        return self.treatment is Treatment.TRUNCATED

    def variant_path(self, variant: PictureVariant) -> str:
        """Return the address of a resized variant."""
        return f"/assets/Uploads/{self.topic.capitalize()}/{self.name}__{variant}.jpg"

    def etag(self, *, seed: int, variant: PictureVariant | None = None) -> str:
        """Return the ETag of the bytes, without drawing them."""
        return f'"{digest_of(DRAWING_VERSION, ATLAS_DIFFICULTY, seed, self.index, self.treatment, str(variant))[:32]}"'

    def jpeg(self, *, seed: int) -> bytes:
        """Draw the original and return its file."""
        image = draw_picture(self.index, seed=seed, difficulty=ATLAS_DIFFICULTY).image
        match self.treatment:
            case Treatment.RECOMPRESSED:
                return encode_jpeg(image, quality=60)
            case Treatment.CROPPED:
                return encode_jpeg(image.crop((6, 4, image.width - 4, image.height - 6)))
            case Treatment.BRIGHTENED:
                return encode_jpeg(image.point([min(255, round(level * 1.12 + 4)) for level in range(256)] * 3))
            case Treatment.TRUNCATED:
                whole = encode_jpeg(image)
                return whole[: len(whole) * 2 // 5]
            case Treatment.NONE:
                return encode_jpeg(image)


@dataclass(frozen=True)
class PictureVariant:
    """A resized variant in the manner of the CMS.

    Attributes:
        name: as file names end: a method, then its arguments as base64 of JSON.
        width: requested, in pixels.
        height: requested, in pixels.
    """

    name: str
    width: int
    height: int

    def __str__(self) -> str:
        return self.name

    @classmethod
    def parse(cls, name: str) -> PictureVariant | None:
        """Return the variant that a file name's ending names; nothing if it names none."""
        match = re.fullmatch(r"(?:FocusFill|Fill)([A-Za-z0-9_-]+)", name)
        if match is None:
            return None
        padded = match[1] + "=" * (-len(match[1]) % 4)
        try:
            width, height, *_ = json.loads(base64.urlsafe_b64decode(padded))
        except (ValueError, TypeError):
            return None
        if isinstance(width, int) and isinstance(height, int) and width > 0 and height > 0:
            return cls(name, width, height)
        return None

    def apply(self, jpeg: bytes) -> bytes:
        """Return a file cut to the variant's proportions, at most half as wide and high as the original."""
        with Image.open(io.BytesIO(jpeg)) as image:
            factor = min(1, image.width / 2 / self.width, image.height / 2 / self.height)
            small = max(1, round(self.width * factor)), max(1, round(self.height * factor))
            return encode_jpeg(ImageOps.fit(image, small, Image.Resampling.BICUBIC), quality=80)


PAGE_VARIANT = PictureVariant("FillWzEyMDAsNjI4XQ", 1200, 628)
TILE_VARIANT = PictureVariant("FocusFillWzMwMCwzMDAsInkiLDQ0XQ", 300, 300)


def site_photos(*, number: int, seed: int) -> tuple[SitePhoto, ...]:
    """Return all photos of an atlas of so many drawn pictures, without drawing them.

    Raises:
        UsageError: the number or the seed is negative.
    """
    if number < 0 or seed < 0:
        raise UsageError(f"an atlas of {number} pictures of seed {seed}: both must be 0 or more")
    return tuple(photo for index in range(number) for photo in _photos_of(index))


def _photos_of(index: int) -> list[SitePhoto]:
    """Return the photos made from one picture: itself and, for a few, a flawed copy."""
    label = label_of(index)
    topic, place = TOPICS[label], index // len(LABELS) + 1
    name, caption = f"{topic}-{place}", f"{_CAPTIONS[label]}, drawn picture {place}"
    photos = [SitePhoto(topic, name, caption, index)]
    treatment = _COPIES.get(index % _COPY_PERIOD)
    if treatment is not None:
        photos.append(SitePhoto(topic, f"{name}-v2", caption, index, treatment))
    if index == _TRUNCATED_INDEX:
        photos.append(SitePhoto(topic, f"{name}-v2", caption, index, Treatment.TRUNCATED))
    if index == _SHARED_INDEX:
        photos.append(SitePhoto(TOPICS[_SHARED_WITH], name, caption, index))
    return photos
