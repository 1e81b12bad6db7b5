"""Train: vectors and labels → a calibrated candidate, with its run."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from acnelib.bundle import read_candidate
from acnelib.config.settings import Settings
from acnelib.dataset.splitting import Split, Subset
from acnelib.progress import Progress, no_progress
from acnelib.registry.tracking.connection import tracking_of, written_record
from acnelib.registry.tracking.system_metrics import USAGE, system_metrics_recorded
from acnelib.stages.candidate import FOLDER, OUT_OF_FOLD, used_licences, write_candidate
from acnelib.stages.results import FeatureResult, SplitResult, TrainResult
from acnelib.storage.files import digest_of
from acnelib.storage.results import build_once
from acnelib.storage.workspace import Workspace
from acnelib.training.head import SHRINKAGE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from acnelib.registry.tracking import Tracking

CACHE_VERSION = 6
"""To be counted up when the same photos would give another candidate."""


def train(
    featured: FeatureResult, *, settings: Settings | None = None, progress: Progress = no_progress
) -> TrainResult:
    """Fit and calibrate a head, write the candidate, and open its run; a new one where the run was deleted since.

    Args:
        featured: Vectors of a split's photos.
        settings: Where the working folder and the tracking server are.
        progress: Told how far it is.

    Raises:
        DataUnusable: There are no photos to learn two classes from.
        TrackingFailed: The tracking server does not answer.
    """
    settings = settings or Settings.load()
    tracking = tracking_of(settings)
    workspace = Workspace(settings.workdir)
    licences = used_licences(featured)  # what is written about a candidate changes with them, if not what it answers
    digest = digest_of("train", CACHE_VERSION, SHRINKAGE, featured.digest, featured.splitted.digest, licences)
    candidate = workspace.result("train", digest) / FOLDER
    started = time.monotonic()

    def make(folder: Path) -> None:
        with system_metrics_recorded(folder / USAGE):
            write_candidate(folder, featured, digest, workspace, progress)

    made = build_once(candidate.parent, make)
    seconds = time.monotonic() - started if made else 0.0
    record = written_record(settings, tracking, "train", digest)
    if record.is_file():
        earlier = TrainResult.read(record)
        if tracking.has_run(earlier.run_id):
            return earlier.model_copy(update={"featured": featured, "seconds": seconds})
        _forget_what_was_logged(earlier.run_id, record)
    progress(0, 0, "run opened")
    trained = _open_run(featured, tracking, candidate, digest, seconds)
    trained.write(record)
    return trained


def _forget_what_was_logged(run_id: str, record: Path) -> None:
    """Remove what says that a candidate was evaluated on a run that is gone, so that the new run gets it, too."""
    place = record.stem.partition("-")[2]
    for path in (record.parent.parent / "evaluate").glob(f"*-{place}.json"):
        if run_id in path.read_text():
            path.unlink()


def _data_summary(splitted: SplitResult) -> dict[str, object]:
    """Return what is said of the data in numbers and sentences, without any photo or path."""
    curated = splitted.curated
    return {
        "records": curated.scraped.photos,
        "used": curated.used,
        "left_out": curated.excluded,
        "pairs": curated.pairs,
        "gives_classes_away": curated.warnings,
        "subsets": splitted.counts,
        "statements": splitted.statements,
        "changes": splitted.changes,
        "test_sha256": splitted.test_sha256,
    }


def _open_run(featured: FeatureResult, tracking: Tracking, candidate: Path, digest: str, seconds: float) -> TrainResult:
    description = read_candidate(candidate).description
    split = Split.read(featured.splitted.split)
    source = featured.splitted.curated.scraped.source
    tags = {"acnelib.source": source, "acnelib.split": split.digest, "acnelib.test": split.test_sha256}
    with tracking.candidate_run(digest, name=featured.backbone, tags=tags, stage="train") as run:
        run.log_parameters(
            {
                "backbone": featured.backbone,
                "weights": description.provenance.weights,
                "shrinkage": SHRINKAGE,
                "classes": len(description.labels),
                "split": split.digest[:16],
                **{f"{subset}_photos": number for subset, number in description.provenance.photos.items()},
            }
        )
        for subset, context in (
            (Subset.TRAIN, "training"),
            (Subset.VALIDATION, "validation"),
            (Subset.TEST, "testing"),
        ):
            if photos := split.of(subset):
                labels: Sequence[str] = [split.label(sha256) for sha256 in photos]
                run.log_photos(photos, labels, name=f"{source}-{subset}", context=context)
        run.log_json(_data_summary(featured.splitted), "split/summary.json")
        run.log_json(used_licences(featured), "split/licences.json")
        run.log_subsets({sha256: str(subset) for sha256, subset in split.subsets_seen.items()})
        return TrainResult(
            featured=featured,
            candidate=candidate,
            out_of_fold=candidate.with_name(OUT_OF_FOLD),
            digest=digest,
            run_id=run.run_id,
            run_url=tracking.run_url(run.run_id),
            seconds=seconds,
        )
