"""The dialog to choose a model: production, staging, any version, or the folder of a bundle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHeaderView,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from acnelib.registry.names import ALIASES
from gui.model import texts
from gui.state.session import ModelReady
from gui.widgets.design import GAP, PAGE_GAP, SECTION_GAP
from gui.widgets.dialog_buttons import dialog_buttons
from gui.widgets.dialog_memory import folders_unremembered
from gui.widgets.plain_text import plain_text
from gui.widgets.scrolling import resize_to_screen
from gui.widgets.text_widgets import Paragraph

if TYPE_CHECKING:
    from acnelib.models import Listing
    from acnelib.registry.reading import ListedVersion
    from gui.state.session import ModelState

_NAME = Qt.ItemDataRole.UserRole
_MACRO_F1, _SOURCES = 2, 3  # columns


class ModelPicker(QDialog):
    """Lists the models that can be chosen, and signals the choice; the registry is only read."""

    chosen = Signal(str)  # production, staging, a number, or a bundle's folder
    versions_requested = Signal()

    def __init__(self, model: ModelState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(texts.CHOOSE_MODEL)
        self._model = model
        self.status = Paragraph()
        self.list = QTreeWidget()
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setAllColumnsShowFocus(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setHeaderLabels(texts.COLUMNS)
        self.list.setAccessibleName(texts.CHOOSE_MODEL)
        self.list.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.list.header().setSectionResizeMode(_SOURCES, QHeaderView.ResizeMode.Stretch)
        self.list.header().setStretchLastSection(False)
        self.use, self.folder = QPushButton(texts.USE), QPushButton(texts.FOLDER)
        self.retry = QPushButton(texts.REFRESH)
        self.folder.setAutoDefault(False)
        self.retry.setAutoDefault(False)
        self.use.setDefault(True)
        self._lay_out()
        self.list.itemActivated.connect(self._use)
        self.list.itemSelectionChanged.connect(self._follow_selection)
        self.use.clicked.connect(self._use)
        self.folder.clicked.connect(self._choose_folder)
        self.retry.clicked.connect(self.refresh)
        self._follow_selection()
        self.list.setFocus()

    @Slot()
    def refresh(self) -> None:
        """Ask for the versions; call it when ``versions_requested`` is connected."""
        self.list.clear()
        self._follow_selection()
        self.retry.hide()
        self.status.show_text(texts.LOADING_VERSIONS)
        self.versions_requested.emit()

    @Slot(object)
    def show_versions(self, listing: Listing | str) -> None:
        """Show the versions, or why they are unknown."""
        self.list.clear()
        if isinstance(listing, str):
            self.status.show_text(texts.no_listing(listing))
            self.retry.show()
        else:
            self.status.show_text(texts.listing(listing))
            self.retry.setVisible(listing.offline is not None)
            self._fill(listing)
        self._follow_selection()

    def _fill(self, listing: Listing) -> None:
        for name, cells in rows_of(listing, self._model):
            item = QTreeWidgetItem(list(cells))
            item.setToolTip(_SOURCES, plain_text(cells[_SOURCES]))
            item.setTextAlignment(_MACRO_F1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setData(0, _NAME, name)
            self.list.addTopLevelItem(item)
        self._select(self._model.name)

    def _select(self, name: str) -> None:
        items = [item for number in range(self.list.topLevelItemCount()) if (item := self.list.topLevelItem(number))]
        wanted = next((item for item in items if item.data(0, _NAME) == name), items[0] if items else None)
        if wanted is not None:
            self.list.setCurrentItem(wanted)

    @Slot()
    def _use(self) -> None:
        if items := self.list.selectedItems():
            self.chosen.emit(items[0].data(0, _NAME))
            self.accept()

    @Slot()
    def _choose_folder(self) -> None:
        if folder := choose_bundle_folder(self):
            self.chosen.emit(folder)
            self.accept()

    @Slot()
    def _follow_selection(self) -> None:
        self.use.setEnabled(bool(self.list.selectedItems()))

    def _lay_out(self) -> None:
        buttons = dialog_buttons(QDialogButtonBox.StandardButton.Cancel)
        buttons.addButton(self.folder, QDialogButtonBox.ButtonRole.ResetRole)
        buttons.addButton(self.retry, QDialogButtonBox.ButtonRole.ResetRole)
        buttons.addButton(self.use, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PAGE_GAP, SECTION_GAP, PAGE_GAP, SECTION_GAP)
        layout.setSpacing(GAP)
        layout.addWidget(self.status)
        layout.addWidget(self.list, 1)
        layout.addWidget(buttons)
        resize_to_screen(self, self.fontMetrics().averageCharWidth() * 140, self.fontMetrics().height() * 24)


def rows_of(listing: Listing, model: ModelState) -> list[tuple[str, tuple[str, ...]]]:
    """Return the names that can be chosen, each with its cells; those of an offline server only as far as cached."""
    by_stage = {one.stage: one for one in reversed(listing.versions)}  # the newest of a stage comes last
    used = model.identity.version if isinstance(model, ModelReady) else None
    rows = []
    for name in ALIASES:
        one = by_stage.get(name.capitalize())
        if one is not None and (listing.offline is None or name in listing.cached):
            note = texts.version_note(in_use=False, cached=False, drawn=one.drawn)
            rows.append((name, _cells(texts.alias_row(name, one.version), one, note)))
    for one in listing.versions:
        note = texts.version_note(in_use=one.version == used, cached=one.version in listing.cached, drawn=one.drawn)
        rows.append((one.version, _cells(texts.version_row(one.version), one, note)))
    return rows


def _cells(name: str, one: ListedVersion, note: str) -> tuple[str, ...]:
    facts = one.facts
    measured, sources = texts.macro_f1(facts.macro_f1), texts.sources(facts.sources)
    return name, texts.stage(one.stage), measured, sources, texts.created(one.made_at), note


def choose_bundle_folder(parent: QWidget) -> str:
    """Let the user choose the folder of a bundle; empty when they do not."""
    with folders_unremembered():
        return QFileDialog.getExistingDirectory(parent, texts.FOLDER_TITLE)
