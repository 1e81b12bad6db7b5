"""Photos of the classes that are refused as out of scope, by source and by estimated skin tone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from acnelib.evaluation.intervals import Estimate, estimate_metrics
from acnelib.evaluation.tone_gap import tone_gap

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from acnelib.evaluation.scored_photos import ScoredPhotos
    from acnelib.evaluation.tone_gap import ToneGap


@dataclass(frozen=True, kw_only=True)
class SourceRefusals:
    """Refused photos of one source.

    Attributes:
        photos: Photos of the source.
        series_held_out: Share refused by a scope that knows other photos of the source.
        source_held_out: Share refused by a scope that knows no photo of the source; None if it was not held out.
    """

    photos: int
    series_held_out: Estimate
    source_held_out: Estimate | None


@dataclass(frozen=True, kw_only=True)
class Refusals:
    """Refused photos of the classes.

    Attributes:
        by_source: By name of the source.
        by_tone: By thirds of the estimated skin tone; None with too few estimates.
    """

    by_source: Mapping[str, SourceRefusals]
    by_tone: ToneGap | None


def refusals_of(
    answers: ScoredPhotos,
    *,
    sources: Mapping[str, Sequence[str]],
    unseen_sources: Mapping[str, ScoredPhotos],
    angles: Mapping[str, float | None],
) -> Refusals:
    """Return which photos of the classes are refused.

    Args:
        answers: Answers about photos of the classes by scopes that never saw them.
        sources: Names of the sources of each photo, by its SHA-256.
        unseen_sources: Answers about the photos of each source by what the other sources teach.
        angles: Typology angle of each photo in degrees, by its SHA-256; None without an estimate.
    """
    by_source = {}
    for name in sorted({one for names in sources.values() for one in names}):
        own = answers.subset({sha256 for sha256, names in sources.items() if name in names})
        if not own.photos:
            continue
        apart = unseen_sources.get(name)
        by_source[name] = SourceRefusals(
            photos=own.distinct,
            series_held_out=estimate_metrics(own).overall["refused"],
            source_held_out=estimate_metrics(apart).overall["refused"] if apart and apart.photos else None,
        )
    return Refusals(by_source=by_source, by_tone=_by_tone(answers, angles))


def tone_sentence(gap: ToneGap) -> str:
    """Return in words, without a full stop, whether darker or lighter photos are refused more often."""
    darkest, lightest = gap.thirds[0], gap.thirds[-1]
    low, high = (round(100 * end) for end in gap.interval)
    numbers = (
        f"{lightest.refused:.1%} of the lightest third and {darkest.refused:.1%} of the darkest are refused "
        f"(difference {abs(gap.gap):.1%}; darkest minus lightest, 95 % interval {low} to {high} percentage points)"
    )
    if gap.is_small:
        return f"Photos of lighter and darker skin are refused about equally often: {numbers}"
    more, less = ("darkest", "lightest") if gap.gap > 0 else ("lightest", "darkest")
    doubt = ", which may be chance" if gap.interval[0] <= 0 <= gap.interval[1] else ""
    return f"The {more} third is refused more often than the {less}{doubt}: {numbers}"


def _by_tone(answers: ScoredPhotos, angles: Mapping[str, float | None]) -> ToneGap | None:
    once = answers.once().photos
    outside: dict[str, list[bool]] = {photo.sha256: [] for photo in once}
    for photo in answers.photos:
        outside[photo.sha256].append(not photo.in_scope)
    known = [angles.get(photo.sha256) for photo in once]
    return tone_gap(
        np.array([np.mean(outside[photo.sha256]) for photo in once]),
        np.array([np.nan if angle is None else angle for angle in known], dtype=np.float64),
        groups=[photo.group for photo in once],
    )
