"""The button of a verdict: its key on a cap, its words, and a tick where it is the reviewer's present review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPalette, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from gui.review import texts
from gui.widgets.painted_mark import polygon, round_pen
from gui.widgets.plain_text import plain_text
from gui.widgets.text_widgets import scaled_font

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPaintEvent

_BESIDE, _ABOVE, _ROUND = 8, 5, 6


class VerdictButton(QAbstractButton):
    """A flat button over its whole width, with room for a key on the left and a tick on the right."""

    def __init__(self, text: str, key: str = "", *, tip: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key
        self.is_chosen = False
        self._tip = tip
        self.show_text(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keyboard with the photos
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_text(self, text: str) -> None:
        """Show words; the tooltip has all of them."""
        self.setText(text)
        self.setToolTip(plain_text(self._tip or text))
        self.setAccessibleName(texts.spoken_key(text, self.key))

    def show_chosen(self, *, chosen: bool) -> None:
        """Show whether this is the reviewer's present review of the photo."""
        self.is_chosen = chosen
        self.setAccessibleDescription(texts.SELECTED if chosen else "")
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 Qt's name
        """Let Enter press it too, which Qt leaves to a dialog's buttons on most desktops."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)

    def wanted_width(self) -> int:
        """Return the width at which nothing of the words is cut off."""
        words = self.fontMetrics().horizontalAdvance(self.text())
        return self._cap_width() + words + self._tick_side() + 4 * _BESIDE

    def sizeHint(self) -> QSize:  # noqa: N802 Qt's name
        """Ask for room for the key and the words."""
        return QSize(self.wanted_width(), self.fontMetrics().height() + 2 * _ABOVE)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 Qt's name
        """Ask for room for the key and a few letters only."""
        return QSize(self._cap_width() + self.fontMetrics().averageCharWidth() * 8, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 Qt's name and signature
        """Paint the ground, the key, the words and the tick."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        group = QPalette.ColorGroup.Active if self.isEnabled() else QPalette.ColorGroup.Disabled
        ink = self.palette().color(group, QPalette.ColorRole.WindowText)
        left = self._paint_cap(painter, group)
        right = self.width() - _BESIDE - (self._tick_side() + _BESIDE if self.is_chosen else 0)
        place = QRectF(left + _BESIDE, 0, max(0.0, right - left - _BESIDE), self.height())
        words = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, int(place.width()) + 1)
        painter.setPen(ink)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, words)
        if self.is_chosen:
            self._paint_tick(painter)

    def _paint_ground(self, painter: QPainter) -> None:
        place = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        ground = self.palette().color(QPalette.ColorRole.WindowText)
        strength = 0.05 if self.isEnabled() else 0.02
        if self.isEnabled() and (self.isDown() or self.is_chosen):
            ground, strength = self.palette().color(QPalette.ColorRole.Highlight), 0.28
        elif self.isEnabled() and self.underMouse():
            strength = 0.11
        ground.setAlphaF(strength)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(place, _ROUND, _ROUND)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 1.5))
            painter.drawRoundedRect(place, _ROUND, _ROUND)

    def _paint_cap(self, painter: QPainter, group: QPalette.ColorGroup) -> float:
        """Paint the key, and return where it ends."""
        side = self.fontMetrics().height()
        cap = QRectF(_BESIDE, (self.height() - side) / 2, self._cap_width(), side)
        if not self.key:
            return cap.right()
        border = self.palette().color(group, QPalette.ColorRole.WindowText)
        painter.setFont(scaled_font(self.font(), 0.85))
        painter.setPen(border)
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, self.key)
        border.setAlphaF(0.4 if self.isEnabled() else 0.2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(border, 1))
        painter.drawRoundedRect(cap, 3, 3)
        painter.setFont(self.font())
        return cap.right()

    def _paint_tick(self, painter: QPainter) -> None:
        side = self._tick_side()
        painter.translate(self.width() - _BESIDE - side, (self.height() - side) / 2)
        painter.scale(side, side)
        painter.setPen(round_pen(self.palette().color(QPalette.ColorRole.WindowText), 0.13))
        painter.drawPolyline(polygon((0.12, 0.52), (0.4, 0.8), (0.9, 0.2)))

    def _cap_width(self) -> int:
        metrics = self.fontMetrics()
        return max(metrics.height(), round(metrics.horizontalAdvance(self.key) * 0.85) + 10)

    def _tick_side(self) -> int:
        return round(self.fontMetrics().height() * 0.7)
