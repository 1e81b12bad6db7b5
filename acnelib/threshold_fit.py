"""The fit of a confidence threshold: the lowest one from which answers are surely right often enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acnelib.share_estimates import surely_reaches

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

CONFIDENCE_LEVEL = 0.8
"""Confidence level of the one-sided bound on the accuracy, for the given number of photos."""

NOTHING_CONFIDENT = 1.0
"""Threshold where none holds: every answer is uncertain."""


def surely_right(hits: npt.NDArray[np.float64], cases: npt.NDArray[np.float64], target: float) -> npt.NDArray[np.bool_]:
    """Return whether the lower bound of the accuracy reaches the target; see :func:`surely_reaches`."""
    return surely_reaches(hits, cases, target, confidence=CONFIDENCE_LEVEL)


def lowest_threshold(
    confidence: npt.NDArray[np.float64],
    right: npt.NDArray[np.bool_],
    *,
    target: float,
    groups: Sequence[str] | None = None,
    repeats: int = 1,
) -> float:
    """Return the lowest confidence from which answers are surely right as often as the target.

    Surely: the lower bound of their accuracy reaches it, because the threshold that merely did so on these photos would
    be too low on others. Copies and shots of one scene are one case: a group of photos counts once, with the share of
    its confident answers that is right.

    Args:
        confidence: Confidence of each answer that may be confident, 0–1.
        right: Whether it is right.
        target: Accuracy of confident answers, 0–1.
        groups: Group of each photo; default: one group per photo.
        repeats: How often each photo is among them, answered by different models; it counts once.

    Returns:
        The threshold; :data:`NOTHING_CONFIDENT` where none reaches the target.
    """
    order = np.argsort(-confidence, kind="stable")
    ordered = confidence[order]
    hits, cases = _counted(right[order], None if groups is None else np.asarray(groups)[order])
    # Equal confidences share one threshold.
    last_of_equals = np.append(ordered[1:] < ordered[:-1], np.ones(min(1, len(ordered)), dtype=bool))
    reached = np.flatnonzero(surely_right(hits / repeats, cases / repeats, target) & last_of_equals)
    return float(ordered[reached[-1]]) if len(reached) else NOTHING_CONFIDENT


def group_hits(right: npt.NDArray[np.bool_], groups: Sequence[str]) -> tuple[float, int]:
    """Return the sum over groups of the share of their photos that is right, and the number of groups."""
    hits, cases = _counted(right, np.asarray(groups))
    return (float(hits[-1]), int(cases[-1])) if len(right) else (0.0, 0)


def _counted(
    right: npt.NDArray[np.bool_], groups: npt.NDArray[np.str_] | None
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return right cases and cases among the first 1, 2, … answers."""
    if groups is None:
        return np.cumsum(right).astype(np.float64), np.arange(1, len(right) + 1, dtype=np.float64)
    hits, cases = np.zeros(len(right)), np.zeros(len(right))
    counts: dict[str, tuple[int, int]] = {}
    total = 0.0
    for place, (group, is_right) in enumerate(zip(groups.tolist(), right.tolist(), strict=True)):
        photos, good = counts.get(group, (0, 0))
        counts[group] = photos + 1, good + is_right
        total += (good + is_right) / (photos + 1) - (good / photos if photos else 0.0)
        hits[place], cases[place] = total, len(counts)
    # Sums of fractions may exceed a whole number by a rounding error.
    return np.clip(hits, 0.0, cases), cases
