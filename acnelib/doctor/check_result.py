"""What a probe found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CheckStatus(StrEnum):
    """How it is."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """What one probe found.

    Attributes:
        name: What was probed.
        state: How it is.
        detail: What was seen, in one line.
        remedy: What to do, in one line; empty where there is nothing to do.
    """

    name: str
    state: CheckStatus
    detail: str
    remedy: str = ""


def ok(name: str, detail: str) -> CheckResult:
    """Say that all is well."""
    return CheckResult(name=name, state=CheckStatus.OK, detail=detail)


def warning(name: str, detail: str, remedy: str) -> CheckResult:
    """Say that something may become a problem."""
    return CheckResult(name=name, state=CheckStatus.WARNING, detail=detail, remedy=remedy)


def failed(name: str, detail: object, remedy: str) -> CheckResult:
    """Say that something does not work."""
    return CheckResult(name=name, state=CheckStatus.FAILED, detail=" ".join(str(detail).split()), remedy=remedy)


def skipped(name: str, detail: str, remedy: str = "") -> CheckResult:
    """Say that something was not probed, and why."""
    return CheckResult(name=name, state=CheckStatus.SKIPPED, detail=detail, remedy=remedy)
