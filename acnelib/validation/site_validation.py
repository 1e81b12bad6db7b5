"""Validation of a model on labelled photos of a site: how far its confident answers can be trusted there.

The threshold in force is the one that this site's verdicts are given with: the model's own until a threshold of the
site is kept (:mod:`acnelib.site_threshold`). All figures about confident answers are those at the threshold in force.
"""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from acnelib.config.settings import Settings
from acnelib.dataset.training_photos import measure_photos
from acnelib.errors import UsageError
from acnelib.evaluation.intervals import wilson
from acnelib.inference import ConfidenceThreshold, ThresholdOrigin, Verdict
from acnelib.metrics import expected_calibration_error
from acnelib.progress import Progress, no_progress
from acnelib.site_threshold import SiteThreshold, SiteThresholds
from acnelib.threshold_fit import accuracy_bound, group_hits, lowest_threshold
from acnelib.validation.folder_evaluation import classify_folder, classify_reviewed, training_photos_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from acnelib.inference import Classifier, Prediction

logger = logging.getLogger(__name__)

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


def validate_folder(
    folder: Path,
    classifier: Classifier,
    *,
    reviews: Sequence[Path] = (),
    apply: bool = False,
    settings: Settings | None = None,
    progress: Progress = no_progress,
    report: Callable[[str], None] = logger.warning,
) -> SiteValidation:
    """Measure a model on labelled photos of a site, without those that it learnt from and their copies.

    The labels are those of the folders, ``folder/<class>/<photo>``, or of blind reviews: agreeing with an answer in
    sight would make the model its own judge.

    Nothing about the photos is stored.

    Args:
        folder: The folder.
        classifier: The model, with the threshold in force; see :func:`acnelib.models.load_classifier`.
        reviews: Files of reviews, whose labels count instead of those of the folders.
        apply: Keep the threshold that is fitted on these photos as the site's own; it is then the one in force.
        settings: Where the working folder and the home are.
        progress: Callback for progress.
        report: Callback for messages about files left out.

    Raises:
        UsageError: There are too few usable photos, or the class folders are at another level.
        DataUnusable: There is no photo, or the model lacks a class.
    """
    settings = settings or Settings.load()
    classify = partial(classify_reviewed, folder, reviews) if reviews else partial(classify_folder, folder)
    labelled = classify(classifier, settings=settings, progress=progress, report=report)
    measured = measure_photos(
        {str(answer.sha256): Path(str(answer.path)) for _, answer in labelled.answers},
        progress=lambda done, total: progress(done, total, "photos compared with each other"),
    )
    trained_on = training_photos_of(labelled.answers, classifier, settings=settings, measured=measured)
    usable = [each for each in labelled.answers if trained_on is None or each[1].sha256 not in trained_on]
    learnt_from = None if trained_on is None else len(labelled.answers) - len(usable)
    if len(usable) < FEWEST_PHOTOS:
        raise UsageError(_too_few(folder, usable=len(usable), unreadable=len(labelled.unreadable), learnt=learnt_from))
    groups = measured.groups({str(answer.sha256) for _, answer in usable})
    photos = _photos(usable, groups, drawn=classifier.identity.drawn)
    result = _validation(
        photos,
        unreadable=len(labelled.unreadable),
        learnt_from=learnt_from,
        compared=0 if trained_on is None else trained_on.compared,
        promised=classifier.bundle.description.promise.level,
        threshold=classifier.threshold,
    )
    if not apply:
        return result
    SiteThresholds(settings.home).keep(classifier.identity.sha256, result.as_site_threshold())
    applied = ConfidenceThreshold(result.fitted, ThresholdOrigin.SITE)
    return replace(result, **_confident_figures(photos, threshold=applied, promised=result.promised))


def _photos(answers: Sequence[tuple[str, Prediction]], groups: dict[str, str], *, drawn: bool) -> SitePhotos:
    predictions = [answer for _, answer in answers]
    return SitePhotos(
        confidence=np.array([answer.confidence for answer in predictions], dtype=np.float64),
        right=np.array([answer.label == label for label, answer in answers], dtype=bool),
        eligible=np.array(
            [answer.fit and answer.verdict is not Verdict.OUT_OF_SCOPE and not drawn for answer in predictions],
            dtype=bool,
        ),
        groups=tuple(groups[str(answer.sha256)] for answer in predictions),
    )


def _validation(
    photos: SitePhotos,
    *,
    unreadable: int,
    learnt_from: int | None,
    compared: int,
    promised: float,
    threshold: ConfidenceThreshold,
) -> SiteValidation:
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


def _confident_figures(photos: SitePhotos, *, threshold: ConfidenceThreshold, promised: float) -> dict[str, Any]:
    """Return the figures that depend on the threshold, by the names of their fields."""
    confident = photos.confident(threshold.value)
    right = photos.right[confident]
    hits, cases = group_hits(right, [photos.groups[place] for place in np.flatnonzero(confident)])
    accuracy = float(right.mean()) if cases else None
    interval = None if accuracy is None else wilson(accuracy, cases)
    trusted = cases > 0 and float(accuracy_bound(np.array([hits]), np.array([float(cases)]))[0]) >= promised
    return {
        "coverage": float(confident.mean()),
        "selective_accuracy": accuracy,
        "selective_accuracy_interval": interval,
        "threshold": threshold,
        "trusted": trusted,
        "failed": interval is not None and interval[1] < promised,
    }


def _too_few(folder: Path, *, usable: int, unreadable: int, learnt: int | None) -> str:
    reasons = (f"{unreadable} unreadable" if unreadable else "", f"{learnt} learnt from by the model" if learnt else "")
    left_out = ", ".join(filter(None, reasons))
    return (
        f"{folder} has {usable} usable photos{f' ({left_out})' if left_out else ''}, and {FEWEST_PHOTOS} are needed: "
        "add labelled photos that the model did not learn from, of as many patients as possible"
    )
