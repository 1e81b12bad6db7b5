"""The dialog of a training: its plan, then its progress, then what has come of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QStackedWidget, QVBoxLayout, QWidget

from gui.training import texts
from gui.training.end_page import EndPage
from gui.training.plan_page import PlanPage
from gui.training.progress_page import ProgressPage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.state.training_plan import TrainingPlan
    from gui.state.training_progress import TrainingEnd


class TrainingDialog(QDialog):
    """One page at a time; closing it hides it, and ends nothing."""

    def __init__(self, plan: TrainingPlan, *, missing: Sequence[str] = (), parent: QWidget | None = None) -> None:
        """Make the dialog.

        Args:
            plan: What is proposed.
            missing: Modules without which no training can be started here.
            parent: The window that it belongs to.
        """
        super().__init__(parent)
        self.setWindowTitle(texts.TITLE)
        self.plan = PlanPage(plan, missing=missing)
        self.progress = ProgressPage()
        self.end = EndPage()
        self.pages = QStackedWidget()
        for page in (self.plan, self.progress, self.end):
            self.pages.addWidget(page)
        self.progress.hide_requested.connect(self.hide)
        self.end.close_requested.connect(self.hide)
        self.end.again_requested.connect(self.show_plan)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.addWidget(self.pages)
        self.resize(self.fontMetrics().averageCharWidth() * 92, self.fontMetrics().height() * 36)

    def show_plan(self) -> None:
        """Show the plan again."""
        self.pages.setCurrentWidget(self.plan)

    def show_begun(self) -> None:
        """Show a training that has just begun."""
        self.progress.begin()
        self.pages.setCurrentWidget(self.progress)
        self.progress.hide_button.setFocus()

    def show_end(self, end: TrainingEnd) -> None:
        """Show how it has ended."""
        self.progress.end()
        self.end.show_end(end)
        self.pages.setCurrentWidget(self.end)
        (self.end.use if self.end.use.isVisibleTo(self.end) else self.end.close_button).setFocus()
