"""The desktop app, from its start to its end.

The window and its texts are imported after the language was chosen, and so within functions.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from acnelib.config.settings import home_of
from acnelib.ending_signals import exit_code
from acnelib.text.visible import log_visibly, visible
from gui.interruption import closed_by_signals
from gui.screen import display_problem
from gui.startup_trace import StartupTrace
from gui.state.preferences import PreferenceStore
from gui.state.results import Results
from gui.state.review_session import QueueOrder
from gui.translation import translate_qt, use_language
from gui.widgets.style import refine

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gui.controllers.app import AppController
    from gui.work import ModelLoader

_STARTED_AFTER = 2_000  # milliseconds


def main(
    model: str = "production",
    *,
    files: Sequence[str | Path] = (),
    review: str | None = None,
    trace_startup: bool = False,
) -> int:
    """Run the desktop app until its window is closed; return the exit code.

    Args:
        model: ``production``, ``staging``, the number of a version, or the folder of a bundle.
        files: Photos and folders to open, absolute or as seen from the current folder; the first photo is shown.
        review: Order in which these photos are to be reviewed, a value of ``QueueOrder``; None: they are not.
        trace_startup: Print when the window, the model and the first answer were there; given a photo, leave
            after its answer.
    """
    log_visibly(level=logging.WARNING)
    if reason := display_problem(os.environ):
        sys.stderr.write(f"{visible(reason)}\n")
        return 1
    with _garbage_collector_paused():
        return _run(model, files=files, review=review, trace_startup=trace_startup)


def _run(model: str, *, files: Sequence[str | Path], review: str | None, trace_startup: bool) -> int:
    preferences = PreferenceStore(home_of(os.environ)).load()
    use_language(preferences.language)
    application = _application()
    QTimer.singleShot(_STARTED_AFTER, _resume_garbage_collector)
    translate_qt(application)
    refine(application)
    QApplication.setWindowIcon(QIcon(str(Path(__file__).with_name("icon.png"))))
    _use_text_size(preferences.text_size)
    controller = start(model, files=files, review=review, trace_startup=trace_startup)
    with closed_by_signals(lambda number: QApplication.exit(exit_code(number))):
        code = application.exec()
        controller.window.close()
        controller.close()
    return code


@contextmanager
def _garbage_collector_paused() -> Iterator[None]:
    """Keep the garbage collector off until the app has started.

    Nearly all that is made until then stays for as long as the app, so looking through it again and again is in vain.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _resume_garbage_collector() -> None:
    gc.freeze()
    gc.enable()


def _application() -> QApplication:
    from gui.state.wording import APPLICATION

    running = QApplication.instance()
    application = running if isinstance(running, QApplication) else QApplication([APPLICATION])
    application.setApplicationName(APPLICATION)
    return application


def _use_text_size(size: int) -> None:
    from gui.window.text_size import use_text_size

    use_text_size(size)


def start(
    model: str,
    *,
    files: Sequence[str | Path] = (),
    review: str | None = None,
    trace_startup: bool = False,
    loader: ModelLoader | None = None,
) -> AppController:
    """Show the window and begin the work; see :func:`main`."""
    from gui.controllers.app import AppController
    from gui.photos.table_model import ResultsModel
    from gui.window.main_window import MainWindow

    rows = ResultsModel(Results())
    window = MainWindow(rows)
    controller = AppController(window, rows, model=model, loader=loader)
    # Absolute before anything changes the current folder, and as the next session will still understand them.
    paths = [Path(file).absolute() for file in files]
    trace: StartupTrace | None = None
    if trace_startup:
        trace = StartupTrace(controller, out=sys.stdout, err=sys.stderr, leave=QApplication.exit if files else None)
        controller.changed.connect(trace.session_changed)

    def begin() -> None:
        if trace is not None:
            trace.window_painted()
        if review is not None:
            controller.review.begin(QueueOrder(review))
        controller.start(paths)

    window.painted.connect(begin)
    controller.preferences.restore_window()
    window.show()
    return controller
