"""Train: embeddings and labels → a calibrated candidate, with its run."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from acnelib.config.settings import Settings
from acnelib.dataset.splitting import Split, Subset
from acnelib.progress import Progress, no_progress
from acnelib.registry.tracking.connection import tracking_of, written_record
from acnelib.registry.tracking.system_metrics import system_metrics_recorded
from acnelib.stages.artifacts import CandidateFolder
from acnelib.stages.candidate import used_licences, write_candidate
from acnelib.stages.results import TrainResult
from acnelib.stages.run_names import run_name
from acnelib.storage.files import digest_of
from acnelib.storage.results import References, StageResult, build_once
from acnelib.storage.workspace import Workspace
from acnelib.training.head import SHRINKAGE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from acnelib.registry.tracking import Tracking
    from acnelib.stages.results import FeatureResult

CACHE_VERSION = 11
"""Increase it when the same photos would give another candidate."""


def train(
    feature_result: FeatureResult, *, settings: Settings | None = None, progress: Progress = no_progress
) -> TrainResult:
    """Fit and calibrate a head, write the candidate, and open its run; a new run where the earlier one was deleted.

    Args:
        feature_result: Embeddings of a split's photos.
        settings: Where the working folder and the tracking server are.
        progress: Called with the progress.

    Raises:
        DataUnusable: The photos show fewer than two classes.
        TrackingFailed: The tracking server does not answer.
    """
    settings = settings or Settings.load()
    tracking = tracking_of(settings)
    workspace = Workspace(settings.workdir)
    # Licences change the description of a candidate, though not its output.
    licences = used_licences(feature_result)
    digest = digest_of("train", CACHE_VERSION, SHRINKAGE, feature_result.digest, feature_result.split_digest, licences)
    folder = workspace.result("train", digest)
    started = time.monotonic()

    def make(part: Path) -> list[str]:
        with system_metrics_recorded(CandidateFolder(part).usage):
            return write_candidate(part, feature_result, digest, workspace, progress)

    made = build_once(folder, make)
    seconds = time.monotonic() - started if made else 0.0
    record = written_record(settings, tracking, "train", digest)
    earlier = TrainResult.read(record) if record.is_file() else None
    if earlier is not None and tracking.has_run(earlier.run_id):
        return _result(feature_result, folder, workspace, digest, earlier.run_id, tracking, seconds)
    if earlier is not None:
        _remove_evaluation_records(earlier.run_id, record)
    progress(0, 0, "writing to MLflow")
    run_id = _open_run(feature_result, tracking, folder, digest, licences)
    train_result = _result(feature_result, folder, workspace, digest, run_id, tracking, seconds)
    train_result.write(record)
    return train_result


def _result(  # noqa: PLR0917
    feature_result: FeatureResult,
    folder: Path,
    workspace: Workspace,
    digest: str,
    run_id: str,
    tracking: Tracking,
    seconds: float,
) -> TrainResult:
    return TrainResult.following(
        feature_result,
        References(folders=(workspace.name_of(folder),), runs=(run_id,)),
        candidate=folder,
        candidate_digest=digest,
        run_id=run_id,
        run_url=tracking.run_url(run_id),
        seconds=seconds,
        training_seconds=feature_result.seconds + seconds,
    )


def _remove_evaluation_records(run_id: str, record: Path) -> None:
    """Remove the records of evaluations that were logged to a deleted run, so that the new run gets them, too."""
    place = record.stem.partition("-")[2]
    for path in (record.parent.parent / "evaluate").glob(f"*-{place}.json"):
        if run_id in StageResult.read(path).references.runs:
            path.unlink()


def _open_run(
    feature_result: FeatureResult, tracking: Tracking, candidate: Path, digest: str, licences: Mapping[str, str | None]
) -> str:
    description = CandidateFolder(candidate).open().description
    split = Split.read(feature_result.split)
    source = feature_result.source
    tags = {"acnelib.source": source, "acnelib.split": split.digest, "acnelib.test": split.test_sha256 or "none"}
    with tracking.candidate_run(
        digest, name=run_name(feature_result.backbone, digest), tags=tags, stage="train"
    ) as run:
        run.log_parameters(
            {
                "backbone": feature_result.backbone,
                "weights": description.provenance.weights,
                "shrinkage": SHRINKAGE,
                "classes": len(description.labels),
                "split": split.digest[:16],
                **{f"{subset}_photos": number for subset, number in description.provenance.photos.items()},
            }
        )
        for name, photos, context in (
            ("train", split.of(Subset.TRAIN), "training"),
            ("background", split.background, "background"),
            ("test", split.of(Subset.TEST), "testing"),
        ):
            if photos:
                labels: Sequence[str] = [split.label(sha256) for sha256 in photos]
                run.log_photos(photos, labels, name=f"{source}-{name}", context=context)
        run.log_json(feature_result.summary, "split/summary.json")
        run.log_json(licences, "split/licences.json")
        run.log_assignments(split.assignments)
        return run.run_id
