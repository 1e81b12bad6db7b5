"""The gate: production changes only when the candidate is better on the same test photos."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What the gate says.

    Attributes:
        promote: Whether the candidate becomes production.
        reasons: Why, in sentences with the numbers.
    """

    promote: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What candidate and production reach on the same test photos.

    Attributes:
        n: Photos compared on.
        left_out: Test photos left out because production was trained on them.
        candidate: Macro-F1 of the candidate.
        production: Macro-F1 of production.
        version: Version in production.
    """

    n: int
    left_out: int
    candidate: float
    production: float
    version: str


def judge_first(*, candidate: float, majority: float, n: int, why_first: str) -> Judgement:
    """Judge a candidate that has no production to beat: it must beat the answer "always the commonest class".

    Args:
        candidate: Macro-F1 of the candidate on the test photos.
        majority: Macro-F1 of always answering the class that is commonest in training.
        n: Test photos.
        why_first: Why there is nothing to compare with, as a sentence.
    """
    better = candidate > majority
    comparison = "beats" if better else "does not beat"
    return Judgement(
        promote=better,
        reasons=(
            why_first,
            f"macro-F1 {candidate:.3f} on {n} test photos {comparison} the majority class ({majority:.3f})",
        ),
    )


def judge_against_production(comparison: Comparison) -> Judgement:
    """Judge a candidate on the photos that it and production can both be tested on."""
    left_out = (
        (f"{comparison.left_out} test photos were left out: production was trained on them",)
        if comparison.left_out
        else ()
    )
    if comparison.n == 0:
        return Judgement(promote=False, reasons=("no test photo is left to compare on, so production stays", *left_out))
    better = comparison.candidate > comparison.production
    compared = (
        f"macro-F1 {comparison.candidate:.3f} {'beats' if better else 'does not beat'} {comparison.production:.3f} "
        f"of production (version {comparison.version}) on the same {comparison.n} test photos"
    )
    return Judgement(
        promote=better,
        reasons=(compared, *left_out),
    )


def judge_other_classes(*, candidate: Sequence[str], production: Sequence[str], version: str) -> Judgement:
    """Refuse to compare models that know other classes."""
    added = ", ".join(sorted(set(candidate) - set(production))) or "none"
    gone = ", ".join(sorted(set(production) - set(candidate))) or "none"
    return Judgement(
        promote=False,
        reasons=(
            f"production (version {version}) knows other classes and cannot be compared (new: {added}; gone: {gone})",
        ),
    )
