"""The one walk through a folder: which files lie below it, and what else does."""

from __future__ import annotations

import errno
import os
import stat
from collections import deque
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from acnelib.text.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

LITTER = frozenset(
    {
        *("thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", "$recycle.bin", "system volume information"),
        *("__macosx", "@eadir", "#recycle", "@recycle", "@recently-snapshot", "lost+found", "__pycache__"),
    }
)
"""Names of files that file managers and systems leave behind, in lower case; hidden files are extra."""

_SPECIAL = {
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


class LeftOutKind(StrEnum):
    """Kinds of left-out files, in the words of a summary; the most important first."""

    UNREADABLE = "unreadable"
    EMPTY = "empty"
    UNNAMEABLE = "with a name that is not UTF-8"
    NOWHERE = "linked to nothing"
    AGAIN = "linked again"
    SPECIAL = "no file"
    MISPLACED = "misplaced"


@dataclass(frozen=True)
class LeftOut:
    """Something met on a walk that is not among its files.

    Attributes:
        path: Its exact path; texts show it with invisible characters escaped.
        reason: Why it was left out: the rest of a sentence that begins with the path, without a full stop.
        kind: What it is counted by.
    """

    path: str
    reason: str
    kind: LeftOutKind = field(default=LeftOutKind.UNREADABLE, kw_only=True)

    def __str__(self) -> str:
        """Return the sentence."""
        return f"{visible(self.path)} {self.reason}"

    def below(self, folder: Path) -> LeftOut:
        """Return the same with its path joined to the folder's that was walked through."""
        path = str(folder)
        return replace(self, path=path if self.path == "." else f"{path.rstrip('/')}/{self.path}")


def is_litter(name: str) -> bool:
    """Say whether a file or folder is hidden, or one that a file manager left behind."""
    return name.startswith(".") or name.casefold() in LITTER


class Walk:
    """A walk through a folder.

    Every regular file counts that is neither hidden nor litter, nor in such a folder. Links to files are followed.
    Links to folders are followed after all folders that are none, so that a photo counts at its real place; each
    real folder is entered once, and none that holds the folder walked through: no loop is entered and no file of a
    folder counts twice.

    Attributes:
        left_out: What was left out, ordered by path, each relative to the folder; to be looked at after :meth:`files`.
        hidden: How many hidden files and folders and litter were passed over; what lies in such a folder is not
            counted.
        folders: Paths of the folders below it that were entered or tried, relative to it; likewise.
        folders_at_top: Names of the folders just below it, sorted, entered or not.
    """

    def __init__(self, top: Path) -> None:
        self.top = top
        self.hidden = 0
        self.folders: list[str] = []
        self._left_out: dict[str, LeftOut] = {}
        self._folders_at_top: set[str] = set()
        self._links: deque[str] = deque()
        self._entered: set[tuple[int, int]] = set()

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """The left-out files and folders, ordered by path."""
        return tuple(self._left_out[path] for path in sorted(self._left_out))

    @property
    def folders_at_top(self) -> tuple[str, ...]:
        """Names of the folders just below the top, sorted."""
        return tuple(sorted(self._folders_at_top))

    def files(self) -> Iterator[Path]:
        """Yield the path of every file relative to the folder, in no particular order; to be called once."""
        above = self._above()
        yield from self._below("")
        while self._links:
            link = self._links.popleft()
            state = self._state(link)
            if state is None:
                continue
            if _identity(state) in above:
                self._leave_out(link, "is a link to a folder that holds it, a loop", LeftOutKind.AGAIN)
            elif _identity(state) in self._entered:
                self._leave_out(link, "is a link to a folder that was read already", LeftOutKind.AGAIN)
            else:
                yield from self._below(link)

    def _above(self) -> set[tuple[int, int]]:
        """Return the identities of the folder and of those that hold it."""
        found = set()
        real = Path(os.path.realpath(self.top))
        for folder in (real, *real.parents):
            try:
                found.add(_identity(folder.stat()))
            except OSError:  # nothing can lead to it either
                continue
        return found

    def _below(self, start: str) -> Iterator[Path]:
        waiting = [start]
        while waiting:
            folder = waiting.pop()
            state = self._state(folder)
            if state is None or (_identity(state) in self._entered and folder):
                continue
            self._entered.add(_identity(state))
            self.folders += [folder] if folder else []
            for name in self._names(folder):
                path = f"{folder}/{name}" if folder else name
                mode = self._mode(path, folder)
                if mode is None:
                    continue
                if stat.S_ISREG(mode):
                    yield Path(path)
                elif not stat.S_ISDIR(mode):  # opening a pipe or a device could wait for ever
                    self._leave_out(
                        path, f"is {_SPECIAL.get(stat.S_IFMT(mode), 'of a special kind')}", LeftOutKind.SPECIAL
                    )
                else:
                    if not folder:
                        self._folders_at_top.add(name)
                    if self._is_link(path):
                        self._links.append(path)
                    else:
                        waiting.append(path)

    def _names(self, folder: str) -> list[str]:
        """Return the names in a folder that are neither hidden nor litter, and can be written."""
        try:
            with os.scandir(self.top / folder) as entries:
                names = sorted(entry.name for entry in entries)
        except OSError as error:
            self._unreadable(folder or ".", error)
            return []
        kept = []
        for name in names:
            if is_litter(name):
                self.hidden += 1
            elif name.encode("utf-8", errors="replace").decode("utf-8") != name:
                path = f"{folder}/{name}" if folder else name
                self._leave_out(path, "has a name that is not valid UTF-8: rename it", LeftOutKind.UNNAMEABLE)
            else:
                kept.append(name)
        return kept

    def _mode(self, path: str, folder: str) -> int | None:
        try:
            return (self.top / path).stat().st_mode
        except FileNotFoundError:
            if self._is_link(path):  # otherwise it has gone since
                self._leave_out(path, "is a link that leads nowhere", LeftOutKind.NOWHERE)
        except PermissionError as error:
            # A folder that can be listed and not entered would report the same for everything in it.
            self._unreadable(path if self._is_link(path) else folder or ".", error)
        except OSError as error:
            if error.errno == errno.ELOOP:
                self._leave_out(path, "is a link that leads to itself", LeftOutKind.NOWHERE)
            else:
                self._unreadable(path, error)
        return None

    def _is_link(self, path: str) -> bool:
        try:
            return (self.top / path).is_symlink()
        except OSError:  # its folder cannot be entered
            return False

    def _state(self, folder: str) -> os.stat_result | None:
        try:
            return (self.top / folder).stat()
        except OSError as error:
            self._unreadable(folder or ".", error)
            return None

    def _unreadable(self, path: str, error: OSError) -> None:
        reason = error.strerror or type(error).__name__
        self._leave_out(path, f"cannot be read ({reason}): check its permissions", LeftOutKind.UNREADABLE)

    def _leave_out(self, path: str, reason: str, kind: LeftOutKind) -> None:
        self._left_out.setdefault(path, LeftOut(path, reason, kind=kind))


def _identity(state: os.stat_result) -> tuple[int, int]:
    """Return what is the same for two paths of one folder."""
    return state.st_dev, state.st_ino
