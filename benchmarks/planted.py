"""Copies of photos as they turn up in atlases: eight kinds, planted under meaningless names into a folder's copy."""

from __future__ import annotations

import hashlib
import io
import random
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageEnhance, ImageOps

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ENDINGS = {".jpg", ".jpeg", ".png"}


@dataclass(frozen=True)
class Planted:
    """One planted copy.

    Attributes:
        kind: What was done to it, one of :data:`KINDS`.
        original: SHA-256 of the photo it was made of.
        copy: SHA-256 of the copy.
        path: Where it lies.
    """

    kind: str
    original: str
    copy: str
    path: Path


def plant(folder: Path, *, to: Path, number: int, seed: int) -> list[Planted]:
    """Copy a folder of class folders and add copies of some photos to their classes, all kinds equally often."""
    for path in sorted(folder.glob("*/*")):
        if path.suffix.lower() in ENDINGS:
            (to / path.parent.name).mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, to / path.parent.name / path.name)
    chance = random.Random(seed)
    by_hash = {_sha256(path.read_bytes()): path for path in sorted(to.glob("*/*")) if path.suffix.lower() in ENDINGS}
    chosen = chance.sample(sorted(by_hash), min(number, len(by_hash)))
    planted = []
    for place, original in enumerate(chosen):
        kind = list(KINDS)[place % len(KINDS)]
        with Image.open(by_hash[original]) as image:
            content = copied(image.convert("RGB"), kind=kind, chance=chance)
        path = by_hash[original].parent / f"{chance.getrandbits(64):016x}.jpg"
        path.write_bytes(content)
        planted.append(Planted(kind, original, _sha256(content), path))
    return planted


def copied(image: Image.Image, *, kind: str, chance: random.Random) -> bytes:
    """Return a copy of one kind as the bytes of a JPEG file."""
    stream = io.BytesIO()
    KINDS[kind](image, chance).save(stream, "JPEG", quality=30 if kind == "recompressed" else 88)
    return stream.getvalue()


def _cropped(image: Image.Image, chance: random.Random) -> Image.Image:
    width, height = round(image.width * 0.85), round(image.height * 0.85)
    left, top = chance.randint(0, image.width - width), chance.randint(0, image.height - height)
    return image.crop((left, top, left + width, top + height))


def _tilted(image: Image.Image, chance: random.Random) -> Image.Image:
    angle = chance.uniform(3, 8) * chance.choice((-1, 1))
    fill = chance.choice(((0, 0, 0), (255, 255, 255)))
    return image.rotate(angle, Image.Resampling.BICUBIC, expand=chance.random() < 0.5, fillcolor=fill)


def _bordered(image: Image.Image, chance: random.Random) -> Image.Image:
    across, along = (round(image.width * chance.uniform(0.04, 0.15)) for _ in range(2))
    fill = chance.choice(("black", "white"))
    return ImageOps.expand(image, (across, along, across, along), fill)


def _lit(image: Image.Image, chance: random.Random) -> Image.Image:
    return ImageEnhance.Brightness(image).enhance(chance.choice((chance.uniform(0.55, 0.75), chance.uniform(1.3, 1.5))))


def _overlaid(image: Image.Image, chance: random.Random) -> Image.Image:
    layer = Image.new("RGBA", image.size)
    draw = ImageDraw.Draw(layer)
    size = image.width / chance.uniform(8, 14)
    for row in range(3):
        where = (image.width * 0.05, image.height * (0.15 + 0.3 * row))
        draw.text(where, "SAMPLE ATLAS 2024", fill=(255, 255, 255, 120), font_size=size)
    draw.rectangle((0, image.height * 0.92, image.width, image.height), fill=(20, 20, 20, 255))
    draw.text((10, image.height * 0.93), "www.example.org", fill="white", font_size=image.height * 0.05)
    return Image.alpha_composite(image.convert("RGBA"), layer).convert("RGB")


def _coloured(image: Image.Image, chance: random.Random) -> Image.Image:
    if chance.random() < 0.5:
        return ImageOps.grayscale(image).convert("RGB")
    gains = [chance.uniform(0.75, 1.25) for _ in range(3)]
    bands = zip(image.split(), gains, strict=True)
    return Image.merge("RGB", [band.point([min(255, round(v * gain)) for v in range(256)]) for band, gain in bands])


KINDS: dict[str, Callable[[Image.Image, random.Random], Image.Image]] = {
    "mirrored": lambda image, _: ImageOps.mirror(image),
    "cropped": _cropped,
    "tilted": _tilted,
    "bordered": _bordered,
    "lit": _lit,
    "recompressed": lambda image, _: image.resize((image.width // 2, image.height // 2), Image.Resampling.LANCZOS),
    "overlaid": _overlaid,
    "coloured": _coloured,
}
"""What can be done to a copy: mirrored, cropped to 85 %, tilted by up to 8°, given a black or white border, brightened
or darkened, halved and recompressed at quality 30, written over, made grey or given another tint."""


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
