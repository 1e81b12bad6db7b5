"""The panel of reviews: buttons for what a photo shows, the progress, and who reviews in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gui.review import texts
from gui.review.verdict_button import VerdictButton
from gui.state.review_session import LONGEST_NAME, QueueOrder
from gui.state.review_view import ReviewView
from gui.state.wording import class_name
from gui.widgets.text_widgets import Paragraph, scaled_font

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

MOST_KEYS = 9
_GAP = 4


class ReviewPanel(QWidget):
    """Shows a moment of a review session and signals what the reviewer wants."""

    judged = Signal(str, str)  # verdict, and a class label where it is a class
    agree_requested = Signal()
    undo_requested = Signal()
    blind_requested = Signal(bool)
    order_requested = Signal(object)  # QueueOrder
    reviewer_changed = Signal(str)
    done_typing = Signal()  # the keyboard goes back to the photos

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = ReviewView()
        self.progress = QLabel()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(max(6, self.fontMetrics().height() // 3))
        self.bar.setAccessibleName(texts.REVIEW)
        self.question = Paragraph()
        self.question.setFont(scaled_font(self.font(), 1.1, bold=True))
        self.classes: list[ClassButton] = []
        self.none = VerdictButton(texts.NONE, texts.NONE_KEY, tip=texts.NONE_EXPLAINED)
        self.unsure = VerdictButton(texts.UNSURE, texts.UNSURE_KEY, tip=texts.UNSURE_EXPLAINED)
        self.agree = VerdictButton(texts.agree(1, None), texts.ENTER, tip=texts.AGREE_EXPLAINED)
        self.undo = VerdictButton(texts.UNDO, texts.UNDO_KEY, tip=texts.UNDO_EXPLAINED)
        self.undo.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.blind = QCheckBox(texts.BLIND)
        self.blind.setToolTip(texts.BLIND_EXPLAINED)
        self.order = QComboBox()
        self.order.setToolTip(texts.ORDER_EXPLAINED)
        self.order.setAccessibleName(texts.ORDER)
        for control in (self.blind, self.order):
            control.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keyboard with the photos
        for order in QueueOrder:
            self.order.addItem(texts.order(order), order.value)
        self.reviewer = QLineEdit()
        self.reviewer.setMaxLength(LONGEST_NAME)
        self.reviewer.setPlaceholderText(texts.REVIEWER_HINT)
        self.reviewer.setToolTip(texts.REVIEWER_EXPLAINED)
        self.reviewer.setAccessibleName(texts.REVIEWER)
        self.agreements = Paragraph()
        self.agreements.setFont(scaled_font(self.font(), 0.9))
        self._lay_out()
        self._connect()

    def show_review(self, view: ReviewView) -> None:
        """Show a moment of the session; nothing is emitted."""
        if view.labels != tuple(button.label for button in self.classes):
            self._make_classes(view.labels)
        self._shown = view
        self.progress.setText(texts.progress(view.progress))
        self.bar.setRange(0, max(1, view.progress.total))
        self.bar.setValue(view.progress.reviewed)
        self.question.show_text(texts.question(view.photos))
        own = view.own if view.photos <= 1 else None
        for button in self.classes:
            button.show_chosen(chosen=own is not None and own.label == button.label)
        self.none.show_chosen(chosen=own is not None and own.verdict == "none")
        self.unsure.show_chosen(chosen=own is not None and own.verdict == "unsure")
        for verdict in (*self.classes, self.none, self.unsure):
            verdict.setEnabled(view.can_review)
        self.agree.show_text(texts.agree(view.photos, view.answer))
        self.agree.setEnabled(view.can_review and view.can_agree)
        self.undo.setEnabled(view.can_undo)
        with QSignalBlocker(self.blind), QSignalBlocker(self.order), QSignalBlocker(self.reviewer):
            self.blind.setChecked(view.is_blind)
            self.order.setCurrentIndex(self.order.findData(view.order.value))
            if not self.reviewer.hasFocus():
                self.reviewer.setText(view.reviewer)
        self.agreements.show_text("\n".join(texts.agreement(pair) for pair in view.agreements))
        self.agreements.setVisible(bool(view.agreements))

    def add_below(self, widget: QWidget) -> None:
        """Show a widget below the reviews, apart from them."""
        layout = self._whole
        layout.insertWidget(layout.count() - 1, _rule())
        layout.insertWidget(layout.count() - 1, widget)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 Qt's name
        """Put the classes, and what else a photo may show, in two columns where there is room for all their words."""
        super().resizeEvent(event)
        self._arrange(self._grid, self.classes)
        self._arrange(self._others, [self.none, self.unsure])

    def _make_classes(self, labels: tuple[str, ...]) -> None:
        for button in self.classes:
            self._grid.removeWidget(button)
            button.deleteLater()
        self.classes = [
            ClassButton(label, str(number) if number <= MOST_KEYS else "") for number, label in enumerate(labels, 1)
        ]
        for button in self.classes:
            button.clicked.connect(lambda _=False, label=button.label: self.judged.emit("class", label))
        self._arrange(self._grid, self.classes)

    def _arrange(self, grid: QGridLayout, buttons: Sequence[VerdictButton]) -> None:
        room = (self.width() - _GAP) // 2
        columns = 2 if buttons and all(button.wanted_width() <= room for button in buttons) else 1
        lines = -(-len(buttons) // columns)
        for place, button in enumerate(buttons):
            grid.addWidget(button, place % lines, place // lines)

    @Slot()
    def _name(self) -> None:
        name = self.reviewer.text().strip()
        if self.reviewer.hasFocus():
            self.done_typing.emit()  # with Enter, not by going elsewhere
        if name != self._shown.reviewer:
            self.reviewer_changed.emit(name)

    def _connect(self) -> None:
        self.none.clicked.connect(lambda: self.judged.emit("none", ""))
        self.unsure.clicked.connect(lambda: self.judged.emit("unsure", ""))
        self.agree.clicked.connect(self.agree_requested)
        self.undo.clicked.connect(self.undo_requested)
        self.blind.toggled.connect(self.blind_requested)
        self.order.activated.connect(lambda _: self.order_requested.emit(QueueOrder(self.order.currentData())))
        self.reviewer.editingFinished.connect(self._name)

    def _lay_out(self) -> None:
        self._grid, self._others = QGridLayout(), QGridLayout()
        for grid in (self._grid, self._others):
            grid.setSpacing(_GAP)
        settings = QGridLayout()
        settings.setHorizontalSpacing(8)
        settings.setVerticalSpacing(6)
        settings.setColumnStretch(1, 1)
        for line, (words, control) in enumerate(((texts.ORDER, self.order), (texts.REVIEWER, self.reviewer))):
            control.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            settings.addWidget(_label(words, control), line, 0)
            settings.addWidget(control, line, 1)
        whole = self._whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        whole.addWidget(self.question)
        whole.addLayout(_row(self.bar, self.progress, spacing=8))
        whole.addWidget(self.agree)
        whole.addLayout(self._grid)
        whole.addLayout(self._others)
        whole.addLayout(_row(self.undo, None))
        whole.addWidget(self.blind)
        whole.addLayout(settings)
        whole.addWidget(self.agreements)
        whole.addWidget(_rule())


class ClassButton(VerdictButton):
    """The button of a class."""

    def __init__(self, label: str, key: str, parent: QWidget | None = None) -> None:
        super().__init__(class_name(label), key, parent=parent)
        self.label = label


def _rule() -> QFrame:
    rule = QFrame()
    rule.setFrameShape(QFrame.Shape.HLine)
    rule.setFrameShadow(QFrame.Shadow.Sunken)
    return rule


def _label(words: str, control: QWidget) -> QLabel:
    label = QLabel(words)
    label.setBuddy(control)
    return label


def _row(left: QWidget, right: QWidget | None, *, spacing: int = _GAP) -> QHBoxLayout:
    """Lay out two widgets beside each other, or one on the left."""
    row = QHBoxLayout()
    row.setSpacing(spacing)
    row.addWidget(left)
    if right is None:
        row.addStretch(1)
    else:
        row.addWidget(right)
    return row
