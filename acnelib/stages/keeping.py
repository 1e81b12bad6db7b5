"""Results kept by the digest of their inputs, so that nothing is made twice."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from acnelib.files import PART_SUFFIX

if TYPE_CHECKING:
    from pathlib import Path

    from acnelib.stages.results import StageResult

R = TypeVar("R", bound="StageResult")

Progress = Callable[[int, int, str], None]
"""Called with how many are done, of how many, and of what."""


def silent(done: int, total: int, what: str) -> None:
    """Report progress to nobody."""


def kept_folder(folder: Path, make: Callable[[Path], None]) -> bool:
    """Fill a folder that appears whole or not at all; return False when it was there already.

    Args:
        folder: The folder.
        make: Writes the files into the folder it is given.
    """
    if folder.is_dir():
        return False
    part = folder.with_name(f".{folder.name}{PART_SUFFIX}")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    make(part)
    part.replace(folder)
    return True
