"""Decisions on registered versions: the decision, its author, time and figures, and the previous production version.

They are kept on the version itself, as one tag of JSON, oldest first, for everyone who can see the version.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from acnelib.errors import TrackingFailed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

DECISIONS_TAG = "acnelib.decisions"

CANDIDATES = "candidates"
"""Name of a number of the gate: candidates of the run, of which the best was judged."""


class Decision(StrEnum):
    """The outcome for a version."""

    PROMOTED = "promoted"
    REJECTED = "rejected"


class DecidedBy(StrEnum):
    """The origin of a decision."""

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
        user: Name that it is signed with: this program's, or the one that a person set.
        decided_at: When, ISO 8601 in UTC.
        previous: Version that was in production; None when there was none.
        reasons: Why, in sentences.
        numbers: What it rests on, by name; empty where a person decided.
        test_sha256: Digest of the test photos that it was judged on; None if it was judged by cross-validation.
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

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> DecisionRecord:
        """Return the record that :meth:`as_json` gave.

        Raises:
            KeyError, TypeError, ValueError: A value is missing, of another type, or no decision.
        """
        reasons, numbers = values["reasons"], values["numbers"]
        if not isinstance(reasons, list) or not all(isinstance(one, str) for one in reasons):
            raise TypeError(f"reasons are {reasons!r}, not sentences")
        if not all(isinstance(one, int | float) and not isinstance(one, bool) for one in numbers.values()):
            raise TypeError(f"numbers are {numbers!r}, not all numbers")
        return cls(
            version=_text(values, "version"),
            user=_text(values, "user"),
            decided_at=_text(values, "decided_at"),
            previous=None if values["previous"] is None else _text(values, "previous"),
            test_sha256=None if values["test_sha256"] is None else _text(values, "test_sha256"),
            decision=Decision(values["decision"]),
            by=DecidedBy(values["by"]),
            reasons=tuple(reasons),
            numbers={str(name): float(one) for name, one in numbers.items()},
        )


def tags_of(records: Sequence[DecisionRecord]) -> dict[str, str]:
    """Return the tags of a version with these decisions, oldest first: the records, and the latest one for searches."""
    latest = records[-1]
    return {
        "acnelib.decision": str(latest.decision),
        "acnelib.reasons": json.dumps(list(latest.reasons), ensure_ascii=False),
        DECISIONS_TAG: json.dumps([record.as_json() for record in records], ensure_ascii=False),
    }


def read(text: str | None, *, where: str) -> tuple[DecisionRecord, ...]:
    """Return the records of a tag; none where there is no tag.

    Raises:
        TrackingFailed: Another program wrote the tag, or a value is missing or of another type.
    """
    if text is None:
        return ()
    try:
        records = json.loads(text)
        if not isinstance(records, list):
            raise TypeError("it is no list")
        return tuple(map(DecisionRecord.from_json, records))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise TrackingFailed(
            f"{where}: its tag {DECISIONS_TAG} cannot be understood ({error}): delete the tag"
        ) from error


def judged_since_promotion(records: Iterable[DecisionRecord], *, but: str) -> int:
    """Return how many candidates have competed in vain since a version was last made production.

    All candidates of a run whose version was rejected count, whatever photos came in between.

    Args:
        records: What was decided about every version.
        but: Version that does not count: one that is judged again is no further candidate.
    """
    records = list(records)
    promoted = max((one.decided_at for one in records if one.decision == Decision.PROMOTED), default="")
    candidates = {
        one.version: round(one.numbers.get(CANDIDATES, 1))
        for one in records
        if one.by == DecidedBy.GATE and one.decision == Decision.REJECTED and one.decided_at > promoted
    }
    return sum(number for version, number in candidates.items() if version != but)


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values[name]
    if not isinstance(value, str):
        raise TypeError(f"{name} is {value!r}, not a text")
    return value
