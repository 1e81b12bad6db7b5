"""The progress of a batch, with buttons to pause, resume and cancel it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QSizePolicy, QWidget

from gui.photos import texts
from gui.state.batch import BatchState
from gui.widgets.design import GAP
from gui.widgets.plain_text import plain_text
from gui.widgets.text_widgets import Line

if TYPE_CHECKING:
    from gui.state.batch import Batch


class BatchBar(QWidget):
    """A line below the table; hidden while there is no batch."""

    pause_requested = Signal()
    resume_requested = Signal()
    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(texts.PROGRESS)
        self.progress.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.progress.setMaximumHeight(max(8, self.fontMetrics().height() // 2))
        self.line = Line()
        self.pause = QPushButton(texts.PAUSE)
        self.resume = QPushButton(texts.RESUME)
        self.cancel = QPushButton(texts.CANCEL)
        self.dismiss = QPushButton(texts.DISMISS)
        self.pause.clicked.connect(self.pause_requested)
        self.resume.clicked.connect(self.resume_requested)
        self.cancel.clicked.connect(self.cancel_requested)
        self.dismiss.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP)
        layout.addWidget(self.line, 3)
        layout.addWidget(self.progress, 2)
        for button in (self.pause, self.resume, self.cancel, self.dismiss):
            layout.addWidget(button)
        self.show_batch(None)

    @Slot(object)
    def show_batch(self, batch: Batch | None) -> None:
        """Show the progress of a batch; None, or a batch that came to its end: hide the bar."""
        self.setVisible(batch is not None and batch.state is not BatchState.FINISHED)
        if batch is None:
            return
        self.line.setText(texts.batch_line(batch))
        self.line.setToolTip(plain_text(self.line.text()))
        self.progress.setUpdatesEnabled(False)  # else Qt repaints the bar, and the table with it, before it returns
        self.progress.setRange(0, max(1, batch.total))
        self.progress.setValue(batch.done)
        self.progress.setUpdatesEnabled(True)
        focused = self.pause.hasFocus() or self.resume.hasFocus()
        self.pause.setVisible(batch.state is BatchState.RUNNING)
        self.resume.setVisible(batch.state is BatchState.PAUSED)
        if focused and not batch.is_over:
            (self.pause if batch.state is BatchState.RUNNING else self.resume).setFocus()
        for widget in (self.progress, self.cancel):
            widget.setVisible(not batch.is_over)
        self.dismiss.setVisible(batch.is_over)
