"""The data report: one HTML file that shows what curation and splitting decided, so that people can overrule it.

It holds thumbnails of the photos, loads nothing, runs no script, and only its owner may read it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from acnelib.dataset.overrides import FILE_NAME
from acnelib.dataset.report.overview import overview_of
from acnelib.dataset.report.sections import MOST_GROUPS, ReportContent, sections_of
from acnelib.dataset.splitting import Subset
from acnelib.imaging.thumbnails import THUMBNAIL_SIDE, thumbnails_of
from acnelib.report_page import rendered
from acnelib.storage.files import write_text
from acnelib.storage.licences import warnings_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["THUMBNAIL_SIDE", "ReportContent", "write_data_report"]

_TEMPLATE = "data_report.html"


def write_data_report(path: Path, content: ReportContent, *, picture: Callable[[str], Path]) -> None:
    """Write the report as one file that needs nothing else; equal content gives equal bytes.

    Args:
        path: The file.
        content: What to report on.
        picture: Gives a photo's file by its SHA-256; where it is missing, or does not decode, the report says so.
    """
    sections = sections_of(content)
    thumbnails = thumbnails_of(sections.photos, picture=picture)
    html = rendered(
        _TEMPLATE,
        package="acnelib.dataset.report",
        filters={},
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
