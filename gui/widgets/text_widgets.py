"""Labels for text of any length: one line that is elided, or a paragraph that may break anywhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from acnelib.text.visible import visible, visible_lines
from gui.state.wording import NO_BREAK_SPACE

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent


_BREAK_HERE = "\u200b"
_LONG_WORD = re.compile(r"\S{24,}")


def breakable(text: str) -> str:
    """Return a text whose very long words (paths, addresses) may be broken at the edge of a narrow panel.

    A number stays on one line with its %.
    """

    def opened(match: re.Match[str]) -> str:
        return re.sub(r"([/\\_.,:=-]|\w{12})(?=\w)", rf"\1{_BREAK_HERE}", match[0])

    return _LONG_WORD.sub(opened, re.sub(r"(?<=\d) %", f"{NO_BREAK_SPACE}%", text))


def scaled_font(font: QFont, factor: float, *, bold: bool = False) -> QFont:
    """Return a font in another size, so that headings follow the size that people chose for their desktop."""
    scaled = QFont(font)
    scaled.setPointSizeF(font.pointSizeF() * factor)
    if bold:
        scaled.setWeight(QFont.Weight.DemiBold)
    return scaled


class Line(QLabel):
    """One line of plain text that ends in … where there is no room for it; its tooltip has the whole."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:  # noqa: N802 Qt's name
        """Show a text, with nothing in it hidden."""
        super().setText(visible(text))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 Qt's name
        """Ask for room for a few letters only."""
        return QSize(self.fontMetrics().averageCharWidth() * 6, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 Qt's name
        """Paint the text, elided when it has to be."""
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.contentsRect().width())
        if shown == self.text():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.contentsRect(), self.alignment() | Qt.TextFlag.TextSingleLine, shown)


class Paragraph(QLabel):
    """Plain text over several lines, in which a long path is broken rather than cut off."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)

    def show_text(self, text: str) -> None:
        """Show a text; screen readers get it without the places to break it."""
        self.setText(breakable(visible_lines(text)))
        self.setAccessibleName(text)
