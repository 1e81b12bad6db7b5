"""The desktop app from its start to its end."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from acnelib.text.visible import log_visibly, visible
from gui.interruption import closed_by_signals
from gui.photos.table_model import ResultsModel
from gui.screen import why_no_window
from gui.startup_trace import StartupTrace
from gui.state.results import Results
from gui.window import texts as window_texts
from gui.window.controller import Controller
from gui.window.main_window import MainWindow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.work import ModelLoader

_SIGNALLED = 128  # to which the number of a signal is added, as shells have it


def main(model: str = "production", *, files: Sequence[str | Path] = (), trace_startup: bool = False) -> int:
    """Run the desktop app until its window is closed; return the exit code.

    Args:
        model: ``production``, ``staging``, the number of a version, or the folder of a bundle.
        files: Photos and folders to open, absolute or as seen from the current folder; the first photo is shown.
        trace_startup: Print when the window, the model and the first answer were there; given a photo, leave
            after its answer.
    """
    log_visibly(level=logging.WARNING)
    if reason := why_no_window(os.environ):
        sys.stderr.write(f"{visible(reason)}\n")
        return 1
    application = QApplication.instance() or QApplication([window_texts.APPLICATION])
    application.setApplicationName(window_texts.APPLICATION)
    QApplication.setWindowIcon(QIcon(str(Path(__file__).with_name("icon.png"))))
    controller = start(model, files=files, trace_startup=trace_startup)
    with closed_by_signals(lambda number: QApplication.exit(_SIGNALLED + number)):
        code = application.exec()
        controller.window.close()
        controller.close()
    return code


def start(
    model: str,
    *,
    files: Sequence[str | Path] = (),
    trace_startup: bool = False,
    loader: ModelLoader | None = None,
) -> Controller:
    """Show the window and let the work begin; see :func:`main`."""
    rows = ResultsModel(Results())
    window = MainWindow(rows)
    controller = Controller(window, rows, model=model, loader=loader)
    controller.writing.spare(lambda: [row.path for row in rows.results])
    # Before anybody changes to another folder, and as the next session will still understand them.
    paths = [Path(file).absolute() for file in files]
    if trace_startup:
        leave = QApplication.exit if files else None
        trace = StartupTrace(controller, out=sys.stdout, err=sys.stderr, leave=leave)
        window.painted.connect(trace.window_painted)
        controller.changed.connect(trace.session_changed)
    # The workers begin after the first painting, so that nothing competes with it.
    window.painted.connect(controller.keeper.start)
    window.painted.connect(controller.comfort.restore_rows)
    if paths:
        window.painted.connect(lambda: controller.opening.open(paths))
    window.painted.connect(controller.opening.remove_left_behind)  # on the same worker, so photos go first
    controller.comfort.restore_window()
    window.show()
    return controller
