"""Agreement of two reviewers beyond chance (Cohen 1960)."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from acnelib.reviews.decisions import last_reviews

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from acnelib.reviews.review import Review


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """How far two reviewers agree.

    Attributes:
        reviewers: Their pseudonyms.
        photos: Photos that both reviewed.
        agreed: Photos about which both said the same.
        kappa: Cohen's kappa, −1 to 1: 0 is what chance gives. None where both said the same one thing about all photos,
            so that agreement beyond chance is not defined.
    """

    reviewers: tuple[str, str]
    photos: int
    agreed: int
    kappa: float | None


def agreements(reviews: Iterable[Review], *, blind_only: bool = False) -> tuple[Agreement, ...]:
    """Return the agreement of each two reviewers who reviewed a photo in common.

    Args:
        reviews: Reviews; the last one of each reviewer about a photo counts, "cannot tell" as an opinion of its own.
        blind_only: Leave out reviews that were made with the model's answer in sight, which makes reviewers alike.
    """
    pairs: defaultdict[tuple[str, str], list[tuple[str | None, str | None]]] = defaultdict(list)
    for by_reviewer in last_reviews(reviews).values():
        counted = {name: review for name, review in by_reviewer.items() if review.blind or not blind_only}
        for one, other in combinations(sorted(counted), 2):
            pairs[one, other].append((counted[one].opinion, counted[other].opinion))
    return tuple(
        Agreement(
            reviewers=names,
            photos=len(opinions),
            agreed=sum(one == other for one, other in opinions),
            kappa=_kappa(opinions),
        )
        for names, opinions in sorted(pairs.items())
    )


def _kappa(opinions: Sequence[tuple[str | None, str | None]]) -> float | None:
    total = len(opinions)
    observed = sum(one == other for one, other in opinions) / total
    first, second = Counter(one for one, _ in opinions), Counter(other for _, other in opinions)
    by_chance = sum(first[opinion] * second[opinion] for opinion in first) / total**2
    return None if by_chance == 1 else (observed - by_chance) / (1 - by_chance)
