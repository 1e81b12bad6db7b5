"""The view of the open photo, which can be zoomed and moved; before there is one, the place to drop it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QNativeGestureEvent, QPainter, QPainterPath, QPalette, QPen
from PySide6.QtWidgets import QGestureEvent, QPinchGesture, QSizePolicy, QWidget

from gui.picture import texts
from gui.picture.invitation import Invitation
from gui.state.overlay import OverlayStyle
from gui.state.viewport import STEP, Viewport
from gui.widgets.design import GAP, ROUND_PANEL
from gui.widgets.icons import broken_photo_icon
from gui.widgets.overlay_painting import PaintedOverlay

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QColor, QContextMenuEvent, QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent, QWheelEvent

    from gui.state.overlay import Overlay
    from gui.state.session import DecodedPicture, Session

_MARGIN = GAP
_MISSING = 84  # pixels of the sign for a photo that cannot be shown
_NOTCH = 120  # Qt's measure of one step of a wheel
_SCROLLED = 0.1  # of the room, by one stroke of an arrow key


class ImageView(QWidget):
    """Shows one picture in the screen's own pixels, and what is laid over it in exactly the same place."""

    zoomed = Signal(object)  # pixels of the screen per pixel of the picture; None: there is no picture
    menu_requested = Signal(QPoint)  # on the screen
    samples_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.viewport: Viewport | None = None
        self._pixels: DecodedPicture | None = None
        self._overlay: Overlay | None = None
        self._painted_overlay: PaintedOverlay | None = None
        self._opacity = 1.0
        self._overlay_style = OverlayStyle.COLOURS
        self.is_bare = False
        self._invites = True
        self._is_missing = False
        self._marked = False
        self._dragged_from: QPointF | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 64)
        self.grabGesture(Qt.GestureType.PinchGesture)
        self.invitation = Invitation(self)
        self.invitation.samples_requested.connect(self.samples_requested)

    def show_session(self, session: Session) -> None:
        """Show the photo of a session and its overlay, or the invitation to open one."""
        photo = session.photo
        if photo is None:
            self.show_invitation()
        elif photo.picture is None and photo.error is not None:
            self.show_missing(name=photo.path.name)
        else:
            pixels = None if photo.picture is None else photo.picture.pixels
            self.show_picture(pixels, name=photo.path.name)
        self.show_overlay(session.overlay, opacity=session.opacity, style=session.overlay_style)

    def show_invitation(self) -> None:
        """Invite to open a photo."""
        self._set_pixels(None)
        self._invites, self._is_missing = True, False
        self.invitation.show()
        self.setAccessibleName(texts.INVITATION)
        self.update()

    def show_picture(self, pixels: DecodedPicture | None, *, name: str) -> None:
        """Show a picture, as large as fits if it is another one, or nothing while it is not there yet."""
        if pixels is not self._pixels or pixels is None:
            self._set_pixels(pixels)
        self._invites = self._is_missing = False
        self.invitation.hide()
        self.setAccessibleName(name)
        self.update()

    def show_missing(self, *, name: str) -> None:
        """Show that a photo cannot be shown; the panel beside it says why."""
        self.show_picture(None, name=name)
        self._is_missing = True

    def show_overlay(
        self, overlay: Overlay | None, *, opacity: float, style: OverlayStyle = OverlayStyle.COLOURS
    ) -> None:
        """Lay colours or contours over the picture, or take them away."""
        if overlay is not self._overlay:
            self._overlay = overlay
            self._painted_overlay = None if overlay is None or overlay.is_empty else PaintedOverlay(overlay)
        self._opacity, self._overlay_style = opacity, style
        self.update()

    def show_bare(self, *, bare: bool) -> None:
        """Show the photo without what lies over it for a while, to compare."""
        if bare != self.is_bare:
            self.is_bare = bare
            self.update()

    def mark_drop(self, *, wanted: bool) -> None:
        """Show that what is dragged over the window can be dropped."""
        self._marked = wanted
        self.update()

    def fit(self) -> None:
        """Show the whole picture."""
        self._change(Viewport.fitted)

    def show_actual_size(self) -> None:
        """Show one pixel of the picture on one of the screen."""
        self._change(lambda viewport: viewport.zoomed_to(1.0))

    def zoom_in(self) -> None:
        """Show the picture larger by a step."""
        self._change(lambda viewport: viewport.zoomed_by(STEP))

    def zoom_out(self) -> None:
        """Show the picture smaller by a step."""
        self._change(lambda viewport: viewport.zoomed_by(1 / STEP))

    def place(self) -> QRectF:
        """Return where the picture lies in the view, parts outside it included; empty when there is none."""
        if self.viewport is None:
            return QRectF()
        ratio = self.devicePixelRatioF()
        place = self._place_on_screen(self.viewport)
        return QRectF(place.topLeft() / ratio, place.size() / ratio)

    def sizeHint(self) -> QSize:  # noqa: N802 Qt's name
        """Ask for most of a window."""
        return QSize(640, 480)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 Qt's name and signature
        """Paint the picture, or the ground of the invitation."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        if self.viewport is not None:
            self._paint_picture(painter, self.viewport)
        elif self._is_missing:
            self._paint_missing(painter)
        self._paint_frame(painter)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 Qt's name
        """Keep what is seen in the middle."""
        super().resizeEvent(event)
        self.invitation.setGeometry(self.rect())
        self._follow_room()

    def event(self, event: QEvent) -> bool:
        """Zoom by pinching, on a touchpad or a touch screen; follow the window to a screen of another scale."""
        if isinstance(event, QNativeGestureEvent) and event.gestureType() is Qt.NativeGestureType.ZoomNativeGesture:
            self._zoom_by(1 + event.value(), event.position())
            return True
        if isinstance(event, QGestureEvent) and isinstance(
            pinch := event.gesture(Qt.GestureType.PinchGesture), QPinchGesture
        ):
            self._zoom_by(pinch.scaleFactor(), QPointF(self.mapFromGlobal(pinch.hotSpot().toPoint())))
            return True
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._follow_room()
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 Qt's name
        """Zoom around the cursor; two fingers on a touchpad move the picture instead, unless Ctrl is held."""
        zooms = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.phase() != Qt.ScrollPhase.NoScrollPhase and not event.pixelDelta().isNull() and not zooms:
            self._move(QPointF(event.pixelDelta()))
        else:
            self._zoom_by(STEP ** (event.angleDelta().y() / _NOTCH), event.position())
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 Qt's name
        """Ask for the menu of the photo, where there is one."""
        if not self._invites:
            self.menu_requested.emit(event.globalPos())

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 Qt's name
        """Take hold of the picture."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if event.button() is Qt.MouseButton.LeftButton and self.viewport is not None and self.viewport.can_move:
            self._dragged_from = event.position()
            self._show_cursor()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 Qt's name
        """Move the picture with the hand that holds it."""
        if self._dragged_from is not None:
            moved, self._dragged_from = event.position() - self._dragged_from, event.position()
            self._move(moved)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802, ARG002 Qt's name and signature
        """Let the picture go."""
        self._dragged_from = None
        self._show_cursor()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 Qt's name
        """Scroll by the arrow keys."""
        part = {
            Qt.Key.Key_Left: (_SCROLLED, 0.0),
            Qt.Key.Key_Right: (-_SCROLLED, 0.0),
            Qt.Key.Key_Up: (0.0, _SCROLLED),
            Qt.Key.Key_Down: (0.0, -_SCROLLED),
            Qt.Key.Key_PageUp: (0.0, 1 - _SCROLLED),
            Qt.Key.Key_PageDown: (0.0, _SCROLLED - 1),
        }.get(Qt.Key(event.key()))
        if part is None:
            super().keyPressEvent(event)
        else:
            self._move(QPointF(part[0] * self.width(), part[1] * self.height()))

    def _set_pixels(self, pixels: DecodedPicture | None) -> None:
        self._pixels = pixels
        self._dragged_from = None
        self.viewport = None
        if pixels is not None:
            self.viewport = Viewport(picture=pixels.size, room=(1.0, 1.0))
            self._follow_room()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if pixels is None else Qt.FocusPolicy.StrongFocus)
        self._signal_zoom()

    def _follow_room(self) -> None:
        ratio = self.devicePixelRatioF()
        room = (self.width() * ratio, self.height() * ratio)
        self._change(lambda viewport: viewport.in_room(room, margin=_MARGIN * ratio))

    def _change(self, change: Callable[[Viewport], Viewport]) -> None:
        if self.viewport is not None:
            self.viewport = change(self.viewport)
            self.update()
            self._signal_zoom()

    def _signal_zoom(self) -> None:
        self._show_cursor()
        self.zoomed.emit(None if self.viewport is None else self.viewport.scale)

    def _zoom_by(self, factor: float, at: QPointF) -> None:
        at = at * self.devicePixelRatioF()
        self._change(lambda viewport: viewport.zoomed_by(factor, at=(at.x(), at.y())))

    def _move(self, by: QPointF) -> None:
        by = by * self.devicePixelRatioF()
        self._change(lambda viewport: viewport.moved(by.x(), by.y()))

    def _show_cursor(self) -> None:
        if self._dragged_from is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self.viewport is not None and self.viewport.can_move:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self.unsetCursor()

    def _place_on_screen(self, viewport: Viewport) -> QRectF:
        return QRectF(QPointF(*viewport.origin), QPointF(*viewport.origin) + QPointF(*viewport.size))

    def _frame(self) -> QRectF:
        return QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)

    def _paint_ground(self, painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().color(QPalette.ColorRole.Base) if self._invites else self._shade(0.07))
        painter.drawRoundedRect(self._frame(), ROUND_PANEL, ROUND_PANEL)

    def _paint_frame(self, painter: QPainter) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._marked or self.hasFocus():
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 3 if self._marked else 2))
        else:
            painter.setPen(QPen(self._shade(0.2), 1))
        painter.drawRoundedRect(self._frame(), ROUND_PANEL, ROUND_PANEL)

    def _paint_missing(self, painter: QPainter) -> None:
        place = QRect(0, 0, _MISSING, _MISSING)
        place.moveCenter(self.rect().center())
        broken_photo_icon().paint(painter, place, mode=QIcon.Mode.Disabled)

    def _shade(self, strength: float) -> QColor:
        color = self.palette().color(QPalette.ColorRole.WindowText)
        color.setAlphaF(strength)
        return color

    def _paint_picture(self, painter: QPainter, viewport: Viewport) -> None:
        if self._pixels is None:
            return
        painter.save()
        inside = QPainterPath()
        inside.addRoundedRect(self._frame(), ROUND_PANEL, ROUND_PANEL)
        painter.setClipPath(inside)
        ratio = self.devicePixelRatioF()
        painter.scale(1 / ratio, 1 / ratio)  # scaled once, to the screen's own pixels
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        place = self._place_on_screen(viewport)
        painter.drawImage(place, self._pixels.level_for(place.width()))
        if self._painted_overlay is not None and not self.is_bare:
            self._painted_overlay.paint(painter, place, opacity=self._opacity, style=self._overlay_style, pixel=ratio)
        painter.restore()
