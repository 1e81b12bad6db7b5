"""Folders and disks."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from acnelib.doctor.check_result import CheckResult, failed, ok, warning
from acnelib.errors import SettingsInvalid
from acnelib.text.formatting import format_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from acnelib.config.settings import Settings

LITTLE_SPACE = 2_000_000_000
"""Bytes below which a training may fill the disk."""


def settings_files(settings: Settings) -> CheckResult:
    """Probe whether the files of settings can be read; whether settings.toml can, loading the settings has shown."""
    try:
        record = settings.stack_record()
    except SettingsInvalid as error:
        return failed("settings", error, "delete that file and run `acne up`")
    stack = f"embedded stack in {record.get('directory')}" if record else "no embedded stack was started yet"
    return ok("settings", f"{settings.home}; {stack}")


def writable_folders(settings: Settings) -> Iterator[CheckResult]:
    """Probe whether home, cache and working folder can be written, or made."""
    for name, folder, variable in (
        ("home", settings.home, "ACNE_HOME"),
        ("cache", settings.cache, "ACNE_CACHE"),
        ("working folder", settings.workdir, "ACNE_WORKDIR"),
    ):
        here = _nearest(folder)
        remedy = f"mend that, or set {variable} to another folder"
        if not here.is_dir():
            yield failed(name, f"{here} is a file where a folder is needed", remedy)
        elif not os.access(here, os.W_OK | os.X_OK):
            yield failed(name, f"{here} cannot be written", remedy)
        else:
            yield ok(name, str(folder) if here == folder else f"{folder} (will be made)")


def disk_space(settings: Settings) -> Iterator[CheckResult]:
    """Probe the free space where photos, embeddings and models grow."""
    for name, folder in (("space for the working folder", settings.workdir), ("space for the stack", settings.stack)):
        free = shutil.disk_usage(_nearest(folder)).free
        detail = f"{format_bytes(free)} free at {folder}"
        if free < LITTLE_SPACE:
            remedy = "free some (`acne prune --keep 3 --dry-run` tells what old versions take), or set ACNE_WORKDIR"
            yield warning(name, detail, f"{remedy} and ACNE_STACK to folders elsewhere")
        else:
            yield ok(name, detail)


def _nearest(folder: Path) -> Path:
    """Return the folder, or what exists nearest above it."""
    return next(path for path in (folder, *folder.parents) if path.exists())
