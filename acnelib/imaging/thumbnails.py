"""Small pictures of photos for reports: a JPEG of pixels alone, as a data URI, or why there is none."""

from __future__ import annotations

import base64
import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image

from acnelib.errors import ImageUnreadable
from acnelib.imaging import reading, resized

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

THUMBNAIL_SIDE = 180
"""Pixels of a thumbnail's longest side."""

_QUALITY = 80
_WORKERS = 2


@dataclass(frozen=True, kw_only=True)
class Thumbnail:
    """A small picture of a photo, or why there is none.

    Attributes:
        width: Pixels.
        height: Pixels.
        uri: The JPEG file as a data URI; empty if there is none.
        missing: Why there is none.
    """

    width: int = 0
    height: int = 0
    uri: str = ""
    missing: str = ""


def thumbnails_of(photos: Iterable[str], *, picture: Callable[[str], Path]) -> dict[str, Thumbnail]:
    """Return a thumbnail of each photo, in their order.

    Args:
        photos: SHA-256 of each.
        picture: Gives a photo's file by its SHA-256.
    """
    names = tuple(photos)
    with ThreadPoolExecutor(_WORKERS) as pool:
        return dict(zip(names, pool.map(_thumbnail, map(picture, names)), strict=True))


def _thumbnail(path: Path) -> Thumbnail:
    if not path.is_file():
        return Thumbnail(missing="not in the image store")
    try:
        with reading(path) as picture:
            scale = min(1.0, THUMBNAIL_SIDE / max(picture.image.size))
            width, height = (max(1, round(side * scale)) for side in picture.image.size)
            # Pixels alone: a resized image would take the photo's comment along.
            small = Image.fromarray(resized(picture.image, height=height, width=width))
    except ImageUnreadable as error:
        # The path in the image store means nothing to the reader, and the remedy is shown beside the photo.
        return Thumbnail(missing=str(error).removeprefix(str(path)).partition(": ")[0].strip())
    stream = io.BytesIO()
    small.save(stream, "JPEG", quality=_QUALITY, optimize=True)
    uri = f"data:image/jpeg;base64,{base64.b64encode(stream.getvalue()).decode()}"
    return Thumbnail(width=width, height=height, uri=uri)
