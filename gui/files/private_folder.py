"""The private folder for pictures that are not files of the user's, deleted when the app closes.

An app that is killed cannot clean up: the next one removes what it left.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from acnelib.storage.files import PRIVATE
from gui.state.wording import OWN_PICTURES

if TYPE_CHECKING:
    from filelock import BaseFileLock

_LOCK = ".in-use"
_YOUNG = 60.0  # seconds in which a folder may not have its lock yet


class PrivateFolder:
    """A temporary folder that only this user can read (0700); made when first needed, removed at exit."""

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._lock: BaseFileLock | None = None
        self._pasted = 0

    @property
    def path(self) -> Path:
        """Where it lies.

        Raises:
            OSError: It cannot be made.
        """
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix=OWN_PICTURES, ignore_cleanup_errors=True)
            self._lock = _lock_of(Path(self._folder.name))
            self._lock.acquire()
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
        if self._lock is not None:
            self._lock.release()
            self._lock = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None


def remove_stale_folders() -> int:
    """Remove this user's private folders that no running app holds; return how many.

    Raises:
        OSError: The temporary folder cannot be looked through.
    """
    with os.scandir(tempfile.gettempdir()) as entries:
        left = [Path(entry.path) for entry in entries if _is_stale(entry)]
    for folder in left:
        shutil.rmtree(folder, ignore_errors=True)
    return sum(not folder.exists() for folder in left)


def _is_stale(entry: os.DirEntry[str]) -> bool:
    from filelock import Timeout

    if not (entry.name.startswith(OWN_PICTURES) and entry.is_dir(follow_symlinks=False)):
        return False
    known = entry.stat(follow_symlinks=False)
    if time.time() - known.st_mtime < _YOUNG or (hasattr(os, "getuid") and known.st_uid != os.getuid()):
        return False
    try:
        with _lock_of(Path(entry.path)).acquire(timeout=0):
            return True
    except Timeout:
        return False


def _lock_of(folder: Path) -> BaseFileLock:
    from filelock import FileLock

    return FileLock(folder / _LOCK, thread_local=False, mode=PRIVATE)  # pictures may be drawn on a worker
