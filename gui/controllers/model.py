"""The controller of what the user sees of the model: the banner, the dialogs, and the page of a first run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from acnelib.errors import SettingsInvalid
from gui.state.session import ModelMissing

if TYPE_CHECKING:
    from gui.background import Worker
    from gui.model.first_run import FirstRunPage, ServerDialog
    from gui.model.selection import ModelSelection
    from gui.state.model_facts import ModelFacts
    from gui.state.session import ModelState, Session
    from gui.window.dialogs import Dialogs
    from gui.window.main_window import MainWindow


class ModelController(QObject):
    """Joins the window to the model selection."""

    def __init__(
        self,
        window: MainWindow,
        model_selection: ModelSelection,
        *,
        dialogs: Dialogs,
        asking: Worker,
        parent: QObject | None = None,
    ) -> None:
        """Join a window to a model selection.

        Args:
            window: The window.
            model_selection: The model in use.
            dialogs: The dialogs beside the window.
            asking: The worker on which a server is tested.
            parent: Its owner.
        """
        super().__init__(parent)
        self._window, self._model_selection, self._dialogs, self._asking = window, model_selection, dialogs, asking
        self.first_run: FirstRunPage | None = None
        banner, commands = window.banner, window.commands
        model_selection.news.connect(banner.show_news)
        model_selection.pending.connect(banner.show_pending)
        banner.switch_requested.connect(model_selection.use_new_version)
        banner.dismiss_requested.connect(model_selection.dismiss_new_version)
        banner.production_requested.connect(model_selection.choose_production)
        commands.check_for_new.triggered.connect(model_selection.check_now)
        commands.choose_model.triggered.connect(self.show_picker)
        window.model_requested.connect(model_selection.start)
        commands.check_for_new.setEnabled(model_selection.has_versions)

    def show_model(self, model: ModelState) -> None:
        """Show a model in the banner, and offer to check for a new version where there may be one."""
        self._window.banner.show_model(model)
        self._window.commands.check_for_new.setEnabled(self._model_selection.has_versions)

    def show_session(self, session: Session) -> None:
        """Show the page of a first run in place of the picture, while there is neither a model nor a photo."""
        is_needed = isinstance(session.model, ModelMissing) and session.photo is None
        if is_needed and self.first_run is None:
            from gui.model.first_run import FirstRunPage

            self.first_run = FirstRunPage(self._asking)
            self.first_run.server_stored.connect(self._model_selection.choose_production)
            self.first_run.folder_chosen.connect(self._model_selection.choose)
            self._window.show_setup(self.first_run)
        elif not is_needed and self.first_run is not None:
            self.close()

    def close(self) -> None:
        """Abandon a test of a server, and show the picture again."""
        if self.first_run is not None:
            self.first_run.close_work()
            self.first_run = None
            self._window.show_setup(None)

    def offer_production(self) -> None:
        """Offer the way back to production where a server is set."""
        from acnelib.config.settings import Settings

        try:
            has_server = Settings.load().server() is not None
        except SettingsInvalid:
            has_server = False
        self._window.banner.offer_production(offered=has_server)

    def show_facts(self, facts: ModelFacts) -> None:
        """Show the details of a model."""
        from gui.model.dialog import ModelDialog

        self._dialogs.show(ModelDialog, lambda: ModelDialog(facts, self._window))

    @Slot()
    def show_picker(self) -> None:
        """Let the user choose a model."""
        from gui.model.picker import ModelPicker

        picker = self._dialogs.show(ModelPicker, lambda: ModelPicker(self._model_selection.state, self._window))
        picker.chosen.connect(self._model_selection.choose)
        versions = self._model_selection.version_list
        picker.versions_requested.connect(versions.refresh)
        versions.ready.connect(picker.show_versions)
        picker.refresh()

    def show_server(self) -> ServerDialog:
        """Let the user name another server, and return the dialog."""
        from gui.model.first_run import ServerDialog

        dialog = self._dialogs.show(ServerDialog, lambda: ServerDialog(self._asking, self._window))
        dialog.server_stored.connect(self._model_selection.choose_production)
        dialog.folder_chosen.connect(self._model_selection.choose)
        return dialog
