"""The page that sets up a model: a tracking server, or the folder of a bundle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from acnelib.errors import AcneError
from gui.background import Background
from gui.model import texts
from gui.model.server_choice import ServerChoice, StoredServer, store_server, stored_server, try_server
from gui.model.server_form import ServerForm
from gui.widgets.design import GAP, PAGE_GAP, SECTION, SECTION_GAP, TITLE
from gui.widgets.dialog_buttons import dialog_buttons
from gui.widgets.scrolling import resize_to_screen, scrolling
from gui.widgets.text_widgets import Paragraph, scaled_font

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.background import Worker

_LETTERS = 76  # width of the page
_RESULT_LINES = 3  # of the longest messages that are usual


class FirstRunPage(QWidget):
    """Two ways to a model: a tracking server, which can be tested before it is stored, or the folder of a bundle."""

    server_stored = Signal()
    folder_chosen = Signal(str)

    def __init__(
        self, worker: Worker, *, stored: StoredServer | None = None, title: str = texts.FIRST_RUN_TITLE
    ) -> None:
        """Make the page.

        Args:
            worker: Asks the server.
            stored: What is stored; default what this machine has.
            title: The heading.
        """
        super().__init__()
        self.title, self.explained, self.reason = Paragraph(), Paragraph(), Paragraph()
        self.title.setFont(scaled_font(self.font(), TITLE, bold=True))
        self.title.show_text(title)
        self.explained.show_text(texts.FIRST_RUN)
        self.server = ServerForm()
        self.test, self.use, self.folder = _button(texts.TEST), _button(texts.USE_SERVER), _button(texts.CHOOSE_BUNDLE)
        self.result, self.bundle_explained = Paragraph(), Paragraph()
        self.bundle_explained.show_text(texts.BUNDLE_EXPLAINED)
        self._tests = Background(worker, self)
        self._lay_out()
        self.show_reason("")
        self._connect()
        self._show_stored(stored)

    def show_reason(self, reason: str) -> None:
        """Show why there is no model; empty: nothing."""
        self.reason.show_text(reason)
        self.reason.setVisible(bool(reason))

    @property
    def is_testing(self) -> bool:
        """Whether a server is being tested."""
        return self._tests.is_busy

    def close_work(self) -> None:
        """Abandon a test of the server."""
        self._tests.abandon()

    def _show_stored(self, stored: StoredServer | None) -> None:
        try:
            self.server.show_stored(stored or stored_server())
        except AcneError as error:
            self._show_result(texts.not_reached(str(error)))

    @Slot()
    def _test(self) -> None:
        if (choice := self._choice()) is not None:
            self.test.setEnabled(False)
            self._show_result(texts.TESTING)
            self._tests.start(try_server, [choice])

    @Slot()
    def _use(self) -> None:
        choice = self._choice()
        if choice is None:
            return
        try:
            store_server(choice)
        except AcneError as error:
            self._show_result(texts.not_reached(str(error)))
            return
        self._tests.abandon()
        self.test.setEnabled(True)
        self.server.forget_typed()
        self._show_stored(None)
        self._show_result(texts.STORED)
        self.server_stored.emit()

    def _choice(self) -> ServerChoice | None:
        """Return what was entered; None when it is no address or login, and show why."""
        from acnelib.config.credentials import checked_address

        try:
            checked_address(self.server.address.text())
            return self.server.choice()
        except AcneError as error:
            self._show_result(texts.not_reached(str(error)))
            return None

    @Slot(object, object)
    def _tested(self, _choice: ServerChoice, result: str) -> None:
        self._show_result(result)

    @Slot(object, str)
    def _failed(self, _choice: ServerChoice, reason: str) -> None:
        self._show_result(texts.not_reached(reason))

    @Slot()
    def _choose_folder(self) -> None:
        from gui.model.picker import choose_bundle_folder

        if folder := choose_bundle_folder(self):
            self.folder_chosen.emit(folder)

    def _show_result(self, text: str) -> None:
        self.result.show_text(text)
        self.result.setVisible(bool(text))

    @Slot()
    def _typed(self) -> None:
        """Clear the result, which is about another address or login."""
        self._tests.abandon()
        self.test.setEnabled(True)
        self._show_result("")

    def _connect(self) -> None:
        self.test.clicked.connect(self._test)
        self.use.clicked.connect(self._use)
        self.folder.clicked.connect(self._choose_folder)
        self.server.changed.connect(self._typed)
        self.server.entered.connect(self._test)
        self._tests.item_done.connect(self._tested)
        self._tests.item_failed.connect(self._failed)
        self._tests.finished.connect(lambda: self.test.setEnabled(True))

    def _lay_out(self) -> None:
        self.result.setMinimumHeight(self.fontMetrics().lineSpacing() * _RESULT_LINES)
        kept = self.result.sizePolicy()
        kept.setRetainSizeWhenHidden(True)  # so that nothing moves when a message comes and goes
        self.result.setSizePolicy(kept)
        self.result.hide()
        buttons = QHBoxLayout()
        buttons.addWidget(self.test)
        buttons.addWidget(self.use)
        buttons.addStretch(1)
        page = QWidget()
        page.setMaximumWidth(self.fontMetrics().averageCharWidth() * _LETTERS)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, GAP, 0)
        column.setSpacing(GAP)
        column.addSpacing(PAGE_GAP)
        for part in (self.title, self.explained, self.reason):
            column.addWidget(part)
        column.addSpacing(GAP)
        column.addWidget(_heading(texts.SERVER))
        column.addWidget(self.server)
        column.addLayout(buttons)
        column.addWidget(self.result)
        column.addWidget(_heading(texts.BUNDLE))
        column.addWidget(self.bundle_explained)
        column.addWidget(self.folder)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolling(_centred(page)))


class ServerDialog(QDialog):
    """The same page in a dialog, which closes once there is a choice."""

    server_stored = Signal()
    folder_chosen = Signal(str)

    def __init__(self, worker: Worker, parent: QWidget | None = None, *, stored: StoredServer | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(texts.SERVER_TITLE)
        self.page = FirstRunPage(worker, stored=stored, title=texts.SERVER_TITLE)
        self.page.explained.hide()
        buttons = dialog_buttons(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        buttons.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PAGE_GAP, 0, PAGE_GAP, SECTION_GAP)
        layout.addWidget(self.page, 1)
        layout.addWidget(buttons)
        self.page.server_stored.connect(lambda: self._close_with(self.server_stored.emit))
        self.page.folder_chosen.connect(lambda folder: self._close_with(lambda: self.folder_chosen.emit(folder)))
        letters, lines = self.fontMetrics().averageCharWidth(), self.fontMetrics().height()
        resize_to_screen(self, letters * (_LETTERS + 8), lines * 32)

    def done(self, result: int) -> None:
        """Abandon a test of the server, and close."""
        self.page.close_work()
        super().done(result)

    def _close_with(self, emit: Callable[[], None]) -> None:
        self.accept()
        emit()


def _heading(text: str) -> QLabel:
    heading = QLabel(text)
    heading.setFont(scaled_font(heading.font(), SECTION, bold=True))
    return heading


def _button(text: str) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return button


def _centred(page: QWidget) -> QWidget:
    holder = QWidget()
    centred = QHBoxLayout(holder)
    centred.addStretch(1)
    centred.addWidget(page, 100)
    centred.addStretch(1)
    return holder
