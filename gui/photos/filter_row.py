"""The filter above the table of photos."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QWidget

from gui.photos import texts
from gui.state.results_filter import Filter, RowKind
from gui.state.wording import class_name
from gui.widgets.design import GAP


class FilterRow(QWidget):
    """Fields that filter the photos, and the number of photos listed."""

    filter_requested = Signal(object)  # a Filter

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels: tuple[str, ...] = ()
        self._is_quiet = False
        self.label = QComboBox()
        self.label.setAccessibleName(texts.CLASS_FILTER)
        self.label.setToolTip(texts.CLASS_FILTER)
        self.label.addItem(texts.ALL_CLASSES, None)
        self.label.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.kind = QComboBox()
        self.kind.setAccessibleName(texts.VERDICT_FILTER)
        self.kind.setToolTip(texts.VERDICT_FILTER)
        self.kind.addItem(texts.ALL_VERDICTS, None)
        for kind in RowKind:
            self.kind.addItem(texts.kind(kind), kind.value)
        self.text = QLineEdit()
        self.text.setPlaceholderText(texts.NAME_FILTER)
        self.text.setAccessibleName(texts.NAME_FILTER_EXPLAINED)
        self.text.setToolTip(texts.NAME_FILTER_EXPLAINED)
        self.text.setClearButtonEnabled(True)
        self.count = QLabel()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.label)
        layout.addWidget(self.kind)
        layout.addWidget(self.count)
        self.label.currentIndexChanged.connect(self._emit_filter)
        self.kind.currentIndexChanged.connect(self._emit_filter)
        self.text.textChanged.connect(self._emit_filter)

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
        self.label.addItem(texts.ALL_CLASSES, None)
        for name in offered:
            self.label.addItem(class_name(name), name)
        self.label.setCurrentIndex(0 if chosen is None else offered.index(chosen) + 1)
        self.label.blockSignals(False)  # noqa: FBT003 Qt's own

    def show_filter(self, wanted: Filter) -> None:
        """Show a filter that was asked for elsewhere, and signal it once."""
        self._is_quiet = True
        if wanted.label is not None and wanted.label not in self._labels:
            self.show_labels((*self._labels, wanted.label))
        self.label.setCurrentIndex(0 if wanted.label is None else self.label.findData(wanted.label))
        self.kind.setCurrentIndex(0 if wanted.kind is None else self.kind.findData(wanted.kind.value))
        self.text.setText(wanted.text)
        self._is_quiet = False
        self._emit_filter()

    @Slot()
    def clear(self) -> None:
        """List all photos again."""
        self.show_filter(Filter())
        self.text.setFocus()

    @Slot()
    def _emit_filter(self) -> None:
        if not self._is_quiet:
            self.filter_requested.emit(self.filter)
