"""The banner above the picture: not production, trained on drawn pictures, a new version, or about to change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from gui.model import texts
from gui.model.news import BannerKind, kind_of
from gui.state.session import ModelLoading, ModelReady
from gui.widgets.bar import MessageBar
from gui.widgets.design import GAP, HALF
from gui.widgets.painted_mark import PaintedMark, polygon, round_pen
from gui.widgets.text_widgets import Paragraph
from gui.widgets.verdict_mark import warning_color

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from gui.model.news import NewVersion, Pending
    from gui.state.session import ModelState

_THICK, _DOT = 0.09, 0.16


class ModelBanner(MessageBar):
    """One sentence with the shape of its subject, and buttons; hidden while there is no news."""

    switch_requested = Signal()
    dismiss_requested = Signal()
    production_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(texts.NOTICE)
        self._model: ModelState = ModelLoading(name="")
        self._new: NewVersion | None = None
        self._pending: Pending | None = None
        self._has_production = True
        self.mark = BannerMark()
        self.text = Paragraph()
        self.text.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.switch, self.dismiss, self.production = (_button() for _ in range(3))
        self.production.setText(texts.USE_PRODUCTION)
        self.switch.clicked.connect(self.switch_requested)
        self.dismiss.clicked.connect(self.dismiss_requested)
        self.production.clicked.connect(self.production_requested)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(GAP + HALF, HALF, HALF, HALF)
        layout.setSpacing(GAP)
        layout.addWidget(self.mark)
        layout.addWidget(self.text, 1)
        for button in (self.switch, self.dismiss, self.production):
            layout.addWidget(button)
        self.hide()

    @Slot(object)
    def show_model(self, model: ModelState) -> None:
        """Take the model."""
        self._model = model
        self._show()

    @Slot(object)
    def show_news(self, new: NewVersion | None) -> None:
        """Take a new version; None: there is none."""
        self._new = new
        self._show()

    @Slot(object)
    def show_pending(self, pending: Pending | None) -> None:
        """Take a model that is about to be used; None: there is none."""
        self._pending = pending
        self._show()

    @Slot(bool)
    def offer_production(self, *, offered: bool) -> None:
        """Offer to use the production model, where there is a server."""
        self._has_production = offered
        self._show()

    def _show(self) -> None:
        kind = kind_of(self._model, new=self._new, pending=self._pending)
        self.mark.show_kind(kind)
        self.text.show_text(self._words(kind))
        if self._new is not None:
            self.switch.setText(texts.switch(self._new))
            self.dismiss.setText(texts.dismiss(self._new))
        self.switch.setVisible(kind is BannerKind.NEW)
        self.dismiss.setVisible(kind is BannerKind.NEW)
        self.production.setVisible(kind is BannerKind.OTHER and self._has_production)
        self.setVisible(kind is not None)

    def _words(self, kind: BannerKind | None) -> str:
        """Return the sentences; other news never replaces that the model is of drawn pictures."""
        drawn = isinstance(self._model, ModelReady) and self._model.identity.drawn
        return " ".join(filter(None, (self._news(kind), texts.DRAWN if drawn else "")))

    def _news(self, kind: BannerKind | None) -> str:
        if kind is BannerKind.PENDING and self._pending is not None:
            return texts.pending(self._pending)
        if kind is BannerKind.NEW and self._new is not None:
            return texts.new_version(self._new)
        if kind is BannerKind.OTHER and isinstance(self._model, ModelReady):
            return texts.other_than_production(self._model)
        return ""


class BannerMark(PaintedMark):
    """A triangle (not production, drawn pictures), an arrow in a circle (a new version), or dots (about to change)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind: BannerKind | None = None

    def show_kind(self, kind: BannerKind | None) -> None:
        """Show the shape of a subject; the words stand beside it."""
        self.kind = kind
        self.update()

    def paint(self, painter: QPainter) -> None:
        """Paint the shape of the subject."""
        colour = self.palette().color(QPalette.ColorRole.WindowText)
        if self.kind in {BannerKind.OTHER, BannerKind.DRAWN}:
            painter.setPen(round_pen(warning_color(self.palette()), _THICK))
            _paint_triangle(painter)
        elif self.kind is BannerKind.NEW:
            painter.setPen(round_pen(colour, _THICK))
            _paint_arrow(painter)
        elif self.kind is BannerKind.PENDING:
            painter.setPen(round_pen(colour, _DOT))
            painter.drawPoints(polygon((0.15, 0.55), (0.5, 0.55), (0.85, 0.55)))


def _paint_triangle(painter: QPainter) -> None:
    painter.drawPolygon(polygon((0.5, 0.1), (0.95, 0.9), (0.05, 0.9)))
    painter.drawLine(QPointF(0.5, 0.42), QPointF(0.5, 0.6))
    painter.drawPoint(QPointF(0.5, 0.75))


def _paint_arrow(painter: QPainter) -> None:
    painter.drawEllipse(QRectF(0.05, 0.05, 0.9, 0.9))
    painter.drawPolyline(polygon((0.3, 0.5), (0.5, 0.28), (0.7, 0.5)))
    painter.drawLine(QPointF(0.5, 0.3), QPointF(0.5, 0.74))


def _button() -> QPushButton:
    button = QPushButton()
    button.setAutoDefault(False)
    button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return button
