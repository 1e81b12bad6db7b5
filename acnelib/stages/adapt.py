"""Adapt: the networks of a recipe, fine-tuned on the background photos of a split, with their run."""

from __future__ import annotations

import contextlib
import shutil
import time
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import metadata
from typing import TYPE_CHECKING

from acnelib.config.settings import Settings
from acnelib.dataset.splitting import Split
from acnelib.errors import DataUnusable, UsageError
from acnelib.progress import Progress, no_progress
from acnelib.registry.tracking.connection import tracking_of, written_record
from acnelib.stages.adapted_weights import check_not_learnt
from acnelib.stages.features import default_recipe, default_weights
from acnelib.stages.results import AdaptResult
from acnelib.stages.run_names import run_name
from acnelib.storage.files import SHARED, atomic_write, digest_of
from acnelib.storage.manifest import licences_of, read_manifest
from acnelib.storage.results import REFERENCES, References, build_once
from acnelib.storage.workspace import Workspace
from acnelib.training.adaptation.adapting import Adaptation
from acnelib.training.adaptation.card import CARD, AdaptationCard, LearntPhoto, NetworkCard, cards_of, prefix_of
from acnelib.training.adaptation.learning_set import choose_photos
from acnelib.training.adaptation.options import AdaptationOptions
from acnelib.training.networks.recipes import Recipe, weights_of
from acnelib.training.networks.weights_files import WeightsFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from acnelib.registry.tracking import Tracking
    from acnelib.stages.results import SplitResult
    from acnelib.training.adaptation.adapting import AdaptedNetwork
    from acnelib.training.adaptation.learning_set import LearningSet
    from acnelib.training.networks.backbones import Backbone

CACHE_VERSION = 1
"""Increase it when the same photos would give other weights."""

_CHECKPOINTS, _CHECKPOINT = "checkpoints", "network.npz"


def adapt(
    split_result: SplitResult,
    *,
    backbone: str | None = None,
    weights: str | None = None,
    options: AdaptationOptions | None = None,
    settings: Settings | None = None,
    log: bool = True,
    progress: Progress = no_progress,
) -> AdaptResult:
    """Fine-tune the networks of a recipe on the background photos of a split, their conditions as classes.

    Photos of the classes are not learnt from, nor are copies of them, so that answers on them remain those of a model
    that never saw them. A killed call continues after its last finished epoch. The curve is logged where a tracking
    server is known.

    Args:
        split_result: The split.
        backbone: Name of the network, or of several joined by ``+``; default: the one that does best fine-tuned.
        weights: Weights to start from: ``imagenet``, ``starter``, a file or a folder; default: starter for the sample
            atlas, else imagenet.
        options: Schedule, regularisation and augmentation.
        settings: Where the working folder and the tracking server are.
        log: Log the curve, if a tracking server is known.
        progress: Called with the progress.

    Raises:
        DataUnusable: There are no background photos, or too few.
        UsageError: There is no such network.
        WeightsUnavailable: The weights are not available, or belong to another network.
        TrackingFailed: The tracking server does not answer; this is checked before anything is learnt.
    """
    started = time.monotonic()
    settings, options = settings or Settings.load(), options or AdaptationOptions()
    weights = weights or default_weights(split_result.source)
    tracking = checked_tracking(settings) if log else None
    work = _Work(split_result, backbone, weights, options, Workspace(settings.workdir), progress)
    made = build_once(work.folder, work.make)
    for checkpoint in work.checkpoints:
        shutil.rmtree(checkpoint, ignore_errors=True)
    for warning in work.warnings:
        progress(0, 0, warning)
    seconds = time.monotonic() - started if made else 0.0
    if tracking is None:
        return work.result(seconds=seconds)
    record = written_record(settings, tracking, "adapt", work.digest)
    earlier = AdaptResult.read(record).run_id if record.is_file() else None
    run_id = earlier if earlier and tracking.has_run(earlier) else work.log(tracking)
    adapt_result = work.result(seconds=seconds, run_id=run_id, run_url=tracking.run_url(run_id))
    adapt_result.write(record)
    return adapt_result


def checked_tracking(settings: Settings) -> Tracking | None:
    """Return the tracking server, after connecting to it; None if none is known.

    Raises:
        TrackingFailed: It does not answer.
    """
    if settings.server() is None:
        return None
    tracking = tracking_of(settings)
    _ = tracking.client  # connects
    return tracking


def adaptation_options(*, epochs: int | None = None) -> AdaptationOptions:
    """Return the default options, with another number of epochs if one is given."""
    return AdaptationOptions() if epochs is None else AdaptationOptions(epochs=epochs)


def copy_weights(adapt_result: AdaptResult, to: Path) -> None:
    """Copy adapted weights and their card into a folder, where ``--weights`` finds them.

    Raises:
        UsageError: The folder holds weights of the same names that were not adapted.
    """
    card = adapt_result.adapted / CARD
    files = sorted(adapt_result.adapted.glob("*.weights.h5"))
    if not (to / CARD).exists() and (there := [file.name for file in files if (to / file.name).exists()]):
        raise UsageError(f"{to} holds {there[0]}, which acne adapt did not write: name another folder with --to")
    for file in (card, *files):  # first the card: weights without it could be taken for others
        with atomic_write(to / file.name, mode=SHARED) as part:
            shutil.copyfile(file, part)


class _Work:
    """One adaptation: its inputs, and what is made of them."""

    def __init__(  # noqa: PLR0917
        self,
        split_result: SplitResult,
        backbone: str | None,
        weights: str,
        options: AdaptationOptions,
        workspace: Workspace,
        progress: Progress,
    ) -> None:
        self._split_result, self._options, self._workspace, self._progress = split_result, options, workspace, progress
        self._split = Split.read(split_result.split)
        self._learning_set = _learning_set(self._split, options)
        self._recipe = Recipe.parse(backbone) if backbone else default_recipe(weights, adapt=True)
        self._weights = weights_of(self._recipe, weights)
        self._earlier = cards_of(self._weights)
        check_not_learnt(self._split, self._earlier)
        self.digest = digest_of("adapt", [self._network_digest(*one) for one in self._networks])
        self.folder = workspace.result("adapt", self.digest)

    @property
    def _networks(self) -> list[tuple[Backbone, WeightsFile]]:
        return [(branch.backbone, file) for branch, file in zip(self._recipe.branches, self._weights, strict=True)]

    @property
    def checkpoints(self) -> list[Path]:
        """Folder of the checkpoint of each network."""
        return [self._workspace.result(_CHECKPOINTS, self._network_digest(*one)) for one in self._networks]

    @property
    def warnings(self) -> list[str]:
        """What is wrong with the adapted networks, a line each."""
        return [network.warning for network in self._read_card().networks if network.warning]

    def make(self, folder: Path) -> Sequence[str]:
        """Adapt the networks, one after the other, and write weights and card into a folder."""
        cards = []
        for (backbone, file), checkpoint in zip(self._networks, self.checkpoints, strict=True):
            path = folder / f"{backbone}_notop.weights.h5"
            adaptation = Adaptation(
                backbone=backbone,
                weights=file,
                learning_set=self._learning_set,
                path_of=self._workspace.images.path,
                options=self._options,
                checkpoint=checkpoint / _CHECKPOINT,
                progress=self._progress,
            )
            with self._listed(checkpoint):
                adapted = adaptation.run(path)
            cards.append(_network_card(adapted, file, path))
        self._card(cards).write(folder)
        return self._learning_set.photos

    @contextlib.contextmanager
    def _listed(self, checkpoint: Path) -> Iterator[None]:
        """List the photos beside the checkpoint; where a failure leaves no checkpoint, nothing stays."""
        References(photos=self._learning_set.photos).write(checkpoint / REFERENCES)
        try:
            yield
        finally:
            if not (checkpoint / _CHECKPOINT).exists():
                shutil.rmtree(checkpoint, ignore_errors=True)

    def result(self, *, seconds: float, run_id: str | None = None, run_url: str | None = None) -> AdaptResult:
        """Return the result of the stage."""
        runs = (run_id,) if run_id else ()
        return AdaptResult.following(
            self._split_result,
            References(folders=(self._workspace.name_of(self.folder),), runs=runs),
            backbone=str(self._recipe),
            adapted=self.folder,
            adaptation_digest=self.digest,
            photos=len(self._learning_set.photos),
            conditions=len(self._learning_set.conditions),
            run_id=run_id,
            run_url=run_url,
            seconds=seconds,
        )

    def log(self, tracking: Tracking) -> str:
        """Log the adaptation to a run; return the id of the run."""
        card = self._read_card()
        tags = {"acnelib.source": self._split_result.source, "acnelib.split": self._split_result.split_digest}
        ended = int(datetime.fromisoformat(card.created_at).timestamp() * 1000)
        name = run_name(str(self._recipe), self.digest, stage="adapt")
        with tracking.candidate_run(self.digest, name=name, tags=tags, stage="adapt") as run:
            run.log_parameters(
                {
                    "backbone": str(self._recipe),
                    "weights": "+".join(file.name for file in self._weights),
                    "photos": len(self._learning_set.training_rows),
                    "held_out_photos": len(self._learning_set.held_out_rows),
                    "conditions": len(card.conditions),
                    **{key: value for key, value in card.options.items() if not isinstance(value, dict)},
                    **{f"augmentation_{key}": value for key, value in card.options["augmentation"].items()},
                }
            )
            run.log_samples(
                {
                    f"{network.backbone}/{figure}": [
                        (ended, value) for epoch in network.curve if (value := epoch[figure]) is not None
                    ]
                    for network in card.networks
                    for figure in network.curve[0]
                }
            )
            labels = [self._split.label(sha256) for sha256 in self._learning_set.photos]
            run.log_photos(
                self._learning_set.photos, labels, name=f"{self._split_result.source}-conditions", context="adaptation"
            )
            run.log_json(asdict(card), f"adaptation/{CARD}")
            return run.run_id

    def _read_card(self) -> AdaptationCard:
        card = AdaptationCard.read(self.folder)
        if card is None:
            raise DataUnusable(f"{self.folder} lacks {CARD}: delete the folder and run again")
        return card

    def _network_digest(self, backbone: Backbone, file: WeightsFile) -> str:
        options = self._options.as_dict()
        return digest_of("adapted", CACHE_VERSION, self._learning_set.content, options, str(backbone), file.sha256)

    def _card(self, networks: Sequence[NetworkCard]) -> AdaptationCard:
        photos = {photo.sha256: photo for card in self._earlier for photo in card.photos}
        licences = licences_of(self._learning_set.photos, read_manifest(self._split_result.manifest))
        for sha256, condition, held_out in self._learning_set.content:
            photos[prefix_of(sha256)] = LearntPhoto(
                sha256=prefix_of(sha256),
                condition=condition,
                sources=self._split.photos[sha256].sources,
                licence=licences[sha256],
                held_out=held_out,
            )
        return AdaptationCard(
            photos=tuple(photos[prefix] for prefix in sorted(photos)),
            conditions=self._learning_set.conditions,
            options=self._options.as_dict(),
            networks=tuple(networks),
            digest=self.digest,
            code=metadata.version("acnelib"),
            created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        )


def _learning_set(split: Split, options: AdaptationOptions) -> LearningSet:
    photos = split.background
    return choose_photos(
        photos,
        conditions=[split.label(sha256) for sha256 in photos],
        groups=[split.photos[sha256].group for sha256 in photos],
        least_groups=options.least_groups,
    )


def _network_card(adapted: AdaptedNetwork, started_from: WeightsFile, path: Path) -> NetworkCard:
    return NetworkCard(
        backbone=str(adapted.backbone),
        file=path.name,
        sha256=WeightsFile.of(path, name=path.name).sha256,
        started_from=started_from.name,
        started_from_sha256=started_from.sha256,
        epochs=len(adapted.curve),
        best_epoch=adapted.best_epoch,
        guessing_loss=adapted.guessing_loss,
        curve=tuple(asdict(epoch) for epoch in adapted.curve),
        device=adapted.device,
    )
