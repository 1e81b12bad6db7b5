"""Files of another user, whether the tests run as root or not: a plugin of all tests."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STRANGER = 4242


@pytest.fixture
def give_away(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], Path]:
    """Let a file or folder belong to another user; without root's rights, only in the eyes of this process."""
    given: set[tuple[int, int]] = set()

    def give(path: Path) -> Path:
        if os.geteuid() == 0:
            os.chown(path, STRANGER, -1, follow_symlinks=False)
            return path
        status = path.lstat()
        given.add((status.st_dev, status.st_ino))
        monkeypatch.setattr("acnelib.storage.trust._owner_of", owner_of)
        return path

    def owner_of(status: os.stat_result) -> int:
        return STRANGER if (status.st_dev, status.st_ino) in given else status.st_uid

    return give
