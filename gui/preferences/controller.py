"""What makes the app its user's own: preferences, the window where it was left, history, and deleting all of it."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

from acnelib.config.settings import Settings, home_of
from acnelib.errors import AcneError, StorageFailed
from acnelib.text.plain_reasons import plain_reason
from gui.background import Background, Worker
from gui.preferences import texts
from gui.preferences.store import PreferenceStore
from gui.state.history import History
from gui.state.places import Places
from gui.window.window_state import remembered, restore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gui.photos.table_model import ResultsModel
    from gui.preferences.settings_dialog import SettingsDialog
    from gui.preferences.stored_data import DeletionOutcome
    from gui.state.results import Row
    from gui.window.dialogs import Dialogs
    from gui.window.main_window import MainWindow

logger = logging.getLogger(__name__)


class PreferencesController(QObject):
    """Remembers what its user wants it to, and shows the windows in which that is said."""

    look_every_changed = Signal(int)  # minutes; 0: never by itself
    server_change_wanted = Signal()
    rows_restored = Signal()
    forgotten = Signal()  # all that was stored is gone

    def __init__(
        self,
        window: MainWindow,
        rows: ResultsModel,
        *,
        windows: Dialogs,
        worker: Worker,
        is_own: Callable[[Path], bool],
    ) -> None:
        """Take part in a window.

        Args:
            window: The window.
            rows: Its photos.
            windows: Those that are opened beside it.
            worker: On which files are measured and deleted.
            is_own: Tells whether a picture is the app's own, which is gone with it.
        """
        super().__init__(window)
        self._is_own = is_own
        window.places = Places(is_own=is_own)
        self._window, self._rows, self._windows = window, rows, windows
        home = home_of(os.environ)
        self.store = PreferenceStore(home)
        self.history = History(home, self.store)
        self._sizes, self._deletions = Background(worker, self), Background(worker, self)
        self._clearing = Background(worker, self)
        self._listen_to_work()
        commands = window.commands
        # The dialog is made by whoever else hears of it.
        commands.server.triggered.connect(self._follow_server, Qt.ConnectionType.QueuedConnection)
        commands.settings.triggered.connect(self.show_settings)
        commands.shortcuts.triggered.connect(self.show_shortcuts)
        commands.about.triggered.connect(self.show_about)
        window.closing.connect(self.keep)

    def restore_window(self) -> None:
        """Put the window where it was left; before it is shown."""
        restore(self._window, self.store.load(), splitters={"list": self._window.splitter})

    @Slot()
    def restore_rows(self) -> None:
        """List the photos of the last session with their answers, where the user wants them to be kept."""
        try:
            kept = self.history.load()
        except StorageFailed as error:
            self._window.notice.show_text(str(error))
            return
        rows = self._rows.add([one.path for one in kept])
        answers = {one.path: one for one in kept if one.prediction is not None}
        answered: list[Row] = []
        for row in rows:
            one = answers.get(row.path)
            if one is not None and one.prediction is not None:
                answered.append(row.answered(one.prediction, stage=one.stage, at=one.answered_at or ""))
        self._rows.put(answered)
        if rows:
            self.rows_restored.emit()

    @Slot()
    def keep(self) -> None:
        """Remember the window, and with history the photos; those that the app made itself are gone with it."""
        self.store.keep(**remembered(self._window, splitters={"list": self._window.splitter}))
        try:
            self.history.save([row for row in self._rows.results if not self._is_own(row.path)])
        except StorageFailed as error:
            logger.warning("the list of photos was not kept: %s", plain_reason(error, quoting=False))

    @Slot()
    def show_settings(self) -> None:
        """Show what can be set."""
        from gui.preferences.settings_dialog import SettingsDialog

        dialog = self._windows.show(SettingsDialog, lambda: SettingsDialog(parent=self._window))
        dialog.show_preferences(self.store.load())
        dialog.server_change_wanted.connect(self._change_server)
        dialog.look_every_wanted.connect(self._set_look_every)
        dialog.history_wanted.connect(self._switch_history)
        dialog.clear_cache_wanted.connect(lambda: self._clearing.start(_clear_cache, [None]))
        dialog.delete_all_wanted.connect(self._delete_all)
        self.show_server()
        self._measure_cache()

    @Slot()
    def show_server(self) -> None:
        """Show in the settings, where they are open, which server is asked now."""
        self._tell(_show_server)

    @Slot()
    def show_shortcuts(self) -> None:
        """Show every key."""
        from gui.preferences.shortcuts_dialog import ShortcutsDialog

        self._windows.show(ShortcutsDialog, lambda: ShortcutsDialog(self._window.commands.menus, self._window))

    @Slot()
    def show_about(self) -> None:
        """Show what this is and what it is made of."""
        from gui.preferences.about_dialog import AboutDialog

        self._windows.show(AboutDialog, lambda: AboutDialog(self._window))

    def _listen_to_work(self) -> None:
        self._sizes.item_done.connect(lambda _, size: self._tell(lambda dialog: dialog.show_cache(size)))
        self._sizes.item_failed.connect(lambda _, why: self._tell(lambda dialog: dialog.show_unknown_cache(why)))
        self._clearing.item_done.connect(lambda *_: self._measure_cache())
        self._deletions.item_done.connect(self._deleted)
        for work in (self._clearing, self._deletions):
            work.item_failed.connect(lambda _, reason: self._tell(lambda dialog: dialog.show_result(reason)))

    @Slot()
    def _change_server(self) -> None:
        self.server_change_wanted.emit()
        self._follow_server()

    @Slot()
    def _follow_server(self) -> None:
        """Show in the settings what is stored in the server's dialog, which is open by now."""
        from gui.model.first_run import ServerDialog

        dialog = self._windows.open.get(ServerDialog)
        if isinstance(dialog, ServerDialog):
            dialog.server_stored.connect(self.show_server)

    def _tell(self, tell: Callable[[SettingsDialog], None]) -> None:
        from gui.preferences.settings_dialog import SettingsDialog

        dialog = self._windows.open.get(SettingsDialog)
        if isinstance(dialog, SettingsDialog):
            tell(dialog)

    def _measure_cache(self) -> None:
        self._sizes.start(_cache_size, [None])

    @Slot(int)
    def _set_look_every(self, minutes: int) -> None:
        if self._stored(lambda: self.store.change(look_every=minutes)):
            self.look_every_changed.emit(minutes)

    @Slot(bool)
    def _switch_history(self, on: bool) -> None:  # noqa: FBT001 as the signal hands it over
        self._stored(lambda: self.history.switch(on=on))

    def _stored(self, store: Callable[[], object]) -> bool:
        try:
            store()
        except StorageFailed as error:
            reason = str(error)
            self._tell(lambda dialog: dialog.show_result(reason))
            return False
        return True

    @Slot()
    def _delete_all(self) -> None:
        store, history = self.store, self.history
        self._deletions.start(lambda _: _delete(store, history), [None])

    @Slot(object, object)
    def _deleted(self, _nothing: None, outcome: DeletionOutcome) -> None:
        self._tell(lambda dialog: dialog.show_preferences(self.store.load()))
        self.show_server()
        self._tell(lambda dialog: dialog.show_outcome(outcome))  # after all else that is told in its place
        self._measure_cache()
        self.forgotten.emit()


def _cache_size(_nothing: None) -> int:
    from gui.preferences.stored_data import cache_size

    return cache_size(Settings.load().cache)


def _clear_cache(_nothing: None) -> None:
    from gui.preferences.stored_data import clear_cache

    try:
        clear_cache(Settings.load().cache)
    except TimeoutError as error:
        raise StorageFailed(texts.BUSY_CACHE) from error
    except OSError as error:
        raise StorageFailed(f"{error.filename} cannot be deleted ({error.strerror}): check its permissions") from error


def _delete(store: PreferenceStore, history: History) -> DeletionOutcome:
    from gui.files.dialog_memory import forget_folders
    from gui.preferences.stored_data import delete_everything

    more = [(texts.STORED_SERVER, _forget_server), (texts.STORED_FOLDERS, forget_folders)]
    return delete_everything(Settings.load, preferences=store, history=history, more=more)


def _forget_server() -> None:
    from acnelib.config.credentials import CredentialStore
    from gui.model.server_choice import forget_server

    CredentialStore(home_of(os.environ)).delete()  # a password goes even where the settings cannot be read
    forget_server(Settings.load())


def _show_server(dialog: SettingsDialog) -> None:
    try:
        dialog.show_server(Settings.load().server())
    except AcneError as error:
        dialog.show_result(str(error))
