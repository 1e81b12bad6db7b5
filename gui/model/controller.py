"""Where the user and the model meet: the banner, the list of versions, the server, and the page of a first run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from acnelib.errors import SettingsInvalid
from gui.state.session import ModelMissing

if TYPE_CHECKING:
    from gui.background import Worker
    from gui.model.first_run import FirstRunPage
    from gui.model.keeper import ModelSelection
    from gui.state.session import Session
    from gui.window.dialogs import Dialogs
    from gui.window.main_window import MainWindow


class ModelController(QObject):
    """Shows what the keeper of the model says, and tells it what the user wants."""

    def __init__(
        self,
        window: MainWindow,
        keeper: ModelSelection,
        *,
        windows: Dialogs,
        asking: Worker,
        parent: QObject | None = None,
    ) -> None:
        """Join a window and a keeper.

        Args:
            window: The window.
            keeper: Knows which model answers.
            windows: Those that are opened beside the window.
            asking: The worker on which a server is tested.
            parent: Its owner.
        """
        super().__init__(parent)
        self._window, self._keeper, self._windows, self._asking = window, keeper, windows, asking
        self.first_run: FirstRunPage | None = None
        banner, commands = window.banner, window.commands
        keeper.changed.connect(banner.show_model)
        keeper.changed.connect(self._offer_looking)
        keeper.loaded.connect(self._offer_production)
        keeper.news.connect(banner.show_news)
        keeper.pending.connect(banner.show_pending)
        keeper.told.connect(window.notice.show_text)
        banner.switch_wanted.connect(keeper.switch)
        banner.stay_wanted.connect(keeper.stay)
        banner.production_wanted.connect(keeper.choose_production)
        commands.look_for_new.triggered.connect(keeper.check_now)
        commands.choose_model.triggered.connect(self.show_picker)
        commands.server.triggered.connect(self.show_server)
        window.model_wanted.connect(keeper.start)
        self._offer_looking()

    def follow(self, session: Session) -> None:
        """Show how to come to a model, in place of the picture, while there is neither."""
        wanted = isinstance(session.model, ModelMissing) and session.photo is None
        if wanted and self.first_run is None:
            from gui.model.first_run import FirstRunPage

            self.first_run = FirstRunPage(self._asking)
            self.first_run.server_stored.connect(self._keeper.choose_production)
            self.first_run.folder_chosen.connect(self._keeper.choose)
            self._window.show_setup(self.first_run)
        elif not wanted and self.first_run is not None:
            self.close()

    def close(self) -> None:
        """Give up what is under way, and show the picture again."""
        if self.first_run is not None:
            self.first_run.close_work()
            self.first_run = None
            self._window.show_setup(None)

    @Slot()
    def _offer_looking(self) -> None:
        """Offer to look for a new version where there may be one."""
        self._window.commands.look_for_new.setEnabled(self._keeper.has_versions)

    @Slot()
    def _offer_production(self) -> None:
        """Offer the way to production where there is a server to ask for it."""
        from acnelib.config.settings import Settings

        try:
            has_server = Settings.load().server() is not None
        except SettingsInvalid:
            has_server = False
        self._window.banner.offer_production(offered=has_server)

    @Slot()
    def show_picker(self) -> None:
        """Let the user choose a model."""
        from gui.model.picker import ModelPicker

        picker = self._windows.show(ModelPicker, lambda: ModelPicker(self._keeper.state, self._window))
        picker.chosen.connect(self._keeper.choose)
        picker.versions_wanted.connect(self._keeper.list_versions)
        self._keeper.versions.connect(picker.show_versions)
        picker.ask()

    @Slot()
    def show_server(self) -> None:
        """Let the user name another server."""
        from gui.model.first_run import ServerDialog

        dialog = self._windows.show(ServerDialog, lambda: ServerDialog(self._asking, self._window))
        dialog.server_stored.connect(self._keeper.choose_production)
        dialog.folder_chosen.connect(self._keeper.choose)
