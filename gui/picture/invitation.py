"""The invitation to open a photo, in the place of the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from gui.picture import texts
from gui.widgets.design import GAP, HALF, SECTION_GAP, TITLE
from gui.widgets.link_button import LinkButton
from gui.widgets.text_widgets import scaled_font

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

_MARGIN = SECTION_GAP
_ICON = QSize(72, 58)


class Invitation(QWidget):
    """Invites to open a photo and, more quietly, to try sample pictures."""

    samples_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = QLabel(texts.INVITATION)
        self.words.setFont(scaled_font(self.font(), TITLE))
        self.words.setWordWrap(True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.samples = LinkButton(texts.TRY_SAMPLES)
        self.samples.setToolTip(texts.SAMPLES_EXPLAINED)
        self.samples.clicked.connect(self.samples_requested)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        layout.setSpacing(GAP)
        layout.addStretch(1)
        layout.addWidget(_PhotoIcon(), 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(HALF)
        layout.addWidget(self.words)
        layout.addWidget(self.samples, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)


class _PhotoIcon(QWidget):
    """A photo in a few strokes."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802 Qt's name
        """Ask for its size."""
        return _ICON + QSize(4, 4)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 Qt's name and signature
        """Paint it in the colour of the text, but faint."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = self.palette().color(QPalette.ColorRole.Text)
        color.setAlphaF(0.45)
        painter.setPen(QPen(color, 2.5, j=Qt.PenJoinStyle.RoundJoin))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        place = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        painter.drawRoundedRect(place, 6, 6)
        width, height = place.width(), place.height()
        painter.drawEllipse(place.topLeft() + QPointF(width * 0.3, height * 0.32), height * 0.1, height * 0.1)
        ridge = ((0.1, 0.82), (0.36, 0.52), (0.5, 0.66), (0.68, 0.4), (0.9, 0.82))
        painter.drawPolyline(QPolygonF([place.topLeft() + QPointF(x * width, y * height) for x, y in ridge]))
