"""The data report: one HTML file that shows what curation and splitting decided, so that people can overrule it.

It holds thumbnails of the photos, loads nothing, runs no script, and only its owner may read it.
"""

from __future__ import annotations

import base64
import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image

from acnelib.dataset.overruling import FILE_NAME
from acnelib.dataset.report_overview import overview_of
from acnelib.dataset.report_sections import MOST_GROUPS, ReportContent, sections_of
from acnelib.dataset.splitting import Subset
from acnelib.errors import ImageUnreadable
from acnelib.files import write_text
from acnelib.images import read_picture, resized
from acnelib.licences import warnings_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

__all__ = ["ReportContent", "write_data_report"]

THUMBNAIL_SIDE = 180
"""Pixels of a thumbnail's longest side."""

_TEMPLATE = "data_report.html"
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


def write_data_report(path: Path, content: ReportContent, *, picture: Callable[[str], Path]) -> None:
    """Write the report as one file that needs nothing else; equal content gives equal bytes.

    Args:
        path: The file.
        content: What to report on.
        picture: Gives a photo's file by its SHA-256; where it is missing, or does not decode, the report says so.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    sections = sections_of(content)
    thumbnails = _thumbnails(sections.photos, picture)
    environment = Environment(
        loader=PackageLoader("acnelib.dataset", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": _number, "counted": _counted, "linkable": _linkable}
    html = environment.get_template(_TEMPLATE).render(
        content=content,
        sections=sections,
        overview=overview_of(content),
        thumbnails=thumbnails,
        licence_warnings=warnings_of(content.licences),
        subsets=list(Subset),
        overrule_file=FILE_NAME,
        most_groups=MOST_GROUPS,
    )
    write_text(path, html, mode=0o600)


def _thumbnails(photos: Sequence[str], picture: Callable[[str], Path]) -> dict[str, Thumbnail]:
    with ThreadPoolExecutor(_WORKERS) as pool:
        return dict(zip(photos, pool.map(_thumbnail, map(picture, photos)), strict=True))


def _thumbnail(path: Path) -> Thumbnail:
    if not path.is_file():
        return Thumbnail(missing="not in the image store")
    try:
        image = read_picture(path).image
    except ImageUnreadable as error:
        # The path in the image store means nothing to anybody, and what to do is said beside the photo.
        return Thumbnail(missing=str(error).removeprefix(str(path)).partition(": ")[0].strip())
    scale = min(1.0, THUMBNAIL_SIDE / max(image.size))
    width, height = (max(1, round(side * scale)) for side in image.size)
    # Pixels alone: a resized image would take the photo's comment along.
    small = Image.fromarray(resized(image, height=height, width=width))
    stream = io.BytesIO()
    small.save(stream, "JPEG", quality=_QUALITY, optimize=True)
    uri = f"data:image/jpeg;base64,{base64.b64encode(stream.getvalue()).decode()}"
    return Thumbnail(width=width, height=height, uri=uri)


def _number(value: int) -> str:
    return f"{value:,}"


def _counted(value: int, noun: str) -> str:
    return f"{value:,} {noun}{'' if value == 1 else 's'}"


def _linkable(address: str) -> bool:
    """Return whether following an address can only open a page: anything but http and https may do more."""
    return address.casefold().startswith(("http://", "https://"))
