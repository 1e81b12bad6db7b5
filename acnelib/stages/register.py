"""Register: the best candidate by cross-validation, sealed, uploaded, loaded back and checked; a version in Staging."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from acnelib import bundle as bundles
from acnelib.config.settings import Settings
from acnelib.errors import ModelUnavailable, TrackingFailed
from acnelib.evaluation.report.model_card import model_card
from acnelib.inference import Classifier, ModelIdentity
from acnelib.progress import Progress, no_progress
from acnelib.registry.cache import BundleCache
from acnelib.registry.tracking.connection import tracking_of, user_name, written_record
from acnelib.registry.tracking.notes import NOTE, fitting, introduce
from acnelib.registry.tracking.runs import CandidateRun
from acnelib.registry.tracking.versions import LOGGED_BY
from acnelib.stages.notes import EXPERIMENT, MODEL, run_note, version_note
from acnelib.stages.reporting import answers_on, report_content
from acnelib.stages.results import EvaluateResult, RegisterResult
from acnelib.storage.files import digest_of, write_text
from acnelib.storage.results import build_once
from acnelib.storage.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from acnelib.registry.tracking import Tracking

_CHECKED_PHOTOS = 8
_SAME = 1e-6


def register(
    evaluated: Sequence[EvaluateResult], *, settings: Settings | None = None, progress: Progress = no_progress
) -> RegisterResult:
    """Choose the best of some candidates by cross-validation, seal it and make it a registered version.

    What was registered before is taken as it is, unless that version was pruned or deleted since.

    Args:
        evaluated: The candidates of one pipeline.
        settings: Where the working folder and the tracking server are.
        progress: Told how far it is.

    Raises:
        TrackingFailed: The server or its artifact store fails, or hands out another bundle than it was given.
    """
    settings = settings or Settings.load()
    tracking = tracking_of(settings)
    best = min(evaluated, key=_rank)
    digest = digest_of("register", [candidate.trained.digest for candidate in evaluated])
    record = written_record(settings, tracking, "register", digest)
    if record.is_file() and _is_there(earlier := RegisterResult.read(record), tracking):
        return earlier.model_copy(update={"evaluated": best})
    workspace = Workspace(settings.workdir)
    place = workspace.result("bundles", digest_of(best.trained.digest, best.trained.run_id))
    build_once(place, lambda folder: _seal(best, folder / "bundle", workspace))
    bundle = bundles.open_bundle(place / "bundle")
    progress(1, 3, "bundle sealed")
    name = best.trained.featured.backbone
    with tracking.candidate_run(best.trained.digest, name=name, tags={}, stage="register"):
        version = tracking.versions.register(bundle.path, sha256=str(bundle.sha256), drawn=bundle.description.drawn)
        progress(2, 3, f"version {version} uploaded")
        _check_loaded_back(best, bundle, version=version, tracking=tracking, settings=settings)
        _describe(evaluated, best, bundle.path, version=version, pipeline=digest, tracking=tracking)
    progress(3, 3, f"version {version} loaded back and checked")
    run_ids = [candidate.trained.run_id for candidate in evaluated]
    registered = RegisterResult(
        evaluated=best,
        run_ids=run_ids,
        bundle=bundle.path,
        bundle_sha256=str(bundle.sha256),
        version=version,
        version_url=tracking.version_url(version),
        comparison_url=tracking.comparison_url(run_ids),
    )
    registered.write(record)
    return registered


def _is_there(registered: RegisterResult, tracking: Tracking) -> bool:
    """Say whether a version holds the bundle that it was registered with: numbers of deleted models are given again."""
    with tracking.reader() as reader:
        try:
            found = reader.find(registered.version)
        except ModelUnavailable:
            return False
    return not found.pruned and found.bundle_sha256 == registered.bundle_sha256


def _describe(
    evaluated: Sequence[EvaluateResult],
    best: EvaluateResult,
    bundle: Path,
    *,
    version: str,
    pipeline: str,
    tracking: Tracking,
) -> None:
    """Write what people read in the MLflow UI, onto all candidates, the version, the experiment and the model."""
    for candidate in evaluated:
        origin = bundles.read_candidate(candidate.trained.candidate).description.provenance
        chosen = candidate is best
        CandidateRun(client=tracking.client, run_id=candidate.trained.run_id).log_tags(
            {
                **LOGGED_BY,
                "mlflow.user": user_name(),
                NOTE: fitting(run_note(candidate, chosen=chosen, of=len(evaluated))),
                "acnelib.pipeline": pipeline[:16],
                "acnelib.chosen": "yes" if chosen else "no",
                "acnelib.data": origin.data[:16],
                "acnelib.code": origin.code,
            }
        )
    tracking.versions.describe(version, version_note(best, bundle))
    introduce(
        tracking.client,
        experiment_id=tracking.experiment_id,
        experiment=EXPERIMENT,
        model=tracking.model_name,
        model_note=MODEL,
    )


def _rank(candidate: EvaluateResult) -> tuple[float, float]:
    """Order candidates best first: by cross-validated macro-F1, then by likelihood; the first named wins a tie."""
    if candidate.cross_validated_macro_f1 is None or candidate.cross_validated_nll is None:
        return 0.0, 0.0
    return -candidate.cross_validated_macro_f1, candidate.cross_validated_nll


def _seal(best: EvaluateResult, folder: Path, workspace: Workspace) -> None:
    trained = best.trained
    shutil.copytree(trained.candidate, folder)
    description = bundles.read_candidate(folder).description
    description = replace(description, provenance=replace(description.provenance, run_id=trained.run_id))
    bundles.write_description(folder, description)
    shutil.copyfile(best.evaluation, folder / bundles.EVALUATION)
    write_text(folder / bundles.CARD, model_card(description, report_content(best, workspace)))
    bundles.seal(folder)


def _check_loaded_back(
    best: EvaluateResult,
    bundle: bundles.Bundle,
    *,
    version: str,
    tracking: Tracking,
    settings: Settings,
) -> None:
    with tracking.reader() as reader:
        loaded, _ = BundleCache(settings.cache).fetch(reader, version)
    if loaded.sha256 != bundle.sha256:
        raise TrackingFailed(f"version {version} at {tracking.server} is not the bundle that was uploaded: run again")
    identity = ModelIdentity(name=tracking.model_name, version=version, sha256=str(loaded.sha256))
    classifier = Classifier(loaded, identity=identity)
    images = Workspace(settings.workdir).images
    for photo in answers_on(best).photos[:_CHECKED_PHOTOS]:
        scores = classifier.predict(images.path(photo.sha256)).scores
        if np.abs(np.array(photo.scores) - np.array(list(scores.values()))).max() > _SAME:
            raise TrackingFailed(
                f"version {version} at {tracking.server} answers otherwise than its candidate: run again"
            )
