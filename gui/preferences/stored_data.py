"""The data that the app stores on this computer, its size and its deletion; without Qt.

Photos, training results and the embedded stack are not the app's, and are never touched.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from acnelib.errors import AcneError, StorageFailed
from acnelib.storage.files import PRIVATE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from acnelib.config.settings import Settings
    from gui.state.history import History
    from gui.state.preferences import PreferenceStore

_LOCK = "cache.lock"
# What the cache makes, and nothing else: the folder may have been configured, and hold other things too.
_OF_THE_CACHE = ("bundles/" + 64 * "[0-9a-f]", "servers/" + 16 * "[0-9a-f]")
_UNFINISHED = ".bundle.*.part"


class StoredItem(StrEnum):
    """A kind of data that the app stores."""

    PREFERENCES = "preferences"
    HISTORY = "history"
    MODELS = "models"
    SERVER = "server"
    FOLDERS = "folders"


@dataclass(frozen=True, kw_only=True)
class DeletionOutcome:
    """The outcome of a deletion.

    Attributes:
        deleted: What was deleted.
        left: What was not, each with the reason.
    """

    deleted: tuple[StoredItem, ...] = ()
    left: tuple[tuple[StoredItem, str], ...] = ()


def cache_size(root: Path) -> int:
    """Return how many bytes the downloaded models take."""
    files = (path for pattern in _OF_THE_CACHE for folder in root.glob(pattern) for path in folder.rglob("*"))
    return sum(path.lstat().st_size for path in files if path.is_file())


def clear_cache(root: Path) -> None:
    """Delete the downloaded models, and the cached answers of their servers.

    Raises:
        StorageFailed: Something cannot be deleted, while the rest is; or a model is being downloaded.
    """
    from filelock import FileLock, Timeout

    if not root.is_dir():
        return
    failures = []
    try:
        with FileLock(root / _LOCK, timeout=2, mode=PRIVATE):
            for folder in [each for pattern in (*_OF_THE_CACHE, _UNFINISHED) for each in root.glob(pattern)]:
                try:
                    shutil.rmtree(folder)
                except OSError as error:
                    failures.append(error)
    except Timeout as error:
        raise StorageFailed("a model is being downloaded: try again in a moment") from error
    if failures:
        raise StorageFailed(
            f"{failures[0].filename} cannot be deleted ({failures[0].strerror}): check its permissions"
        ) from failures[0]


def delete_everything(
    load: Callable[[], Settings],
    *,
    preferences: PreferenceStore,
    history: History,
    more: Sequence[tuple[StoredItem, Callable[[], object]]] = (),
) -> DeletionOutcome:
    """Delete all that the app stores; what cannot be deleted keeps nothing else from being deleted.

    Args:
        load: Returns the settings; what it raises holds back only what depends on them.
        preferences: They write nothing in passing any more.
        history: The list of photos.
        more: What else there is, each with what deletes it.
    """
    steps: list[tuple[StoredItem, Callable[[], object]]] = [
        (StoredItem.PREFERENCES, preferences.delete),  # first: from then on, no other window keeps a list either
        (StoredItem.HISTORY, history.delete),
        (StoredItem.MODELS, lambda: clear_cache(load().cache)),
        *more,
    ]
    deleted, left = [], []
    for item, delete in steps:
        try:
            delete()
        except (OSError, AcneError) as error:
            left.append((item, _reason(error)))
        else:
            deleted.append(item)
    return DeletionOutcome(deleted=tuple(deleted), left=tuple(left))


def _reason(error: Exception) -> str:
    reason = getattr(error, "strerror", None) or str(error)
    path = getattr(error, "filename", None)
    return f"{path}: {reason}" if path else str(reason)
