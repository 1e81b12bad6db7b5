"""What a probe found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FindingState(StrEnum):
    """How it is."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What one probe found.

    Attributes:
        name: What was probed.
        state: How it is.
        detail: What was seen, in one line.
        remedy: What to do, in one line; empty where there is nothing to do.
    """

    name: str
    state: FindingState
    detail: str
    remedy: str = ""


def ok(name: str, detail: str) -> Finding:
    """Say that all is well."""
    return Finding(name=name, state=FindingState.OK, detail=detail)


def warning(name: str, detail: str, remedy: str) -> Finding:
    """Say that something may become a problem."""
    return Finding(name=name, state=FindingState.WARNING, detail=detail, remedy=remedy)


def failed(name: str, detail: object, remedy: str) -> Finding:
    """Say that something does not work."""
    return Finding(name=name, state=FindingState.FAILED, detail=" ".join(str(detail).split()), remedy=remedy)


def skipped(name: str, detail: str, remedy: str = "") -> Finding:
    """Say that something was not probed, and why."""
    return Finding(name=name, state=FindingState.SKIPPED, detail=detail, remedy=remedy)
