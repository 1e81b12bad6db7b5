"""The page on which a training is planned: what will happen, with which photos, and how long it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.state.training_plan import StartingWeights, TrainingPlan
from gui.training import texts
from gui.training.folder_list import FolderList
from gui.widgets.text_widgets import Line, Paragraph

if TYPE_CHECKING:
    from collections.abc import Sequence


class PlanPage(QWidget):
    """Shows a plan, which the user may change, and signals the start."""

    start_requested = Signal(object)  # TrainingPlan
    count_requested = Signal(object)  # the folders whose photos are to be counted

    def __init__(self, plan: TrainingPlan, *, missing: Sequence[str] = (), parent: QWidget | None = None) -> None:
        """Make the page.

        Args:
            plan: What is proposed.
            missing: Modules without which no training can be started here.
            parent: The window that it belongs to.
        """
        super().__init__(parent)
        self._plan, self._missing = plan, tuple(missing)
        self.introduction, self.estimate, self.problem = Paragraph(), Paragraph(), Paragraph()
        self.introduction.show_text(texts.INTRODUCTION)
        self.folders = FolderList(texts.FOLDERS, tip=texts.FOLDERS_TIP, ask=texts.CHOOSE_FOLDER, lines=3)
        self.backgrounds = FolderList(
            texts.BACKGROUNDS, tip=texts.BACKGROUNDS_TIP, ask=texts.CHOOSE_BACKGROUND, lines=2
        )
        self.reviews, self.workdir = Line(), Line()
        self.change = QPushButton(texts.CHANGE)
        self.weights = QComboBox()
        for which in StartingWeights:
            self.weights.addItem(texts.weights(which), which.value)
        self.copy, self.start = QPushButton(texts.COPY), QPushButton(texts.START)
        for button in (self.change, self.copy):
            button.setAutoDefault(False)
        self.start.setDefault(True)
        self._lay_out()
        self.folders.show_folders(plan.folders)
        self.backgrounds.show_folders(plan.backgrounds)
        self.weights.setCurrentIndex(self.weights.findData(plan.weights.value))
        self._show_paths()
        self._connect()
        self._changed()

    @property
    def plan(self) -> TrainingPlan:
        """The plan as it is shown."""
        return TrainingPlan(
            folders=self.folders.folders,
            reviews=self._plan.reviews,
            workdir=self._plan.workdir,
            backgrounds=self.backgrounds.folders,
            weights=StartingWeights(self.weights.currentData()),
        )

    @Slot(object)
    def show_count(self, photos: int | None) -> None:
        """Show how many photos there are, and so how long it takes; None: they are being counted."""
        self.estimate.show_text(texts.estimate(photos))

    @Slot()
    def _changed(self) -> None:
        problem = texts.missing(self._missing) if self._missing else ""
        if not self.folders.folders:
            problem = problem or texts.NO_FOLDER
        self.problem.show_text(problem)
        self.problem.setVisible(bool(problem))
        self.start.setEnabled(not problem)
        self.copy.setEnabled(bool(self.folders.folders))
        self.show_count(None)
        self.count_requested.emit((*self.folders.folders, *self.backgrounds.folders))

    @Slot()
    def _copy(self) -> None:
        from PySide6.QtGui import QGuiApplication

        QGuiApplication.clipboard().setText(self.plan.command_line())
        self.copy.setText(texts.COPIED)

    @Slot()
    def _choose_workdir(self) -> None:
        from dataclasses import replace
        from pathlib import Path

        if chosen := QFileDialog.getExistingDirectory(self, texts.CHOOSE_WORKDIR, str(self._plan.workdir.parent)):
            self._plan = replace(self._plan, workdir=Path(chosen))
            self._show_paths()

    def _show_paths(self) -> None:
        self.reviews.setText(str(self._plan.reviews))
        self.workdir.setText(str(self._plan.workdir))

    def _connect(self) -> None:
        self.folders.changed.connect(self._changed)
        self.backgrounds.changed.connect(self._changed)
        self.change.clicked.connect(self._choose_workdir)
        self.copy.clicked.connect(self._copy)
        self.start.clicked.connect(lambda: self.start_requested.emit(self.plan))

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        lines: tuple[tuple[str, QWidget], ...] = (
            (texts.REVIEWS, self.reviews),
            (texts.WORKDIR, self.workdir),
            (texts.WEIGHTS, self.weights),
        )
        for number, (name, widget) in enumerate(lines):
            label = QLabel(name)
            label.setBuddy(widget)
            widget.setAccessibleName(name.replace("&", ""))
            grid.addWidget(label, number, 0)
            grid.addWidget(widget, number, 1)
        grid.addWidget(self.change, 1, 2)
        buttons = QHBoxLayout()
        buttons.addWidget(self.copy)
        buttons.addStretch(1)
        buttons.addWidget(self.start)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(12)
        whole.addWidget(self.introduction)
        whole.addWidget(self.folders, 2)
        whole.addWidget(self.backgrounds, 1)
        whole.addLayout(grid)
        whole.addWidget(self.estimate)
        whole.addWidget(self.problem)
        whole.addLayout(buttons)
