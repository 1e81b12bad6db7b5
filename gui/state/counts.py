"""The numbers of listed photos by outcome and by class; without Qt."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gui.state.results import RowState
from gui.state.results_filter import RowKind, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gui.state.results import Row
    from gui.state.results_filter import Filter


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many photos there are of each kind.

    Attributes:
        kinds: By outcome, in the order of outcomes, none of them zero.
        labels: By class with the highest score, the most frequent first, then by name.
    """

    kinds: Mapping[RowKind, int] = field(default_factory=dict)
    labels: Mapping[str, int] = field(default_factory=dict)


def counted(rows: Iterable[Row], wanted: Filter, threshold: float | None) -> Counts:
    """Count photos; what a filter says about outcomes does not narrow their own numbers, and likewise for classes.

    Args:
        rows: All photos.
        wanted: The filter.
        threshold: Score (0–1) from which the user takes an answer for confident; None: the model's own.
    """
    kinds: Counter[RowKind] = Counter()
    labels: Counter[str] = Counter()
    text = wanted.text.casefold()
    for row in rows:
        if text and text not in row.path.name.casefold():
            continue
        kind = kind_of(row, threshold)
        answered = row.prediction if row.state is RowState.ANSWERED else None
        label = None if answered is None else str(answered.label)
        if wanted.label is None or label == wanted.label:
            kinds[kind] += 1
        if label is not None and (wanted.kind is None or kind is wanted.kind):
            labels[label] += 1
    return Counts(
        kinds={kind: kinds[kind] for kind in RowKind if kinds[kind]},
        labels=dict(sorted(labels.items(), key=lambda one: (-one[1], one[0]))),
    )
