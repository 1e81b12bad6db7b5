"""How good a model is on a folder of class folders, and how many of these photos it learnt from."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from acnelib.bundle import TrainingHashes
from acnelib.config.settings import Settings
from acnelib.dataset.appearance.facts import FactStore
from acnelib.dataset.training_photos import find_training_photos
from acnelib.folders.photo_files import labelled_photos, left_out_lines
from acnelib.folders.walk import LeftOut
from acnelib.inference import Verdict
from acnelib.metrics import check_labels, evaluate_scores
from acnelib.progress import Progress, no_progress
from acnelib.storage.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from acnelib.dataset.training_photos import TrainingPhotos
    from acnelib.evaluation_record import Metrics
    from acnelib.folders.photo_files import LabelledPhoto
    from acnelib.inference import Classifier, Prediction

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class FolderEvaluation:
    """How good a model is on a folder of class folders.

    Attributes:
        metrics: On all photos that could be read.
        learnt_from: How many of these the model learnt from, copies included; None: its bundle does not say.
        copies: How many of those are other files that show the same as one that it learnt from.
        compared: Photos that it learnt from whose look the working folder knows; 0: no copy could be found.
        others: The metrics on the photos that it did not learn from; None where there are none, or nobody knows.
        left_out: What counts nowhere, and why: files that cannot be read, too.
    """

    metrics: Metrics
    learnt_from: int | None
    copies: int
    compared: int
    others: Metrics | None
    left_out: tuple[LeftOut, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON: the metrics on all photos, and beside them what they are worth."""
        return {
            **self.metrics.as_dict(),
            "learnt_from": self.learnt_from,
            "others": None if self.others is None else self.others.as_dict(),
            "left_out": [{"path": file.path, "reason": file.reason} for file in self.left_out],
        }


def evaluate_folder(
    folder: Path,
    classifier: Classifier,
    *,
    settings: Settings | None = None,
    progress: Progress = no_progress,
    report: Callable[[str], None] = logger.warning,
) -> FolderEvaluation:
    """Classify ``folder/<class>/<photo>``, compare with the folders' names, and tell apart what was learnt from.

    The bundle knows the very files that the model learnt from; copies of them are found where the working folder knows
    what those look like. Nothing about the folder's photos is kept.

    Args:
        folder: The folder.
        classifier: The model.
        settings: Where the working folder is.
        progress: Told how far it is.
        report: Told in a few lines what was left out.

    Raises:
        DataUnusable: There is no readable photo, or a class that the model does not know.
        UsageError: The classes lie at another level of the folder.
    """
    settings = settings or Settings.load()
    found = labelled_photos(folder, known=classifier.labels)
    for line in left_out_lines(found.left_out, hidden=found.hidden, merged=found.merged):
        report(line)
    check_labels({photo.label for photo in found.photos}, classifier.labels)
    answers, unreadable = _answers(found.photos, folder, classifier, progress)
    for line in left_out_lines(unreadable):
        report(line)
    metrics = _metrics(answers, classifier.labels, unreadable=len(unreadable))
    learnt = _learnt(answers, classifier, settings, progress)
    others = [(label, answer) for label, answer in answers if learnt is not None and answer.sha256 not in learnt]
    return FolderEvaluation(
        metrics=metrics,
        learnt_from=None if learnt is None else len(answers) - len(others),
        copies=0 if learnt is None else sum(answer.sha256 in learnt.copies for _, answer in answers),
        compared=0 if learnt is None else learnt.compared,
        others=_metrics(others, classifier.labels) if others else None,
        left_out=(*found.left_out, *unreadable),
    )


def _answers(
    photos: Sequence[LabelledPhoto], folder: Path, classifier: Classifier, progress: Progress
) -> tuple[list[tuple[str, Prediction]], list[LeftOut]]:
    """Return the label and the answer of every photo that can be read, and the others with their reasons."""
    answers, unreadable = [], []
    predictions = classifier.predict_many(photo.path for photo in photos)
    for done, (photo, prediction) in enumerate(zip(photos, predictions, strict=True), start=1):
        progress(done, len(photos), "photos scored")
        if prediction.error is None:
            answers.append((photo.label, prediction))
        else:
            name, reason = photo.path.relative_to(folder), prediction.error.removeprefix(str(photo.path)).strip()
            unreadable.append(LeftOut(name.as_posix(), reason))
    return answers, unreadable


def _learnt(
    answers: Sequence[tuple[str, Prediction]], classifier: Classifier, settings: Settings, progress: Progress
) -> TrainingPhotos | None:
    learnt_from = TrainingHashes.read(classifier.bundle.path)
    if learnt_from is None:
        return None
    return find_training_photos(
        {str(answer.sha256): Path(str(answer.path)) for _, answer in answers},
        learnt_from,
        store=FactStore(Workspace(settings.workdir).root / "facts"),
        progress=lambda done, total: progress(done, total, "photos compared with those learnt from"),
    )


def _metrics(answers: Sequence[tuple[str, Prediction]], labels: Sequence[str], *, unreadable: int = 0) -> Metrics:
    return evaluate_scores(
        np.array([[answer.scores[label] for label in labels] for _, answer in answers]),
        [label for label, _ in answers],
        labels=labels,
        confident=np.array([answer.verdict == Verdict.CONFIDENT for _, answer in answers]),
        unreadable=unreadable,
    )
