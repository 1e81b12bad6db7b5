"""How good a model is on a folder of class folders that it has nothing to do with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acnelib.errors import DataUnusable
from acnelib.inference import Verdict
from acnelib.labels import normalised_label
from acnelib.metrics import Metrics, check_labels, evaluate_scores
from acnelib.stages.keeping import Progress, silent

if TYPE_CHECKING:
    from pathlib import Path

    from acnelib.inference import Classifier


def evaluate_folder(folder: Path, classifier: Classifier, *, progress: Progress = silent) -> Metrics:
    """Classify ``folder/<class>/<photo>`` and compare with the folders' names.

    Args:
        folder: The folder.
        classifier: The model.
        progress: Told how far it is.

    Raises:
        DataUnusable: There is no readable photo, or a class that the model does not know.
    """
    photos = _photos(folder)
    check_labels({label for _, label in photos}, classifier.labels)
    truth, scores, confident, unreadable = [], [], [], 0
    predictions = classifier.predict_many(path for path, _ in photos)
    for done, ((_, label), prediction) in enumerate(zip(photos, predictions, strict=True), start=1):
        progress(done, len(photos), "photos scored")
        if prediction.error is not None:
            unreadable += 1
            continue
        truth.append(label)
        scores.append([prediction.scores[name] for name in classifier.labels])
        confident.append(prediction.verdict == Verdict.CONFIDENT)
    return evaluate_scores(
        np.array(scores), truth, labels=classifier.labels, confident=np.array(confident), unreadable=unreadable
    )


def _photos(folder: Path) -> list[tuple[Path, str]]:
    if not folder.is_dir():
        raise DataUnusable(f"{folder} is no folder: name a folder with one sub-folder of photos per class")
    classes = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    if not classes:
        raise DataUnusable(f"{folder} has no class folders: put the photos of each class into a sub-folder of its name")
    return [
        (path, normalised_label(top.name))
        for top in classes
        for path in sorted(top.rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(top).parts)
    ]
