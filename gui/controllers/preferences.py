"""The controller of what the app remembers: preferences, the window's position, history, and their deletion."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from acnelib.config.settings import Settings, home_of
from acnelib.errors import AcneError, StorageFailed
from acnelib.text.plain_reasons import plain_reason
from gui.background import Background, Worker
from gui.state.dialog_folders import DialogFolders
from gui.state.history import History
from gui.state.preferences import PreferenceStore
from gui.window import texts
from gui.window.window_state import remembered, restore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from gui.photos.table_model import ResultsModel
    from gui.preferences.settings_dialog import SettingsDialog
    from gui.preferences.stored_data import DeletionOutcome
    from gui.state.results import Row
    from gui.window.dialogs import Dialogs
    from gui.window.main_window import MainWindow

logger = logging.getLogger(__name__)


class PreferencesController(QObject):
    """Stores and restores what the user allows, and shows the dialogs about it."""

    check_every_changed = Signal(int)  # minutes; 0: never by itself
    server_change_requested = Signal()
    recent_restored = Signal(object)  # tuple of paths that were opened last
    rows_restored = Signal()
    deleted = Signal()  # all app data was deleted

    def __init__(
        self,
        window: MainWindow,
        rows: ResultsModel,
        *,
        dialogs: Dialogs,
        worker: Worker,
        is_own: Callable[[Path], bool],
        recent: Callable[[], Iterable[Path]],
    ) -> None:
        """Join a window to its preferences.

        Args:
            window: The window.
            rows: Its photos.
            dialogs: The dialogs beside it.
            worker: On which files are measured and deleted.
            is_own: Tells whether a picture is the app's own, which is deleted when the app closes.
            recent: Returns what was opened last, at the time.
        """
        super().__init__(window)
        self._is_own, self._recent = is_own, recent
        window.files.folders = DialogFolders(is_own=is_own)
        self._window, self._rows, self._dialogs = window, rows, dialogs
        home = home_of(os.environ)
        self.store = PreferenceStore(home)
        self.history = History(home, self.store)
        self._sizes, self._deletions = Background(worker, self), Background(worker, self)
        self._clearing = Background(worker, self)
        self._connect_work()
        commands = window.commands
        commands.text_size.show_size(self.store.load().text_size)
        commands.text_size.chosen.connect(self._set_text_size)
        commands.settings.triggered.connect(self.show_settings)
        commands.help.triggered.connect(self.show_help)
        commands.shortcuts.triggered.connect(self.show_shortcuts)
        commands.about.triggered.connect(self.show_about)
        window.closing.connect(self.save)

    def restore_window(self) -> None:
        """Put the window where it was left; before it is shown."""
        preferences = self.store.load()
        self._window.commands.grid.setChecked(preferences.grid)
        restore(self._window, preferences, splitters={"list": self._window.splitter})

    @Slot()
    def restore_rows(self) -> None:
        """List the photos of the last session with their answers, where history is on."""
        try:
            remembered_rows = self.history.load()
        except StorageFailed as error:
            self._window.notice.show_text(str(error))
            return
        self.recent_restored.emit(self.history.recent)
        rows = self._rows.add([one.path for one in remembered_rows])
        answers = {one.path: one for one in remembered_rows if one.prediction is not None}
        answered: list[Row] = []
        for row in rows:
            one = answers.get(row.path)
            if one is not None and one.prediction is not None:
                answered.append(row.answered(one.prediction, stage=one.stage, at=one.answered_at or ""))
        self._rows.put(answered)
        if rows:
            self.rows_restored.emit()

    @Slot()
    def save(self) -> None:
        """Store the window's position, and with history the photos, except those that the app made itself."""
        self.store.remember(
            grid=self._window.commands.grid.isChecked(),
            **remembered(self._window, splitters={"list": self._window.splitter}),
        )
        try:
            rows = [row for row in self._rows.results if not self._is_own(row.path)]
            self.history.save(rows, recent=self._recent())
        except StorageFailed as error:
            logger.warning("the list of photos was not stored: %s", plain_reason(error, quoting=False))

    @Slot()
    def show_settings(self) -> None:
        """Show the settings."""
        from gui.preferences.settings_dialog import SettingsDialog

        dialog = self._dialogs.show(SettingsDialog, lambda: SettingsDialog(parent=self._window))
        dialog.show_preferences(self.store.load())
        dialog.server_change_requested.connect(self.server_change_requested)
        dialog.check_every_requested.connect(self._set_check_every)
        dialog.history_requested.connect(self._set_history)
        dialog.language_requested.connect(self._set_language)
        dialog.clear_cache_requested.connect(lambda: self._clearing.start(_clear_cache, [None]))
        dialog.delete_all_requested.connect(self._delete_all)
        self.show_server()
        self._measure_cache()

    @Slot()
    def show_server(self) -> None:
        """Show in the settings, where they are open, which server is asked now."""
        self._with_settings(_show_server)

    @Slot()
    def show_help(self) -> None:
        """Show the help."""
        from gui.help.dialog import HelpDialog

        self._dialogs.show(HelpDialog, lambda: HelpDialog(self._window))

    @Slot()
    def show_shortcuts(self) -> None:
        """Show the keyboard shortcuts."""
        from gui.preferences.shortcuts_dialog import ShortcutsDialog

        self._dialogs.show(ShortcutsDialog, lambda: ShortcutsDialog(self._window.commands.menus, self._window))

    @Slot()
    def show_about(self) -> None:
        """Show the app's version and its components."""
        from gui.preferences.about_dialog import AboutDialog

        self._dialogs.show(AboutDialog, lambda: AboutDialog(self._window))

    def _connect_work(self) -> None:
        self._sizes.item_done.connect(lambda _, size: self._with_settings(lambda dialog: dialog.show_cache(size)))
        self._sizes.item_failed.connect(
            lambda _, why: self._with_settings(lambda dialog: dialog.show_unknown_cache(why))
        )
        self._clearing.item_done.connect(lambda *_: self._measure_cache())
        self._deletions.item_done.connect(self._deleted)
        for work in (self._clearing, self._deletions):
            work.item_failed.connect(lambda _, reason: self._with_settings(lambda dialog: dialog.show_result(reason)))

    def _with_settings(self, show: Callable[[SettingsDialog], None]) -> None:
        """Show something in the settings, where they are open."""
        from gui.preferences.settings_dialog import SettingsDialog

        dialog = self._dialogs.open.get(SettingsDialog)
        if isinstance(dialog, SettingsDialog):
            show(dialog)

    def _measure_cache(self) -> None:
        self._sizes.start(_cache_size, [None])

    @Slot(int)
    def _set_text_size(self, size: int) -> None:
        try:
            self.store.change(text_size=size)
        except StorageFailed as error:
            self._window.notice.show_text(str(error))
        else:
            self._window.notice.show_text(texts.TEXT_SIZE_LATER)

    @Slot(int)
    def _set_check_every(self, minutes: int) -> None:
        if self._stored(lambda: self.store.change(check_every=minutes)):
            self.check_every_changed.emit(minutes)

    @Slot(bool)
    def _set_history(self, on: bool) -> None:  # noqa: FBT001 as the signal hands it over
        self._stored(lambda: self.history.set_enabled(on=on))

    @Slot(str)
    def _set_language(self, language: str) -> None:
        self._stored(lambda: self.store.change(language=language))

    def _stored(self, store: Callable[[], object]) -> bool:
        try:
            store()
        except StorageFailed as error:
            reason = str(error)
            self._with_settings(lambda dialog: dialog.show_result(reason))
            return False
        return True

    @Slot()
    def _delete_all(self) -> None:
        store, history = self.store, self.history
        self._deletions.start(lambda _: _delete(store, history), [None])

    @Slot(object, object)
    def _deleted(self, _nothing: None, outcome: DeletionOutcome) -> None:
        self._with_settings(lambda dialog: dialog.show_preferences(self.store.load()))
        self.show_server()
        self._with_settings(lambda dialog: dialog.show_outcome(outcome))  # last, as it replaces any other result
        self._measure_cache()
        self.deleted.emit()


def _cache_size(_nothing: None) -> int:
    from gui.preferences.stored_data import cache_size

    return cache_size(Settings.load().cache)


def _clear_cache(_nothing: None) -> None:
    from gui.preferences.stored_data import clear_cache

    clear_cache(Settings.load().cache)


def _delete(store: PreferenceStore, history: History) -> DeletionOutcome:
    from gui.preferences.stored_data import StoredItem, delete_everything
    from gui.widgets.dialog_memory import forget_folders

    more = [(StoredItem.SERVER, _forget_server), (StoredItem.FOLDERS, forget_folders)]
    return delete_everything(Settings.load, preferences=store, history=history, more=more)


def _forget_server() -> None:
    from acnelib.config.credentials import CredentialStore
    from gui.model.server_choice import forget_server

    CredentialStore(home_of(os.environ)).delete()  # a password is deleted even where the settings cannot be read
    forget_server(Settings.load())


def _show_server(dialog: SettingsDialog) -> None:
    try:
        dialog.show_server(Settings.load().server())
    except AcneError as error:
        dialog.show_result(str(error))
