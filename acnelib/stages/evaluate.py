"""Evaluate: a candidate's metrics on validation and test photos, scored as users will score: on LiteRT."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from acnelib.bundle import read_candidate
from acnelib.dataset.splitting import Split, Subset
from acnelib.errors import DataUnusable
from acnelib.evaluation.plots import confusion_figure
from acnelib.files import digest_of, write_json
from acnelib.inference import Classifier, ModelIdentity
from acnelib.metrics import Metrics, evaluate_scores, macro_f1
from acnelib.settings import Settings
from acnelib.stages.keeping import Progress, kept_folder, silent
from acnelib.stages.results import Evaluated, Trained
from acnelib.stages.tracked import tracking_of, written_record
from acnelib.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from acnelib.registry.tracking import Tracking

RECIPE = 1
"""To be counted up when metrics are computed otherwise."""


@dataclass(frozen=True, kw_only=True)
class Answers:
    """A model's scores of some photos, with the truth.

    Attributes:
        labels: Labels in the order of the scores.
        confident_at: Confidence from which an answer is confident.
        photos: Hash, true label, group and scores of each photo.
    """

    labels: tuple[str, ...]
    confident_at: float
    photos: tuple[tuple[str, str, str, tuple[float, ...]], ...]

    def metrics(self) -> Metrics:
        """Return the metrics of these answers."""
        scores = np.array([scores for *_, scores in self.photos])
        return evaluate_scores(
            scores,
            self.truth(),
            labels=self.labels,
            confident=scores.max(axis=1) >= self.confident_at,
            groups=[group for _, _, group, _ in self.photos],
        )

    def truth(self) -> list[str]:
        """Return the true labels."""
        return [label for _, label, _, _ in self.photos]

    def labels_given(self) -> list[str]:
        """Return the label with the highest score of each photo."""
        return [self.labels[int(np.argmax(scores))] for *_, scores in self.photos]

    def only(self, wanted: set[str]) -> Answers:
        """Return the answers for some of the photos."""
        photos = tuple(photo for photo in self.photos if photo[0] in wanted)
        return Answers(labels=self.labels, confident_at=self.confident_at, photos=photos)


def evaluate(trained: Trained, *, settings: Settings | None = None, progress: Progress = silent) -> Evaluated:
    """Score a candidate on the photos that it was not fitted on, and log the metrics to its run.

    Args:
        trained: The candidate.
        settings: Where the working folder and the tracking server are.
        progress: Told how far it is.

    Raises:
        DataUnusable: There is no test photo.
        TrackingFailed: The tracking server does not answer.
    """
    settings = settings or Settings.load()
    tracking = tracking_of(settings)
    workspace = Workspace(settings.workdir)
    digest = digest_of("evaluate", RECIPE, trained.digest)
    folder = workspace.result("evaluate", digest)
    kept_folder(folder, lambda part: _score(trained, part, workspace, progress))
    record = written_record(settings, tracking, "evaluate", digest)
    if record.is_file():
        return Evaluated.read(record).model_copy(update={"trained": trained})
    evaluated = _record(trained, folder)
    _log(evaluated, tracking)
    evaluated.write(record)
    return evaluated


def answers_of(evaluated: Evaluated, subset: Subset) -> Answers:
    """Return a candidate's answers on validation or test photos."""
    return _read_answers(evaluated.answers, subset)


def classify_photos(
    classifier: Classifier, photos: Sequence[str], split: Split, workspace: Workspace, progress: Progress = silent
) -> Answers:
    """Return a model's answers on photos of the image store."""
    answers = []
    paths = [workspace.images.path(sha256) for sha256 in photos]
    for sha256, prediction in zip(photos, classifier.predict_many(paths), strict=True):
        if prediction.error is not None:
            raise DataUnusable(f"photo {sha256} was readable and is no longer ({prediction.error}): run again")
        scores = tuple(prediction.scores[label] for label in classifier.labels)
        answers.append((sha256, split.label(sha256), split.photos[sha256].group, scores))
        progress(len(answers), len(photos), "photos scored")
    return Answers(
        labels=classifier.labels, confident_at=classifier.bundle.description.confident_at, photos=tuple(answers)
    )


def _score(trained: Trained, folder: Path, workspace: Workspace, progress: Progress) -> None:
    split = Split.read(trained.featured.splitted.split)
    if not split.of(Subset.TEST):
        raise DataUnusable(
            "no photo is left to test on: each class needs photos of at least two patients or places; add photos"
        )
    identity = ModelIdentity(name="candidate", version=None, sha256="")
    classifier = Classifier(read_candidate(trained.candidate), identity=identity)
    answers = {
        subset: classify_photos(classifier, split.of(subset), split, workspace, progress)
        for subset in (Subset.VALIDATION, Subset.TEST)
        if split.of(subset)
    }
    majority = Counter(map(split.label, split.of(Subset.TRAIN))).most_common(1)[0][0]
    truth = answers[Subset.TEST].truth()
    evaluation: dict[str, Any] = {str(subset): some.metrics().as_dict() for subset, some in answers.items()}
    evaluation["majority"] = {"label": majority, "test_macro_f1": macro_f1(truth, [majority] * len(truth))}
    write_json(folder / "evaluation.json", evaluation)
    write_json(
        folder / "answers.json",
        {
            "labels": classifier.labels,
            "confident_at": classifier.bundle.description.confident_at,
            **{str(subset): some.photos for subset, some in answers.items()},
        },
    )


def _record(trained: Trained, folder: Path) -> Evaluated:
    evaluation = json.loads((folder / "evaluation.json").read_text())
    validation = evaluation.get(str(Subset.VALIDATION), {})
    return Evaluated(
        trained=trained,
        evaluation=folder / "evaluation.json",
        answers=folder / "answers.json",
        validation_macro_f1=validation.get("macro_f1"),
        validation_nll=validation.get("nll"),
        test_macro_f1=evaluation[str(Subset.TEST)]["macro_f1"],
    )


def _read_answers(path: Path, subset: Subset) -> Answers:
    values = json.loads(path.read_text())
    photos = tuple((sha256, label, group, tuple(scores)) for sha256, label, group, scores in values[str(subset)])
    return Answers(labels=tuple(values["labels"]), confident_at=values["confident_at"], photos=photos)


LOGGED = ("macro_f1", "balanced_accuracy", "accuracy", "ece", "nll", "brier", "coverage", "selective_accuracy")
"""Few and stable, so that runs compare well."""


def _log(evaluated: Evaluated, tracking: Tracking) -> None:
    evaluation = json.loads(evaluated.evaluation.read_text())
    trained = evaluated.trained
    with tracking.candidate_run(trained.digest, name=trained.featured.backbone, tags={}, stage="evaluate") as run:
        # MLflow's plots begin with the metric that was logged first.
        for subset in (Subset.TEST, Subset.VALIDATION):
            metrics = evaluation.get(str(subset), {})
            run.log_metrics({f"{subset}_{name}": metrics[name] for name in LOGGED if metrics.get(name) is not None})
        run.log_metrics({"training_seconds": round(trained.featured.seconds + trained.seconds, 2)})
        run.log_json(evaluation, "evaluation/evaluation.json")
        answers = answers_of(evaluated, Subset.TEST)
        figure = confusion_figure(
            answers.truth(),
            answers.labels_given(),
            labels=answers.labels,
            title=f"{trained.featured.backbone}, {len(answers.photos)} test photos",
        )
        run.log_figure(figure, "evaluation/confusion_matrix.png")
