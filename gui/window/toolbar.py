"""The toolbar: the most frequent actions, as buttons with text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QToolBar

from gui.widgets.icons import export_icon, folder_icon, grid_icon, model_icon, photo_icon, review_icon
from gui.window import texts

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gui.window.actions import Actions


class Toolbar(QToolBar):
    """Buttons of actions that the menus have, too."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(texts.TOOLBAR, parent)
        self.setObjectName("tools")  # by which the window remembers where it was
        self.setMovable(False)
        self.toggleViewAction().setVisible(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        side = self.fontMetrics().height() + 2
        self.setIconSize(QSize(side + 5, side))
        icons = {
            actions.open: photo_icon(),
            actions.open_folder: folder_icon(),
            actions.export: export_icon(),
            actions.grid: grid_icon(),
            actions.choose_model: model_icon(),
            actions.review.toggle: review_icon(),
        }
        for action, icon in icons.items():
            action.setIcon(icon)
            action.setIconVisibleInMenu(False)
        self.addActions([actions.open, actions.open_folder])
        self.addSeparator()
        self.addActions([actions.review.toggle, actions.grid, actions.export])
        self.addSeparator()
        self.addAction(actions.choose_model)
        for button in (self.widgetForAction(action) for action in icons):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a toolbar is left out otherwise
