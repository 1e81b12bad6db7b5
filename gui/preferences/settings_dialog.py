"""The settings: the model server, checks for new versions, the cache, privacy, and the language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from gui.preferences import texts
from gui.preferences.stored_data import StoredItem
from gui.state.preferences import MAX_CHECK_EVERY, Preferences
from gui.state.wording import without_code_marks
from gui.translation import ENGLISH, LANGUAGES, SYSTEM
from gui.widgets.design import GAP, HALF, PAGE_GAP, SECTION, SECTION_GAP
from gui.widgets.dialog_buttons import add_cancel, dialog_buttons
from gui.widgets.plain_text import plain_text
from gui.widgets.scrolling import resize_to_screen, scrolling
from gui.widgets.text_widgets import Paragraph, scaled_font
from gui.widgets.wheel import turned_with_focus_only

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.preferences.stored_data import DeletionOutcome

_USUAL_WAIT = Preferences().check_every
_BETWEEN = SECTION_GAP


class SettingsDialog(QDialog):
    """Shows settings and says what the user wants; nothing is stored or deleted here."""

    server_change_requested = Signal()
    check_every_requested = Signal(int)  # minutes; 0: never by itself
    clear_cache_requested = Signal()
    history_requested = Signal(bool)
    language_requested = Signal(str)  # code of a language, or SYSTEM
    delete_all_requested = Signal()  # after the user has confirmed it

    def __init__(self, *, items: Sequence[StoredItem] = tuple(StoredItem), parent: QWidget | None = None) -> None:
        """Make the dialog.

        Args:
            items: What deleting all app data deletes.
            parent: The window that it belongs to.
        """
        super().__init__(parent)
        self.setWindowTitle(texts.SETTINGS)
        self._items = tuple(items)
        self.confirmation: QMessageBox | None = None
        self.server = Paragraph()
        self.server.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.change_server = _button(texts.CHANGE_SERVER)
        self.check = QCheckBox(texts.CHECK)
        self.check_every = QSpinBox()
        self.check_every.lineEdit().setTextMargins(HALF, 0, 0, 0)
        self.check_every.setRange(1, MAX_CHECK_EVERY)
        self.check_every.setKeyboardTracking(False)  # 1, on the way to 15, is not meant
        turned_with_focus_only(self.check_every)
        self.cache = Paragraph()
        self.clear_cache = _button(texts.CLEAR_CACHE)
        self.history = QCheckBox(texts.KEEP_HISTORY)
        self.delete_all = _button(texts.DELETE_ALL)
        self.language = _language_choice()
        self.status = Paragraph()
        self.status.hide()
        self._lay_out()
        self._name()
        self.show_server(None)
        self.show_preferences(Preferences())
        self.show_cache(None)
        self._connect()

    def show_server(self, address: str | None) -> None:
        """Show the address of the model's server; None: there is none."""
        self.server.show_text(address or texts.NO_SERVER)

    def show_preferences(self, preferences: Preferences) -> None:
        """Show what the user wants at present; nothing is emitted."""
        minutes = preferences.check_every
        for widget in (self.check, self.check_every, self.history):
            widget.blockSignals(True)  # noqa: FBT003 Qt's
        self.check.setChecked(minutes > 0)
        self.check_every.setValue(minutes or _USUAL_WAIT)
        self.history.setChecked(preferences.history)
        for widget in (self.check, self.check_every, self.history):
            widget.blockSignals(False)  # noqa: FBT003 Qt's
        # A language that the app does not have is English.
        found = self.language.findData(preferences.language)
        self.language.setCurrentIndex(found if found >= 0 else self.language.findData(ENGLISH.code))
        self._follow_check()

    def show_cache(self, size: int | None) -> None:
        """Show how many bytes downloaded models take; None: not known yet."""
        self.cache.show_text(texts.cache(size))
        self.clear_cache.setEnabled(bool(size))

    def show_unknown_cache(self, reason: str) -> None:
        """Show why it is not known how much downloaded models take."""
        self.cache.show_text(texts.unknown_cache(reason))
        self.clear_cache.setEnabled(False)

    def show_result(self, text: str) -> None:
        """Show the result of an action; empty: nothing."""
        self.status.show_text(without_code_marks(text))
        self.status.setVisible(bool(text))
        if text:  # the sections keep their room, as far as the screen has it
            wanted = self._height + _BETWEEN + self.status.heightForWidth(self.width() - 2 * PAGE_GAP)
            room = self.screen().availableGeometry().height()
            self.resize(self.width(), max(self.height(), min(wanted, round(room * 0.9))))

    def show_outcome(self, outcome: DeletionOutcome) -> None:
        """Show the outcome of deleting all app data."""
        self.show_result(texts.outcome(outcome))

    def confirm_delete_all(self) -> None:
        """Ask whether to delete all app data, with a list of it."""
        box = QMessageBox(self)
        box.setWindowTitle(texts.DELETE_TITLE)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(texts.DELETE_TITLE)
        box.setInformativeText(plain_text(texts.deletion_question(self._items)))
        delete = box.addButton(texts.DELETE, QMessageBox.ButtonRole.DestructiveRole)
        add_cancel(box)
        delete.clicked.connect(self.delete_all_requested)
        box.finished.connect(self._confirmed)
        self.confirmation = box
        box.open()

    def _confirmed(self) -> None:
        if self.confirmation is not None:
            self.confirmation.deleteLater()
            self.confirmation = None

    def _connect(self) -> None:
        self.change_server.clicked.connect(self.server_change_requested)
        self.check.toggled.connect(self._check_changed)
        self.check_every.valueChanged.connect(self._check_changed)
        self.clear_cache.clicked.connect(self.clear_cache_requested)
        self.history.toggled.connect(self.history_requested)
        self.delete_all.clicked.connect(self.confirm_delete_all)
        self.language.activated.connect(lambda _: self.language_requested.emit(self.language.currentData()))

    def _check_changed(self) -> None:
        self._follow_check()
        self.check_every_requested.emit(self.check_every.value() if self.check.isChecked() else 0)

    def _follow_check(self) -> None:
        self.check_every.setEnabled(self.check.isChecked())
        self.check_every.setSuffix(texts.minutes_suffix(self.check_every.value()))

    def _name(self) -> None:
        """Give screen readers the words beside a control."""
        self.check_every.setAccessibleName(f"{texts.CHECK_EVERY}{texts.MINUTES}".replace("&", ""))
        self.check.setAccessibleDescription(texts.CHECK_EXPLAINED)
        self.clear_cache.setAccessibleDescription(texts.CACHE_EXPLAINED)
        self.history.setAccessibleDescription(texts.HISTORY_EXPLAINED)
        self.language.setAccessibleName(texts.LANGUAGE)
        self.language.setAccessibleDescription(texts.LANGUAGE_EXPLAINED)
        self.change_server.setAccessibleDescription(texts.SERVER)

    def _lay_out(self) -> None:
        every = QLabel(texts.CHECK_EVERY)
        every.setBuddy(self.check_every)
        wait = _row(every, self.check_every)
        wait.setContentsMargins(self.fontMetrics().height() + GAP, 0, 0, 0)  # under the words of the box above
        buttons = dialog_buttons(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setDefault(True)  # Return deletes nothing
        sections = QVBoxLayout()
        sections.setContentsMargins(0, 0, 0, 0)
        sections.setSpacing(GAP)
        _section(sections, texts.SERVER, self.server, self.change_server)
        _section(sections, texts.UPDATES, self.check, wait, _explained(texts.CHECK_EXPLAINED))
        _section(sections, texts.CACHE, self.cache, _explained(texts.CACHE_EXPLAINED), self.clear_cache)
        _section(sections, texts.PRIVACY, self.history, _explained(texts.HISTORY_EXPLAINED), self.delete_all)
        _section(sections, texts.LANGUAGE, _row(self.language), _explained(texts.LANGUAGE_EXPLAINED))
        sections.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(PAGE_GAP, SECTION_GAP, PAGE_GAP, SECTION_GAP)
        whole.setSpacing(_BETWEEN)
        page = QWidget()
        page.setLayout(sections)
        whole.addWidget(scrolling(page), 1)
        whole.addWidget(self.status)
        whole.addWidget(buttons)
        width = self.fontMetrics().averageCharWidth() * 80
        beside = 2 * PAGE_GAP + self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        inner = sections.totalHeightForWidth(width - beside)
        self._height = inner + buttons.sizeHint().height() + 2 * SECTION_GAP + _BETWEEN
        resize_to_screen(self, width, self._height)


def _section(whole: QVBoxLayout, title: str, *parts: QWidget | QHBoxLayout) -> None:
    heading = QLabel(title)
    heading.setFont(scaled_font(heading.font(), SECTION, bold=True))
    whole.addWidget(heading)
    for part in parts:
        if isinstance(part, QWidget):
            whole.addWidget(part)
        else:
            whole.addLayout(part)
    whole.addSpacing(SECTION_GAP)


def _row(*parts: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(GAP)
    for part in parts:
        row.addWidget(part)
    row.addStretch(1)
    return row


def _language_choice() -> QComboBox:
    choice = QComboBox()
    choice.addItem(texts.SYSTEM_LANGUAGE, SYSTEM)
    for language in LANGUAGES.values():
        choice.addItem(language.name, language.code)  # each in its own words
    turned_with_focus_only(choice)
    return choice


def _explained(text: str) -> Paragraph:
    explained = Paragraph()
    explained.show_text(text)
    return explained


def _button(text: str) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return button
