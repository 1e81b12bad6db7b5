"""Evaluate: a candidate's metrics on validation and test photos, scored as users will score: on LiteRT."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from acnelib.bundle import read_candidate
from acnelib.dataset.splitting import Split, Subset
from acnelib.errors import DataUnusable
from acnelib.evaluation.answers import Answer, Answers
from acnelib.evaluation.label_errors import Suspicion, suspected_label_errors
from acnelib.evaluation.plots import confusion_figure
from acnelib.files import digest_of, write_json
from acnelib.inference import Classifier, ModelIdentity
from acnelib.metrics import macro_f1
from acnelib.settings import Settings
from acnelib.stages.keeping import Progress, kept_folder, silent
from acnelib.stages.results import Evaluated, Trained
from acnelib.stages.tracked import tracking_of, written_record
from acnelib.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from acnelib.registry.tracking import Tracking

RECIPE = 2
"""To be counted up when metrics are computed otherwise."""


ANSWERS, EVALUATION, SUSPICIONS = "answers.json", "evaluation.json", "label_suspicions.json"


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
    return Answers.of_json(json.loads(evaluated.answers.read_text())[str(subset)])


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
        answers.append(
            Answer(sha256=sha256, truth=split.label(sha256), group=split.photos[sha256].group, scores=scores)
        )
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
    truth = answers[Subset.TEST].truth
    evaluation: dict[str, Any] = {str(subset): some.metrics().as_dict() for subset, some in answers.items()}
    evaluation["majority"] = {"label": majority, "test_macro_f1": macro_f1(truth, [majority] * len(truth))}
    write_json(folder / EVALUATION, evaluation)
    write_json(folder / ANSWERS, {str(subset): some.as_json() for subset, some in answers.items()})
    write_json(folder / SUSPICIONS, [asdict(one) for one in _suspicions(trained)])


def _suspicions(trained: Trained) -> tuple[Suspicion, ...]:
    held_out = Answers.of_json(json.loads(trained.out_of_fold.read_text()))
    photos = [photo.sha256 for photo in held_out.photos]
    return suspected_label_errors(held_out.scores, photos, held_out.truth, labels=held_out.labels)


def _record(trained: Trained, folder: Path) -> Evaluated:
    evaluation = json.loads((folder / EVALUATION).read_text())
    validation = evaluation.get(str(Subset.VALIDATION), {})
    return Evaluated(
        trained=trained,
        evaluation=folder / EVALUATION,
        answers=folder / ANSWERS,
        suspicions=folder / SUSPICIONS,
        validation_macro_f1=validation.get("macro_f1"),
        validation_nll=validation.get("nll"),
        test_macro_f1=evaluation[str(Subset.TEST)]["macro_f1"],
    )


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
        suspicions = json.loads(evaluated.suspicions.read_text())
        run.log_metrics({"suspected_label_errors": len(suspicions)})
        run.log_json(evaluation, f"evaluation/{EVALUATION}")
        run.log_json(suspicions, f"evaluation/{SUSPICIONS}")
        answers = answers_of(evaluated, Subset.TEST)
        figure = confusion_figure(
            answers.truth,
            answers.given,
            labels=answers.labels,
            title=f"{trained.featured.backbone}, {len(answers.photos)} test photos",
        )
        run.log_figure(figure, "evaluation/confusion_matrix.png")
