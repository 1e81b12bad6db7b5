"""The figures of a site's own check, from the model's answers for photos whose class is known.

The threshold in force is the one that this site's verdicts are given with: the model's own until a threshold of the
site is kept (:mod:`acnelib.site_threshold`). All figures about confident answers are those at the threshold in force.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from acnelib.share_estimates import expected_calibration_error, wilson
from acnelib.site_threshold import SiteThreshold
from acnelib.threshold_fit import group_hits, lowest_threshold, surely_right
from acnelib.verdicts import ConfidenceThreshold, ThresholdOrigin, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from acnelib.inference import Prediction

FEWEST_PHOTOS = 30
"""Fewest usable photos for a validation."""


@dataclass(frozen=True, kw_only=True)
class SitePhotos:
    """The model's answers for the usable photos of a site: readable, labelled, and not learnt from.

    Attributes:
        confidence: Confidence of each answer, 0–1: [photos].
        right: Whether each answer is right: [photos].
        eligible: Whether each answer may be confident: in scope and fit, and not of a model of drawn pictures.
        groups: Group of each photo: copies of one picture and shots of one scene share one.
    """

    confidence: npt.NDArray[np.float64]
    right: npt.NDArray[np.bool_]
    eligible: npt.NDArray[np.bool_]
    groups: tuple[str, ...]

    @classmethod
    def of(cls, answers: Sequence[tuple[str, Prediction]], groups: Mapping[str, str]) -> SitePhotos:
        """Take the true label and the prediction of each photo, and the groups by the hashes of the files."""
        predictions = [answer for _, answer in answers]
        return cls(
            confidence=np.array([answer.confidence for answer in predictions], dtype=np.float64),
            right=np.array([answer.label == label for label, answer in answers], dtype=bool),
            eligible=np.array([_may_be_confident(answer) for answer in predictions], dtype=bool),
            groups=tuple(groups[str(answer.sha256)] for answer in predictions),
        )

    def __len__(self) -> int:
        return len(self.groups)

    def confident(self, threshold: float) -> npt.NDArray[np.bool_]:
        """Return whether each answer is confident at a threshold; none is at 1."""
        return self.eligible & (self.confidence >= threshold) & (threshold < 1)

    def fitted_threshold(self, level: float) -> float:
        """Return the lowest threshold whose confident answers are surely right as often as a level; 1: none is."""
        names = [self.groups[place] for place in np.flatnonzero(self.eligible)]
        return lowest_threshold(self.confidence[self.eligible], self.right[self.eligible], target=level, groups=names)


@dataclass(frozen=True, kw_only=True)
class SiteValidation:
    """The result of a validation.

    Attributes:
        n: Usable photos.
        unreadable: Files that could not be read.
        learnt_from: Readable photos that the model learnt from, with their copies, which are left out; None: the bundle
            does not list its training photos, so that none could be left out.
        accuracy: Share of the usable photos whose top label is right, in scope or not.
        accuracy_interval: Its 95 % interval (Wilson 1927); its cases are groups.
        ece: Expected calibration error over the usable photos.
        coverage: Share of the usable photos with a confident answer at the threshold in force.
        selective_accuracy: Share of the confident answers that is right; None without any.
        selective_accuracy_interval: Its 95 % interval (Wilson 1927), whose cases are groups; None without any.
        promised: Share of confident answers that should be right, by the model's promise.
        threshold: The threshold in force when the validation is over.
        trusted: Whether the promise is shown to hold here: the one-sided 80 % lower bound of the accuracy of the
            confident answers (Clopper and Pearson 1934, each group counting once) reaches the promised share. It is the
            rule by which the threshold itself is fitted.
        groups: Groups of the usable photos.
        fitted: The threshold fitted on these photos; 1: none holds.
        compared: Training photos that the photos were compared with; with 0, edited copies could not be found.
        failed: Whether the opposite of the promise is shown: the whole interval lies below the promised share.
    """

    n: int
    unreadable: int
    learnt_from: int | None
    accuracy: float
    accuracy_interval: tuple[float, float]
    ece: float
    coverage: float
    selective_accuracy: float | None
    selective_accuracy_interval: tuple[float, float] | None
    promised: float
    threshold: ConfidenceThreshold
    trusted: bool
    groups: int
    fitted: float
    compared: int
    failed: bool

    def as_dict(self) -> dict[str, Any]:
        """Return the fields of the JSON output."""
        values = asdict(self)
        return {name: value for name, value in values.items() if name not in {"groups", "fitted", "compared", "failed"}}

    def as_site_threshold(self) -> SiteThreshold:
        """Return the fitted threshold as it is kept."""
        return SiteThreshold.fitted_now(self.fitted, level=self.promised, photos=self.n, groups=self.groups)

    def applied(self, photos: SitePhotos) -> SiteValidation:
        """Return the figures of the same photos once the fitted threshold is the one in force."""
        threshold = ConfidenceThreshold(self.fitted, ThresholdOrigin.SITE)
        return replace(self, **_confident_figures(photos, threshold=threshold, promised=self.promised))


def site_validation(
    photos: SitePhotos,
    *,
    promised: float,
    threshold: ConfidenceThreshold,
    learnt_from: int | None,
    compared: int,
    unreadable: int = 0,
) -> SiteValidation:
    """Return the figures of a model on photos of a site, at least one.

    Args:
        photos: Its answers.
        promised: Share of confident answers that should be right, 0–1.
        threshold: The threshold in force.
        learnt_from: Photos that were left out because the model learnt from them; None: it is not known which.
        compared: Training photos that the photos were compared with.
        unreadable: Files that could not be read.
    """
    accuracy, groups = float(photos.right.mean()), len(set(photos.groups))
    return SiteValidation(
        n=len(photos),
        unreadable=unreadable,
        learnt_from=learnt_from,
        compared=compared,
        accuracy=accuracy,
        accuracy_interval=wilson(accuracy, groups),
        ece=expected_calibration_error(photos.confidence, photos.right),
        promised=promised,
        groups=groups,
        fitted=photos.fitted_threshold(promised),
        **_confident_figures(photos, threshold=threshold, promised=promised),
    )


def _may_be_confident(answer: Prediction) -> bool:
    return answer.fit and answer.verdict is not Verdict.OUT_OF_SCOPE and not answer.model.drawn


def _confident_figures(photos: SitePhotos, *, threshold: ConfidenceThreshold, promised: float) -> dict[str, Any]:
    """Return the figures that depend on the threshold, by the names of their fields."""
    confident = photos.confident(threshold.value)
    right = photos.right[confident]
    hits, cases = group_hits(right, [photos.groups[place] for place in np.flatnonzero(confident)])
    accuracy = float(right.mean()) if cases else None
    interval = None if accuracy is None else wilson(accuracy, cases)
    trusted = cases > 0 and bool(surely_right(np.array([hits]), np.array([float(cases)]), promised)[0])
    return {
        "coverage": float(confident.mean()),
        "selective_accuracy": accuracy,
        "selective_accuracy_interval": interval,
        "threshold": threshold,
        "trusted": trusted,
        "failed": interval is not None and interval[1] < promised,
    }
