"""The data report: one HTML file with the decisions of curation and splitting, for people to check and override.

It embeds thumbnails of the photos, loads nothing and runs no script. Only its owner can read it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from acnelib.dataset.overrides import FILE_NAME
from acnelib.dataset.report.by_source import SourceCounts
from acnelib.dataset.report.overview import headline, overview_of
from acnelib.dataset.report.sections import MOST_GROUPS, ReportContent, sections_of
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
    """Write the report as one self-contained file; equal content gives equal bytes.

    Args:
        path: The file.
        content: Content of the report.
        picture: Returns the file of a photo by its SHA-256; the report marks files that are missing or unreadable.
    """
    sections = sections_of(content)
    overview = overview_of(content)
    counts = SourceCounts(content)
    background = counts.background()
    thumbnails = thumbnails_of(sections.photos, picture=picture)
    html = rendered(
        _TEMPLATE,
        package="acnelib.dataset.report",
        filters={},
        content=content,
        sections=sections,
        overview=overview,
        headline=headline(overview, background, reviews=content.reviews),
        by_source=counts.table(),
        background=background,
        thumbnails=thumbnails,
        licence_warnings=warnings_of(content.licences),
        overrule_file=FILE_NAME,
        most_groups=MOST_GROUPS,
    )
    write_text(path, html, mode=0o600)
