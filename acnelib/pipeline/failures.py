"""Failures of stages: which are worth another attempt, and what the user reads about the others."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import requests

from acnelib.errors import AcneError, StorageFailed, TrackingFailed
from acnelib.storage.files import storage_failure
from acnelib.text.formatting import format_bytes
from acnelib.text.plain_reasons import unexpected_reason

if TYPE_CHECKING:
    from pathlib import Path

LITTLE_SPACE = 50_000_000
"""Free bytes in the working folder below which an unexpected failure is attributed to the full disk."""

_NETWORK = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    ConnectionError,
    TimeoutError,
)
_SERVER_ERROR = 500
_CODES = {"INTERNAL_ERROR", "TEMPORARILY_UNAVAILABLE", "REQUEST_LIMIT_EXCEEDED"}


def is_transient(error: BaseException) -> bool:
    """Return whether another attempt may succeed: the network failed, or the tracking server had an internal error.

    Failures of scraped sites are never transient: the crawler has retried before it gave up.
    """
    failure: BaseException | None = error if isinstance(error, TrackingFailed) else None
    while failure is not None:
        if isinstance(failure, requests.exceptions.SSLError):
            return False  # a certificate is the same a moment later
        if isinstance(failure, _NETWORK) or _status(failure) >= _SERVER_ERROR:
            return True
        if not isinstance(failure, AcneError) and getattr(failure, "error_code", None) in _CODES:
            return True
        failure = failure.__cause__ or failure.__context__
    return False


def as_acne_error(error: BaseException, *, task: str, workdir: Path) -> AcneError:
    """Return the error that the user reads for a task's failure.

    Args:
        error: The exception that the task raised.
        task: Name of the task.
        workdir: Working folder, whose free space is checked.
    """
    if isinstance(error, AcneError):
        return error
    if isinstance(error, OSError):
        failure: AcneError = storage_failure(error)
    elif (free := shutil.disk_usage(workdir).free) < LITTLE_SPACE:  # libraries fail in many ways on a full disk
        failure = StorageFailed(
            f"{task} failed ({unexpected_reason(error)}), probably because the disk is full: "
            f"{format_bytes(free)} are left at {workdir}; free some, or name another folder with --workdir"
        )
    else:
        failure = AcneError(
            f"{task} failed unexpectedly ({unexpected_reason(error)}): run again with --debug for details"
        )
    failure.__cause__ = error
    return failure


def _status(failure: BaseException) -> int:
    """Return the HTTP status of a failure's response; 0 without a response."""
    return int(getattr(getattr(failure, "response", None), "status_code", None) or 0)
