"""Choice of photos: those that a user names, and those of the same groups."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from acnelib.dataset.splitting import Split
from acnelib.errors import UsageError
from acnelib.storage.files import sha256_of_file
from acnelib.storage.latest_split import LatestSplit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from acnelib.storage.workspace import Workspace

FEWEST_DIGITS = 12
"""Minimum length of a shortened hash."""


def choose_photos(texts: Iterable[str], workspace: Workspace, *, group: bool) -> tuple[set[str], set[str]]:
    """Return the named photos, and other photos of the same groups.

    Args:
        texts: Files, or hexadecimal SHA-256, whole or their first digits.
        workspace: The working folder.
        group: Include the others in the named ones.

    Raises:
        UsageError: A text is neither a file nor a hash, or its digits match no photo or several.
    """
    paths = (latest.path(workspace) for latest in LatestSplit.all_in(workspace))
    splits = [Split.read(path) for path in paths if path]
    chosen = {_photo_named(text, workspace, splits) for text in texts}
    tied = _tied(chosen, splits)
    return (chosen | tied, set()) if group else (chosen, tied)


def _photo_named(text: str, workspace: Workspace, splits: Sequence[Split]) -> str:
    """Return the hash of the photo that a user names; an existing file wins."""
    path, digits = Path(text).expanduser(), text.lower()
    if path.is_file():
        return sha256_of_file(path)
    if path.is_dir():
        raise UsageError(f"{text!r} is a folder: name the photos in it")
    if not re.fullmatch(f"[0-9a-f]{{{FEWEST_DIGITS},64}}", digits):
        raise UsageError(
            f"{text!r} is neither a file nor a SHA-256: name a file, or the 64 digits of a hash, "
            f"or at least the first {FEWEST_DIGITS} of a photo in the working folder"
        )
    if len(digits) == 64:
        return digits
    known = {*workspace.images, *workspace.withdrawals.photos}.union(*(split.photos for split in splits))
    fitting = [sha256 for sha256 in known if sha256.startswith(digits)]
    if len(fitting) != 1:
        what = f"{len(fitting)} photos of {workspace.root} begin" if fitting else f"no photo of {workspace.root} begins"
        raise UsageError(f"{what} with {text!r}: write all 64 digits of the SHA-256, or name the file")
    return fitting[0]


def _tied(photos: Collection[str], splits: Sequence[Split]) -> set[str]:
    """Return the photos that the groups of any split tie to these, directly or through others."""
    tied, fresh = set(photos), set(photos)
    while fresh:
        found: set[str] = set()
        for split in splits:
            groups = {split.photos[sha256].group for sha256 in fresh if sha256 in split.photos}
            found.update(sha256 for sha256, photo in split.photos.items() if photo.group in groups)
        fresh = found - tied
        tied |= fresh
    return tied - set(photos)
