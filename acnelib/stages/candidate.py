"""Training of one candidate, written into the files of a bundle that is not sealed yet."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from importlib import metadata
from typing import TYPE_CHECKING

import numpy as np

from acnelib.bundle import Description, Promise, Provenance, TrainingHashes, read_candidate, write_description
from acnelib.dataset.folds import group_folds
from acnelib.dataset.splitting import USED, Split, Subset
from acnelib.errors import AcneError, DataUnusable
from acnelib.evaluation.scored_photos import ScoredPhoto, ScoredPhotos
from acnelib.imaging import read_picture, resized
from acnelib.inference import Classifier, ModelIdentity
from acnelib.stages.artifacts import CandidateFolder
from acnelib.stages.features import used_photos
from acnelib.storage import licences
from acnelib.storage.manifest import all_drawn, licences_of, read_manifest
from acnelib.training.calibration import TARGET_SELECTIVE_ACCURACY
from acnelib.training.conversion import export_models, keras_scores
from acnelib.training.embeddings import EmbeddingStore
from acnelib.training.fitting import fit_calibrated_head
from acnelib.training.networks.recipes import Recipe
from acnelib.training.networks.weights_files import WeightsFile
from acnelib.training.quantization import MEASURED, REPRESENTATIVE, spread_over_labels, write_small_model
from acnelib.training.scope import FALSE_REJECTION

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy.typing as npt

    from acnelib.bundle import QuantizedModel
    from acnelib.progress import Progress
    from acnelib.stages.results import FeatureResult, SplitFields
    from acnelib.storage.workspace import Workspace
    from acnelib.training.fitting import FittedHead

PARITY = 1e-3
"""Largest difference of any score between the Keras and the LiteRT model."""

_PARITY_PHOTOS = 8


def write_candidate(
    made: Path, feature_result: FeatureResult, digest: str, workspace: Workspace, progress: Progress
) -> list[str]:
    """Train, and write a candidate and the out-of-fold scores of its photos into a folder; return those photos.

    Raises:
        DataUnusable: The photos show fewer than two classes.
        AcneError: Keras and LiteRT do not agree.
    """
    split = Split.read(feature_result.split)
    recipe = Recipe.parse(feature_result.backbone)
    files = CandidateFolder(made)
    folder = files.bundle
    folder.mkdir()
    progress(0, 3, "fitting and calibrating the head")
    photos = learnt_from(split)
    embeddings = embeddings_of(feature_result, photos)
    fitted = fit_calibrated_head(embeddings, [split.label(sha256) for sha256 in photos], folds=_folds_of(split, photos))
    files.write_held_out(_held_out(split, photos, fitted))
    description = _description(feature_result, split, recipe, fitted, digest)
    write_description(folder, description)
    TrainingHashes.of(photos).write(folder)
    progress(1, 3, "converting to LiteRT")
    weights = [
        WeightsFile(name=network.weights, path=network.weights_file, sha256=network.weights_sha256)
        for network in feature_result.networks
    ]
    model = export_models(folder, recipe=recipe, weights=weights, head=fitted.head, scope=fitted.scope)
    _check_parity(folder, model, [workspace.images.path(sha256) for sha256 in photos[:_PARITY_PHOTOS]])
    progress(2, 3, "quantising")
    logits = fitted.head.logits(embeddings)
    small = _write_small_model(folder, split, photos, logits, side=recipe.side, path_of=workspace.images.path)
    write_description(folder, replace(description, small=small))
    progress(3, 3, "candidate written")
    return used_photos(split)


def learnt_from(split: Split) -> list[str]:
    """Return the photos that a candidate learns from, ordered by hash: train and validation, never test.

    Raises:
        DataUnusable: They show fewer than two classes.
    """
    photos = sorted([*split.of(Subset.TRAIN), *split.of(Subset.VALIDATION)])
    if len({split.label(sha256) for sha256 in photos}) < 2:
        raise DataUnusable("the training photos show one class only: add photos of other patients to the other classes")
    return photos


def embeddings_of(feature_result: FeatureResult, photos: list[str]) -> npt.NDArray[np.float32]:
    """Return the embeddings of some photos, those of all networks side by side: [photos, D].

    Raises:
        DataUnusable: A photo was withdrawn after they were computed.
    """
    parts = []
    for network in feature_result.networks:
        known = EmbeddingStore(network.embeddings).load(photos)
        if gone := [sha256 for sha256 in photos if sha256 not in known]:
            raise DataUnusable(f"photo {gone[0][:12]} has no embeddings any more, it may be withdrawn: start a new run")
        parts.append(np.stack([known[sha256] for sha256 in photos]))
    return np.concatenate(parts, axis=1)


def _folds_of(split: Split, photos: list[str]) -> list[npt.NDArray[np.int64]]:
    """Return cross-validation folds of some photos, from the groups of their split."""
    groups = [split.photos[sha256].group for sha256 in photos]
    return group_folds([split.label(sha256) for sha256 in photos], groups)


def used_licences(fields: SplitFields) -> dict[str, str | None]:
    """Return the licence of every photo that a candidate is made from or tested on, by hash."""
    return licences_of(used_photos(Split.read(fields.split)), read_manifest(fields.manifest))


def _held_out(split: Split, photos: list[str], fitted: FittedHead) -> ScoredPhotos:
    answers = (
        ScoredPhoto(
            sha256=sha256,
            true_label=split.label(sha256),
            group=split.photos[sha256].group,
            scores=tuple(scores),
            in_scope=in_scope,
        )
        for sha256, scores, in_scope in zip(photos, fitted.scores.tolist(), fitted.in_scope.tolist(), strict=True)
        if not np.isnan(scores).any()
    )
    return ScoredPhotos(
        labels=fitted.head.labels, confidence_threshold=fitted.confidence_threshold, photos=tuple(answers)
    )


def _description(
    feature_result: FeatureResult, split: Split, recipe: Recipe, fitted: FittedHead, digest: str
) -> Description:
    return Description(
        labels=fitted.head.labels,
        height=recipe.side,
        width=recipe.side,
        temperature=fitted.temperature,
        confidence_threshold=fitted.confidence_threshold,
        promise=Promise(
            level=TARGET_SELECTIVE_ACCURACY, sources=(feature_result.source,), accuracy=None, coverage=0.0, reached=True
        ),
        false_rejection=FALSE_REJECTION,
        provenance=Provenance(
            candidate=digest,
            backbone=feature_result.backbone,
            weights="+".join(network.weights for network in feature_result.networks),
            weights_sha256="+".join(network.weights_sha256 for network in feature_result.networks),
            source=feature_result.source,
            data=feature_result.data,
            photos={str(subset): len(split.of(subset)) for subset in USED},
            licences=licences.counted(used_licences(feature_result).values()),
            split=feature_result.split_digest,
            test_sha256=feature_result.test_sha256,
            run_id=None,
            code=metadata.version("acnelib"),
            created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        ),
        drawn=all_drawn(learnt_from(split), read_manifest(feature_result.manifest)),
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
    train = set(split.of(Subset.TRAIN))
    trained_on = [sha256 for sha256 in photos if sha256 in train]
    chosen = spread_over_labels(trained_on, [split.label(sha256) for sha256 in trained_on], REPRESENTATIVE)

    def pixels(sha256: str) -> npt.NDArray[np.uint8]:
        return resized(read_picture(path_of(sha256)).image, height=side, width=side)

    with ThreadPoolExecutor(2) as pool:
        stacked = np.stack(list(pool.map(pixels, photos)))
    representative = [photos.index(sha256) for sha256 in chosen]
    return write_small_model(folder, stacked, logits[: len(photos)], representative=representative)


def _check_parity(folder: Path, model: object, photos: list[Path]) -> None:
    """Check that Keras and LiteRT give the same scores for photos."""
    candidate = read_candidate(folder)
    classifier = Classifier(candidate, identity=ModelIdentity(name="candidate", version=None, sha256=""))
    pixels = np.stack([classifier.pixels(read_picture(path)) for path in photos])
    litert = np.stack([classifier.scores(one) for one in pixels])
    apart = float(np.abs(litert - keras_scores(model, pixels)).max())
    if not apart <= PARITY:  # so that NaN fails, too
        raise AcneError(
            f"the LiteRT model of {candidate.description.provenance.backbone} differs from the Keras model by "
            f"{apart:.2g} (at most {PARITY}): the conversion is faulty, try another --backbone"
        )
