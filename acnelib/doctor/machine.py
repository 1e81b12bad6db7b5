"""Checks of folders and disks."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from acnelib.doctor.check_result import CheckResult, failed, ok, warning
from acnelib.text.formatting import format_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from acnelib.config.settings import Settings

MIN_FREE_BYTES = 2_000_000_000
"""Free bytes below which a training may fill the disk."""


def writable_folders(settings: Settings) -> Iterator[CheckResult]:
    """Check whether home, cache and working folder can be written or created."""
    for name, folder, variable in (
        ("home", settings.home, "ACNE_HOME"),
        ("cache", settings.cache, "ACNE_CACHE"),
        ("working folder", settings.workdir, "ACNE_WORKDIR"),
    ):
        here = _nearest(folder)
        remedy = f"correct that, or set {variable} to another folder"
        if not here.is_dir():
            yield failed(name, f"{here} is a file, not a folder", remedy)
        elif not os.access(here, os.W_OK | os.X_OK):
            yield failed(name, f"{here} is not writable", remedy)
        else:
            yield ok(name, str(folder) if here == folder else f"{folder} (will be created)")


def disk_space(settings: Settings) -> Iterator[CheckResult]:
    """Check the free space where photos, embeddings and models grow."""
    stack = settings.stack_choice().folder
    for name, folder in (("space for the working folder", settings.workdir), ("space for the stack", stack)):
        free = shutil.disk_usage(_nearest(folder)).free
        detail = f"{format_bytes(free)} free at {folder}"
        if free < MIN_FREE_BYTES:
            remedy = "free space (`acne prune --keep 3 --dry-run` shows what old versions take), or set ACNE_WORKDIR"
            yield warning(name, detail, f"{remedy} and ACNE_STACK to folders on another disk")
        else:
            yield ok(name, detail)


def _nearest(folder: Path) -> Path:
    """Return the folder, or what exists nearest above it."""
    return next(path for path in (folder, *folder.parents) if path.exists())
