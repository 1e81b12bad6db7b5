"""Failures that may pass by themselves: a server that does not answer, a connection that breaks."""

from __future__ import annotations

import requests

from acnelib.errors import AcneError, TrackingFailed

_NETWORK = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    ConnectionError,
    TimeoutError,
)
_SERVER_ERROR = 500
_CODES = {"INTERNAL_ERROR", "TEMPORARILY_UNAVAILABLE", "REQUEST_LIMIT_EXCEEDED"}


def may_pass(error: BaseException) -> bool:
    """Say whether the tracking server failed of its network or its own trouble, so that one more try is worth it.

    Sites are not among them: whoever scrapes has tried politely before it gave up.
    """
    failure: BaseException | None = error if isinstance(error, TrackingFailed) else None
    while failure is not None:
        if isinstance(failure, _NETWORK) or _status(failure) >= _SERVER_ERROR:
            return True
        if not isinstance(failure, AcneError) and getattr(failure, "error_code", None) in _CODES:
            return True
        failure = failure.__cause__ or failure.__context__
    return False


def _status(failure: BaseException) -> int:
    """Return the HTTP status that a failure tells of; 0: none."""
    return int(getattr(getattr(failure, "response", None), "status_code", None) or 0)
