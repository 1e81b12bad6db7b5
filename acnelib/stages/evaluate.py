"""Evaluate: a candidate's metrics on photos that it never saw, and the report.

Training left the answers of heads that never saw the photo. Photos kept out for a test are scored here, on LiteRT as
users do.

The command ``acne evaluate`` is :mod:`acnelib.validation.folder_evaluation`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from acnelib.bundle import EVALUATION, LITERT
from acnelib.config.settings import Settings
from acnelib.dataset.splitting import Split, Subset
from acnelib.errors import DataUnusable
from acnelib.evaluation.label_errors import SuspectedLabelError, find_label_errors
from acnelib.evaluation.report.content import summary_metrics
from acnelib.evaluation.report.evaluation_report import write_evaluation_report
from acnelib.evaluation.report.tables import evaluation_figures, evaluation_tables
from acnelib.evaluation.scored_photos import ScoredPhoto, ScoredPhotos
from acnelib.evaluation.selective import confident_curve
from acnelib.evaluation.skin_tone import typology_angles
from acnelib.evaluation_record import EvaluationRecord, SubsetEvaluation, ThresholdShare, UnseenConditionEvaluation
from acnelib.inference import Classifier, ModelIdentity, Verdict
from acnelib.metrics import macro_f1
from acnelib.progress import Progress, no_progress
from acnelib.registry.reading import OUT_OF_FOLD_ARTIFACT
from acnelib.registry.tracking.connection import tracking_of, written_record
from acnelib.registry.tracking.saved_view import SIZE_METRIC
from acnelib.stages.artifacts import (
    LABEL_ERRORS,
    OUT_OF_FOLD,
    SERIES,
    TEST,
    UNSEEN,
    CandidateFolder,
    EvaluationFolder,
    label_errors_as_json,
)
from acnelib.stages.candidate import learnt_from
from acnelib.stages.reporting import file_names, report_content
from acnelib.stages.results import EvaluateResult, TrainResult
from acnelib.stages.run_names import run_name
from acnelib.storage.files import digest_of
from acnelib.storage.results import References, build_once
from acnelib.storage.workspace import Workspace
from acnelib.verdicts import is_confident

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from acnelib.bundle import Description
    from acnelib.evaluation.report.content import EvaluationContent
    from acnelib.registry.tracking import Tracking

CACHE_VERSION = 9
"""Increase it when metrics are computed differently."""


def evaluate(
    train_result: TrainResult, *, settings: Settings | None = None, progress: Progress = no_progress
) -> EvaluateResult:
    """Measure a candidate on photos that it never saw, write the report, and log both to its run.

    Args:
        train_result: The candidate.
        settings: Where the working folder and the tracking server are.
        progress: Called with the progress.

    Raises:
        DataUnusable: No photo can be held out so that two classes are left to learn.
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
        write_evaluation_report(
            evaluate_result.report, content, picture=workspace.images.path, names=file_names(evaluate_result)
        )
    if not logged:
        _log(evaluate_result, evaluation, content, tracking)
        evaluate_result.write(record)
    return evaluate_result


def classify_photos(
    classifier: Classifier, photos: Sequence[str], split: Split, workspace: Workspace, progress: Progress = no_progress
) -> ScoredPhotos:
    """Return the scores of a model for photos of the image store."""
    answers = []
    images = workspace.images
    paths = [images.path(sha256) for sha256 in photos]
    for sha256, prediction in zip(photos, classifier.predict_many(paths), strict=True):
        if prediction.error is not None:
            raise DataUnusable(f"photo {sha256} is no longer readable ({prediction.error}): run again")
        scores = tuple(prediction.scores[label] for label in classifier.labels)
        threshold = classifier.bundle.description.confidence_threshold
        in_scope = prediction.verdict != Verdict.OUT_OF_SCOPE
        answers.append(
            ScoredPhoto(
                sha256=sha256,
                true_label=split.label(sha256),
                group=split.photos[sha256].group,
                scores=scores,
                in_scope=in_scope,
                confident=is_confident(max(scores) >= threshold, in_scope=in_scope),
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
    candidate = CandidateFolder(train_result.candidate)
    answers, bundle = candidate.answers(), candidate.open()
    if not answers[OUT_OF_FOLD].photos:
        raise DataUnusable(
            "no photo can be held out so that two classes are left to learn: each class needs photos of at least two "
            "patients or places; add photos"
        )
    test = [sha256 for sha256 in split.of(Subset.TEST) if split.label(sha256) in bundle.description.labels]
    if test:
        identity = ModelIdentity(name="candidate", version=None, sha256="")
        answers[TEST] = classify_photos(Classifier(bundle, identity=identity), test, split, workspace, progress)
    described = sorted({photo.sha256 for photo in (answers.get(TEST) or answers[SERIES]).photos})
    EvaluationFolder(folder).write(
        _evaluation(answers, split, bundle.description),
        answers,
        _label_errors(answers),
        typology_angles(described, picture=workspace.images.path),
    )
    return [photo.sha256 for some in answers.values() for photo in some.photos]


def _evaluation(answers: Mapping[str, ScoredPhotos], split: Split, description: Description) -> EvaluationRecord:
    majority = Counter(split.label(sha256) for sha256 in learnt_from(split)).most_common(1)[0][0]
    judged = answers.get(TEST) or answers[OUT_OF_FOLD]
    unseen = {name.removeprefix(UNSEEN): some for name, some in answers.items() if name.startswith(UNSEEN)}
    background = description.background
    return EvaluationRecord(
        out_of_fold=_subset(answers[OUT_OF_FOLD]),
        series=_subset(answers[SERIES], with_thresholds=True),
        unseen_source=_subset(_together(unseen.values()), scored_classes_only=True) if unseen else None,
        unseen_sources={name: _subset(some, scored_classes_only=True) for name, some in unseen.items()},
        unseen_condition=None
        if background is None
        else UnseenConditionEvaluation(
            photos=background.photos,
            conditions=background.conditions,
            refused=background.refused,
            confident=background.confident,
        ),
        test=_subset(answers[TEST], with_thresholds=True) if TEST in answers else None,
        majority_label=majority,
        majority_macro_f1=macro_f1(judged.true_labels, [majority] * len(judged.true_labels)),
    )


def _together(sets: Iterable[ScoredPhotos]) -> ScoredPhotos:
    """Return the scores of several sets of photos as those of one."""
    sets = list(sets)
    return replace(sets[0], photos=tuple(photo for some in sets for photo in some.photos))


def _subset(
    answers: ScoredPhotos, *, with_thresholds: bool = False, scored_classes_only: bool = False
) -> SubsetEvaluation:
    out_of_scope = sum(not photo.in_scope for photo in answers.photos) / answers.repeats
    return SubsetEvaluation(
        metrics=answers.metrics(scored_classes_only=scored_classes_only),
        out_of_scope=round(out_of_scope),
        thresholds=_thresholds(answers) if with_thresholds else None,
    )


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


def _label_errors(answers: Mapping[str, ScoredPhotos]) -> tuple[SuspectedLabelError, ...]:
    """Return suspected label errors, by answers of heads that never saw the photo nor others of its series."""
    held_out = answers[SERIES].once()
    photos = [photo.sha256 for photo in held_out.photos]
    return find_label_errors(held_out.scores, photos, held_out.true_labels, labels=held_out.labels)


def _result(
    train_result: TrainResult, files: EvaluationFolder, evaluation: EvaluationRecord, workspace: Workspace
) -> EvaluateResult:
    unseen, test = evaluation.unseen_source, evaluation.test
    return EvaluateResult.following(
        train_result,
        References(folders=(workspace.name_of(files.root),)),
        evaluation=files.root,
        report=files.report,
        series_macro_f1=evaluation.series.metrics.macro_f1,
        series_nll=evaluation.series.metrics.nll,
        out_of_fold_macro_f1=evaluation.out_of_fold.metrics.macro_f1,
        unseen_source_macro_f1=unseen.metrics.macro_f1 if unseen else None,
        test_macro_f1=test.metrics.macro_f1 if test else None,
    )


LOGGED = ("macro_f1", "balanced_accuracy", "accuracy", "ece", "nll", "brier", "coverage", "selective_accuracy")
"""Few and stable, so that runs can be compared."""


def _log(
    evaluate_result: EvaluateResult, evaluation: EvaluationRecord, content: EvaluationContent, tracking: Tracking
) -> None:
    digest = evaluate_result.candidate_digest
    with tracking.candidate_run(
        digest, name=run_name(evaluate_result.backbone, digest), tags={}, stage="evaluate"
    ) as run:
        candidate = CandidateFolder(evaluate_result.candidate)
        run.log_metrics(_logged_metrics(evaluate_result, evaluation, content, candidate))
        run.log_samples(candidate.system_metrics())
        run.log_json(evaluation.as_json(), f"evaluation/{EVALUATION}")
        run.log_json(candidate.answers()[OUT_OF_FOLD].as_json(), OUT_OF_FOLD_ARTIFACT)
        run.log_json(label_errors_as_json(content.label_errors), f"evaluation/{LABEL_ERRORS}")
        for name, table in evaluation_tables(content).items():
            run.log_text(table, f"evaluation/{name}")
        for name, figure in evaluation_figures(content).items():
            run.log_figure(figure, f"evaluation/{name}.png")


def _logged_metrics(
    evaluate_result: EvaluateResult,
    evaluation: EvaluationRecord,
    content: EvaluationContent,
    candidate: CandidateFolder,
) -> dict[str, float]:
    """Return the metrics of a run by name."""
    found: dict[str, float] = {}
    for subset, one in evaluation.subsets().items():
        metrics = {metric: getattr(one.metrics, metric) for metric in LOGGED}
        found |= {f"{subset}_{metric}": round(value, 4) for metric, value in metrics.items() if value is not None}
        found[f"{subset}_refused"] = round(one.refused, 4)
    if (unseen := evaluation.unseen_condition) is not None:
        found |= {"unseen_condition_refused": unseen.refused, "unseen_condition_confident": unseen.confident}
    described = TEST if evaluation.test else SERIES
    found |= {f"{described}_{name}": number for name, number in summary_metrics(content).items()}
    description = candidate.open().description
    return found | {
        "training_seconds": round(evaluate_result.training_seconds, 2),
        "suspected_label_errors": len(content.label_errors),
        # Found by learning, not chosen: as parameters they would be axes of every comparison.
        "temperature": description.temperature,
        "confidence_threshold": description.confidence_threshold,
        SIZE_METRIC: round((candidate.bundle / LITERT).stat().st_size / 1e6, 2),
    }
