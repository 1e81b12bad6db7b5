"""The folders that Qt's file dialogs remember: Qt writes them to a file of its own, and the app removes them again.

That file (``QtProject``) belongs to all Qt programs of a user, so only what a dialog of this app added is taken back.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings

from acnelib.errors import StorageFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

_KEYS = ("FileDialog/history", "FileDialog/lastVisited")  # both name folders


@contextmanager
def folders_unremembered() -> Iterator[None]:
    """Leave what is remembered as it was; a file dialog belongs inside, from its making to its end."""
    before = _remembered()
    try:
        yield
    finally:
        now = _remembered()
        if now != before:
            settings = _settings()
            for key in now.keys() - before.keys():
                settings.remove(key)
            for key, value in before.items():
                settings.setValue(key, value)


def forget_folders() -> None:
    """Take out the folders that file dialogs remember, of all programs.

    Raises:
        StorageFailed: They cannot be taken out.
    """
    settings = _settings()
    if not _remembered():
        return
    for key in _KEYS:
        settings.remove(key)
    settings.sync()
    if settings.status() is not QSettings.Status.NoError:
        raise StorageFailed(f"{settings.fileName()} cannot be written: check its permissions and the free disk space")


def _remembered() -> dict[str, object]:
    settings = _settings()
    return {key: settings.value(key) for key in _KEYS if settings.contains(key)}


def _settings() -> QSettings:
    return QSettings(QSettings.Scope.UserScope, "QtProject")
