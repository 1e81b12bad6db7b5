"""The open photo, fitted to the room there is; before there is one, where to drop it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPalette, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import texts
from gui.text_widgets import scaled_font

if TYPE_CHECKING:
    from PIL import Image
    from PySide6.QtGui import QColor, QPaintEvent

_MARGIN = 12
_ROUND = 8
_ICON = 72


class ImageView(QWidget):
    """Shows one picture as large as fits, in the screen's own pixels."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture: Image.Image | None = None
        self._image = QImage()
        self._scaled = QPixmap()
        self._invites = True
        self._marked = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 200)

    def show_invitation(self) -> None:
        """Invite to open a photo."""
        self._set_picture(None)
        self._invites = True
        self.setAccessibleName(texts.INVITATION)
        self.update()

    def show_picture(self, picture: Image.Image | None, *, name: str) -> None:
        """Show an upright 8-bit RGB picture, or nothing while it is not there yet."""
        if picture is not self._picture or picture is None:
            self._set_picture(picture)
        self._invites = False
        self.setAccessibleName(name)
        self.update()

    def mark_drop(self, *, wanted: bool) -> None:
        """Show that what is dragged over the window can be dropped."""
        self._marked = wanted
        self.update()

    def fitted(self) -> QRectF:
        """Return where the picture lies in the view; empty when there is none."""
        if self._image.isNull():
            return QRectF()
        room = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        size = self._image.size().scaled(room.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
        fitted = QRectF(0, 0, size.width(), size.height())
        fitted.moveCenter(room.center())
        return fitted

    def sizeHint(self) -> QSize:  # noqa: N802 Qt's name
        """Ask for most of a window."""
        return QSize(640, 480)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 Qt's name and signature
        """Paint the picture or the invitation."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        if not self._image.isNull():
            self._paint_picture(painter)
        elif self._invites:
            self._paint_invitation(painter)

    def _set_picture(self, picture: Image.Image | None) -> None:
        self._picture = picture
        self._scaled = QPixmap()
        if picture is None:
            self._image = QImage()
            return
        width, height = picture.size
        pixels = QImage(picture.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
        self._image = pixels.copy()  # QImage borrows the bytes that it is made of

    def _paint_ground(self, painter: QPainter) -> None:
        painter.setBrush(self.palette().color(QPalette.ColorRole.Base) if self._invites else self._shade(0.07))
        if self._marked:
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 3))
        else:
            painter.setPen(QPen(self._shade(0.2), 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), _ROUND, _ROUND)

    def _shade(self, strength: float) -> QColor:
        color = self.palette().color(QPalette.ColorRole.WindowText)
        color.setAlphaF(strength)
        return color

    def _paint_picture(self, painter: QPainter) -> None:
        target, ratio = self.fitted(), self.devicePixelRatioF()
        pixels = (target.size() * ratio).toSize()
        if self._scaled.size() != pixels:
            smooth = Qt.TransformationMode.SmoothTransformation
            scaled = self._image.scaled(pixels, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
            self._scaled = QPixmap.fromImage(scaled)
            self._scaled.setDevicePixelRatio(ratio)
        painter.drawPixmap(target.topLeft(), self._scaled)

    def _paint_invitation(self, painter: QPainter) -> None:
        color = self.palette().color(QPalette.ColorRole.Text)
        painter.setFont(scaled_font(self.font(), 1.35))
        line_height = painter.fontMetrics().height()
        block = QRectF(0, 0, self.width() - 2 * _MARGIN, _ICON + 20 + line_height * 2)
        block.moveCenter(QRectF(self.rect()).center())
        icon = QRectF(block.center().x() - _ICON / 2, block.top(), _ICON, _ICON * 0.8)
        painter.setPen(color)
        words = block.adjusted(0, _ICON + 8, 0, 0)
        align = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(words, align, texts.INVITATION)
        color.setAlphaF(0.45)
        _paint_photo_icon(painter, icon, QPen(color, 2.5, j=Qt.PenJoinStyle.RoundJoin))


def _paint_photo_icon(painter: QPainter, place: QRectF, pen: QPen) -> None:
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(place, 6, 6)
    width, height = place.width(), place.height()
    painter.drawEllipse(place.topLeft() + QPointF(width * 0.3, height * 0.32), height * 0.1, height * 0.1)
    ridge = ((0.1, 0.82), (0.36, 0.52), (0.5, 0.66), (0.68, 0.4), (0.9, 0.82))
    painter.drawPolyline(QPolygonF([place.topLeft() + QPointF(x * width, y * height) for x, y in ridge]))
