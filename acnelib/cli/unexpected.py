"""Unexpected exceptions: one line for the user, and the traceback only with ``--debug``."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

from acnelib.cli.output import say, say_lines
from acnelib.errors import AcneError
from acnelib.storage.files import storage_failure
from acnelib.text.plain_reasons import unexpected_reason
from acnelib.text.visible import visible_traceback

if TYPE_CHECKING:
    from types import TracebackType

_EXTRAS = {"PySide6": "gui", "fastapi": "serve", "uvicorn": "serve", "pyspark": "spark"}
_DETAILS = "run the same command with --debug for the traceback"


def as_acne_error(error: Exception) -> AcneError:
    """Return a failure as an error with a message for the user."""
    if isinstance(error, AcneError):
        return error
    if isinstance(error, OSError):
        return storage_failure(error)
    if isinstance(error, MemoryError):
        return AcneError("the memory of this machine is not sufficient: close other programs, or name fewer photos")
    if isinstance(error, ImportError):
        return _of_import(error)
    return AcneError(f"unexpected failure ({unexpected_reason(error)}): {_DETAILS}")


def report_unexpected(*, debug: bool) -> None:
    """Report exceptions that no command catches, those of threads and destructors included.

    Args:
        debug: Print the traceback, with control characters in names made visible; otherwise one line.
    """

    def report(error: BaseException | None) -> None:
        if error is None or isinstance(error, SystemExit):
            return
        if debug:
            say_lines(visible_traceback(error))
        elif not isinstance(error, KeyboardInterrupt):
            say(f"acne: {as_acne_error(error) if isinstance(error, Exception) else unexpected_reason(error)}")

    def report_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        del kind, trace
        report(error)

    sys.excepthook = report_uncaught
    threading.excepthook = lambda failed: report(failed.exc_value)
    sys.unraisablehook = lambda failed: report(failed.exc_value)


def _of_import(error: ImportError) -> AcneError:
    package = (error.name or "").partition(".")[0]
    extra = _EXTRAS.get(package, "train,pipeline")
    if isinstance(error, ModuleNotFoundError) and package:
        return AcneError(f"this command needs {package}, which is not installed: pip install 'acnelib[{extra}]'")
    what = f"{package} cannot be imported" if package else "a package cannot be imported"
    return AcneError(f"{what} ({unexpected_reason(error)}): install it again; {_DETAILS}")
