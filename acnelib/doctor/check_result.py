"""The result of a check."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CheckStatus(StrEnum):
    """The status of a check."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """The result of one check.

    Attributes:
        name: The name of the check.
        state: Its status.
        detail: The details, in one line.
        remedy: The remedy, in one line; empty if none is needed.
    """

    name: str
    state: CheckStatus
    detail: str
    remedy: str = ""


def ok(name: str, detail: str) -> CheckResult:
    """Return the result of a check that passed."""
    return CheckResult(name=name, state=CheckStatus.OK, detail=detail)


def warning(name: str, detail: str, remedy: str) -> CheckResult:
    """Return the result of a check that found a possible problem."""
    return CheckResult(name=name, state=CheckStatus.WARNING, detail=detail, remedy=remedy)


def failed(name: str, detail: object, remedy: str) -> CheckResult:
    """Return the result of a check that failed."""
    return CheckResult(name=name, state=CheckStatus.FAILED, detail=" ".join(str(detail).split()), remedy=remedy)


def skipped(name: str, detail: str, remedy: str = "") -> CheckResult:
    """Return the result of a check that was not run, with the reason."""
    return CheckResult(name=name, state=CheckStatus.SKIPPED, detail=detail, remedy=remedy)
