"""Records of the production version for the gate: the photos it learnt from, with their folds and held-out answers.

The sealed bundle lists the photos that production learnt from; its run has their folds and the answers of heads that
never saw them. Where the run is gone, the photos that are new to production can still be compared.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from acnelib.bundle import TrainingHashes
from acnelib.errors import RunRecordLost
from acnelib.evaluation.gate import LackedPhotos
from acnelib.evaluation.scored_photos import ScoredPhotos
from acnelib.storage.assignments import Subset
from acnelib.storage.manifest import PhotoRole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from acnelib.bundle import Bundle
    from acnelib.dataset.splitting import Split
    from acnelib.registry.reading import RegisteredVersion, RegistryReader
    from acnelib.storage.assignments import Assignment

_KINDS = {PhotoRole.CLASS: "photos of the classes", PhotoRole.BACKGROUND: "background photos"}


@dataclass(frozen=True, kw_only=True)
class ProductionAnswers:
    """What production learnt from, and its answers about photos that its heads never saw.

    Attributes:
        folds: Fold in each repeat of every photo that it learnt from; empty where it is unknown.
        held_out: Answers of heads that never saw the photo; None: there are none, or they are not used.
        lost: What cannot be read, in words; None if everything can.
    """

    folds: Mapping[str, tuple[int, ...]]
    held_out: ScoredPhotos | None = None
    lost: str | None = None


def production_answers(
    reader: RegistryReader, version: RegisteredVersion, bundle: Bundle, *, photos: Iterable[str], held_out: bool
) -> ProductionAnswers | None:
    """Return what production learnt from, and its held-out answers.

    Args:
        reader: Reads the registry.
        version: The version in production.
        bundle: Its bundle.
        photos: The photos of the candidate's split, by hash.
        held_out: Whether its held-out answers are needed.

    Returns:
        None if neither its run nor its bundle states what it learnt from.

    Raises:
        TrackingFailed: The tracking server or its artifact store does not answer.
        BundleInvalid: The list of photos in the bundle is damaged.
    """
    hashes = TrainingHashes.read(bundle.path)
    try:
        assignments = reader.assignments(version)
    except RunRecordLost as error:
        return None if hashes is None else ProductionAnswers(folds=_folds(photos, hashes, {}), lost=str(error))
    folds = _folds(photos, hashes, {sha256: one.folds for sha256, one in assignments.items() if _is_learnt(one)})
    if not held_out:
        return ProductionAnswers(folds=folds)
    try:
        answers = held_out_answers(
            reader.out_of_fold(version),
            labels=bundle.description.labels,
            where=f"the run of version {version.version} of {reader.model_name} at {reader.server}",
        )
    except RunRecordLost as error:
        return ProductionAnswers(folds=folds, lost=str(error))
    return ProductionAnswers(folds=folds, held_out=answers)


def lacked_photos(bundle: Bundle, split: Split, *, withdrawn: int) -> list[LackedPhotos]:
    """Count the photos that production learnt from and a split lacks; empty if its bundle lists no photos.

    Args:
        bundle: Bundle of production.
        split: Split of the candidate. Photos that it knows and excludes are not lacked.
        withdrawn: Number of production's photos that were withdrawn since.

    Raises:
        BundleInvalid: The list of photos in the bundle is damaged.
    """
    hashes, description = TrainingHashes.read(bundle.path), bundle.description
    if hashes is None:
        return []
    present = Counter(photo.role for sha256, photo in split.photos.items() if sha256 in hashes)
    learnt = {
        PhotoRole.CLASS: description.provenance.photos[Subset.TRAIN],
        PhotoRole.BACKGROUND: description.background.photos if description.background else 0,
    }
    return [
        LackedPhotos(kind=_KINDS[role], lacked=max(0, number - present[role] - withdrawn), learnt=number)
        for role, number in learnt.items()
    ]


def _is_learnt(assignment: Assignment) -> bool:
    return assignment.subset == Subset.TRAIN


def _folds(
    photos: Iterable[str], hashes: TrainingHashes | None, recorded: Mapping[str, tuple[int, ...]]
) -> dict[str, tuple[int, ...]]:
    """Return the folds of the photos that production learnt from; the bundle's own list decides which these are.

    The split also records photos as train that may have been learnt from by an earlier version only.
    """
    learnt = [sha256 for sha256 in photos if sha256 in (recorded if hashes is None else hashes)]
    return {sha256: recorded.get(sha256, ()) for sha256 in learnt}


def held_out_answers(values: Any, *, labels: tuple[str, ...], where: str) -> ScoredPhotos:
    """Return the answers that a run logged.

    Raises:
        RunRecordLost: They cannot be understood, or are those of a model of other classes.
    """
    try:
        answers = ScoredPhotos.from_json(values)
        for photo in answers.photos:
            if len(photo.scores) != len(labels) or not all(math.isfinite(score) for score in photo.scores):
                raise ValueError(f"the scores of photo {photo.sha256[:12]}")
        if set(answers.labels) != set(labels):
            raise ValueError(f"the classes {', '.join(answers.labels)}")
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise RunRecordLost(f"{where}: its out-of-fold answers cannot be understood ({error})") from error
    return answers
