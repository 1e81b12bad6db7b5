"""How many damaged files are refused? Kinds of files against kinds of damage, as a table in Markdown.

    python benchmarks/damage.py [--files N]

A cell counts the files that were refused, and after a slash those of the others whose pixels are not the whole file's.
The exit code is 1 where a whole file is refused.
"""

from __future__ import annotations

import argparse
import io
import random
import struct
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from acnelib.atlas.drawing import draw_pictures
from acnelib.errors import ImageUnreadable
from acnelib.imaging import read_picture

if TYPE_CHECKING:
    from collections.abc import Callable

PICTURES = 6
SIZE = (320, 240)
END = {
    "JPEG": b"\xff\xd9",
    "MPO": b"\xff\xd9",
    "PNG": b"\0\0\0\0IEND\xaeB`\x82",
    "GIF": b"\0;",
    "JPEG2000": b"\xff\xd9",
}
KINDS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "JPEG": ("JPEG", "RGB", {"quality": 90}),
    "JPEG, restart intervals": ("JPEG", "RGB", {"quality": 90, "subsampling": 0, "restart_marker_rows": 1}),
    "JPEG, progressive": ("JPEG", "RGB", {"progressive": True}),
    "JPEG, grey": ("JPEG", "L", {}),
    "JPEG, CMYK": ("JPEG", "CMYK", {}),
    "MPO": ("MPO", "RGB", {"save_all": True}),
    "PNG": ("PNG", "RGB", {}),
    "GIF": ("GIF", "RGB", {}),
    "WebP, lossy": ("WEBP", "RGB", {"quality": 90}),
    "WebP, lossless": ("WEBP", "RGB", {"lossless": True}),
    "TIFF, plain": ("TIFF", "RGB", {}),
    "TIFF, LZW": ("TIFF", "RGB", {"compression": "tiff_lzw"}),
    "TIFF, deflate": ("TIFF", "RGB", {"compression": "tiff_adobe_deflate"}),
    "TIFF, JPEG inside": ("TIFF", "RGB", {"compression": "jpeg", "quality": 90}),
    "BMP": ("BMP", "RGB", {}),
    "PPM": ("PPM", "RGB", {}),
    "JPEG 2000": ("JPEG2000", "RGB", {}),
    "HEIC": ("HEIF", "RGB", {"quality": 90}),
    "AVIF": ("AVIF", "RGB", {"quality": 90}),
}


def pictures() -> list[Image.Image]:
    """Return drawn pictures with the noise of a sensor."""
    noise = np.random.default_rng(0)
    drawn = [picture.image.resize(SIZE) for picture, _ in zip(draw_pictures(10, seed=3), range(PICTURES), strict=False)]
    noisy = [np.asarray(image, dtype=np.int16) + noise.integers(-6, 7, (*SIZE[::-1], 3)) for image in drawn]
    return [Image.fromarray(pixels.clip(0, 255).astype(np.uint8)) for pixels in noisy]


def encoded(image: Image.Image, kind: str) -> bytes:
    form, mode, options = KINDS[kind]
    more = {"append_images": [image.rotate(180)]} if options.get("save_all") else {}
    stream = io.BytesIO()
    image.convert(mode).save(stream, form, **options, **more)
    return stream.getvalue()


def cut(content: bytes, chance: random.Random, _form: str) -> bytes:
    return content[: int(len(content) * chance.uniform(0.3, 0.97))]


def cut_and_ended(content: bytes, chance: random.Random, form: str) -> bytes:
    rest = cut(content, chance, form)
    if form == "WEBP":
        return rest[:4] + struct.pack("<I", len(rest) - 8) + rest[8:16] + struct.pack("<I", len(rest) - 20) + rest[20:]
    return rest + END.get(form, b"")


def never_filled(content: bytes, chance: random.Random, form: str) -> bytes:
    return cut(content, chance, form).ljust(len(content), b"\0")


def hole(content: bytes, chance: random.Random, _form: str) -> bytes:
    start, end = _part(content, chance)
    return content[:start] + bytes(end - start) + content[end:]


def lost(content: bytes, chance: random.Random, _form: str) -> bytes:
    start, end = _part(content, chance)
    return content[:start] + content[end:]


def garbage(content: bytes, chance: random.Random, _form: str) -> bytes:
    start, end = _part(content, chance)
    return content[:start] + chance.randbytes(end - start) + content[end:]


def _part(content: bytes, chance: random.Random) -> tuple[int, int]:
    start = int(len(content) * chance.uniform(0.3, 0.75))
    return start, start + int(len(content) * chance.uniform(0.05, 0.2))


DAMAGES: dict[str, Callable[[bytes, random.Random, str], bytes]] = {
    "cut": cut,
    "cut and ended": cut_and_ended,
    "end never filled": never_filled,
    "hole of zeros": hole,
    "part lost": lost,
    "garbage": garbage,
}


def outcome(content: bytes, whole: bytes) -> str:
    try:
        return "same" if read_picture(content).image.tobytes() == whole else "other"
    except ImageUnreadable:
        return "refused"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=20, help="damaged files of each kind (default: 20)")
    number = parser.parse_args().files
    import pillow_heif

    pillow_heif.register_heif_opener()
    drawn, refused = pictures(), 0
    print(f"| kind, {number} files each | {' | '.join(DAMAGES)} | whole |")
    print(f"|---|{'---|' * (len(DAMAGES) + 1)}")
    for kind, (form, _, _) in KINDS.items():
        files = [encoded(image, kind) for image in drawn]
        pixels = [read_picture(file).image.tobytes() for file in files]
        whole = sum(outcome(file, seen) == "refused" for file, seen in zip(files, pixels, strict=True))
        cells = []
        for name, damage in DAMAGES.items():
            chance = random.Random(kind + name)
            outcomes = [
                outcome(damage(files[place % PICTURES], chance, form), pixels[place % PICTURES])
                for place in range(number)
            ]
            cells.append(f"{outcomes.count('refused')} / {outcomes.count('other')}")
        print(f"| {kind} | {' | '.join(cells)} | {whole} |", flush=True)
        refused += whole
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
