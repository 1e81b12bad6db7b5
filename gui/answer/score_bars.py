"""The highest scores of an answer, each as a label, a percentage and a bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPalette, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gui.answer import texts
from gui.state.wording import class_name, percentage_of
from gui.widgets.design import GAP, HALF, ROUND, TRACK
from gui.widgets.plain_text import plain_text
from gui.widgets.text_widgets import Line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent


class ScoreBars(QWidget):
    """Rows of scores, best first; where the user may choose one, the chosen one is marked."""

    label_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(texts.SCORES)
        self.rows: list[ScoreRow] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2)

    def show_scores(self, scores: Sequence[tuple[str, float]], *, muted: bool = False, digits: int = 0) -> None:
        """Show labels with their scores, best first.

        Args:
            scores: Labels with their scores, 0–1.
            muted: Show them in grey, as they mean little.
            digits: Of the highest score after the point, where fewer would not tell it from the threshold.
        """
        while len(self.rows) < len(scores):
            self.rows.append(ScoreRow(self))
            self.rows[-1].chosen.connect(self.label_chosen)
            self._layout.addWidget(self.rows[-1])
        for place, (row, (label, score)) in enumerate(zip(self.rows, scores, strict=False)):
            row.show_score(label, score, muted=muted, digits=0 if place else digits)
        for index, row in enumerate(self.rows):
            row.setVisible(index < len(scores))

    def show_choice(self, label: str | None) -> None:
        """Let the user choose among the labels, of which this one is chosen; None: there is nothing to choose for."""
        for row in self.rows:
            row.show_choice(can_choose=label is not None, chosen=row.name == label)


class ScoreRow(QWidget):
    """One label with its score; a click or the space bar chooses it where there is a choice."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = ""
        self.is_chosen = False
        self._can_choose = False
        self.label = Line()
        self.percentage = QLabel()
        self.percentage.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.bar = ScoreBar()
        words = QHBoxLayout()
        words.addWidget(self.label, 1)
        words.addWidget(self.percentage)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP, HALF, GAP, HALF + 2)
        layout.setSpacing(HALF)
        layout.addLayout(words)
        layout.addWidget(self.bar)

    def show_score(self, label: str, score: float, *, muted: bool, digits: int = 0) -> None:
        """Show a label's score (0–1) with digits after the point."""
        self.name = label
        self.label.setText(class_name(label))
        self.percentage.setText(percentage_of(score, digits=digits))
        self.bar.show_fraction(score, muted=muted)
        self.setAccessibleName(f"{class_name(label)}: {percentage_of(score, digits=digits)}")

    def show_choice(self, *, can_choose: bool, chosen: bool) -> None:
        """Show whether this label is the chosen one."""
        self._can_choose, self.is_chosen = can_choose, chosen
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if can_choose else Qt.FocusPolicy.NoFocus)
        self.setToolTip(plain_text(texts.choice(self.name)) if can_choose else "")
        self.setAccessibleDescription(texts.SELECTED if chosen else "")
        if can_choose:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.unsetCursor()
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 Qt's name
        """Choose this label."""
        if self._can_choose and event.button() is Qt.MouseButton.LeftButton:
            self.chosen.emit(self.name)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 Qt's name
        """Choose this label."""
        if self._can_choose and event.key() in {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.chosen.emit(self.name)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 Qt's name and signature
        """Paint the ground of the chosen label, and a frame around the one that has the keyboard."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.is_chosen:
            ground = self.palette().color(QPalette.ColorRole.WindowText)
            ground.setAlphaF(0.07)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(place, ROUND, ROUND)
            painter.setBrush(self.palette().color(QPalette.ColorRole.Highlight))
            painter.drawRoundedRect(QRectF(place.left(), place.top() + 6, 3, place.height() - 12), 1.5, 1.5)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 1.5))
            painter.drawRoundedRect(place, ROUND, ROUND)


class ScoreBar(QWidget):
    """A bar whose filled part is a score."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fraction = 0.0
        self.muted = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_fraction(self, fraction: float, *, muted: bool) -> None:
        """Fill this fraction (0–1) of the bar, in grey where it means little."""
        self.fraction, self.muted = fraction, muted
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
        color.setAlphaF(TRACK)
        painter.setBrush(color)
        painter.drawRoundedRect(track, radius, radius)
        # The track clips the filled part, so that small scores are short and not round blobs.
        color.setAlphaF(0.35)
        painter.setBrush(color if self.muted else self.palette().color(QPalette.ColorRole.Highlight))
        painter.setClipRect(QRectF(track.x(), track.y(), track.width() * self.fraction, track.height()))
        painter.drawRoundedRect(track, radius, radius)
