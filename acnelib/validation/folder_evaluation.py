"""Evaluation of a model on a folder of class folders, with its training photos kept apart."""

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
from acnelib.label_aliases import LabelAliases
from acnelib.metrics import check_labels, evaluate_scores
from acnelib.progress import Progress, no_progress
from acnelib.reviews import decide, read_reviews
from acnelib.storage.workspace import Workspace
from acnelib.validation.reviewed_photos import reviewed_photos

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from acnelib.dataset.training_photos import TrainingPhotos
    from acnelib.evaluation_record import Metrics
    from acnelib.folders.photo_files import LabelledPhoto
    from acnelib.inference import Classifier, Prediction

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class FolderEvaluation:
    """Metrics of a model on a folder of class folders.

    Attributes:
        metrics: Metrics on all readable photos.
        learnt_from: Number of training photos among these, with copies; None: unknown to the bundle.
        copies: Number of copies of training photos among those.
        compared: Training photos with facts in the working folder; with 0, copies cannot be detected.
        others: Metrics on the photos that are not training photos; None without any, or if unknown.
        left_out: Files left out, including unreadable ones, with reasons.
    """

    metrics: Metrics
    learnt_from: int | None
    copies: int
    compared: int
    others: Metrics | None
    left_out: tuple[LeftOut, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON: the metrics on all photos, and those on other than training photos."""
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
    """Classify ``folder/<class>/<photo>``, compare with the folder names, and detect training photos.

    The figures are those of the model as it was registered, with its own threshold, whatever threshold this site uses.
    A folder whose name is an alias of a class of the model means this class.

    The bundle identifies the training files by hash. Copies are detected if the working folder has the facts of the
    training photos. Nothing about the folder's photos is stored.

    Args:
        folder: The folder.
        classifier: The model.
        settings: Where the working folder is.
        progress: Callback for progress.
        report: Callback for messages about files left out.

    Raises:
        DataUnusable: There is no readable photo, or the model lacks a class.
        UsageError: The class folders are at another level.
    """
    settings, classifier = settings or Settings.load(), classifier.at_model_threshold()
    labelled = classify_folder(folder, classifier, settings=settings, progress=progress, report=report)
    answers = labelled.answers
    metrics = _metrics(answers, classifier.labels, unreadable=len(labelled.unreadable))
    trained_on = training_photos_of(answers, classifier, settings=settings, progress=progress)
    others = [
        (label, answer) for label, answer in answers if trained_on is not None and answer.sha256 not in trained_on
    ]
    return FolderEvaluation(
        metrics=metrics,
        learnt_from=None if trained_on is None else len(answers) - len(others),
        copies=0 if trained_on is None else sum(answer.sha256 in trained_on.copies for _, answer in answers),
        compared=0 if trained_on is None else trained_on.compared,
        others=_metrics(others, classifier.labels) if others else None,
        left_out=(*labelled.left_out, *labelled.unreadable),
    )


@dataclass(frozen=True, kw_only=True)
class LabelledAnswers:
    """The predictions for the photos of a folder of class folders.

    Attributes:
        answers: True label and prediction of each readable photo.
        unreadable: Files that could not be read, with reasons.
        left_out: Files that are no labelled photos, with reasons.
    """

    answers: Sequence[tuple[str, Prediction]]
    unreadable: tuple[LeftOut, ...]
    left_out: tuple[LeftOut, ...]


def classify_reviewed(
    folder: Path,
    reviews: Iterable[Path],
    classifier: Classifier,
    *,
    settings: Settings,
    progress: Progress,
    report: Callable[[str], None],
) -> LabelledAnswers:
    """Classify the photos below a folder whose class blind reviews give; other reviews are counted and left out.

    Raises:
        DataUnusable: There is no such photo, or a file of reviews is damaged.
    """
    found = reviewed_photos(
        folder,
        decide(read_reviews(reviews)),
        known=classifier.labels,
        aliases=LabelAliases.load(settings.home),
    )
    for line in (*left_out_lines(found.left_out), *found.notes):
        report(line)
    answers, unreadable = _answers(found.photos, folder, classifier, progress)
    for line in left_out_lines(unreadable):
        report(line)
    return LabelledAnswers(answers=answers, unreadable=tuple(unreadable), left_out=found.left_out)


def classify_folder(
    folder: Path, classifier: Classifier, *, settings: Settings, progress: Progress, report: Callable[[str], None]
) -> LabelledAnswers:
    """Classify ``folder/<class>/<photo>``.

    Raises:
        DataUnusable: There is no photo, or the model lacks a class.
        UsageError: The class folders are at another level.
    """
    found = labelled_photos(folder, known=classifier.labels, aliases=LabelAliases.load(settings.home))
    for line in left_out_lines(found.left_out, hidden=found.hidden, merged=found.merged, renamed=found.renamed):
        report(line)
    check_labels({photo.label for photo in found.photos}, classifier.labels)
    answers, unreadable = _answers(found.photos, folder, classifier, progress)
    for line in left_out_lines(unreadable):
        report(line)
    return LabelledAnswers(answers=answers, unreadable=tuple(unreadable), left_out=found.left_out)


def _answers(
    photos: Sequence[LabelledPhoto], folder: Path, classifier: Classifier, progress: Progress
) -> tuple[list[tuple[str, Prediction]], list[LeftOut]]:
    """Return labels and predictions of all readable photos, and the other files with reasons."""
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


def training_photos_of(
    answers: Sequence[tuple[str, Prediction]],
    classifier: Classifier,
    *,
    settings: Settings,
    progress: Progress = no_progress,
) -> TrainingPhotos | None:
    """Return the training photos among those that were classified; None where the bundle does not list them.

    Args:
        answers: True label and prediction of each photo.
        classifier: The model.
        settings: Where the working folder is, which may hold the facts of the training photos.
        progress: Callback for progress.
    """
    learnt_from = TrainingHashes.read(classifier.bundle.path)
    if learnt_from is None:
        return None
    return find_training_photos(
        {str(answer.sha256): Path(str(answer.path)) for _, answer in answers},
        learnt_from,
        store=FactStore(Workspace(settings.workdir).root / "facts"),
        progress=lambda done, total: progress(done, total, "photos compared with training photos"),
    )


def _metrics(answers: Sequence[tuple[str, Prediction]], labels: Sequence[str], *, unreadable: int = 0) -> Metrics:
    return evaluate_scores(
        np.array([[answer.scores[label] for label in labels] for _, answer in answers]),
        [label for label, _ in answers],
        labels=labels,
        confident=np.array([answer.verdict == Verdict.CONFIDENT for _, answer in answers]),
        unreadable=unreadable,
    )
