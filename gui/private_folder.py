"""A folder of the app's own for pictures that are not files of the user's, gone when the app is."""

from __future__ import annotations

import tempfile
from pathlib import Path


class PrivateFolder:
    """A temporary folder that only this user can read (0700); made when first needed, removed at exit."""

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._pasted = 0

    @property
    def path(self) -> Path:
        """Where it lies.

        Raises:
            OSError: It cannot be made.
        """
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="acnelib-pictures-", ignore_cleanup_errors=True)
        return Path(self._folder.name)

    def next_pasted(self, name: str) -> Path:
        """Return where the next pasted picture goes; ``name`` has a place for its number: ``Picture {}.png``."""
        self._pasted += 1
        return self.path / name.format(self._pasted)

    def holds(self, path: Path) -> bool:
        """Tell whether a file lies in it."""
        return self._folder is not None and Path(self._folder.name) in path.parents

    def remove(self) -> None:
        """Remove it with all that lies in it."""
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None
