"""One review: what a person says that a photo really shows, and what the model had answered."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from acnelib.labels import is_label

_SHA256 = re.compile(r"[0-9a-f]{64}")
LONGEST_NAME = 60
"""Characters of a reviewer's name."""


class ReviewVerdict(StrEnum):
    """What a reviewer says about a photo."""

    CLASS = "class"
    NONE = "none"
    UNSURE = "unsure"


@dataclass(frozen=True, kw_only=True)
class ReviewedAnswer:
    """The answer of a model to a photo.

    Attributes:
        sha256: SHA-256 of the model.
        label: Its top label.
        confidence: Its confidence, 0–1.
    """

    sha256: str
    label: str
    confidence: float

    def __post_init__(self) -> None:
        """Check the values.

        Raises:
            ValueError: One is of another type or out of range.
        """
        _check(_is_sha256(self.sha256), "model.sha256 is no SHA-256")
        _check(is_label(self.label), "model.label is no label")
        _check(_is_share(self.confidence), "model.confidence is no number from 0 to 1")


@dataclass(frozen=True, kw_only=True)
class Review:
    """One line of a review file.

    Attributes:
        sha256: SHA-256 of the photo's file.
        verdict: Whether it shows a class, none of the classes, or the reviewer cannot tell.
        label: The class that it shows; None for the other verdicts.
        reviewer: Pseudonym of the reviewer; empty without one.
        time: When, ISO 8601 with a time zone.
        blind: Whether the reviewer decided before seeing the model's answer.
        model: The model's answer; None where no model had answered.
    """

    sha256: str
    verdict: ReviewVerdict
    label: str | None = None
    reviewer: str = ""
    time: str
    blind: bool
    model: ReviewedAnswer | None = None

    def __post_init__(self) -> None:
        """Check the values.

        Raises:
            ValueError: One is of another type, or the label does not belong to the verdict.
        """
        _check(_is_sha256(self.sha256), "sha256 is no SHA-256")
        if self.verdict is ReviewVerdict.CLASS:
            _check(is_label(self.label), "label is no class, although the verdict is class")
        else:
            _check(self.label is None, f"label must be null where the verdict is {self.verdict}")
        _check(is_reviewer(self.reviewer), f"reviewer is no line of at most {LONGEST_NAME} visible characters")
        _check(_is_bool(self.blind), "blind is neither true nor false")
        _check(_is_time(self.time), "time is no ISO 8601 time with a time zone")

    @classmethod
    def now(
        cls,
        sha256: str,
        verdict: ReviewVerdict,
        *,
        label: str | None = None,
        reviewer: str = "",
        blind: bool,
        model: ReviewedAnswer | None = None,
    ) -> Review:
        """Return a review of this second."""
        time = datetime.now(UTC).isoformat(timespec="seconds")
        return cls(sha256=sha256, verdict=verdict, label=label, reviewer=reviewer, time=time, blind=blind, model=model)

    @classmethod
    def from_json(cls, values: Any) -> Review:
        """Return a review from the values of a line; unknown fields are ignored.

        Raises:
            ValueError: A value is missing, of another type or out of range.
        """
        if not isinstance(values, dict):
            raise ValueError("it is no object")  # noqa: TRY004 - wrong content of a file, whatever its type
        missing = [name for name in ("sha256", "verdict", "time", "blind") if name not in values]
        if missing:
            raise ValueError(f"{' and '.join(missing)} missing")
        verdict = values["verdict"]
        if verdict not in list(ReviewVerdict):
            raise ValueError(f"verdict is none of {', '.join(ReviewVerdict)}")
        return cls(
            sha256=values["sha256"],
            verdict=ReviewVerdict(verdict),
            label=values.get("label"),
            reviewer=values.get("reviewer") or "",
            time=values["time"],
            blind=values["blind"],
            model=_model(values.get("model")),
        )

    def as_line(self) -> str:
        """Return the line of JSON, without the line's end."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @property
    def opinion(self) -> str | None:
        """The label, or the verdict without one: what two reviewers agree or disagree on. Labels have no asterisk."""
        return self.label if self.verdict is ReviewVerdict.CLASS else f"*{self.verdict}"


def is_reviewer(name: object) -> bool:
    """Return whether a value can be the pseudonym of a reviewer: at most one line of visible text, or empty."""
    if not isinstance(name, str) or len(name) > LONGEST_NAME or name != name.strip():
        return False
    return not any(unicodedata.category(character)[0] == "C" or character in "\u2028\u2029" for character in name)


def _model(values: Any) -> ReviewedAnswer | None:
    if values is None:
        return None
    if not isinstance(values, dict) or not {"sha256", "label", "confidence"} <= values.keys():
        raise ValueError("model has no sha256, label and confidence")
    return ReviewedAnswer(sha256=values["sha256"], label=values["label"], confidence=values["confidence"])


def _is_sha256(value: object) -> bool:
    return isinstance(value, str) and _SHA256.fullmatch(value) is not None


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def _is_bool(value: object) -> bool:
    return isinstance(value, bool)


def _is_time(text: object) -> bool:
    if not isinstance(text, str):
        return False
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _check(condition: object, problem: str) -> None:
    if not condition:
        raise ValueError(problem)
