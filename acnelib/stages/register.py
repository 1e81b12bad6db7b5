"""Register: the best candidate, sealed, checked against its head, uploaded and loaded back; a version in Staging."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from acnelib import bundle as bundles
from acnelib.config.settings import Settings
from acnelib.errors import AcneError, BundleInvalid, ModelUnavailable, TrackingFailed
from acnelib.evaluation.report.model_card import model_card
from acnelib.inference import Classifier, ModelIdentity
from acnelib.progress import Progress, no_progress
from acnelib.registry.cache import BundleCache
from acnelib.registry.tracking.connection import tracking_of, written_record
from acnelib.registry.tracking.notes import NOTE, fitting, introduce
from acnelib.registry.tracking.runs import CandidateRun
from acnelib.registry.tracking.stored_bundles import store_whole
from acnelib.registry.version_facts import VersionFacts
from acnelib.stages.artifacts import FINAL, CandidateFolder, EvaluationFolder
from acnelib.stages.notes import EXPERIMENT, MODEL, run_note, version_note
from acnelib.stages.reporting import report_content
from acnelib.stages.results import EvaluateResult, RegisterResult
from acnelib.stages.run_names import run_name
from acnelib.storage.files import digest_of, write_text
from acnelib.storage.results import References, build_once
from acnelib.storage.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from acnelib.evaluation.scored_photos import ScoredPhotos
    from acnelib.evaluation_record import EvaluationRecord
    from acnelib.registry.tracking import Tracking

_OWN = RegisterResult.model_fields.keys() - EvaluateResult.model_fields.keys()
_LOADED_BACK = 8  # photos
_SAME = 1e-6

PARITY = 1e-3
"""Largest difference of any score between the sealed model and the head that was measured."""


def register(
    evaluate_results: Sequence[EvaluateResult], *, settings: Settings | None = None, progress: Progress = no_progress
) -> RegisterResult:
    """Choose the best of some candidates with series held out, seal it and make it a registered version.

    A version that was registered before is reused, unless it was pruned or deleted since.

    Args:
        evaluate_results: The candidates of one pipeline.
        settings: Where the working folder and the tracking server are.
        progress: Called with the progress.

    Raises:
        TrackingFailed: The server or its artifact store fails, or returns another bundle than it was given.
    """
    settings = settings or Settings.load()
    tracking = tracking_of(settings)
    best = min(evaluate_results, key=_rank)
    digest = digest_of("register", [candidate.candidate_digest for candidate in evaluate_results])
    record = written_record(settings, tracking, "register", digest)
    if record.is_file() and _is_there(earlier := RegisterResult.read(record), tracking, progress):
        return RegisterResult.following(best, earlier.references, **earlier.model_dump(include=_OWN))
    evaluations = {one.run_id: EvaluationFolder(one.evaluation).evaluation() for one in evaluate_results}
    workspace = Workspace(settings.workdir)
    place = workspace.result("bundles", digest_of(best.candidate_digest, best.run_id))
    build_once(place, lambda folder: _seal(best, evaluations[best.run_id], folder / "bundle", workspace, progress))
    bundle = bundles.open_bundle(place / "bundle")
    progress(1, 3, "bundle sealed")
    with tracking.candidate_run(
        best.candidate_digest, name=run_name(best.backbone, best.candidate_digest), tags={}, stage="register"
    ):
        version = tracking.versions.register(
            bundle.path,
            sha256=str(bundle.sha256),
            drawn=bundle.description.drawn,
            facts=VersionFacts.of_bundle(bundle),
        )
        _store_whole(bundle, version=version, tracking=tracking, progress=progress)
        progress(2, 3, f"version {version} uploaded")
        _check_loaded_back(best, bundle, version=version, tracking=tracking, settings=settings)
        _describe(evaluate_results, evaluations, best, version=version, pipeline=digest, tracking=tracking)
    progress(3, 3, f"version {version} loaded back and checked")
    run_ids = [candidate.run_id for candidate in evaluate_results]
    register_result = RegisterResult.following(
        best,
        References(folders=(workspace.name_of(place),), runs=tuple(run_ids), versions=(version,)),
        run_ids=run_ids,
        bundle=bundle.path,
        bundle_sha256=str(bundle.sha256),
        version=version,
        version_url=tracking.version_url(version),
        comparison_url=tracking.comparison_url(run_ids),
        runs_url=tracking.runs_url(),
    )
    register_result.write(record)
    return register_result


def _is_there(register_result: RegisterResult, tracking: Tracking, progress: Progress) -> bool:
    """Return whether a version holds the bundle that it was registered with; what became damaged there is healed.

    Numbers of deleted models are given again, so the number alone says nothing.
    """
    with tracking.reader() as reader:
        try:
            found = reader.find(register_result.version)
        except ModelUnavailable:
            return False
    if found.pruned or found.bundle_sha256 != register_result.bundle_sha256:
        return False
    try:
        bundle = bundles.open_bundle(Path(register_result.bundle))
    except BundleInvalid:
        return False  # it is made again first
    if bundle.sha256 != found.bundle_sha256:
        return False
    _store_whole(bundle, version=register_result.version, tracking=tracking, progress=progress)
    return True


def _store_whole(bundle: bundles.Bundle, *, version: str, tracking: Tracking, progress: Progress) -> None:
    """Compare what a version holds with its bundle, and store again what differs."""
    again = store_whole(bundle, server=tracking.server, model_name=tracking.model_name, version=version)
    if again:
        progress(0, 0, f"version {version}: {', '.join(again)} did not arrive whole and was stored again")


def _describe(
    evaluate_results: Sequence[EvaluateResult],
    evaluations: Mapping[str, EvaluationRecord],
    best: EvaluateResult,
    *,
    version: str,
    pipeline: str,
    tracking: Tracking,
) -> None:
    """Write what people read in the MLflow UI, onto all candidates, the version, the experiment and the model."""
    for candidate in evaluate_results:
        origin = CandidateFolder(candidate.candidate).open().description.provenance
        chosen = candidate is best
        CandidateRun(client=tracking.client, run_id=candidate.run_id).log_tags(
            {
                NOTE: fitting(
                    run_note(candidate, evaluations[candidate.run_id], chosen=chosen, of=len(evaluate_results))
                ),
                "acnelib.pipeline": pipeline[:16],
                "acnelib.chosen": "yes" if chosen else "no",
                "acnelib.data": origin.data[:16],
                "acnelib.code": origin.code,
            }
        )
    tracking.versions.describe(version, version_note(best, evaluations[best.run_id]))
    introduce(
        tracking.client,
        experiment_id=tracking.experiment_id,
        experiment=EXPERIMENT,
        model=tracking.model_name,
        model_note=MODEL,
    )


def _rank(candidate: EvaluateResult) -> tuple[float, float]:
    """Order candidates best first: by macro-F1 with series held out, then by likelihood; the first named wins a tie."""
    return -candidate.series_macro_f1, candidate.series_nll


def _seal(
    best: EvaluateResult, evaluation: EvaluationRecord, folder: Path, workspace: Workspace, progress: Progress
) -> Iterable[str]:
    shutil.copytree(CandidateFolder(best.candidate).bundle, folder)
    description = bundles.read_candidate(folder).description
    description = replace(description, provenance=replace(description.provenance, run_id=best.run_id))
    bundles.write_description(folder, description)
    evaluation.write(folder / bundles.EVALUATION)
    write_text(folder / bundles.CARD, model_card(description, report_content(best, evaluation, workspace)))
    _check_head(bundles.seal(folder), CandidateFolder(best.candidate).answers()[FINAL], workspace, progress)
    return ()  # a bundle names no photo


def _check_head(bundle: bundles.Bundle, final: ScoredPhotos, workspace: Workspace, progress: Progress) -> None:
    """Check that the sealed model gives the scores of the head that was measured, on every photo.

    Raises:
        AcneError: It does not, so the measurements would be those of another model.
    """
    classifier = Classifier(bundle, identity=ModelIdentity(name="candidate", version=None, sha256=""))
    images = workspace.images
    paths = [images.path(photo.sha256) for photo in final.photos]
    for done, (photo, prediction) in enumerate(zip(final.photos, classifier.predict_many(paths), strict=True), start=1):
        if prediction.error is not None:
            raise AcneError(f"photo {photo.sha256[:12]} is no longer readable ({prediction.error}): run again")
        difference = max(
            abs(prediction.scores[label] - score) for label, score in zip(final.labels, photo.scores, strict=True)
        )
        if not difference <= PARITY:  # so that NaN fails, too
            raise AcneError(
                f"the sealed model of {bundle.description.provenance.backbone} differs from the head that was measured "
                f"by {difference:.2g} on photo {photo.sha256[:12]} (at most {PARITY:g}), so its metrics would be those "
                "of another model and nothing was registered: try another --backbone, or report this with the "
                "versions that `acne doctor` prints"
            )
        progress(done, len(final.photos), "photos checked against the head")


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
    sealed = Classifier(bundle, identity=identity)
    for photo in CandidateFolder(best.candidate).answers()[FINAL].photos[:_LOADED_BACK]:
        scores, before = (one.predict(images.path(photo.sha256)).scores for one in (classifier, sealed))
        if max(abs(scores[label] - before[label]) for label in scores) > _SAME:
            raise TrackingFailed(
                f"version {version} at {tracking.server} answers otherwise than its candidate: run again"
            )
