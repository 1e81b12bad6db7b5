"""Everything that can be done by menu, key or button, each once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit

from gui.window import action_texts as texts

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow, QMenu


class Actions:
    """The actions of a window, in its menus; whoever made the window connects them."""

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        self.menus: list[QMenu] = []
        self._file_menu()
        self._list_menu()
        self._view_menu()
        self._model_menu()
        self._help_menu()
        window.installEventFilter(_BackspaceIsForText(window))
        self.zooms = (self.zoom_in, self.zoom_out, self.fit, self.actual_size)
        for action in (a for menu in self.menus for a in menu.actions() if a.text()):
            action.setToolTip(
                texts.tip(action.text(), action.shortcut().toString(QKeySequence.SequenceFormat.NativeText))
            )

    def _file_menu(self) -> None:
        self.open = self._action(texts.OPEN, "Ctrl+O")
        self.open_folder = self._action(texts.OPEN_FOLDER, "Ctrl+Shift+O")
        self.paste = self._action(texts.PASTE, "Ctrl+V")
        self.samples = self._action(texts.SAMPLES)
        self.export = self._action(texts.EXPORT, "Ctrl+E")
        self.save_picture = self._action(texts.SAVE_PICTURE, "Ctrl+S")
        self.settings = self._action(texts.SETTINGS, "Ctrl+,")
        self.settings.setMenuRole(QAction.MenuRole.PreferencesRole)
        self.quit = self._action(texts.QUIT, "Ctrl+Q")
        self.quit.setMenuRole(QAction.MenuRole.QuitRole)
        self.open.setIconText(texts.OPEN_TOOL)  # what a button says of it
        self.open_folder.setIconText(texts.OPEN_FOLDER_TOOL)
        self.export.setIconText(texts.EXPORT_TOOL)
        opening = [self.open, self.open_folder, self.paste, self.samples]
        self._menu(texts.FILE_MENU, opening, [self.export, self.save_picture], [self.settings], [self.quit])

    def _list_menu(self) -> None:
        self.previous = self._action(texts.PREVIOUS, "Alt+Up", "Ctrl+PgUp")
        self.next = self._action(texts.NEXT, "Alt+Down", "Ctrl+PgDown")
        self.answer_waiting = self._action(texts.ANSWER_WAITING, "F5")
        self.answer_again = self._action(texts.ANSWER_AGAIN, "Shift+F5")
        self.remove = self._action(texts.REMOVE, "Ctrl+Backspace")
        self.clear = self._action(texts.CLEAR, "Ctrl+Shift+Backspace")
        travel, answer = [self.previous, self.next], [self.answer_waiting, self.answer_again]
        self._menu(texts.LIST_MENU, travel, answer, [self.remove, self.clear])

    def _view_menu(self) -> None:
        # The key beside the = of many keyboards needs Shift for a +; both are meant.
        self.zoom_in = self._action(texts.ZOOM_IN, "Ctrl++", "Ctrl+=")
        self.zoom_out = self._action(texts.ZOOM_OUT, "Ctrl+-")
        self.zoom_in.setIconText("+")
        self.zoom_out.setIconText("−")
        self.fit = self._action(texts.FIT, "Ctrl+0")
        self.actual_size = self._action(texts.ACTUAL_SIZE, "Ctrl+1")
        self.overlay = self._action(texts.OVERLAY, "M")
        self.overlay.setCheckable(True)
        zooms = [self.zoom_in, self.zoom_out, self.fit, self.actual_size]
        self._menu(texts.VIEW_MENU, zooms, [self.overlay]).setToolTipsVisible(True)

    def _model_menu(self) -> None:
        self.choose_model = self._action(texts.CHOOSE_MODEL, "Ctrl+M")
        self.choose_model.setIconText(texts.MODEL_TOOL)
        self.look_for_new = self._action(texts.LOOK_FOR_NEW)
        self.server = self._action(texts.SERVER)
        self.about_model = self._action(texts.ABOUT_MODEL, "Ctrl+I")
        self.about_model.setMenuRole(QAction.MenuRole.NoRole)  # "About" would be moved to the application's own menu
        self._menu(texts.MODEL_MENU, [self.choose_model, self.look_for_new, self.server], [self.about_model])

    def _help_menu(self) -> None:
        self.shortcuts = self._action(texts.SHORTCUTS, "F1")
        self.about = self._action(texts.ABOUT)
        self.about.setMenuRole(QAction.MenuRole.AboutRole)
        self._menu(texts.HELP_MENU, [self.shortcuts, self.about])

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


class _BackspaceIsForText(QObject):
    """Lets Backspace, with whatever keys, edit the text while somebody types: no photo leaves the list by it then.

    A shortcut would win over the field, which does not claim these keys. The window is asked last whether anybody does.
    """

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 Qt's name
        """Claim the key for the field that has the keyboard."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            is_for_text = event.key() == Qt.Key.Key_Backspace and _somebody_types()
            event.setAccepted(is_for_text)
            return is_for_text
        return super().eventFilter(watched, event)


def _somebody_types() -> bool:
    return isinstance(QApplication.focusWidget(), QLineEdit | QAbstractSpinBox)
