"""The folders in which file dialogs start; without Qt."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def _is_never_own(_path: Path) -> bool:
    return False


class DialogFolders:
    """Beside the open photo, or where something was chosen last, or at home.

    Never among the pictures that the app made itself: these are gone with it, and so would be all that was put there.
    """

    def __init__(self, *, is_own: Callable[[Path], bool] = _is_never_own) -> None:
        """Begin at home.

        Args:
            is_own: Tells whether a picture is the app's own.
        """
        self._is_own = is_own
        self._last: Path | None = None

    def beside(self, photo: Path | None) -> Path:
        """Return the folder in which to begin while a photo is open, or None is."""
        if photo is not None and not self._is_own(photo):
            return photo.parent
        return self._last or Path.home()

    def remember_file(self, file: Path) -> None:
        """Take note of a file that was chosen."""
        if not self._is_own(file):
            self._last = file.parent

    def remember_folder(self, folder: Path) -> None:
        """Take note of a folder that was chosen."""
        self._last = folder
