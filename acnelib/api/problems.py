"""The error format of the API."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from acnelib.errors import AcneError, ServiceFailed, UsageError, WeightsUnavailable
from acnelib.storage.files import storage_failure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import FastAPI
    from starlette.requests import Request

logger = logging.getLogger(__name__)


class Problem(Exception):
    """A request that cannot be answered, and why.

    Args:
        status: HTTP status.
        code: A word for programs.
        message: What failed, where, and what to do, for people.
        details: More for programs.
        headers: Headers of the response.
    """

    UNAUTHORISED: ClassVar = "unauthorised"
    INVALID: ClassVar = "invalid-request"

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        details: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.details = details
        self.headers = dict(headers or {})

    def answer(self) -> JSONResponse:
        """Return the response."""
        error = {"code": self.code, "message": self.message, "details": self.details}
        return JSONResponse({"error": error}, status_code=self.status, headers=self.headers)


MOST_DETAILS = 20
"""Faults of a request that one answer lists."""
_LONGEST_PART = 200

_CODES = {400: Problem.INVALID, 404: "not-found", 405: "method-not-allowed"}
_MESSAGES = {
    404: "this address does not exist: /docs lists all addresses",
    405: "this address does not support this method: /docs lists the methods",
}


def add_error_handlers(app: FastAPI) -> None:
    """Report every error of an application in the same format, FastAPI's own included."""

    async def problem(_: Request, error: Exception) -> JSONResponse:
        return _problem_of(error).answer()

    for kind in (Problem, AcneError, HTTPException, RequestValidationError, ModuleNotFoundError, OSError, Exception):
        app.add_exception_handler(kind, problem)


def unsupported_encoding(encoding: str) -> Problem:
    """Return the refusal of a body, or a part of a form, that is encoded, such as with gzip."""
    return Problem(
        415,
        "unsupported-encoding",
        f"the content encoding {encoding!r} is not supported: send the content without it",
        headers={"Accept-Encoding": "identity"},
    )


def _problem_of(error: Exception) -> Problem:
    if isinstance(error, Problem):
        return error
    if isinstance(error, RequestValidationError):
        return _of_validation(error)
    if isinstance(error, HTTPException):
        status = error.status_code
        code = _CODES.get(status) or HTTPStatus(status).phrase.casefold().replace(" ", "-")
        return Problem(status, code, _MESSAGES.get(status, str(error.detail)), headers=error.headers)
    if isinstance(error, AcneError):
        return _of_acnelib(error)
    return unexpected_problem(error)


def _of_acnelib(error: AcneError) -> Problem:
    if isinstance(error, UsageError | WeightsUnavailable):
        return Problem(422, Problem.INVALID, str(error))
    return Problem(503, "service-failed" if isinstance(error, ServiceFailed) else "unavailable", str(error))


def unexpected_problem(error: Exception) -> Problem:
    """Return the answer to a failure of the server itself, and log it in one line."""
    if isinstance(error, ModuleNotFoundError):
        package = (error.name or "").partition(".")[0]
        return Problem(
            501, "not-installed", f"this needs {package}, which the server lacks: pip install 'acnelib[train,pipeline]'"
        )
    if isinstance(error, OSError):
        logger.error("%s", storage_failure(error))
        message = "a file or folder of the server cannot be read or written; its terminal shows which"
        return Problem(503, "storage-failed", message)
    logger.error("a request failed with an unexpected error (%s): --debug shows more", type(error).__name__)
    return Problem(500, "internal", "an unexpected error occurred in the server; see its terminal")


def _of_validation(error: RequestValidationError) -> Problem:
    details = [
        {
            "where": ".".join(str(part)[:_LONGEST_PART] for part in detail["loc"]),
            "message": str(detail["msg"]).removeprefix("Value error, "),
        }
        for detail in error.errors()[:MOST_DETAILS]
    ]
    first = details[0] if details else {"where": "body", "message": "is not valid"}
    return Problem(422, Problem.INVALID, f"{first['where']}: {first['message']}", details=details)
