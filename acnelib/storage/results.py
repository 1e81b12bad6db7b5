"""Results kept by the digest of their inputs, so that nothing is made twice."""

from __future__ import annotations

import secrets
import shutil
from typing import TYPE_CHECKING

from acnelib.storage.files import PART_SUFFIX, failures_named

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def build_once(folder: Path, make: Callable[[Path], None]) -> bool:
    """Fill a folder that appears whole or not at all; return False when it was there already.

    Args:
        folder: The folder.
        make: Writes the files into the folder it is given.
    """
    if folder.is_dir():
        return False
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}{PART_SUFFIX}")
    part.mkdir()
    try:
        with failures_named(folder):
            make(part)
            part.replace(folder)
    except OSError:
        if not folder.is_dir():  # else another process made the same meanwhile, and its work is as good
            raise
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return True
