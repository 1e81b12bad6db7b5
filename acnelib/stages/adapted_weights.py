"""Adapted weights in the stages after them: photos that they learnt from are never photos of the classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acnelib.bundle import Adaptation
from acnelib.errors import DataUnusable
from acnelib.storage.manifest import PhotoRole
from acnelib.training.adaptation.card import cards_of
from acnelib.training.networks.weights_files import WeightsFile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from acnelib.dataset.splitting import Split
    from acnelib.stages.results import FeatureResult
    from acnelib.training.adaptation.card import AdaptationCard


def check_not_learnt(split: Split, cards: Iterable[AdaptationCard]) -> None:
    """Check that adapted weights learnt from no photo of the classes, and from no copy of one.

    Raises:
        DataUnusable: They did, so no answer on these photos would be by a model that never saw them.
    """
    for card in cards:
        groups = {photo.group for sha256, photo in split.photos.items() if card.knows(sha256)}
        learnt = [
            sha256
            for sha256 in split.used
            if split.photos[sha256].role == PhotoRole.CLASS and split.photos[sha256].group in groups
        ]
        if learnt:
            number = "1 photo" if len(learnt) == 1 else f"{len(learnt)} photos"
            raise DataUnusable(
                f"the adapted weights {card.digest[:8]} learnt from {number} of the classes here, or copies of them "
                f"(the first is {learnt[0][:12]}), so answers on these would not be by a model that never saw them: "
                "name other --weights, or adapt again with these sources as --source"
            )


def cards_in(feature_result: FeatureResult) -> tuple[AdaptationCard, ...]:
    """Return the cards of the adapted weights of a result's networks.

    Raises:
        WeightsUnavailable: A card is damaged, or describes another file.
    """
    return cards_of(
        WeightsFile(name=network.weights, path=network.weights_file, sha256=network.weights_sha256)
        for network in feature_result.networks
    )


def adaptation_of(feature_result: FeatureResult) -> Adaptation | None:
    """Return what a bundle says about the adaptation of its networks; None for weights that were not adapted."""
    cards = cards_in(feature_result)
    if not cards:
        return None
    photos = {photo.sha256: photo for card in cards for photo in card.photos}
    return Adaptation(
        photos=len(photos),
        conditions=len({photo.condition for photo in photos.values()}),
        sources=tuple(sorted({name for photo in photos.values() for name in photo.sources})),
        networks=tuple(network.backbone for card in cards for network in card.networks),
        digests=tuple(card.digest for card in cards),
    )
