"""The row in which the user says which of many photos are listed."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QWidget

from gui.photos import texts as photos_texts
from gui.state.results_filter import Filter, RowKind
from gui.window import texts as window_texts


class FilterRow(QWidget):
    """What of many photos is listed, and how many that are."""

    filter_wanted = Signal(object)  # a Filter

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels: tuple[str, ...] = ()
        self.label = QComboBox()
        self.label.setAccessibleName(photos_texts.CLASS_FILTER)
        self.label.setToolTip(photos_texts.CLASS_FILTER)
        self.label.addItem(photos_texts.ALL_CLASSES, None)
        self.label.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.kind = QComboBox()
        self.kind.setAccessibleName(photos_texts.VERDICT_FILTER)
        self.kind.setToolTip(photos_texts.VERDICT_FILTER)
        self.kind.addItem(photos_texts.ALL_VERDICTS, None)
        for kind in RowKind:
            self.kind.addItem(photos_texts.kind(kind), kind.value)
        self.text = QLineEdit()
        self.text.setPlaceholderText(photos_texts.NAME_FILTER)
        self.text.setAccessibleName(photos_texts.NAME_FILTER_EXPLAINED)
        self.text.setToolTip(photos_texts.NAME_FILTER_EXPLAINED)
        self.text.setClearButtonEnabled(True)
        self.count = QLabel()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.label)
        layout.addWidget(self.kind)
        layout.addWidget(self.count)
        self.label.currentIndexChanged.connect(self._tell)
        self.kind.currentIndexChanged.connect(self._tell)
        self.text.textChanged.connect(self._tell)

    @property
    def filter(self) -> Filter:
        """The filter as it stands."""
        kind = self.kind.currentData()
        return Filter(
            label=self.label.currentData(), kind=None if kind is None else RowKind(kind), text=self.text.text().strip()
        )

    def show_labels(self, labels: tuple[str, ...]) -> None:
        """Let the user choose among these class labels; a chosen one stays, even where it is among them no more."""
        chosen = self.label.currentData()
        offered = labels if chosen is None or chosen in labels else (*labels, chosen)
        if offered == self._labels:
            return
        self._labels = offered
        self.label.blockSignals(True)  # noqa: FBT003 Qt's own; the choice stays the same
        self.label.clear()
        self.label.addItem(photos_texts.ALL_CLASSES, None)
        for name in offered:
            self.label.addItem(window_texts.label(name), name)
        self.label.setCurrentIndex(0 if chosen is None else offered.index(chosen) + 1)
        self.label.blockSignals(False)  # noqa: FBT003 Qt's own

    @Slot()
    def clear(self) -> None:
        """List all photos again."""
        self.label.setCurrentIndex(0)
        self.kind.setCurrentIndex(0)
        self.text.clear()
        self.text.setFocus()

    @Slot()
    def _tell(self) -> None:
        self.filter_wanted.emit(self.filter)
