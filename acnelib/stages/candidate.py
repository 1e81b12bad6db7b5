"""Training of one candidate, written into the files of a bundle that is not sealed yet."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from importlib import metadata
from typing import TYPE_CHECKING

import numpy as np

from acnelib.bundle import Description, LearntBackground, Provenance, TrainingHashes, read_candidate, write_description
from acnelib.dataset.splitting import Split, Subset
from acnelib.errors import AcneError, DataUnusable
from acnelib.evaluation.intervals import share_interval
from acnelib.imaging import reading, resized
from acnelib.inference import Classifier, ModelIdentity
from acnelib.stages.adapted_weights import adaptation_of, cards_in
from acnelib.stages.artifacts import CandidateFolder
from acnelib.stages.features import embeddings_of
from acnelib.stages.scored_sets import scored_sets
from acnelib.stages.series import series_of
from acnelib.storage import licences
from acnelib.storage.files import private_folder
from acnelib.storage.manifest import PhotoRole, all_drawn, licences_of, read_manifest
from acnelib.training.adaptation.card import prefix_of
from acnelib.training.calibrated_head import TrainingSet
from acnelib.training.conversion import export_models, keras_scores
from acnelib.training.family_score import BackgroundEmbeddings
from acnelib.training.fitting import fit_candidate
from acnelib.training.networks.recipes import Recipe
from acnelib.training.networks.weights_files import WeightsFile
from acnelib.training.promise import promise_of
from acnelib.training.quantization import MEASURED, REPRESENTATIVE, spread_over_labels, write_small_model

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from acnelib.bundle import QuantizedModel
    from acnelib.progress import Progress
    from acnelib.stages.results import FeatureResult, SplitFields
    from acnelib.storage.workspace import Workspace
    from acnelib.training.fitting import FittedCandidate

PARITY = 1e-3
"""Largest difference of any score between the Keras and the LiteRT model."""

_PARITY_PHOTOS = 8


def write_candidate(
    made: Path, feature_result: FeatureResult, digest: str, workspace: Workspace, progress: Progress
) -> list[str]:
    """Train, and write a candidate and the scores of its photos into a folder; return those photos.

    Raises:
        DataUnusable: The photos show fewer than two classes.
        AcneError: Keras and LiteRT do not agree.
    """
    split = Split.read(feature_result.split)
    recipe = Recipe.parse(feature_result.backbone)
    files = CandidateFolder(made)
    folder = files.bundle
    private_folder(folder)
    progress(0, 3, "fitting and calibrating the head")
    photos = learnt_from(split)
    training = training_photos(feature_result, split, workspace)
    fitted = fit_candidate(training)
    files.write_answers(scored_sets(split, photos, fitted, training.series))
    description = _description(feature_result, split, recipe, fitted, digest)
    write_description(folder, description)
    adapted_to = {prefix for card in cards_in(feature_result) for prefix in card.prefixes}
    TrainingHashes.of([*photos, *split.background, *adapted_to]).write(folder)
    progress(1, 3, "converting to LiteRT")
    weights = [
        WeightsFile(name=network.weights, path=network.weights_file, sha256=network.weights_sha256)
        for network in feature_result.networks
    ]
    model = export_models(folder, recipe=recipe, weights=weights, head=fitted.head, scope=fitted.scope)
    _check_parity(folder, model, [workspace.images.path(sha256) for sha256 in photos[:_PARITY_PHOTOS]])
    progress(2, 3, "quantising")
    logits = fitted.head.logits(training.embeddings)
    small = _write_small_model(folder, split, photos, logits, side=recipe.side, path_of=workspace.images.path)
    write_description(folder, replace(description, small=small))
    progress(3, 3, "candidate written")
    return split.used


def learnt_from(split: Split) -> list[str]:
    """Return the photos of the classes that a candidate learns from, ordered by hash.

    Raises:
        DataUnusable: They show fewer than two classes.
    """
    photos = split.of(Subset.TRAIN)
    if len({split.label(sha256) for sha256 in photos}) < 2:
        raise DataUnusable("the training photos show one class only: add photos of other patients to the other classes")
    return photos


def training_photos(
    feature_result: FeatureResult, split: Split, workspace: Workspace, *, series: Sequence[str] | None = None
) -> TrainingSet:
    """Return what a candidate is fitted to: embeddings, with the units that folds hold out.

    Args:
        feature_result: Embeddings of the photos.
        split: The split.
        workspace: Where the photos are.
        series: Series of the photos of the classes, ordered by hash, if they are known.

    Raises:
        DataUnusable: The photos show fewer than two classes, or one was withdrawn.
    """
    photos = learnt_from(split)
    background = split.background
    return TrainingSet(
        embeddings=embeddings_of(feature_result, photos),
        labels=[split.label(sha256) for sha256 in photos],
        groups=[split.photos[sha256].group for sha256 in photos],
        group_folds=np.array([split.photos[sha256].folds for sha256 in photos], dtype=np.int64).T,
        series=series or series_of([feature_result], split, photos, workspace),
        sources=[split.photos[sha256].sources for sha256 in photos],
        background=BackgroundEmbeddings(
            embeddings_of(feature_result, background),
            conditions=tuple(split.label(sha256) for sha256 in background),
            groups=tuple(split.photos[sha256].group for sha256 in background),
        )
        if background
        else None,
    )


def used_licences(fields: SplitFields) -> dict[str, str | None]:
    """Return the licence of every photo that a candidate is made from or tested on, by hash."""
    return licences_of(Split.read(fields.split).used, read_manifest(fields.manifest))


def _all_licences(feature_result: FeatureResult) -> list[str | None]:
    """Return the licences of the used photos, and of those that adapted weights learnt from besides."""
    used = used_licences(feature_result)
    known = {prefix_of(sha256) for sha256 in used}
    others = {photo.sha256: photo.licence for card in cards_in(feature_result) for photo in card.photos}
    return [*used.values(), *(licence for prefix, licence in others.items() if prefix not in known)]


def _description(
    feature_result: FeatureResult, split: Split, recipe: Recipe, fitted: FittedCandidate, digest: str
) -> Description:
    return Description(
        labels=fitted.head.labels,
        height=recipe.side,
        width=recipe.side,
        temperature=fitted.temperature,
        confidence_threshold=fitted.confidence_threshold,
        promise=promise_of(fitted, sources=_sources(split, PhotoRole.CLASS)),
        false_rejection=fitted.scope.false_rejection,
        background=_background(split, fitted),
        adaptation=adaptation_of(feature_result),
        provenance=Provenance(
            candidate=digest,
            backbone=feature_result.backbone,
            weights="+".join(network.weights for network in feature_result.networks),
            weights_sha256="+".join(network.weights_sha256 for network in feature_result.networks),
            source=feature_result.source,
            data=feature_result.data,
            photos={str(subset): len(split.of(subset)) for subset in (Subset.TRAIN, Subset.TEST)},
            licences=licences.counted(_all_licences(feature_result)),
            split=feature_result.split_digest,
            test_sha256=feature_result.test_sha256,
            run_id=None,
            code=metadata.version("acnelib"),
            created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        ),
        drawn=all_drawn(learnt_from(split), read_manifest(feature_result.manifest)),
    )


def _sources(split: Split, role: PhotoRole) -> tuple[str, ...]:
    return tuple(
        sorted({name for sha256 in split.of(Subset.TRAIN, role=role) for name in split.photos[sha256].sources})
    )


def _background(split: Split, fitted: FittedCandidate) -> LearntBackground | None:
    if fitted.unseen_conditions is None:
        return None
    photos, checks = split.background, fitted.source_checks
    conditions = [split.label(sha256) for sha256 in photos]
    refused, confident = fitted.unseen_conditions.refused, fitted.unseen_conditions.confident
    return LearntBackground(
        photos=len(photos),
        conditions=len(set(conditions)),
        sources=_sources(split, PhotoRole.BACKGROUND),
        refused=float(refused.mean()),
        confident=float(confident.mean()),
        refused_interval=share_interval(refused, conditions),
        confident_interval=share_interval(confident, conditions),
        unlike=checks.without_background if checks else (),
        warnings=checks.warnings if checks else (),
    )


def _write_small_model(
    folder: Path,
    split: Split,
    photos: list[str],
    logits: npt.NDArray[np.float64],
    *,
    side: int,
    path_of: Callable[[str], Path],
) -> QuantizedModel:
    """Quantise the model; the first photos are a random sample, since photos are ordered by hash."""
    photos = photos[:MEASURED]
    chosen = spread_over_labels(photos, [split.label(sha256) for sha256 in photos], REPRESENTATIVE)

    def pixels(sha256: str) -> npt.NDArray[np.uint8]:
        with reading(path_of(sha256)) as picture:
            return resized(picture.image, height=side, width=side)

    with ThreadPoolExecutor(2) as pool:
        stacked = np.stack(list(pool.map(pixels, photos)))
    representative = [photos.index(sha256) for sha256 in chosen]
    return write_small_model(folder, stacked, logits[: len(photos)], representative=representative)


def _check_parity(folder: Path, model: object, photos: list[Path]) -> None:
    """Check that Keras and LiteRT give the same scores for photos."""
    candidate = read_candidate(folder)
    classifier = Classifier(candidate, identity=ModelIdentity(name="candidate", version=None, sha256=""))
    pixels = np.stack([classifier.pixels_of(path) for path in photos])
    litert = np.stack([classifier.scores(one) for one in pixels])
    apart = float(np.abs(litert - keras_scores(model, pixels)).max())
    if not apart <= PARITY:  # so that NaN fails, too
        raise AcneError(
            f"the LiteRT model of {candidate.description.provenance.backbone} differs from the Keras model by "
            f"{apart:.2g} (at most {PARITY}): the conversion is faulty, try another --backbone"
        )
