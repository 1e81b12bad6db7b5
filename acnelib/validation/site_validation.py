"""Validation of a model on a folder of labelled photos of a site; :mod:`acnelib.site_check` has the figures."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from acnelib.config.settings import Settings
from acnelib.errors import UsageError
from acnelib.progress import Progress, no_progress
from acnelib.site_check import FEWEST_PHOTOS, PhotoComparison, SiteValidation, site_validation
from acnelib.site_check.figures import SitePhotos
from acnelib.site_threshold import SiteThresholds
from acnelib.validation.folder_evaluation import classify_folder, classify_reviewed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from acnelib.inference import Classifier

logger = logging.getLogger(__name__)


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
    comparison = PhotoComparison(classifier.bundle.path, workdir=settings.workdir)
    comparison.add({str(answer.sha256): Path(str(answer.path)) for _, answer in labelled.answers}, progress=progress)
    trained_on = comparison.learnt_from([str(answer.sha256) for _, answer in labelled.answers])
    usable = [each for each in labelled.answers if trained_on is None or each[1].sha256 not in trained_on]
    learnt_from = None if trained_on is None else len(labelled.answers) - len(usable)
    if len(usable) < FEWEST_PHOTOS:
        raise UsageError(_too_few(folder, usable=len(usable), unreadable=len(labelled.unreadable), learnt=learnt_from))
    photos = SitePhotos.of(usable, comparison.groups([str(answer.sha256) for _, answer in usable]))
    result = site_validation(
        photos,
        unreadable=len(labelled.unreadable),
        learnt_from=learnt_from,
        compared=comparison.compared,
        promised=classifier.bundle.description.promise.level,
        threshold=classifier.threshold,
    )
    if not apply:
        return result
    SiteThresholds(settings.home).keep(classifier.identity.sha256, result.as_site_threshold())
    return result.applied(photos)


def _too_few(folder: Path, *, usable: int, unreadable: int, learnt: int | None) -> str:
    reasons = (f"{unreadable} unreadable" if unreadable else "", f"{learnt} learnt from by the model" if learnt else "")
    left_out = ", ".join(filter(None, reasons))
    return (
        f"{folder} has {usable} usable photos{f' ({left_out})' if left_out else ''}, and {FEWEST_PHOTOS} are needed: "
        "add labelled photos that the model did not learn from, of as many patients as possible"
    )
