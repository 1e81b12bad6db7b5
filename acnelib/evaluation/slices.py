"""Metrics of slices of the photos."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from acnelib.evaluation.intervals import FEWEST, Estimate, estimate_metrics
from acnelib.evaluation.skin_tone import FAMILY, NOTE, Tone
from acnelib.share_estimates import wilson

if TYPE_CHECKING:
    from collections.abc import Mapping

    from acnelib.evaluation.scored_photos import ScoredPhotos

TOO_FEW = "too few photos to say"
TOO_FEW_OF_CLASS = "a class of one group: no claim"

_ORDER = {str(tone): place for place, tone in enumerate(Tone)}  # the rest follows by name


@dataclass(frozen=True, kw_only=True)
class Slice:
    """Photos with a common property.

    Attributes:
        name: The property.
        n: Photos.
        groups: Their groups; no claim with fewer than ten.
        accuracy: Share of right answers, with a Wilson interval over groups.
        macro_f1: Macro-F1 with a bootstrap interval over groups; no interval if a class has only one group.
    """

    name: str
    n: int
    groups: int
    accuracy: Estimate
    macro_f1: Estimate

    @property
    def has_too_few_groups(self) -> bool:
        """Whether the groups are too few for a claim."""
        return self.groups < FEWEST


@dataclass(frozen=True, kw_only=True)
class SliceFamily:
    """One way to divide the photos into slices.

    Attributes:
        name: Criterion of the slices.
        note: Caveat of the criterion; may be empty.
        slices: The slices.
        without: Photos in none of the slices.
        differences: Pairs of slices whose intervals do not overlap, in sentences.
    """

    name: str
    note: str
    slices: tuple[Slice, ...]
    without: int
    differences: tuple[str, ...]


def slice_families(answers: ScoredPhotos, slices: Mapping[str, Mapping[str, str]]) -> tuple[SliceFamily, ...]:
    """Return the metrics of each slice of each family.

    Args:
        answers: Scored photos.
        slices: By family, the slice of each photo by its SHA-256; unscored photos are skipped.
    """
    return tuple(_family(name, answers, slice_of) for name, slice_of in slices.items())


def _family(name: str, answers: ScoredPhotos, slice_of: Mapping[str, str]) -> SliceFamily:
    members: defaultdict[str, set[str]] = defaultdict(set)
    for photo in answers.photos:
        if photo.sha256 in slice_of:
            members[slice_of[photo.sha256]].add(photo.sha256)
    names = sorted(members, key=lambda name: (_ORDER.get(name, len(_ORDER)), name))
    slices = tuple(_slice(name, answers.subset(members[name])) for name in names)
    return SliceFamily(
        name=name,
        note=NOTE if name == FAMILY else "",
        slices=slices,
        without=len({photo.sha256 for photo in answers.photos if photo.sha256 not in slice_of}),
        differences=tuple(
            sentence
            for measure in ("accuracy", "macro_f1")
            for one, other in combinations(slices, 2)
            if (sentence := _difference(one, other, measure))
        ),
    )


def _slice(name: str, answers: ScoredPhotos) -> Slice:
    estimates = estimate_metrics(answers)
    share = estimates.overall["accuracy"].value or 0.0
    if estimates.has_too_few_groups:
        accuracy = Estimate(value=share, note=TOO_FEW)
        macro_f1 = Estimate(value=estimates.overall["macro_f1"].value, note=TOO_FEW)
    else:
        accuracy = Estimate(value=share, interval=wilson(share, estimates.groups))
        macro_f1 = estimates.overall["macro_f1"]
        if any(found.groups == 1 for found in estimates.per_class.values()):  # one photo would change it by a third
            macro_f1 = Estimate(value=macro_f1.value, note=TOO_FEW_OF_CLASS)
    return Slice(name=name, n=estimates.n, groups=estimates.groups, accuracy=accuracy, macro_f1=macro_f1)


def _difference(one: Slice, other: Slice, measure: str) -> str:
    """Return a sentence if the intervals of two slices do not overlap, else an empty text."""
    first, second = getattr(one, measure), getattr(other, measure)
    if first.interval is None or second.interval is None:
        return ""
    better, worse = (one, other) if first.interval[0] > second.interval[1] else (other, one)
    high, low = getattr(better, measure), getattr(worse, measure)
    if high.interval[0] <= low.interval[1]:
        return ""
    what = {"accuracy": "Accuracy", "macro_f1": "Macro-F1"}[measure]
    return (
        f"{what} is higher on “{better.name}” ({_formatted(high)}) than on “{worse.name}” ({_formatted(low)}): "
        "the intervals do not overlap"
    )


def _formatted(estimate: Estimate) -> str:
    low, high = estimate.interval or (0.0, 1.0)
    return f"{estimate.value:.2f}, {low:.2f}–{high:.2f}"
