"""Decisions on registered versions: who decided what, when, on what numbers, and what was in production before.

They are kept on the version itself, as one tag of JSON, oldest first; whoever can see the version can read them.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from acnelib.errors import TrackingFailed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

DECISIONS_TAG = "acnelib.decisions"


class Decision(StrEnum):
    """What became of a version."""

    PROMOTED = "promoted"
    REJECTED = "rejected"


class DecidedBy(StrEnum):
    """How it came about."""

    GATE = "gate"
    PERSON = "person"
    ROLLBACK = "rollback"


@dataclass(frozen=True, kw_only=True)
class DecisionRecord:
    """One decision on one version.

    Attributes:
        version: Which version it is about.
        decision: What was decided.
        by: Whether the gate or a person decided, or went back to an earlier version.
        user: Name of the account that ran it.
        decided_at: When, ISO 8601 in UTC.
        previous: Version that was in production; None when there was none.
        reasons: Why, in sentences.
        numbers: What it rests on, by name; empty where a person decided.
        test_sha256: Digest of the test photos that it was judged on; None where it was not.
    """

    version: str
    decision: Decision
    by: DecidedBy
    user: str
    decided_at: str
    previous: str | None
    reasons: tuple[str, ...]
    numbers: dict[str, float] = field(default_factory=dict)
    test_sha256: str | None = None


def written(records: Sequence[DecisionRecord]) -> str:
    """Return records as the text of a tag."""
    return json.dumps([asdict(record) for record in records], ensure_ascii=False)


def read(text: str | None, *, where: str) -> tuple[DecisionRecord, ...]:
    """Return the records of a tag; none where there is no tag.

    Raises:
        TrackingFailed: Somebody else wrote the tag.
    """
    if text is None:
        return ()
    try:
        return tuple(
            DecisionRecord(
                **values
                | {
                    "decision": Decision(values["decision"]),
                    "by": DecidedBy(values["by"]),
                    "reasons": tuple(values["reasons"]),
                }
            )
            for values in json.loads(text)
        )
    except (ValueError, TypeError, KeyError) as error:
        raise TrackingFailed(f"{where}: its tag {DECISIONS_TAG} cannot be understood: delete the tag") from error


def judged_on(records: Iterable[DecisionRecord], test_sha256: str) -> int:
    """Return how many versions the gate has judged on some test photos.

    Args:
        records: What was decided about every version.
        test_sha256: Digest of these test photos.
    """
    return len({record.version for record in records if record.test_sha256 == test_sha256})
