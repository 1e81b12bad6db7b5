"""The pages of a report: Qt's documents lay it out on any paper, of a file or of a printer; for a worker."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from PySide6.QtCore import QMarginsF, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QImage,
    QPagedPaintDevice,
    QPageLayout,
    QPainter,
    QPalette,
    QTextDocument,
)

from acnelib.text.visible import visible
from gui.report import texts
from gui.report.content import BatchReport, PhotoReport
from gui.state.wording import RESEARCH_TOOL, number, percentage

if TYPE_CHECKING:
    from collections.abc import Iterable

_HTML_DOTS_PER_INCH = 96  # of lengths in HTML
_MARGIN = 18  # millimetres
_FOOT = 0.05  # of the height of a page
_POINTS = 10
_LARGEST = 1600  # pixels of a picture's longer side: sharper than paper shows
_PICTURE, _OVERLAY = "picture", "overlay"
_NAMES, _VALUES, _BARS = 0.3, 0.08, 0.5  # widths of columns
_INK, _GREY, _BAR = "#1b1f23", "#5b6570", "#1f6f78"
_STYLE = f"""
body {{ color: {_INK}; }}
h1 {{ font-size: 18pt; }} h2 {{ font-size: 11pt; margin-top: 14px; margin-bottom: 2px; }}
p.notice, td.name, p.caption {{ color: {_GREY}; }}
p.verdict {{ font-size: 14pt; font-weight: 600; }}
td.bar {{ font-size: 5pt; padding: 0; }}
td, th {{ padding: 3px 10px 3px 0; text-align: left; vertical-align: top; }}
"""


def set_margins(device: QPagedPaintDevice) -> None:
    """Propose margins that leave room for a punch."""
    device.setPageMargins(QMarginsF(_MARGIN, _MARGIN, _MARGIN, _MARGIN), QPageLayout.Unit.Millimeter)


def paint_report(device: QPagedPaintDevice, report: PhotoReport | BatchReport) -> bool:
    """Paint a report page by page; it is made of its texts and pixels alone.

    Args:
        device: The paper.
        report: The report.

    Returns:
        Whether the device took all of it.
    """
    painter = QPainter()
    if not painter.begin(device):
        return False
    try:
        _paint(painter, device, _document(report, device))
    finally:
        ended = painter.end()
    return ended


def _document(report: PhotoReport | BatchReport, device: QPagedPaintDevice) -> QTextDocument:
    document = QTextDocument()
    document.documentLayout().setPaintDevice(device)
    font = QFont()
    font.setPointSize(_POINTS)
    document.setDefaultFont(font)
    document.setDefaultStyleSheet(_STYLE)
    document.setDocumentMargin(0)
    page = QSizeF(device.width(), round(device.height() * (1 - _FOOT)))
    width = page.width() * _HTML_DOTS_PER_INCH / device.logicalDpiX()
    if isinstance(report, PhotoReport):
        _add_pictures(document, report)
        body = _photo(report, width=width)
    else:
        body = _batch(report, width=width)
    document.setHtml(f"<body>{body}</body>")
    document.setPageSize(page)
    return document


def _paint(painter: QPainter, device: QPagedPaintDevice, document: QTextDocument) -> None:
    """Paint the pages, with the notice and the number at the foot of each."""
    page, pages = document.pageSize(), document.pageCount()
    context = QAbstractTextDocumentLayout.PaintContext()
    context.palette.setColor(QPalette.ColorRole.Text, QColor(_INK))
    foot = QRectF(0, page.height(), page.width(), device.height() - page.height())
    for place in range(pages):
        if place:
            device.newPage()
        painter.save()
        painter.translate(0, -place * page.height())
        context.clip = QRectF(0, place * page.height(), page.width(), page.height())
        painter.setClipRect(context.clip)
        document.documentLayout().draw(painter, context)
        painter.restore()
        painter.setFont(document.defaultFont())
        painter.setPen(QColor(_GREY))
        bottom = Qt.AlignmentFlag.AlignBottom
        painter.drawText(foot, bottom | Qt.AlignmentFlag.AlignLeft, RESEARCH_TOOL)
        painter.drawText(foot, bottom | Qt.AlignmentFlag.AlignRight, texts.page(place + 1, of=pages))


def _add_pictures(document: QTextDocument, report: PhotoReport) -> None:
    bare = report.picture.level_for(_LARGEST)
    picture = QImage(bare).convertToFormat(QImage.Format.Format_RGB32)
    document.addResource(QTextDocument.ResourceType.ImageResource, QUrl(_PICTURE), picture)
    if report.overlay is not None:
        overlay = report.overlay
        colours = QImage(overlay.rgba, overlay.width, overlay.height, 4 * overlay.width, QImage.Format.Format_RGBA8888)
        covered = picture.copy()
        painter = QPainter(covered)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setOpacity(report.overlay_opacity)
        painter.drawImage(covered.rect(), colours)
        painter.end()
        document.addResource(QTextDocument.ResourceType.ImageResource, QUrl(_OVERLAY), covered)


def _photo(report: PhotoReport, *, width: float) -> str:
    wide, high = report.picture.size
    room = width * (0.48 if report.overlay is not None else 0.6)
    shown = min(room, room * wide / high)  # no higher than wide
    pictures = "".join(
        f'<td><img src="{name}" width="{shown:.0f}"></td>'
        for name in ([_PICTURE, _OVERLAY] if report.overlay is not None else [_PICTURE])
    )
    caption = _paragraph(report.overlay_caption, "caption") if report.overlay is not None else ""
    bars = _bars(((name, percentage(score), score) for name, score in report.scores), width=width)
    return (
        f"<h1>{_plain(report.title)}</h1><table><tr>{pictures}</tr></table>{caption}"
        f"{_paragraph(f'{report.verdict}: {report.answer}', 'verdict')}"
        f"{_paragraph(RESEARCH_TOOL, 'notice')}"
        f"<h2>{texts.SCORES}</h2>{bars}<h2>{texts.DETAILS}</h2>{_facts(report.facts)}"
    )


def _batch(report: BatchReport, *, width: float) -> str:
    most = max(number for _, counted in report.counts for _, number in counted)
    tables = "".join(
        f"<h2>{title}</h2>{_bars([(name, number(count), count / most) for name, count in counted], width=width)}"
        for title, counted in report.counts
    )
    heads = "".join(f"<th>{head}</th>" for head in (texts.PHOTO, texts.CLASS, texts.SCORE, texts.VERDICT))
    lines = "".join("<tr>" + "".join(f"<td>{_plain(cell)}</td>" for cell in line) + "</tr>" for line in report.lines)
    return (
        f"<h1>{texts.TITLE}</h1>{_paragraph(RESEARCH_TOOL, 'notice')}{_facts(report.facts)}{tables}"
        f"<h2>{texts.PHOTOS}</h2><table width='100%'><thead><tr>{heads}</tr></thead>{lines}</table>"
    )


def _bars(rows: Iterable[tuple[str, str, float]], *, width: float) -> str:
    """Return names, values and parts (0–1) as bars; documents know no shapes, so a bar is a coloured cell."""
    lines = "".join(
        f'<tr><td width="{width * _NAMES:.0f}">{_plain(name)}</td>'
        f'<td width="{width * _VALUES:.0f}" align="right">{_plain(value)}</td><td>'
        f'<table cellspacing="0" style="margin-top: 5px"><tr><td class="bar" bgcolor="{_BAR}" '
        f'width="{max(1, part * width * _BARS):.0f}">&nbsp;</td></tr></table></td></tr>'
        for name, value, part in rows
    )
    return f"<table>{lines}</table>"


def _facts(facts: Iterable[tuple[str, str]]) -> str:
    rows = "".join(f'<tr><td class="name">{name}</td><td>{_plain(value)}</td></tr>' for name, value in facts)
    return f"<table>{rows}</table>"


def _paragraph(text: str, kind: str) -> str:
    return f'<p class="{kind}">{_plain(text)}</p>'


def _plain(text: str) -> str:
    """Return a text of the user's as it is to be read: nothing in it is markup."""
    return html.escape(visible(text))
