"""The page that shows a training under way: its steps, and how far the present one is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from acnelib.text.formatting import format_elapsed
from gui.state.training_progress import TrainingProgress
from gui.training import texts
from gui.widgets.painted_mark import PaintedMark, polygon, round_pen
from gui.widgets.plain_text import plain_text
from gui.widgets.text_widgets import Line, scaled_font

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

_PARTS = 1_000


class ProgressPage(QWidget):
    """A line for each step, a bar over all of them, and buttons that cancel or hide."""

    cancel_requested = Signal()
    hide_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.status = QLabel(texts.STARTING)
        self.status.setFont(scaled_font(self.font(), 1.1, bold=True))
        self.elapsed = QLabel()
        self.bar = QProgressBar()
        self.bar.setRange(0, _PARTS)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(max(8, self.fontMetrics().height() // 2))
        self.bar.setAccessibleName(texts.TITLE)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(2, 1)
        self._lines: list[tuple[StepMark, QLabel, Line]] = []
        self.cancel, self.hide_button = QPushButton(texts.CANCEL), QPushButton(texts.HIDE)
        for button in (self.cancel, self.hide_button):
            button.setAutoDefault(False)
        self.cancel.clicked.connect(self.cancel_requested)
        self.hide_button.clicked.connect(self.hide_requested)
        self._clock = QElapsedTimer()
        self._ticks = QTimer(self)
        self._ticks.setInterval(1_000)
        self._ticks.timeout.connect(self._tick)
        self._lay_out()

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """The words of each step."""
        return tuple((name.text(), detail.text()) for _, name, detail in self._lines)

    def begin(self) -> None:
        """Show a training that has just begun."""
        for line in self._lines:
            for widget in line:
                widget.deleteLater()
        self._lines.clear()
        self.show_progress(TrainingProgress())
        self.status.setText(texts.STARTING)
        self.cancel.setEnabled(True)
        self._clock.start()
        self._ticks.start()
        self._tick()

    def end(self) -> None:
        """Count the time no longer."""
        self._ticks.stop()

    def show_cancelling(self) -> None:
        """Show that it was asked to end."""
        self.status.setText(texts.CANCELLING)
        self.cancel.setEnabled(False)

    def show_progress(self, progress: TrainingProgress) -> None:
        """Show the steps so far."""
        steps = [step for step in progress.steps if step.stage is not None]
        for number, step in enumerate(steps):
            if number == len(self._lines):
                self._add_line()
            mark, name, detail = self._lines[number]
            mark.show_finished(finished=step.is_finished)
            name.setText(texts.step(step))
            name.setToolTip(plain_text(step.task))
            detail.setText(texts.detail(step))
        if steps and self.cancel.isEnabled():
            self.status.setText(texts.step(steps[-1]))
        self.bar.setValue(round(progress.share * _PARTS))

    def _add_line(self) -> None:
        mark, name, detail = StepMark(), QLabel(), Line()
        line = len(self._lines)
        self._lines.append((mark, name, detail))
        for column, widget in enumerate((mark, name, detail)):
            self._grid.addWidget(widget, line, column)

    def _tick(self) -> None:
        self.elapsed.setText(format_elapsed(self._clock.elapsed() / 1000))

    def _lay_out(self) -> None:
        above = QHBoxLayout()
        above.addWidget(self.status, 1)
        above.addWidget(self.elapsed)
        buttons = QHBoxLayout()
        buttons.addWidget(self.cancel)
        buttons.addStretch(1)
        buttons.addWidget(self.hide_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(12)
        whole.addLayout(above)
        whole.addWidget(self.bar)
        whole.addLayout(self._grid)
        whole.addStretch(1)
        whole.addLayout(buttons)


class StepMark(PaintedMark):
    """A tick for a finished step, a dot for the one under way."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_finished = False

    def show_finished(self, *, finished: bool) -> None:
        """Show whether the step is finished."""
        self.is_finished = finished
        self.update()

    def paint(self, painter: QPainter) -> None:
        """Paint the tick or the dot."""
        colour = self.palette().color(QPalette.ColorRole.WindowText)
        if self.is_finished:
            painter.setPen(round_pen(colour, 0.12))
            painter.drawPolyline(polygon((0.12, 0.52), (0.4, 0.8), (0.9, 0.2)))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.palette().color(QPalette.ColorRole.Highlight))
            painter.drawEllipse(polygon((0.3, 0.3), (0.75, 0.75)).boundingRect())
