"""Evaluate: a candidate's metrics on test photos, scored as users will score: on LiteRT; and the report."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from acnelib.bundle import read_candidate
from acnelib.config.settings import Settings
from acnelib.dataset.splitting import Split, Subset
from acnelib.errors import DataUnusable
from acnelib.evaluation.label_errors import Suspicion, suspected_label_errors
from acnelib.evaluation.report.content import figures_of_numbers
from acnelib.evaluation.report.evaluation_report import write_evaluation_report
from acnelib.evaluation.report.tables import evaluation_figures, evaluation_tables
from acnelib.evaluation.scored_photos import ScoredPhoto, ScoredPhotos
from acnelib.evaluation.selective import confident_curve
from acnelib.inference import Classifier, ModelIdentity, Verdict
from acnelib.metrics import macro_f1
from acnelib.progress import Progress, no_progress
from acnelib.registry.tracking.connection import tracking_of, written_record
from acnelib.registry.tracking.system_metrics import USAGE, read_system_metrics
from acnelib.stages.candidate import learnt_from
from acnelib.stages.reporting import CROSS_VALIDATED, TEST, report_content
from acnelib.stages.results import EvaluateResult, TrainResult
from acnelib.storage.files import digest_of, write_json
from acnelib.storage.results import build_once
from acnelib.storage.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from acnelib.evaluation.report.content import EvaluationContent
    from acnelib.registry.tracking import Tracking

CACHE_VERSION = 4
"""To be counted up when metrics are computed otherwise."""


ANSWERS, EVALUATION, SUSPICIONS = "answers.json", "evaluation.json", "label_suspicions.json"
REPORT = "evaluation_report.html"


def evaluate(
    trained: TrainResult, *, settings: Settings | None = None, progress: Progress = no_progress
) -> EvaluateResult:
    """Score a candidate on the photos that it was not fitted on, write the report, and log both to its run.

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
    digest = digest_of("evaluate", CACHE_VERSION, trained.digest)
    folder = workspace.result("evaluate", digest)
    build_once(folder, lambda part: _score(trained, part, workspace, progress))
    evaluated = _record(trained, folder)
    record = written_record(settings, tracking, "evaluate", digest)
    shown, logged = evaluated.report.is_file(), record.is_file()
    if shown and logged:
        return evaluated
    content = report_content(evaluated, workspace)
    if not shown:  # it is new, or was removed since it showed a photo that was withdrawn
        write_evaluation_report(evaluated.report, content, picture=workspace.images.path)
    if not logged:
        _log(evaluated, content, tracking)
        evaluated.write(record)
    return evaluated


def classify_photos(
    classifier: Classifier, photos: Sequence[str], split: Split, workspace: Workspace, progress: Progress = no_progress
) -> ScoredPhotos:
    """Return a model's answers on photos of the image store."""
    answers = []
    paths = [workspace.images.path(sha256) for sha256 in photos]
    for sha256, prediction in zip(photos, classifier.predict_many(paths), strict=True):
        if prediction.error is not None:
            raise DataUnusable(f"photo {sha256} was readable and is no longer ({prediction.error}): run again")
        scores = tuple(prediction.scores[label] for label in classifier.labels)
        answers.append(
            ScoredPhoto(
                sha256=sha256,
                truth=split.label(sha256),
                group=split.photos[sha256].group,
                scores=scores,
                in_scope=prediction.verdict != Verdict.OUT_OF_SCOPE,
            )
        )
        progress(len(answers), len(photos), "photos scored")
    return ScoredPhotos(
        labels=classifier.labels,
        confidence_threshold=classifier.bundle.description.confidence_threshold,
        photos=tuple(answers),
    )


def _score(trained: TrainResult, folder: Path, workspace: Workspace, progress: Progress) -> None:
    split = Split.read(trained.featured.splitted.split)
    if not split.of(Subset.TEST):
        raise DataUnusable(
            "no photo is left to test on: each class needs photos of at least two patients or places; add photos"
        )
    identity = ModelIdentity(name="candidate", version=None, sha256="")
    classifier = Classifier(read_candidate(trained.candidate), identity=identity)
    answers = {
        CROSS_VALIDATED: ScoredPhotos.of_json(json.loads(trained.out_of_fold.read_text())),
        TEST: classify_photos(classifier, split.of(Subset.TEST), split, workspace, progress),
    }
    majority = Counter(split.label(sha256) for sha256 in learnt_from(split)).most_common(1)[0][0]
    truth = answers[TEST].truth
    evaluation: dict[str, Any] = {name: some.metrics().as_dict() for name, some in answers.items() if some.photos}
    for name, told in evaluation.items():
        told["out_of_scope"] = sum(not photo.in_scope for photo in answers[name].photos)
    evaluation["majority"] = {"label": majority, "test_macro_f1": macro_f1(truth, [majority] * len(truth))}
    evaluation[TEST]["selective"] = _selective(answers[TEST])
    suspicions = _suspicions(answers[CROSS_VALIDATED])
    write_json(folder / EVALUATION, evaluation)
    write_json(folder / ANSWERS, {name: some.as_json() for name, some in answers.items()})
    write_json(folder / SUSPICIONS, [asdict(one) for one in suspicions])


def _selective(answers: ScoredPhotos) -> dict[str, list[Any]]:
    """Return columns, one value per point: an app's users choose their own threshold by them."""
    curve = confident_curve(answers)
    return {
        "confidence": [point.confidence for point in curve],
        "photos": [point.photos for point in curve],
        "groups": [point.groups for point in curve],
        "accuracy": [round(point.accuracy, 4) for point in curve],
        "low": [round(point.interval[0], 4) for point in curve],
        "high": [round(point.interval[1], 4) for point in curve],
    }


def _suspicions(held_out: ScoredPhotos) -> tuple[Suspicion, ...]:
    photos = [photo.sha256 for photo in held_out.photos]
    return suspected_label_errors(held_out.scores, photos, held_out.truth, labels=held_out.labels)


def _record(trained: TrainResult, folder: Path) -> EvaluateResult:
    evaluation = json.loads((folder / EVALUATION).read_text())
    cross_validated = evaluation.get(CROSS_VALIDATED, {})
    return EvaluateResult(
        trained=trained,
        evaluation=folder / EVALUATION,
        answers=folder / ANSWERS,
        suspicions=folder / SUSPICIONS,
        report=folder / REPORT,
        cross_validated_macro_f1=cross_validated.get("macro_f1"),
        cross_validated_nll=cross_validated.get("nll"),
        test_macro_f1=evaluation[TEST]["macro_f1"],
    )


LOGGED = ("macro_f1", "balanced_accuracy", "accuracy", "ece", "nll", "brier", "coverage", "selective_accuracy")
"""Few and stable, so that runs compare well."""


def _log(evaluated: EvaluateResult, content: EvaluationContent, tracking: Tracking) -> None:
    evaluation = json.loads(evaluated.evaluation.read_text())
    trained = evaluated.trained
    with tracking.candidate_run(trained.digest, name=trained.featured.backbone, tags={}, stage="evaluate") as run:
        # MLflow's plots begin with the metric that was logged first.
        for name in (TEST, CROSS_VALIDATED):
            metrics = evaluation.get(name, {})
            run.log_metrics(
                {f"{name}_{metric}": metrics[metric] for metric in LOGGED if metrics.get(metric) is not None}
            )
        run.log_metrics({f"{TEST}_{name}": number for name, number in figures_of_numbers(content).items()})
        description = read_candidate(trained.candidate).description
        run.log_metrics(
            {
                "training_seconds": round(trained.featured.seconds + trained.seconds, 2),
                "suspected_label_errors": len(content.suspicions),
                # Found by learning, not chosen: as parameters they would be axes of every comparison.
                "temperature": description.temperature,
                "confidence_threshold": description.confidence_threshold,
            }
        )
        run.log_samples(read_system_metrics(trained.candidate.with_name(USAGE)))
        run.log_json(evaluation, f"evaluation/{EVALUATION}")
        run.log_json([asdict(one) for one in content.suspicions], f"evaluation/{SUSPICIONS}")
        for name, table in evaluation_tables(content).items():
            run.log_text(table, f"evaluation/{name}")
        for name, figure in evaluation_figures(content).items():
            run.log_figure(figure, f"evaluation/{name}.png")
