"""Train: vectors and labels → a calibrated candidate, with its run."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from acnelib.bundle import read_candidate
from acnelib.dataset.splitting import Split, Subset
from acnelib.files import digest_of
from acnelib.settings import Settings
from acnelib.stages.candidate import FOLDER, OUT_OF_FOLD, used_licences, write_candidate
from acnelib.stages.keeping import Progress, kept_folder, silent
from acnelib.stages.results import Featured, Splitted, Trained
from acnelib.stages.system_usage import USAGE, usage_written
from acnelib.stages.tracked import tracking_of, written_record
from acnelib.training.fitting import SHRINKAGE
from acnelib.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from acnelib.registry.tracking import Tracking

RECIPE = 6
"""To be counted up when the same photos would give another candidate."""


def train(featured: Featured, *, settings: Settings | None = None, progress: Progress = silent) -> Trained:
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
    digest = digest_of("train", RECIPE, SHRINKAGE, featured.digest, featured.splitted.digest, licences)
    candidate = workspace.result("train", digest) / FOLDER
    started = time.monotonic()

    def make(folder: Path) -> None:
        with usage_written(folder / USAGE):
            write_candidate(folder, featured, digest, workspace, progress)

    made = kept_folder(candidate.parent, make)
    seconds = time.monotonic() - started if made else 0.0
    record = written_record(settings, tracking, "train", digest)
    if record.is_file():
        earlier = Trained.read(record)
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


def _data_summary(splitted: Splitted) -> dict[str, object]:
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


def _open_run(featured: Featured, tracking: Tracking, candidate: Path, digest: str, seconds: float) -> Trained:
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
        return Trained(
            featured=featured,
            candidate=candidate,
            out_of_fold=candidate.with_name(OUT_OF_FOLD),
            digest=digest,
            run_id=run.run_id,
            run_url=tracking.run_url(run.run_id),
            seconds=seconds,
        )
