"""Scores of photos with their true labels: the input of metrics, gate and reports."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from acnelib.metrics import evaluate_scores

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy.typing as npt

    from acnelib.evaluation_record import Metrics

_DIGITS = 7  # of a written score, as many as float32 has


@dataclass(frozen=True, kw_only=True)
class ScoredPhoto:
    """Scores of one photo, by a model or by a head that never saw it.

    Attributes:
        sha256: SHA-256 of the photo.
        true_label: Its true label.
        group: Its group, or its series where series were held out: the unit of intervals.
        scores: Score of each label, in order; they sum to 1.
        in_scope: Whether the photo is like the training photos.
        confident: Whether the answer is confident, by a threshold that never saw the photo.
        repeat: Which set of folds the answer is from; 0 where there are no folds.
    """

    sha256: str
    true_label: str
    group: str
    scores: tuple[float, ...]
    in_scope: bool = True
    confident: bool = False
    repeat: int = 0


@dataclass(frozen=True, kw_only=True)
class ScoredPhotos:
    """Scores of a set of photos.

    Attributes:
        labels: Labels in the order of the scores.
        confidence_threshold: Lowest confidence of a confident answer of the model.
        photos: The scored photos; where folds were drawn several times, each photo once for every set of folds.
    """

    labels: tuple[str, ...]
    confidence_threshold: float
    photos: tuple[ScoredPhoto, ...]

    @property
    def scores(self) -> npt.NDArray[np.float64]:
        """Scores [photos, labels]."""
        return np.array([photo.scores for photo in self.photos], dtype=np.float64).reshape(-1, len(self.labels))

    @property
    def true_labels(self) -> list[str]:
        """True labels."""
        return [photo.true_label for photo in self.photos]

    @property
    def predicted_labels(self) -> list[str]:
        """Label with the highest score of each photo."""
        return [self.labels[column] for column in self.scores.argmax(axis=1)] if self.photos else []

    @property
    def confident(self) -> npt.NDArray[np.bool_]:
        """Whether each answer is confident."""
        return np.array([photo.confident for photo in self.photos], dtype=bool)

    @property
    def repeats(self) -> int:
        """Number of sets of folds, at least 1."""
        return len({photo.repeat for photo in self.photos}) or 1

    @property
    def distinct(self) -> int:
        """Number of distinct photos."""
        return len({photo.sha256 for photo in self.photos})

    def metrics(self, *, scored_classes_only: bool = False) -> Metrics:
        """Return the metrics of the scores; a photo counts once, however many sets of folds there are.

        Args:
            scored_classes_only: Average over the classes of these photos, not also over others that were predicted.
        """
        return evaluate_scores(
            self.scores,
            self.true_labels,
            labels=self.labels,
            confident=self.confident,
            groups=[photo.group for photo in self.photos],
            repeats=self.repeats,
            true_classes_only=scored_classes_only,
        )

    def once(self) -> ScoredPhotos:
        """Return the first answer about each photo."""
        first: dict[str, ScoredPhoto] = {}
        for photo in self.photos:
            first.setdefault(photo.sha256, photo)
        return replace(self, photos=tuple(first.values()))

    def subset(self, names: Collection[str]) -> ScoredPhotos:
        """Return the scores of some of the photos."""
        photos = tuple(photo for photo in self.photos if photo.sha256 in names)
        return ScoredPhotos(labels=self.labels, confidence_threshold=self.confidence_threshold, photos=photos)

    def as_json(self) -> dict[str, Any]:
        """Return values for :meth:`from_json`; each photo is a list, which keeps the file small."""
        photos = [
            [
                photo.sha256,
                photo.true_label,
                photo.group,
                [round(score, _DIGITS) for score in photo.scores],
                photo.in_scope,
                photo.confident,
                photo.repeat,
            ]
            for photo in self.photos
        ]
        return {"labels": list(self.labels), "confidence_threshold": self.confidence_threshold, "photos": photos}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> ScoredPhotos:
        """Return the scored photos from the values of :meth:`as_json`."""
        photos = tuple(
            ScoredPhoto(
                sha256=sha256,
                true_label=true_label,
                group=group,
                scores=tuple(scores),
                in_scope=in_scope,
                confident=confident,
                repeat=repeat,
            )
            for sha256, true_label, group, scores, in_scope, confident, repeat in values["photos"]
        )
        return cls(labels=tuple(values["labels"]), confidence_threshold=values["confidence_threshold"], photos=photos)
