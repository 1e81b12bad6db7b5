"""The folder of results: written atomically, without overwriting other files."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from acnelib.errors import UsageError
from acnelib.storage.files import atomic_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DONE = "_SUCCESS"
"""Empty file that marks complete results; both engines write it."""

_SHOWN = 5


def check_free(folder: Path, *, overwrite: bool) -> None:
    """Refuse a folder that must not be written to.

    Raises:
        UsageError: It is a file, it exists and may not be overwritten, or it holds other files.
    """
    if not folder.exists():
        return
    if not folder.is_dir():
        raise UsageError(f"{folder} is a file: name a folder for the results")
    names = sorted(entry.name for entry in folder.iterdir())
    if foreign := [name for name in names if not _is_result(name)]:
        more = " and more" if len(foreign) > _SHOWN else ""
        raise UsageError(
            f"{folder} holds other things ({', '.join(foreign[:_SHOWN])}{more}): name a new folder for the results"
        )
    if names and not overwrite:
        raise UsageError(f"{folder} holds results already: name a new folder, or use --overwrite")


@contextlib.contextmanager
def filled_whole(folder: Path, *, overwrite: bool) -> Iterator[Path]:
    """Yield a path beside ``folder``, for a folder that takes its name only when the block ends well.

    Raises:
        UsageError: The folder must not be written to.
    """
    check_free(folder, overwrite=overwrite)
    with atomic_folder(folder) as part:
        yield part
        check_free(folder, overwrite=overwrite)  # another process may have written it


def _is_result(name: str) -> bool:
    return name.strip(".").startswith(("part-", DONE))
