"""Everything that can be done by menu, key or button, each once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence

from gui import texts

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow


class Actions:
    """The actions of a window, in its menus; whoever made the window connects them."""

    def __init__(self, window: QMainWindow) -> None:
        self.open = _action(window, texts.OPEN, "Ctrl+O")
        self.quit = _action(window, texts.QUIT, "Ctrl+Q")
        self.quit.setMenuRole(QAction.MenuRole.QuitRole)
        # The key beside the = of many keyboards needs Shift for a +; both are meant.
        self.zoom_in = _action(window, texts.ZOOM_IN, "Ctrl++", "Ctrl+=")
        self.zoom_out = _action(window, texts.ZOOM_OUT, "Ctrl+-")
        self.zoom_in.setIconText("+")  # what a button says of it
        self.zoom_out.setIconText("−")
        for zoom in (self.zoom_in, self.zoom_out):
            zoom.setToolTip(f"{zoom.text().replace('&', '')} ({zoom.shortcut().toString()})")
        self.fit = _action(window, texts.FIT, "Ctrl+0")
        self.actual_size = _action(window, texts.ACTUAL_SIZE, "Ctrl+1")
        self.overlay = _action(window, texts.OVERLAY, "M")
        self.overlay.setCheckable(True)
        self.about_model = _action(window, texts.ABOUT_MODEL)
        self.about_model.setMenuRole(QAction.MenuRole.NoRole)  # "About" would be moved to the application's own menu
        self.zooms = (self.zoom_in, self.zoom_out, self.fit, self.actual_size)
        bar = window.menuBar()
        menu = bar.addMenu(texts.FILE_MENU)
        menu.addAction(self.open)
        menu.addSeparator()
        menu.addAction(self.quit)
        menu = bar.addMenu(texts.VIEW_MENU)
        menu.addActions(self.zooms)
        menu.addSeparator()
        menu.addAction(self.overlay)
        menu.setToolTipsVisible(True)
        menu = bar.addMenu(texts.MODEL_MENU)
        menu.addAction(self.about_model)


def _action(window: QMainWindow, text: str, *keys: str) -> QAction:
    action = QAction(text, window)
    action.setShortcuts([QKeySequence(key) for key in keys])
    return action
