"""Checks of folders and disks."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from acnelib.config.luigi_files import foreign_variables, worker_options
from acnelib.doctor.check_result import CheckResult, failed, ok, skipped, warning
from acnelib.errors import SettingsInvalid
from acnelib.runs.notifications import Webhook
from acnelib.text.formatting import format_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from acnelib.config.settings import Settings

_LONGEST_NAME = 255  # bytes, in nearly all file systems

MIN_FREE_BYTES = 2_000_000_000
"""Free bytes below which a training may fill the disk."""


def writable_folders(settings: Settings) -> Iterator[CheckResult]:
    """Check whether home, cache and working folder can be written or created."""
    for name, folder, variable in (
        ("home", settings.home, "ACNE_HOME"),
        ("cache", settings.cache, "ACNE_CACHE"),
        ("working folder", settings.workdir, "ACNE_WORKDIR"),
    ):
        if too_long := [part for part in folder.parts if len(os.fsencode(part)) > _LONGEST_NAME]:
            yield failed(name, f"{too_long[0][:40]}… is too long for a name", f"set {variable} to a shorter name")
            continue
        here = _nearest(folder)
        remedy = f"correct that, or set {variable} to another folder"
        if not here.is_dir():
            yield failed(name, f"{here} is a file, not a folder", remedy)
        elif not _takes_files(here):
            yield failed(name, f"{here} is not writable", remedy)
        else:
            yield ok(name, str(folder) if here == folder else f"{folder} (will be created)")


def disk_space(settings: Settings) -> Iterator[CheckResult]:
    """Check the free space where photos, embeddings and models grow."""
    stack = settings.stack_choice().folder
    for name, folder in (("space for the working folder", settings.workdir), ("space for the stack", stack)):
        if any(len(os.fsencode(part)) > _LONGEST_NAME for part in folder.parts):
            continue
        free = shutil.disk_usage(_nearest(folder)).free
        detail = f"{format_bytes(free)} free at {folder}"
        if free < MIN_FREE_BYTES:
            remedy = "free space (`acne prune --keep 3 --dry-run` shows what old versions take), or set ACNE_WORKDIR"
            yield warning(name, detail, f"{remedy} and ACNE_STACK to folders on another disk")
        else:
            yield ok(name, detail)


def webhook(settings: Settings) -> CheckResult:
    """Check the address and the secret of the webhook; nothing is sent."""
    try:
        found = Webhook.of(settings)
    except SettingsInvalid as error:
        return failed("webhook", error, "correct that, and try it with `acne notify`")
    return ok("webhook", found.place) if found else skipped("webhook", "none is set")


def luigi_configuration(environ: Mapping[str, str] | None = None, *, cwd: Path | None = None) -> CheckResult:
    """Check what Luigi's own files and variables ask for."""
    title, environ, cwd = "Luigi's configuration", os.environ if environ is None else environ, cwd or Path.cwd()
    try:
        ignored = [*worker_options(environ, cwd), *foreign_variables(environ)]
    except SettingsInvalid as error:
        return failed(title, error, "correct that file, or run `acne` in another folder")
    if ignored:
        return warning(
            title,
            f"{', '.join(ignored)}: not used by `acne pipeline`",
            "remove that before you run `luigi --module luigi_tasks`, which it may break",
        )
    return ok(title, "nothing in it disturbs a run")


def _takes_files(folder: Path) -> bool:
    """Return whether a file can be made in a folder; the file is nameless, and gone at once."""
    try:
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        return False
    return True


def _nearest(folder: Path) -> Path:
    """Return the folder, or what exists nearest above it."""
    return next(path for path in (folder, *folder.parents) if path.exists())
