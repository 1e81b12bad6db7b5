"""The page that says what has come of a training: the decision and why, and which answers have changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from acnelib.runs.outcome import RunOutcome
from acnelib.text.visible import visible
from gui.training import texts
from gui.widgets.text_widgets import Paragraph, scaled_font
from gui.widgets.verdict_mark import VerdictMark

if TYPE_CHECKING:
    from gui.state.training_progress import AnswerChanges, TrainingEnd

_HEADINGS = (texts.PHOTO, texts.BEFORE, texts.AFTER, texts.REVIEW)


class EndPage(QWidget):
    """Shows an end, offers the promoted version, and lists changed answers."""

    use_requested = Signal()
    again_requested = Signal()
    close_requested = Signal()
    photo_chosen = Signal(int)  # number of a row

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.mark = VerdictMark()
        self.outcome = Paragraph()
        self.outcome.setFont(scaled_font(self.font(), 1.15, bold=True))
        self.explanation, self.changes = Paragraph(), Paragraph()
        self.explanation.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.table = QTableWidget(0, len(_HEADINGS))
        self.table.setHorizontalHeaderLabels(list(_HEADINGS))
        self.table.verticalHeader().hide()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setAlternatingRowColors(True)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.horizontalHeader().setHighlightSections(False)
        self.table.itemActivated.connect(lambda item: self._choose(item.row()))
        self.table.currentCellChanged.connect(lambda row, *_: self._choose(row))
        self.use = QPushButton()
        self.again, self.close_button = QPushButton(texts.AGAIN), QPushButton(texts.CLOSE)
        for button in (self.use, self.again, self.close_button):
            button.setAutoDefault(False)
        self.use.clicked.connect(self.use_requested)
        self.again.clicked.connect(self.again_requested)
        self.close_button.clicked.connect(self.close_requested)
        self._lay_out()

    def show_end(self, end: TrainingEnd) -> None:
        """Show how a training has ended."""
        self.mark.show_verdict("confident" if end.outcome is RunOutcome.PROMOTED else "uncertain")
        self.outcome.show_text(texts.outcome(end))
        self.explanation.show_text(texts.explanation(end))
        is_promoted = end.outcome is RunOutcome.PROMOTED
        self.use.setText(texts.use(end))
        self.use.setVisible(is_promoted)
        self.use.setDefault(is_promoted)
        self.again.setVisible(not is_promoted)
        self.changes.show_text(texts.COMPARE_EXPLAINED)
        self.changes.setVisible(is_promoted)
        self.table.hide()

    def show_comparing(self) -> None:
        """Show that the photos are being classified again."""
        self.use.hide()
        self.changes.show_text(texts.COMPARING)
        self.changes.show()

    def show_changes(self, found: AnswerChanges) -> None:
        """Show which answers have changed."""
        self.changes.show_text(texts.changes(found))
        self.table.blockSignals(True)  # noqa: FBT003 Qt's; the first row is not chosen by itself
        self.table.setRowCount(len(found.changed))
        for line, one in enumerate(found.changed):
            cells = (visible(one.name), texts.label(one.before), texts.label(one.after), one.review)
            for column, text in enumerate(cells):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                item.setData(Qt.ItemDataRole.UserRole, one.number)
                self.table.setItem(line, column, item)
        self.table.blockSignals(False)  # noqa: FBT003 Qt's
        self.table.setVisible(bool(found.changed))

    @Slot(int)
    def _choose(self, line: int) -> None:
        item = self.table.item(line, 0)
        if item is not None:
            self.photo_chosen.emit(item.data(Qt.ItemDataRole.UserRole))

    def _lay_out(self) -> None:
        above = QHBoxLayout()
        above.setSpacing(10)
        above.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignTop)
        above.addWidget(self.outcome, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.again)
        buttons.addStretch(1)
        buttons.addWidget(self.use)
        buttons.addWidget(self.close_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(12)
        whole.addLayout(above)
        whole.addWidget(self.explanation)
        whole.addWidget(self.changes)
        whole.addWidget(self.table, 1)
        whole.addStretch(0)
        whole.addLayout(buttons)
