"""The app in another language, in a process of its own: prints as JSON what its window says after the first answer.

Usage: ``python german_app.py LANGUAGE MODEL PHOTO``
"""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

from acnelib.config.settings import home_of
from gui import application
from gui.state.preferences import PreferenceStore
from gui.state.session import Session, Shown

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gui.controllers.app import AppController
    from gui.window.main_window import MainWindow

start = application.start


def texts_of(controller: AppController) -> dict[str, object]:
    from PySide6.QtWidgets import QDialogButtonBox, QLabel

    from gui.help.guide import topics
    from gui.preferences.settings_dialog import SettingsDialog
    from gui.preferences.shortcuts_dialog import plain
    from gui.state import wording
    from gui.widgets.dialog_buttons import dialog_buttons

    window = controller.window
    window.resize(1280, 720)
    close, cancel = QDialogButtonBox.StandardButton.Close, QDialogButtonBox.StandardButton.Cancel
    boxes = [dialog_buttons(button) for button in (close, cancel)]
    menus = window.commands.menus
    controller.preferences.show_settings()
    settings = controller.dialogs.open[SettingsDialog]
    return {
        "menus": {menu.title(): [a.text() for a in menu.actions() if a.text()] for menu in menus},
        "keys": [[key.toString() for key in a.shortcuts()] for menu in menus for a in menu.actions()],
        "panel": "\n".join(f"{label.text()} {label.accessibleName()}" for label in window.panel.findChildren(QLabel)),
        "buttons": [box.buttons()[0].text().replace("&", "") for box in boxes],
        "numbers": [
            wording.number(1234),
            wording.decimal(0.714, digits=2),
            wording.share(0.67),
            wording.date_and_time("2026-11-30T14:05:00+00:00"),
        ],
        "controls": [*controls_of(window), *(plain(text) for text in other_controls())],
        "cut": [*cut_texts(window), *cut_texts(settings)],
        "exported": exported(controller),
        "topics": [[topic.title, topic.anchor, topic.text] for topic in topics()],
        "settings": settings.windowTitle(),
        "languages": [settings.language.itemText(index) for index in range(settings.language.count())],
        "language": settings.language.currentText(),
    }


def controls_of(window: MainWindow) -> list[str]:
    """Return the words of the menus and of the buttons of their actions."""
    from gui.preferences.shortcuts_dialog import plain

    actions = [action for menu in window.commands.menus for action in menu.actions()]
    return [plain(text) for action in actions for text in (action.text(), action.iconText())]


def exported(controller: AppController) -> list[str]:
    """Return the lines of both kinds of export that name no time."""
    from gui.files.exporting import export_csv, export_json

    rows, folder = list(controller.rows.results), home_of(os.environ)
    export_csv(folder / "table.csv", rows, threshold=None)
    export_json(folder / "table.json", rows, threshold=None)
    lines = [*(folder / "table.json").read_text("utf-8").splitlines()]
    table = (folder / "table.csv").read_text("utf-8").splitlines()
    return [line for line in lines if '_at"' not in line] + [cell for line in table for cell in line.split(",")[:10]]


def cut_texts(window: QWidget) -> list[str]:
    """Return the words of the buttons that have less room than they ask for."""
    from PySide6.QtWidgets import QAbstractButton

    shown = [button for button in window.findChildren(QAbstractButton) if button.isVisible() and button.text()]
    return [button.text() for button in shown if button.width() < button.sizeHint().width()]


def other_controls() -> list[str]:
    """Return the words of what the help names beside the menus."""
    from gui.answer import texts as answer
    from gui.picture import texts as picture
    from gui.preferences import texts as preferences
    from gui.site_check import texts as site_check
    from gui.state.overlay import OverlayStyle

    contours = picture.style(OverlayStyle.CONTOURS)
    return [answer.THRESHOLD, preferences.DELETE_ALL, preferences.SETTINGS, picture.COMPARE, contours, site_check.TITLE]


def started(*arguments: object, **options: object) -> AppController:
    controller = start(*arguments, **options)

    def changed(session: Session) -> None:
        if session.shown in {Shown.ANSWER, Shown.FAILURE}:
            controller.changed.disconnect(changed)
            try:
                sys.stdout.write(json.dumps(texts_of(controller)) + "\n")
            finally:
                application.QApplication.exit(0)

    controller.changed.connect(changed)
    return controller


if __name__ == "__main__":
    language, model, photo = sys.argv[1:]
    PreferenceStore(home_of(os.environ)).change(language=language)
    application.start = started
    sys.exit(application.main(model=model, files=[photo]))
