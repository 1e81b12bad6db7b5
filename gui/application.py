"""The desktop app from its start to its end."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from gui import texts
from gui.controller import Controller
from gui.main_window import MainWindow
from gui.results import Results
from gui.results_model import ResultsModel
from gui.screen import why_no_window
from gui.startup_trace import StartupTrace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gui.work import ModelLoader


def main(model: str = "production", *, files: Sequence[str | Path] = (), trace_startup: bool = False) -> int:
    """Run the desktop app until its window is closed; return the exit code.

    Args:
        model: ``production``, ``staging``, the number of a version, or the folder of a bundle.
        files: Photos to open; the first is shown.
        trace_startup: Print when the window, the model and the first answer were there; given a photo, leave
            after its answer.
    """
    if reason := why_no_window(os.environ):
        sys.stderr.write(f"{reason}\n")
        return 1
    application = QApplication.instance() or QApplication([texts.APPLICATION])
    application.setApplicationName(texts.APPLICATION)
    QApplication.setWindowIcon(QIcon(str(Path(__file__).with_name("icon.png"))))
    controller = start(model, files=files, trace_startup=trace_startup)
    with _interruptible():
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
    if trace_startup:
        leave = QApplication.exit if files else None
        trace = StartupTrace(controller, out=sys.stdout, err=sys.stderr, leave=leave)
        window.painted.connect(trace.window_painted)
        controller.changed.connect(trace.session_changed)
    # The workers begin after the first painting, so that nothing competes with it.
    window.painted.connect(controller.keeper.start)
    window.painted.connect(controller.comfort.restore_rows)
    if files:
        window.painted.connect(lambda: controller.opening.open([Path(file) for file in files]))
    controller.comfort.restore_window()
    window.show()
    return controller


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Let Ctrl+C in the terminal end the app: Python's own handler would wait for Qt to return."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
