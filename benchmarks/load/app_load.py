"""The load of the desktop app for a long time: its real window, used as a person would, in a process of its own.

    python benchmarks/load/app_load.py BUNDLE FOLDER SECONDS

Opens the folder, waits for the answers, filters, sorts, changes the threshold, lays the map over photos, goes on to the
next ones, empties the list; every fifth time it closes the window and opens another. Each line on standard output is a
JSON object: what was done how often so far, and what went wrong.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, Qt, QTimer, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from gui.application import start
from gui.state.session import Shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.controllers.app import AppController

PATIENCE = 120.0
WINDOWS_EVERY = 5
PHOTOS_EACH_TIME = 5
READING = 0.3  # seconds that a person looks at something


class Problems(logging.Handler):
    """All that must not happen: warnings of Qt and of the log, exceptions that no code handles, waits without end."""

    def __init__(self) -> None:
        super().__init__(level=logging.WARNING)
        self.words: list[str] = []
        logging.getLogger().addHandler(self)
        qInstallMessageHandler(lambda _kind, _context, text: self.add(f"Qt: {text}"))
        sys.excepthook = lambda kind, error, _trace: self.add(f"{kind.__name__}: {error}")

    def add(self, words: str) -> None:
        """Note a problem, unless it is the missing feature of a platform without a screen."""
        if "propagateSizeHints" not in words:
            self.words.append(words)

    def emit(self, record: logging.LogRecord) -> None:
        """Note a warning of the log."""
        self.add(record.getMessage())


class AppLoad:
    """A person at the window."""

    def __init__(self, bundle: str, folder: Path, problems: Problems) -> None:
        self._bundle, self._folder, self._problems = bundle, folder, problems
        self.done: Counter[str] = Counter()
        self._controller = self._opened()

    def _opened(self) -> AppController:
        controller = start(self._bundle)
        self._wait(lambda: controller.model_selection.model is not None, "the model")
        self.done["windows"] += 1
        return controller

    def close(self) -> None:
        """Leave the app."""
        self._controller.window.close()
        if not self._controller.close():
            self._problems.add("a worker outlived its window")
        self._controller.window.deleteLater()
        self._controller.deleteLater()
        self._look()

    def once(self) -> None:
        """Do all of it once."""
        if self.done["folders opened"] % WINDOWS_EVERY == WINDOWS_EVERY - 1:
            self.close()
            self._controller = self._opened()
        self._open_folder()
        self._filter_and_sort()
        self._change_threshold()
        self._look_at_photos()
        self._controller.photos.clear()
        self._look()

    def _open_folder(self) -> None:
        controller, expected = self._controller, sum(1 for _ in self._folder.iterdir())
        controller.opening.open([self._folder])
        rows = controller.rows.results
        self._wait(lambda: len(rows) == expected and not rows.pending(), "the answers")
        self._wait(lambda: not controller.classification.is_busy, "the end of the batch")
        self.done["folders opened"] += 1
        self.done["photos answered"] += expected

    def _filter_and_sort(self) -> None:
        panel = self._controller.window.results
        assert panel is not None
        for field in (panel.filter_row.label, panel.filter_row.kind):
            for place in range(field.count()):
                field.setCurrentIndex(place)
                QApplication.processEvents()
        panel.filter_row.text.setText("1")
        self._look()
        panel.filter_row.clear()
        for column in (0, 2, -1):
            panel.table.sortByColumn(column, Qt.SortOrder.DescendingOrder)
        self._look()
        self.done["filters"] += 1

    def _change_threshold(self) -> None:
        threshold = self._controller.window.panel.answer.threshold
        for percent in (10, 50, 99):
            threshold.slider.setValue(percent)
            self._look()
        threshold.reset.click()
        self.done["thresholds"] += 3

    def _look_at_photos(self) -> None:
        controller = self._controller
        overlay, following = controller.window.commands.overlay, controller.window.commands.next
        for _ in range(PHOTOS_EACH_TIME):
            self._wait(lambda: controller.session.shown in {Shown.ANSWER, Shown.FAILURE}, "the open photo")
            if controller.session.shown is Shown.ANSWER and overlay.isEnabled():
                overlay.trigger()
                self._wait(lambda: controller.session.overlay is not None, "the map")
                overlay.trigger()
                self.done["maps"] += 1
            following.trigger()
            self._look()

    def _look(self) -> None:
        self._turn(READING, lambda: False)

    def _wait(self, condition: Callable[[], bool], what: str) -> None:
        if not self._turn(PATIENCE, condition):
            raise TimeoutError(f"{what} did not come within {PATIENCE:g} s")

    def _turn(self, seconds: float, condition: Callable[[], bool]) -> bool:
        """Let the window live until something is so, or for some seconds; return whether it became so."""
        loop, timer, until = QEventLoop(), QTimer(), time.monotonic() + seconds
        timer.timeout.connect(lambda: loop.quit() if condition() or time.monotonic() > until else None)
        timer.start(10)
        loop.exec()
        return condition()


def main() -> int:
    bundle, folder, seconds = sys.argv[1], Path(sys.argv[2]), float(sys.argv[3])
    application = QApplication([])
    problems = Problems()
    until = time.monotonic() + seconds
    try:
        load = AppLoad(bundle, folder, problems)
        while time.monotonic() < until:
            load.once()
            print(json.dumps({"done": load.done, "errors": problems.words}), flush=True)
        load.close()
    except TimeoutError as error:
        problems.add(str(error))
    print(json.dumps({"done": load.done, "errors": problems.words}), flush=True)
    application.quit()
    return 1 if problems.words else 0


if __name__ == "__main__":
    sys.exit(main())
