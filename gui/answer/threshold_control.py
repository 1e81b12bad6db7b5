"""The control of the threshold for a confident answer, with its effect on photos that the model never saw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QSlider,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from acnelib.verdicts import ThresholdOrigin
from gui.answer import texts
from gui.widgets.design import GAP, HALF
from gui.widgets.text_widgets import Paragraph
from gui.widgets.wheel import turned_with_focus_only

if TYPE_CHECKING:
    from gui.state.threshold import ThresholdCurve


class ThresholdControl(QWidget):
    """A line that opens a slider, the same as a number, and what the threshold meant on measured photos."""

    changed = Signal(object)  # float, 0–1, or None for the model's own or this site's

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._default_threshold = 0.0
        self._origin = ThresholdOrigin.MODEL
        self._threshold: float | None = None
        self._curve: ThresholdCurve | None = None
        self._curve_known = False
        self.button = QToolButton()
        self.button.setAutoRaise(True)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setToolTip(texts.THRESHOLD_EXPLAINED)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(texts.THRESHOLD_NAME)
        self.number = QSpinBox()
        self.number.setSuffix("\u00a0%")
        self.number.lineEdit().setTextMargins(HALF, 0, 0, 0)
        self.number.setAccessibleName(texts.THRESHOLD_NAME)
        for control in (self.slider, self.number):
            control.setRange(0, 100)
            control.setToolTip(texts.THRESHOLD_EXPLAINED)
            control.valueChanged.connect(self._choose)
            turned_with_focus_only(control)
        self.slider.setPageStep(5)
        self.reset = QPushButton(texts.MODEL_THRESHOLD)
        self.reset.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.meaning = Paragraph()
        self.body = QWidget()
        self._lay_out()
        self.button.clicked.connect(lambda: self._expand(expanded=self.body.isHidden()))
        self.reset.clicked.connect(lambda: self._set(None))
        self._expand(expanded=False)

    def show_threshold(
        self, threshold: float | None, *, own: float, origin: ThresholdOrigin = ThresholdOrigin.MODEL
    ) -> None:
        """Show the user's threshold (0–1; None: they have none); this is no change.

        Args:
            threshold: The user's threshold.
            own: The threshold without it, the model's own or this site's.
            origin: Which of the two.
        """
        self._threshold, self._default_threshold, self._origin = threshold, own, origin
        self._show()

    def show_curve(self, curve: ThresholdCurve | None, *, known: bool = True) -> None:
        """Show what is known of other thresholds; None: nothing, or nothing yet where that is not ``known``."""
        self._curve, self._curve_known = curve, known
        self._show()

    @Slot(int)
    def _choose(self, percent: int) -> None:
        self._set(percent / 100)

    def _set(self, threshold: float | None) -> None:
        self._threshold = threshold
        self._show()
        self.changed.emit(threshold)

    def _show(self) -> None:
        now = self._default_threshold if self._threshold is None else self._threshold
        for control in (self.slider, self.number):
            with QSignalBlocker(control):
                control.setValue(round(now * 100))
        self.button.setText(texts.threshold_button(self._threshold))
        self.reset.setText(texts.default_threshold(self._default_threshold, origin=self._origin))
        self.reset.setEnabled(self._threshold is not None)
        self.meaning.show_text(self._meaning_text(now))

    def _meaning_text(self, threshold: float) -> str:
        if self._curve is None:
            return texts.NO_CURVE if self._curve_known else texts.CURVE_LOADING
        if not self._curve.points:
            return texts.NONE_IN_SCOPE
        return texts.threshold_effect(self._curve.at(threshold))

    def _expand(self, *, expanded: bool) -> None:
        self.button.setAccessibleDescription(texts.EXPANDED if expanded else texts.COLLAPSED)
        self.button.setArrowType(Qt.ArrowType.DownArrow if expanded else Qt.ArrowType.RightArrow)
        self.body.setVisible(expanded)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addWidget(self.slider, 1)
        row.addWidget(self.number)
        inside = QVBoxLayout(self.body)
        inside.setContentsMargins(GAP, HALF, 0, HALF)
        inside.setSpacing(GAP)
        inside.addLayout(row)
        inside.addWidget(self.meaning)
        inside.addWidget(self.reset)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(2)
        whole.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        whole.addWidget(self.body)
