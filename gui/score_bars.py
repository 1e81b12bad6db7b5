"""The highest scores of an answer, each as a label, a percentage and a bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gui import texts
from gui.text_widgets import Line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent


class ScoreBars(QWidget):
    """Rows of scores, best first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(texts.SCORES)
        self.rows: list[ScoreRow] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(12)

    def show_scores(self, scores: Sequence[tuple[str, float]]) -> None:
        """Show labels with their scores (0–1), best first."""
        while len(self.rows) < len(scores):
            self.rows.append(ScoreRow(self))
            self._layout.addWidget(self.rows[-1])
        for row, (label, score) in zip(self.rows, scores, strict=False):
            row.show_score(label, score)
        for index, row in enumerate(self.rows):
            row.setVisible(index < len(scores))


class ScoreRow(QWidget):
    """One label with its score."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = Line()
        self.percentage = QLabel()
        self.percentage.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.bar = Bar()
        words = QHBoxLayout()
        words.addWidget(self.label, 1)
        words.addWidget(self.percentage)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(words)
        layout.addWidget(self.bar)

    def show_score(self, label: str, score: float) -> None:
        """Show a label's score (0–1)."""
        self.label.setText(texts.label(label))
        self.percentage.setText(texts.percentage(score))
        self.bar.show_fraction(score)
        self.setAccessibleName(texts.score_line(label, score))


class Bar(QWidget):
    """A bar whose filled part is a score."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fraction = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_fraction(self, fraction: float) -> None:
        """Fill this fraction (0–1) of the bar."""
        self.fraction = fraction
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 Qt's name
        """Ask for a height that goes with the text."""
        return QSize(120, max(6, self.fontMetrics().height() // 2))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 Qt's name and signature
        """Paint the track and its filled part in the colours of the palette."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        track = QRectF(self.rect())
        radius = track.height() / 2
        color = self.palette().color(QPalette.ColorRole.WindowText)
        color.setAlphaF(0.14)
        painter.setBrush(color)
        painter.drawRoundedRect(track, radius, radius)
        # The track clips the filled part, so that small scores are short and not round blobs.
        painter.setBrush(self.palette().color(QPalette.ColorRole.Highlight))
        painter.setClipRect(QRectF(track.x(), track.y(), track.width() * self.fraction, track.height()))
        painter.drawRoundedRect(track, radius, radius)
