"""Evaluate: a candidate's metrics on test photos, scored on LiteRT as users do, and the report.

The command ``acne evaluate`` is :mod:`acnelib.validation.folder_evaluation`.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from acnelib.bundle import EVALUATION
from acnelib.config.settings import Settings
from acnelib.dataset.splitting import Split, Subset
from acnelib.errors import DataUnusable
from acnelib.evaluation.label_errors import SuspectedLabelError, find_label_errors
from acnelib.evaluation.report.content import summary_metrics
from acnelib.evaluation.report.evaluation_report import write_evaluation_report
from acnelib.evaluation.report.tables import evaluation_figures, evaluation_tables
from acnelib.evaluation.scored_photos import ScoredPhoto, ScoredPhotos
from acnelib.evaluation.selective import confident_curve
from acnelib.evaluation_record import EvaluationRecord, SubsetEvaluation, ThresholdShare
from acnelib.inference import Classifier, ModelIdentity, Verdict
from acnelib.metrics import macro_f1
from acnelib.progress import Progress, no_progress
from acnelib.registry.tracking.connection import tracking_of, written_record
from acnelib.stages.artifacts import (
    CROSS_VALIDATED,
    LABEL_ERRORS,
    TEST,
    CandidateFolder,
    EvaluationFolder,
    label_errors_as_json,
)
from acnelib.stages.candidate import learnt_from
from acnelib.stages.reporting import report_content
from acnelib.stages.results import EvaluateResult, TrainResult
from acnelib.storage.files import digest_of
from acnelib.storage.results import References, build_once
from acnelib.storage.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from acnelib.evaluation.report.content import EvaluationContent
    from acnelib.registry.tracking import Tracking

CACHE_VERSION = 4
"""Increase it when metrics are computed differently."""


def evaluate(
    train_result: TrainResult, *, settings: Settings | None = None, progress: Progress = no_progress
) -> EvaluateResult:
    """Score a candidate on the photos that it was not fitted on, write the report, and log both to its run.

    Args:
        train_result: The candidate.
        settings: Where the working folder and the tracking server are.
        progress: Called with the progress.

    Raises:
        DataUnusable: There is no test photo.
        TrackingFailed: The tracking server does not answer.
    """
    settings = settings or Settings.load()
    tracking = tracking_of(settings)
    workspace = Workspace(settings.workdir)
    digest = digest_of("evaluate", CACHE_VERSION, train_result.candidate_digest)
    folder = workspace.result("evaluate", digest)
    build_once(folder, lambda part: _score(train_result, part, workspace, progress))
    files = EvaluationFolder(folder)
    evaluation = files.evaluation()
    evaluate_result = _result(train_result, files, evaluation, workspace)
    record = written_record(settings, tracking, "evaluate", digest)
    shown, logged = evaluate_result.report.is_file(), record.is_file()
    if shown and logged:
        return evaluate_result
    content = report_content(evaluate_result, evaluation, workspace)
    if not shown:  # new, or removed because it showed a withdrawn photo
        write_evaluation_report(evaluate_result.report, content, picture=workspace.images.path)
    if not logged:
        _log(evaluate_result, evaluation, content, tracking)
        evaluate_result.write(record)
    return evaluate_result


def classify_photos(
    classifier: Classifier, photos: Sequence[str], split: Split, workspace: Workspace, progress: Progress = no_progress
) -> ScoredPhotos:
    """Return the scores of a model for photos of the image store."""
    answers = []
    paths = [workspace.images.path(sha256) for sha256 in photos]
    for sha256, prediction in zip(photos, classifier.predict_many(paths), strict=True):
        if prediction.error is not None:
            raise DataUnusable(f"photo {sha256} is no longer readable ({prediction.error}): run again")
        scores = tuple(prediction.scores[label] for label in classifier.labels)
        answers.append(
            ScoredPhoto(
                sha256=sha256,
                true_label=split.label(sha256),
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


def _score(train_result: TrainResult, folder: Path, workspace: Workspace, progress: Progress) -> list[str]:
    split = Split.read(train_result.split)
    if not split.of(Subset.TEST):
        raise DataUnusable(
            "no photo is left to test on: each class needs photos of at least two patients or places; add photos"
        )
    identity = ModelIdentity(name="candidate", version=None, sha256="")
    classifier = Classifier(CandidateFolder(train_result.candidate).open(), identity=identity)
    answers = {
        CROSS_VALIDATED: CandidateFolder(train_result.candidate).held_out(),
        TEST: classify_photos(classifier, split.of(Subset.TEST), split, workspace, progress),
    }
    majority = Counter(split.label(sha256) for sha256 in learnt_from(split)).most_common(1)[0][0]
    truth, held_out = answers[TEST].true_labels, answers[CROSS_VALIDATED]
    evaluation = EvaluationRecord(
        test=_subset(answers[TEST], thresholds=_thresholds(answers[TEST])),
        cross_validated=_subset(held_out) if held_out.photos else None,
        majority_label=majority,
        majority_macro_f1=macro_f1(truth, [majority] * len(truth)),
    )
    label_errors = _label_errors(held_out)
    EvaluationFolder(folder).write(evaluation, answers, label_errors)
    return [photo.sha256 for some in answers.values() for photo in some.photos]


def _subset(answers: ScoredPhotos, *, thresholds: tuple[ThresholdShare, ...] | None = None) -> SubsetEvaluation:
    out_of_scope = sum(not photo.in_scope for photo in answers.photos)
    return SubsetEvaluation(metrics=answers.metrics(), out_of_scope=out_of_scope, thresholds=thresholds)


def _thresholds(answers: ScoredPhotos) -> tuple[ThresholdShare, ...]:
    """Return the shares by which the users of an app choose their own threshold."""
    return tuple(
        ThresholdShare(
            confidence=point.confidence,
            photos=point.photos,
            groups=point.groups,
            accuracy=round(point.accuracy, 4),
            interval=(round(point.interval[0], 4), round(point.interval[1], 4)),
        )
        for point in confident_curve(answers)
    )


def _label_errors(held_out: ScoredPhotos) -> tuple[SuspectedLabelError, ...]:
    photos = [photo.sha256 for photo in held_out.photos]
    return find_label_errors(held_out.scores, photos, held_out.true_labels, labels=held_out.labels)


def _result(
    train_result: TrainResult, files: EvaluationFolder, evaluation: EvaluationRecord, workspace: Workspace
) -> EvaluateResult:
    cross_validated = evaluation.cross_validated.metrics if evaluation.cross_validated else None
    return EvaluateResult.following(
        train_result,
        References(folders=(workspace.name_of(files.root),)),
        evaluation=files.root,
        report=files.report,
        cross_validated_macro_f1=cross_validated.macro_f1 if cross_validated else None,
        cross_validated_nll=cross_validated.nll if cross_validated else None,
        test_macro_f1=evaluation.test.metrics.macro_f1,
    )


LOGGED = ("macro_f1", "balanced_accuracy", "accuracy", "ece", "nll", "brier", "coverage", "selective_accuracy")
"""Few and stable, so that runs can be compared."""


def _log(
    evaluate_result: EvaluateResult, evaluation: EvaluationRecord, content: EvaluationContent, tracking: Tracking
) -> None:
    name, digest = evaluate_result.backbone, evaluate_result.candidate_digest
    with tracking.candidate_run(digest, name=name, tags={}, stage="evaluate") as run:
        # MLflow's plots begin with the metric that was logged first.
        for subset, one in sorted(evaluation.subsets().items(), key=lambda item: item[0] != TEST):
            metrics = {metric: getattr(one.metrics, metric) for metric in LOGGED}
            run.log_metrics({f"{subset}_{metric}": value for metric, value in metrics.items() if value is not None})
        run.log_metrics({f"{TEST}_{name}": number for name, number in summary_metrics(content).items()})
        candidate = CandidateFolder(evaluate_result.candidate)
        description = candidate.open().description
        run.log_metrics(
            {
                "training_seconds": round(evaluate_result.training_seconds, 2),
                "suspected_label_errors": len(content.label_errors),
                # Found by learning, not chosen: as parameters they would be axes of every comparison.
                "temperature": description.temperature,
                "confidence_threshold": description.confidence_threshold,
            }
        )
        run.log_samples(candidate.system_metrics())
        run.log_json(evaluation.as_json(), f"evaluation/{EVALUATION}")
        run.log_json(label_errors_as_json(content.label_errors), f"evaluation/{LABEL_ERRORS}")
        for name, table in evaluation_tables(content).items():
            run.log_text(table, f"evaluation/{name}")
        for name, figure in evaluation_figures(content).items():
            run.log_figure(figure, f"evaluation/{name}.png")
