"""Work that tests keep a worker busy with."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gui.background import Worker


class Gate:
    """What a worker is busy with until it may go on."""

    def __init__(self, worker: Worker) -> None:
        self.opened = threading.Event()
        worker.submit(self)

    def run(self) -> None:
        assert self.opened.wait(20)
