"""The bar below the picture: its zoom, and the legend of where the model looked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.picture import texts
from gui.state.overlay import COLOURS, OverlayStyle
from gui.widgets.design import GAP, HALF
from gui.widgets.plain_text import plain_text
from gui.widgets.text_widgets import Line
from gui.widgets.wheel import turned_with_focus_only

if TYPE_CHECKING:
    from PySide6.QtGui import QAction, QPaintEvent, QResizeEvent

    from gui.state.session import Session

_WIDE_LETTERS = 90  # from this width on, the slider has its word beside it


class PictureBar(QWidget):
    """Buttons for the picture in one row; below it the legend of the overlay, while there is one."""

    opacity_requested = Signal(float)  # 0–1
    style_requested = Signal(object)  # OverlayStyle
    bare_requested = Signal(bool)  # whether to show the photo without what lies over it, to compare

    def __init__(
        self,
        *,
        overlay: QAction,
        zoom_out: QAction,
        zoom_in: QAction,
        fit: QAction,
        actual_size: QAction,
        parent: QWidget | None = None,
    ) -> None:
        """Make the bar.

        Args:
            overlay: Shows where the model looked.
            zoom_out: Makes the picture smaller.
            zoom_in: Makes it larger.
            fit: Fits it to the view.
            actual_size: Shows it pixel by pixel.
            parent: Its owner.
        """
        super().__init__(parent)
        self.overlay_box = _box(overlay)
        self.zoom = QLabel()
        self.zoom.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.zoom.setMinimumWidth(self.fontMetrics().horizontalAdvance(texts.zoom(99.99)))
        self.opacity = _opacity_slider()
        self.opacity.valueChanged.connect(lambda percent: self.opacity_requested.emit(percent / 100))
        self.style_choice = _style_choice()
        self.style_choice.activated.connect(
            lambda _: self.style_requested.emit(OverlayStyle(self.style_choice.currentData()))
        )
        self.compare = _compare_button()
        self.compare.pressed.connect(lambda: self.bare_requested.emit(True))  # noqa: FBT003 a signal's
        self.compare.released.connect(lambda: self.bare_requested.emit(False))  # noqa: FBT003 a signal's
        self.swatch = Swatch()
        self.legend = Line()
        self.zoom_out_button, self.zoom_in_button = _button(zoom_out), _button(zoom_in)
        self.fit_button, self.actual_size_button = _button(fit), _button(actual_size)
        self._opacity_word = QLabel(texts.OPACITY)
        zooms = _row(self.zoom_out_button, self.zoom, self.zoom_in_button, self.fit_button, self.actual_size_button)
        self._explained = _row(
            self.swatch, self.legend, self._opacity_word, self.opacity, self.style_choice, self.compare
        )
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(HALF)
        whole.addWidget(Folding(zooms, _row(self.overlay_box)))
        whole.addWidget(self._explained)
        self.keep_room(kept=True)
        self.show_legend("", opacity=1.0, is_coloured=False)

    def keep_room(self, *, kept: bool) -> None:
        """Keep the room of the legend while there is none, so that the picture stays in its place; or do not."""
        policy = self._explained.sizePolicy()
        policy.setRetainSizeWhenHidden(kept)
        self._explained.setSizePolicy(policy)

    def show_zoom(self, scale: float | None) -> None:
        """Show how many pixels of the screen show one of the picture."""
        self.zoom.setText("" if scale is None else texts.zoom(scale))

    def show_session(self, session: Session) -> None:
        """Show what is laid over the photo of a session."""
        overlay = session.overlay
        is_coloured = overlay is not None and not overlay.is_empty
        self.style_choice.setCurrentIndex(self.style_choice.findData(session.overlay_style.value))
        coloured = is_coloured and session.overlay_style is OverlayStyle.COLOURS
        self.show_legend(texts.legend(session), opacity=session.opacity, is_coloured=coloured)
        self.compare.setEnabled(is_coloured)

    def show_legend(self, text: str, *, opacity: float, is_coloured: bool) -> None:
        """Show a legend with its colours, if there are any; no text, no legend."""
        self.legend.setText(text)
        self.legend.setToolTip(plain_text(f"{text}\n\n{texts.OVERLAY_EXPLAINED}") if text else "")
        self.swatch.setVisible(is_coloured)
        self.opacity.setValue(round(opacity * 100))
        self._explained.setVisible(bool(text))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 Qt's name
        """Leave out the word beside the slider where the legend needs its room."""
        super().resizeEvent(event)
        self._opacity_word.setVisible(self.width() >= self.fontMetrics().averageCharWidth() * _WIDE_LETTERS)


class Swatch(QWidget):
    """The colours from the weakest places to the strongest."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802 Qt's name
        """Ask for a strip as high as a line of text."""
        return QSize(self.fontMetrics().averageCharWidth() * 9, self.fontMetrics().ascent())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 Qt's name and signature
        """Paint the colours as they lie over the photo, from clear to opaque."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        strip = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        gradient = QLinearGradient(strip.topLeft(), strip.topRight())
        for index, colour in enumerate(COLOURS):
            at = index / (len(COLOURS) - 1)
            gradient.setColorAt(at, QColor(*colour, round(255 * at)))
        border = self.palette().color(QPalette.ColorRole.WindowText)
        border.setAlphaF(0.35)
        painter.setPen(QPen(border, 1))
        painter.setBrush(gradient)
        painter.drawRoundedRect(strip, 3, 3)


class Folding(QWidget):
    """Two parts beside each other, or one below the other where there is no room for that."""

    def __init__(self, left: QWidget, right: QWidget) -> None:
        super().__init__()
        self._parts = (left, right)
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(GAP)
        self._layout.addWidget(left, 1)
        self._layout.addWidget(right)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 Qt's name
        """Ask for the width of the wider part only."""
        hints = [part.minimumSizeHint() for part in self._parts]
        return QSize(max(hint.width() for hint in hints), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 Qt's name
        """Put the parts where there is room for them."""
        super().resizeEvent(event)
        left, right = (part.minimumSizeHint().width() for part in self._parts)
        folded = left + self._layout.spacing() + right > self.width()
        self._layout.setDirection(QBoxLayout.Direction.TopToBottom if folded else QBoxLayout.Direction.LeftToRight)


def _row(*widgets: QWidget) -> QWidget:
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(HALF)
    for widget in widgets:
        layout.addWidget(widget, 1 if isinstance(widget, Line) else 0)
    if not any(isinstance(widget, Line) for widget in widgets):
        layout.addStretch(1)
    return row


def _opacity_slider() -> QSlider:
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setRange(10, 100)
    slider.setFixedWidth(slider.fontMetrics().averageCharWidth() * 14)
    turned_with_focus_only(slider)
    slider.setAccessibleName(texts.OPACITY)
    slider.setToolTip(texts.OPACITY)
    return slider


def _style_choice() -> QComboBox:
    choice = QComboBox()
    for style in OverlayStyle:
        choice.addItem(texts.style(style), style.value)
    choice.setAccessibleName(texts.STYLE)
    choice.setToolTip(texts.STYLE_EXPLAINED)
    turned_with_focus_only(choice)
    choice.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keyboard, and Space, with the photo
    return choice


def _compare_button() -> QToolButton:
    button = QToolButton()
    button.setText(texts.COMPARE)
    button.setToolTip(texts.COMPARE_EXPLAINED)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return button


def _button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    button.setAccessibleName(action.text().replace("&", ""))
    height = button.fontMetrics().height() + 10
    button.setMinimumSize(max(height, button.sizeHint().width()), height)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)  # its words are never cut short
    return button


def _box(action: QAction) -> QCheckBox:
    """Return a box that is ticked when the action is: whether a button is pressed is hard to see on dark desktops."""
    box = QCheckBox()

    def follow() -> None:
        box.setText(action.text())
        box.setChecked(action.isChecked())
        box.setEnabled(action.isEnabled())
        box.setToolTip(action.toolTip())

    box.clicked.connect(action.trigger)
    action.changed.connect(follow)
    follow()
    return box
