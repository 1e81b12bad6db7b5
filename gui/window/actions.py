"""The actions of the menus, keys and buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from gui.picture.texts import overlay_tip
from gui.state.session import ModelReady, Shown
from gui.window import texts
from gui.window.keys_in_fields import KeysInFields
from gui.window.review_actions import ReviewActions
from gui.window.text_size import TextSizeMenu

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow

    from gui.state.session import Session


class Actions:
    """The actions of a window, in its menus; the controllers connect them."""

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        self.menus: list[QMenu] = []
        self._file_menu()
        self._list_menu()
        self.review = ReviewActions(window)
        self.review.use_menu(self._menu(texts.REVIEW_MENU, *self.review.groups))
        self._view_menu()
        self._model_menu()
        self._help_menu()
        self._keys = KeysInFields(window, [key for menu in self.menus for a in menu.actions() for key in a.shortcuts()])
        self.zooms = (self.zoom_in, self.zoom_out, self.fit, self.actual_size)
        for action in (a for menu in self.menus for a in menu.actions() if a.text()):
            action.setToolTip(
                texts.tip(action.text(), action.shortcut().toString(QKeySequence.SequenceFormat.NativeText))
            )

    def show_session(self, session: Session) -> None:
        """Enable what can be done in a session."""
        model, photo = session.model, session.photo
        self.save_picture.setEnabled(photo is not None and photo.picture is not None)
        self.about_model.setEnabled(isinstance(model, ModelReady))
        gives_maps = isinstance(model, ModelReady) and model.gives_maps
        self.overlay.setEnabled(gives_maps and session.shown is not Shown.FAILURE)
        self.overlay.setChecked(session.overlay_requested)
        self.overlay.setToolTip(overlay_tip(session))
        self.review.show_labels(model.labels if isinstance(model, ModelReady) else ())

    def _file_menu(self) -> None:
        self.open = self._action(texts.OPEN, "Ctrl+O")
        self.open_folder = self._action(texts.OPEN_FOLDER, "Ctrl+Shift+O")
        self.recent = QMenu(texts.OPEN_RECENT, self._window)
        self.paste = self._action(texts.PASTE, "Ctrl+V")
        self.samples = self._action(texts.SAMPLES)
        self.export = self._action(texts.EXPORT, "Ctrl+E")
        self.save_picture = self._action(texts.SAVE_PICTURE, "Ctrl+S")
        self.print_photo = self._action(texts.PRINT_PHOTO, "Ctrl+P")
        self.print_list = self._action(texts.PRINT_LIST, "Ctrl+Shift+P")
        self.photo_report = self._action(texts.PHOTO_REPORT)
        self.list_report = self._action(texts.LIST_REPORT)
        self.settings = self._action(texts.SETTINGS, "Ctrl+,")
        self.settings.setMenuRole(QAction.MenuRole.PreferencesRole)
        self.quit = self._action(texts.QUIT, "Ctrl+Q")
        self.quit.setMenuRole(QAction.MenuRole.QuitRole)
        self.open.setIconText(texts.OPEN_TOOL)  # the text of its button
        self.open_folder.setIconText(texts.OPEN_FOLDER_TOOL)
        self.export.setIconText(texts.EXPORT_TOOL)
        opening = [self.open, self.open_folder, self.recent.menuAction(), self.paste, self.samples]
        saving = [self.export, self.save_picture]
        reports = [self.print_photo, self.print_list, self.photo_report, self.list_report]
        self._menu(texts.FILE_MENU, opening, saving, reports, [self.settings], [self.quit])

    def _list_menu(self) -> None:
        self.previous = self._action(texts.PREVIOUS, "Alt+Up", "Ctrl+PgUp")
        self.next = self._action(texts.NEXT, "Alt+Down", "Ctrl+PgDown")
        self.classify_pending = self._action(texts.CLASSIFY_PENDING, "F5")
        self.classify_again = self._action(texts.CLASSIFY_AGAIN, "Shift+F5")
        self.remove = self._action(texts.REMOVE, "Ctrl+Backspace")
        self.clear = self._action(texts.CLEAR, "Ctrl+Shift+Backspace")
        self.find = self._action(texts.FIND, "Ctrl+F")
        self.compare = self._action(texts.COMPARE_PHOTOS, "Ctrl+D")
        self.copy_answer = self._action(texts.COPY_ANSWER, "Ctrl+C")
        self.copy_path = self._action(texts.COPY_PATH, "Ctrl+Shift+C")
        self.show_in_folder = self._action(texts.SHOW_IN_FOLDER)
        travel, answer = [self.previous, self.next, self.find], [self.classify_pending, self.classify_again]
        photo = [self.compare, self.copy_answer, self.copy_path, self.show_in_folder]
        self._menu(texts.LIST_MENU, travel, answer, photo, [self.remove, self.clear])

    def _view_menu(self) -> None:
        # The key beside the = of many keyboards needs Shift for a +; both are meant.
        self.zoom_in = self._action(texts.ZOOM_IN, "Ctrl++", "Ctrl+=")
        self.zoom_out = self._action(texts.ZOOM_OUT, "Ctrl+-")
        self.zoom_in.setIconText("+")
        self.zoom_out.setIconText("−")
        self.fit = self._action(texts.FIT, "Ctrl+0")
        self.fit.setIconText(texts.FIT_TOOL)
        self.actual_size = self._action(texts.ACTUAL_SIZE, "Ctrl+1")
        self.actual_size.setIconText(texts.ACTUAL_SIZE_TOOL)
        self.overlay = self._action(texts.OVERLAY, "M")
        self.overlay.setCheckable(True)
        self.grid = self._action(texts.GRID, "Ctrl+G")
        self.grid.setCheckable(True)
        self.grid.setIconText(texts.GRID_TOOL)
        self.full_screen = self._action(texts.FULL_SCREEN, "F11")
        self.full_screen.setCheckable(True)
        self.text_size = TextSizeMenu(self._window)
        zooms = [self.zoom_in, self.zoom_out, self.fit, self.actual_size]
        window = [self.text_size.menuAction(), self.full_screen]
        self._menu(texts.VIEW_MENU, zooms, [self.grid], [self.overlay], window).setToolTipsVisible(True)

    def _model_menu(self) -> None:
        self.choose_model = self._action(texts.CHOOSE_MODEL, "Ctrl+M")
        self.choose_model.setIconText(texts.MODEL_TOOL)
        self.check_for_new = self._action(texts.CHECK_FOR_NEW)
        self.server = self._action(texts.SERVER)
        self.about_model = self._action(texts.ABOUT_MODEL, "Ctrl+I")
        self.about_model.setMenuRole(QAction.MenuRole.NoRole)  # "About" would be moved to the application's own menu
        self._menu(texts.MODEL_MENU, [self.choose_model, self.check_for_new, self.server], [self.about_model])

    def _help_menu(self) -> None:
        self.help = self._action(texts.HELP, "F1")
        self.shortcuts = self._action(texts.SHORTCUTS, "Ctrl+/")
        self.about = self._action(texts.ABOUT)
        self.about.setMenuRole(QAction.MenuRole.AboutRole)
        self._menu(texts.HELP_MENU, [self.help, self.shortcuts], [self.about])

    def _menu(self, title: str, *groups: list[QAction]) -> QMenu:
        menu = self._window.menuBar().addMenu(title)
        for number, group in enumerate(groups):
            if number:
                menu.addSeparator()
            menu.addActions(group)
        self.menus.append(menu)
        return menu

    def _action(self, text: str, *keys: str) -> QAction:
        action = QAction(text, self._window)
        action.setShortcuts([QKeySequence(key) for key in keys])
        return action
