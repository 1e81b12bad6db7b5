"""What the user may set: the model's server, how often to look for a new version, the cache, privacy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSpinBox,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from gui.preferences import texts
from gui.preferences.store import LONGEST_WAIT, Preferences
from gui.widgets.dialog_buttons import add_cancel, dialog_buttons
from gui.widgets.plain_text import plain_text
from gui.widgets.text_widgets import Paragraph, scaled_font
from gui.widgets.wheel import turned_with_focus_only

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.preferences.stored_data import DeletionOutcome

_USUAL_WAIT = Preferences().look_every
_BESIDE, _BETWEEN = 20, 12  # pixels


class SettingsDialog(QDialog):
    """Shows settings and says what the user wants; nothing is stored or deleted here."""

    server_change_wanted = Signal()
    look_every_wanted = Signal(int)  # minutes; 0: never by itself
    clear_cache_wanted = Signal()
    history_wanted = Signal(bool)
    delete_all_wanted = Signal()  # after the user has confirmed it

    def __init__(self, *, things: Sequence[str] = texts.STORED_ALL, parent: QWidget | None = None) -> None:
        """Make the dialog.

        Args:
            things: What deleting all takes away, in words.
            parent: The window that it belongs to.
        """
        super().__init__(parent)
        self.setWindowTitle(texts.SETTINGS)
        self._things = tuple(things)
        self.confirmation: QMessageBox | None = None
        self.server = Paragraph()
        self.server.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.change_server = _button(texts.CHANGE_SERVER)
        self.look = QCheckBox(texts.LOOK)
        self.look_every = QSpinBox()
        self.look_every.setRange(1, LONGEST_WAIT)
        self.look_every.setKeyboardTracking(False)  # 1, on the way to 15, is not meant
        turned_with_focus_only(self.look_every)
        self.cache = Paragraph()
        self.clear_cache = _button(texts.CLEAR_CACHE)
        self.history = QCheckBox(texts.KEEP_HISTORY)
        self.delete_all = _button(texts.DELETE_ALL)
        self.told = Paragraph()
        self.told.hide()
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
        minutes = preferences.look_every
        for widget in (self.look, self.look_every, self.history):
            widget.blockSignals(True)  # noqa: FBT003 Qt's
        self.look.setChecked(minutes > 0)
        self.look_every.setValue(minutes or _USUAL_WAIT)
        self.history.setChecked(preferences.history)
        for widget in (self.look, self.look_every, self.history):
            widget.blockSignals(False)  # noqa: FBT003 Qt's
        self._follow_look()

    def show_cache(self, size: int | None) -> None:
        """Show how many bytes downloaded models take; None: not known yet."""
        self.cache.show_text(texts.cache(size))
        self.clear_cache.setEnabled(bool(size))

    def show_unknown_cache(self, reason: str) -> None:
        """Show why it is not known how much downloaded models take."""
        self.cache.show_text(texts.unknown_cache(reason))
        self.clear_cache.setEnabled(False)

    def show_result(self, text: str) -> None:
        """Show what became of something the user wanted; empty: nothing."""
        self.told.show_text(text)
        self.told.setVisible(bool(text))
        if text:  # the sections keep their room, as far as the screen has it
            wanted = self._height + _BETWEEN + self.told.heightForWidth(self.width() - 2 * _BESIDE)
            room = self.screen().availableGeometry().height()
            self.resize(self.width(), max(self.height(), min(wanted, round(room * 0.9))))

    def show_outcome(self, outcome: DeletionOutcome) -> None:
        """Show what became of deleting all."""
        self.show_result(texts.outcome(outcome))

    def confirm_delete_all(self) -> None:
        """Ask whether all is to be deleted, with a list of what goes."""
        box = QMessageBox(self)
        box.setWindowTitle(texts.DELETE_TITLE)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(texts.DELETE_TITLE)
        box.setInformativeText(plain_text(texts.what_goes(self._things)))
        delete = box.addButton(texts.DELETE, QMessageBox.ButtonRole.DestructiveRole)
        add_cancel(box)
        delete.clicked.connect(self.delete_all_wanted)
        box.finished.connect(self._confirmed)
        self.confirmation = box
        box.open()

    def _confirmed(self) -> None:
        if self.confirmation is not None:
            self.confirmation.deleteLater()
            self.confirmation = None

    def _connect(self) -> None:
        self.change_server.clicked.connect(self.server_change_wanted)
        self.look.toggled.connect(self._look_changed)
        self.look_every.valueChanged.connect(self._look_changed)
        self.clear_cache.clicked.connect(self.clear_cache_wanted)
        self.history.toggled.connect(self.history_wanted)
        self.delete_all.clicked.connect(self.confirm_delete_all)

    def _look_changed(self) -> None:
        self._follow_look()
        self.look_every_wanted.emit(self.look_every.value() if self.look.isChecked() else 0)

    def _follow_look(self) -> None:
        self.look_every.setEnabled(self.look.isChecked())
        self.look_every.setSuffix(texts.minutes_suffix(self.look_every.value()))

    def _name(self) -> None:
        """Tell screen readers what the words beside a control say."""
        self.look_every.setAccessibleName(f"{texts.LOOK_EVERY}{texts.MINUTES}".replace("&", ""))
        self.look.setAccessibleDescription(texts.LOOK_EXPLAINED)
        self.clear_cache.setAccessibleDescription(texts.CACHE_EXPLAINED)
        self.history.setAccessibleDescription(texts.HISTORY_EXPLAINED)
        self.change_server.setAccessibleDescription(texts.REGISTRY)

    def _lay_out(self) -> None:
        every = QLabel(texts.LOOK_EVERY)
        every.setBuddy(self.look_every)
        wait = _row(every, self.look_every)
        wait.setContentsMargins(self.fontMetrics().height() + 6, 0, 0, 0)  # under the words of the box above
        buttons = dialog_buttons(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setDefault(True)  # Return deletes nothing
        sections = QVBoxLayout()
        sections.setContentsMargins(0, 0, 0, 0)
        sections.setSpacing(6)
        _section(sections, texts.REGISTRY, self.server, self.change_server)
        _section(sections, texts.UPDATES, self.look, wait, _explained(texts.LOOK_EXPLAINED))
        _section(sections, texts.CACHE, self.cache, _explained(texts.CACHE_EXPLAINED), self.clear_cache)
        _section(sections, texts.PRIVACY, self.history, _explained(texts.HISTORY_EXPLAINED), self.delete_all)
        sections.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(_BESIDE, 16, _BESIDE, 16)
        whole.setSpacing(_BETWEEN)
        whole.addWidget(_scrolling(sections), 1)
        whole.addWidget(self.told)
        whole.addWidget(buttons)
        width = self.fontMetrics().averageCharWidth() * 80
        beside = 2 * _BESIDE + self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        inner = sections.totalHeightForWidth(width - beside)
        self._height = inner + buttons.sizeHint().height() + 2 * 16 + _BETWEEN
        self.resize(width, min(self._height, round(self.screen().availableGeometry().height() * 0.9)))


def _scrolling(content: QVBoxLayout) -> QScrollArea:
    """Return the content with a bar to scroll it where the screen is low or the letters are large."""
    area, page = QScrollArea(), QWidget()
    page.setLayout(content)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(page)
    area.viewport().setAutoFillBackground(False)
    page.setAutoFillBackground(False)  # setWidget switches it on
    return area


def _section(whole: QVBoxLayout, title: str, *parts: QWidget | QHBoxLayout) -> None:
    heading = QLabel(title)
    heading.setFont(scaled_font(heading.font(), 1.15, bold=True))
    whole.addWidget(heading)
    for part in parts:
        if isinstance(part, QWidget):
            whole.addWidget(part)
        else:
            whole.addLayout(part)
    whole.addSpacing(14)


def _row(*parts: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for part in parts:
        row.addWidget(part)
    row.addStretch(1)
    return row


def _explained(text: str) -> Paragraph:
    explained = Paragraph()
    explained.show_text(text)
    return explained


def _button(text: str) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return button
