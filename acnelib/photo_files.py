"""What a path that somebody hands over means: a file is itself, a folder is what lies below it."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, kw_only=True)
class Expanded:
    """Files that were found.

    Attributes:
        files: Those that were named, and those below the folders that were named; in the order of the names.
        problems: What could not be looked into, or holds nothing: sentences that name it and say what to do.
    """

    files: tuple[Path, ...]
    problems: tuple[str, ...] = ()


def expand(paths: Iterable[str | Path]) -> Expanded:
    """Find the files that paths mean; takes as long as the file system does.

    A path that is no folder is kept whatever it is: whoever reads it says what is wrong with it. A folder means every
    regular file below it, sorted, that is neither hidden nor in a hidden folder. Links to files are followed, links to
    folders only where they are named, so that no loop can be entered.
    """
    files: list[Path] = []
    problems: list[str] = []
    for path in map(Path, paths):
        if _is_folder(path):
            found = _below(path, problems)
            files += found
        else:
            files.append(path)
    return Expanded(files=tuple(files), problems=tuple(problems))


def _below(top: Path, problems: list[str]) -> list[Path]:
    closed: dict[str, str] = {}

    def refused(error: OSError) -> None:
        closed.setdefault(os.fsdecode(error.filename or top), error.strerror or "unknown reason")

    found = []
    for folder, folders, names in os.walk(top, onerror=refused):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if name.startswith("."):
                continue
            file = Path(folder, name)
            try:
                if stat.S_ISREG(file.stat().st_mode):
                    found.append(file)
            except FileNotFoundError:
                continue  # a link to nothing, or gone since
            except OSError as error:
                closed.setdefault(folder, error.strerror or "unknown reason")
    problems += [f"{folder} cannot be read ({reason}): check its permissions" for folder, reason in closed.items()]
    if not found and not closed:
        problems.append(f"{top} holds no file that is not hidden: name a folder of photos")
    return sorted(found)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # it cannot be asked: whoever reads it will say why
        return False
