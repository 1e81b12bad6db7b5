"""Answers of models whose faults are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from acnelib.evaluation.scored_photos import ScoredPhoto, ScoredPhotos

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LABELS = ("cysts", "papules", "rosacea")


def answers_of(
    scores: Sequence[Sequence[float]],
    truth: Sequence[str],
    *,
    groups: Sequence[object] | None = None,
    confidence_threshold: float = 0.8,
    labels: tuple[str, ...] = LABELS,
) -> ScoredPhotos:
    photos = tuple(
        ScoredPhoto(
            sha256=f"{place:064x}",
            true_label=label,
            group=str(groups[place] if groups is not None else place),
            scores=tuple(float(score) for score in row),
            confident=max(row) >= confidence_threshold,
        )
        for place, (row, label) in enumerate(zip(scores, truth, strict=True))
    )
    return ScoredPhotos(labels=labels, confidence_threshold=confidence_threshold, photos=photos)


def drawn_answers(number: int, *, seed: int, sharpened: float = 1.0, copies: int = 1) -> ScoredPhotos:
    """Return answers whose truth is drawn from their scores, which are then sharpened: beyond 1, overconfident.

    Each photo stands there in some copies, which have its truth and make one group with it.
    """
    chance = np.random.default_rng(seed)
    scores = chance.dirichlet([0.6] * len(LABELS), size=number)
    truth = [LABELS[chance.choice(len(LABELS), p=row)] for row in scores]
    sharp = scores**sharpened
    sharp /= sharp.sum(axis=1, keepdims=True)
    groups = np.repeat(np.arange(number), copies)
    return answers_of(np.repeat(sharp, copies, axis=0).tolist(), np.repeat(truth, copies).tolist(), groups=groups)


@pytest.fixture(scope="session")
def scored() -> Callable[..., ScoredPhotos]:
    """Answers from given scores and truth."""
    return answers_of


@pytest.fixture(scope="session")
def drawn() -> Callable[..., ScoredPhotos]:
    """Answers of a model that is perfectly calibrated, or as overconfident as wanted."""
    return drawn_answers
