"""Scores of photos with their true labels: the input of metrics, gate and reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from acnelib.metrics import evaluate_scores
from acnelib.verdicts import is_confident

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy.typing as npt

    from acnelib.evaluation_record import Metrics


@dataclass(frozen=True, kw_only=True)
class ScoredPhoto:
    """Scores of one photo.

    Attributes:
        sha256: SHA-256 of the photo.
        true_label: Its true label.
        group: Its group.
        scores: Score of each label, in order; they sum to 1.
        in_scope: Whether the photo is like the training photos.
    """

    sha256: str
    true_label: str
    group: str
    scores: tuple[float, ...]
    in_scope: bool = True


@dataclass(frozen=True, kw_only=True)
class ScoredPhotos:
    """A model's scores of a set of photos.

    Attributes:
        labels: Labels in the order of the scores.
        confidence_threshold: Lowest confidence of a confident answer.
        photos: The scored photos.
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
        """Whether each answer is confident: it reaches the threshold, and the photo is in scope."""
        in_scope = np.array([photo.in_scope for photo in self.photos], dtype=bool)
        return is_confident(self.scores.max(axis=1, initial=0.0) >= self.confidence_threshold, in_scope=in_scope)

    def metrics(self) -> Metrics:
        """Return the metrics of the scores."""
        return evaluate_scores(
            self.scores,
            self.true_labels,
            labels=self.labels,
            confident=self.confident,
            groups=[photo.group for photo in self.photos],
        )

    def subset(self, names: Collection[str]) -> ScoredPhotos:
        """Return the scores of some of the photos."""
        photos = tuple(photo for photo in self.photos if photo.sha256 in names)
        return ScoredPhotos(labels=self.labels, confidence_threshold=self.confidence_threshold, photos=photos)

    def as_json(self) -> dict[str, Any]:
        """Return values for :meth:`from_json`; each photo is a list, which keeps the file small."""
        photos = [
            [photo.sha256, photo.true_label, photo.group, list(photo.scores), photo.in_scope] for photo in self.photos
        ]
        return {"labels": list(self.labels), "confidence_threshold": self.confidence_threshold, "photos": photos}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> ScoredPhotos:
        """Return the scored photos from the values of :meth:`as_json`."""
        photos = tuple(
            ScoredPhoto(sha256=sha256, true_label=true_label, group=group, scores=tuple(scores), in_scope=in_scope)
            for sha256, true_label, group, scores, in_scope in values["photos"]
        )
        return cls(labels=tuple(values["labels"]), confidence_threshold=values["confidence_threshold"], photos=photos)
