"""All that the app has stored on this machine: how much it is, and its deletion; without Qt.

Photos, what was learnt from them and the embedded stack are not the app's, and are never touched.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from acnelib.errors import AcneError
from gui.preferences import texts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from acnelib.config.settings import Settings
    from gui.preferences.store import PreferenceStore
    from gui.state.history import History

_LOCK = "cache.lock"
# What the cache makes, and nothing else: somebody may have named a folder that holds other things, too.
_OF_THE_CACHE = ("bundles/" + 64 * "[0-9a-f]", "servers/" + 16 * "[0-9a-f]")
_UNFINISHED = ".bundle.*.part"


@dataclass(frozen=True, kw_only=True)
class DeletionOutcome:
    """What became of a deletion.

    Attributes:
        deleted: What is gone, in words.
        left: What is not, in words, each with the reason.
    """

    deleted: tuple[str, ...] = ()
    left: tuple[tuple[str, str], ...] = ()


def cache_size(root: Path) -> int:
    """Return how many bytes the downloaded models take."""
    files = (path for pattern in _OF_THE_CACHE for folder in root.glob(pattern) for path in folder.rglob("*"))
    return sum(path.lstat().st_size for path in files if path.is_file())


def clear_cache(root: Path) -> None:
    """Delete the downloaded models, and what their servers said of them.

    Raises:
        OSError: Something cannot be deleted, the rest is gone; a TimeoutError while a model is being downloaded.
    """
    from filelock import FileLock

    if not root.is_dir():
        return
    failures = []
    with FileLock(root / _LOCK, timeout=2):
        for folder in [each for pattern in (*_OF_THE_CACHE, _UNFINISHED) for each in root.glob(pattern)]:
            try:
                shutil.rmtree(folder)
            except OSError as error:
                failures.append(error)
    if failures:
        raise failures[0]


def delete_everything(
    load: Callable[[], Settings],
    *,
    preferences: PreferenceStore,
    history: History,
    more: Sequence[tuple[str, Callable[[], object]]] = (),
) -> DeletionOutcome:
    """Delete all that the app has stored, as far as that can be done; one failure keeps nothing else from going.

    Args:
        load: Says where things are; what it raises keeps back only what depends on that.
        preferences: They write nothing by the way any more.
        history: The list of photos.
        more: What else there is, in words, each with what deletes it.
    """
    steps: list[tuple[str, Callable[[], object]]] = [
        (texts.STORED_PREFERENCES, preferences.delete),  # first: from then on, no other window keeps a list either
        (texts.STORED_HISTORY, history.delete),
        (texts.STORED_MODELS, lambda: clear_cache(load().cache)),
        *more,
    ]
    deleted, left = [], []
    for what, delete in steps:
        try:
            delete()
        except (OSError, AcneError) as error:
            left.append((what, _reason(error)))
        else:
            deleted.append(what)
    return DeletionOutcome(deleted=tuple(deleted), left=tuple(left))


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return texts.BUSY_CACHE
    reason = getattr(error, "strerror", None) or str(error)
    path = getattr(error, "filename", None)
    return f"{path}: {reason}" if path else str(reason)
