"""How good a model is on a folder of class folders that it has nothing to do with."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import numpy as np

from acnelib.inference import Verdict
from acnelib.metrics import Metrics, check_labels, evaluate_scores
from acnelib.photo_files import labelled_photos, left_out_lines
from acnelib.stages.keeping import Progress, silent

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from acnelib.inference import Classifier

logger = logging.getLogger(__name__)


def evaluate_folder(
    folder: Path,
    classifier: Classifier,
    *,
    progress: Progress = silent,
    report: Callable[[str], None] = logger.warning,
) -> Metrics:
    """Classify ``folder/<class>/<photo>`` and compare with the folders' names.

    Args:
        folder: The folder.
        classifier: The model.
        progress: Told how far it is.
        report: Told in a few lines what was left out.

    Raises:
        DataUnusable: There is no readable photo, or a class that the model does not know.
        UsageError: The classes lie at another level of the folder.
    """
    found = labelled_photos(folder, known=classifier.labels)
    photos = found.photos
    for line in left_out_lines(found.left_out, hidden=found.hidden, merged=found.merged):
        report(line)
    check_labels({photo.label for photo in photos}, classifier.labels)
    truth, scores, confident, unreadable = [], [], [], 0
    predictions = classifier.predict_many(photo.path for photo in photos)
    for done, (photo, prediction) in enumerate(zip(photos, predictions, strict=True), start=1):
        progress(done, len(photos), "photos scored")
        if prediction.error is not None:
            unreadable += 1
            continue
        truth.append(photo.label)
        scores.append([prediction.scores[name] for name in classifier.labels])
        confident.append(prediction.verdict == Verdict.CONFIDENT)
    return evaluate_scores(
        np.array(scores), truth, labels=classifier.labels, confident=np.array(confident), unreadable=unreadable
    )
