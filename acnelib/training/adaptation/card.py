"""The card of adapted weights: which photos they learnt from, and how; a file beside them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acnelib.errors import WeightsUnavailable
from acnelib.storage.files import write_json
from acnelib.training.networks.weights_files import IMAGENET, STARTER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from acnelib.training.networks.weights_files import WeightsFile

CARD = "adaptation.json"
"""Name of the file, in the folder of the weights."""

SCHEMA = 1
_PREFIX = 16  # hexadecimal digits of a SHA-256, enough to recognise a photo


@dataclass(frozen=True, kw_only=True)
class LearntPhoto:
    """A photo that weights learnt from, or that decided when their training ended.

    Attributes:
        sha256: First 16 hexadecimal digits of the SHA-256 of its file.
        condition: The condition that it shows.
        sources: Names of its sources.
        licence: Its licence; None: not stated.
        held_out: Whether it was kept out for early stopping.
    """

    sha256: str
    condition: str
    sources: tuple[str, ...]
    licence: str | None
    held_out: bool


@dataclass(frozen=True, kw_only=True)
class NetworkCard:
    """One network of adapted weights.

    Attributes:
        backbone: Its name.
        file: Name of the file of weights.
        sha256: SHA-256 of this file.
        started_from: Name of the weights that it started from.
        started_from_sha256: SHA-256 of these.
        epochs: Finished epochs.
        best_epoch: The epoch whose weights were kept, from 1.
        curve: Figures of each epoch, by name.
        device: Where it was trained.
        guessing_loss: Loss on the photos kept out of guessing conditions by frequency; None if none is kept out.
    """

    backbone: str
    file: str
    sha256: str
    started_from: str
    started_from_sha256: str
    epochs: int
    best_epoch: int
    curve: tuple[dict[str, float | None], ...]
    device: str
    guessing_loss: float | None = None

    @property
    def warning(self) -> str | None:
        """What is wrong with the weights, in one line; None if nothing is known to be."""
        loss = self.curve[self.best_epoch - 1]["held_out_loss"]
        if loss is None or self.guessing_loss is None or loss < self.guessing_loss:
            return None
        return (
            f"{self.backbone} is no better than guessing: on the photos kept out, its loss is {loss:.2f}, and that of "
            f"guessing by frequency {self.guessing_loss:.2f}. Do not use its weights: adapt it again with more "
            "--epochs or more photos in --background"
        )


@dataclass(frozen=True, kw_only=True)
class AdaptationCard:
    """The content of ``adaptation.json``.

    Attributes:
        photos: The photos, those of adaptations that this one started from included.
        conditions: Names of the conditions, in the order of the outputs that were learnt.
        options: Options of the adaptation.
        networks: The networks.
        digest: Digest of all inputs.
        code: Version of acnelib that made it.
        created_at: ISO 8601, UTC.
        schema: Version of this format.
    """

    photos: tuple[LearntPhoto, ...]
    conditions: tuple[str, ...]
    options: dict[str, Any]
    networks: tuple[NetworkCard, ...]
    digest: str
    code: str
    created_at: str
    schema: int = SCHEMA

    @property
    def prefixes(self) -> frozenset[str]:
        """Prefixes of the hashes of the photos."""
        return frozenset(photo.sha256 for photo in self.photos)

    @property
    def sources(self) -> tuple[str, ...]:
        """Names of the sources of the photos."""
        return tuple(sorted({name for photo in self.photos for name in photo.sources}))

    def knows(self, sha256: str) -> bool:
        """Return whether the weights know a photo, by the SHA-256 of its file."""
        return prefix_of(sha256) in self.prefixes

    def write(self, folder: Path) -> None:
        """Write the card beside the weights."""
        write_json(folder / CARD, asdict(self))

    @classmethod
    def read(cls, folder: Path) -> AdaptationCard | None:
        """Return the card of the weights in a folder; None without one.

        Raises:
            WeightsUnavailable: The file is damaged, or newer than this program.
        """
        path = folder / CARD
        if not path.is_file():
            return None
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            if values["schema"] > SCHEMA:
                raise WeightsUnavailable(f"{path} has schema {values['schema']}, newer than {SCHEMA}: upgrade acnelib")
            photos = [LearntPhoto(**photo | {"sources": tuple(photo["sources"])}) for photo in values["photos"]]
            networks = [NetworkCard(**network | {"curve": tuple(network["curve"])}) for network in values["networks"]]
            lists = {"photos": tuple(photos), "networks": tuple(networks), "conditions": tuple(values["conditions"])}
            return cls(**values | lists)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise WeightsUnavailable(
                f"{path} is damaged, so it is not known which photos the weights beside it learnt from: copy the "
                "folder again, or name other --weights"
            ) from error


def prefix_of(sha256: str) -> str:
    """Return the prefix by which a card names a photo."""
    return sha256[:_PREFIX]


def adapted_networks(weights: str) -> tuple[NetworkCard, ...]:
    """Return the networks that weights, as of the option, were adapted for; none if they were not adapted.

    Args:
        weights: ``imagenet``, ``starter``, a file or a folder.

    Raises:
        WeightsUnavailable: The card is damaged.
    """
    if weights in {IMAGENET, STARTER}:
        return ()
    path = Path(weights).expanduser()
    whole = path.is_dir()
    card = AdaptationCard.read(path if whole else path.parent)
    return () if card is None else tuple(one for one in card.networks if whole or one.file == path.name)


def card_of(weights: WeightsFile) -> AdaptationCard | None:
    """Return the card of a file of weights; None for weights that were not adapted.

    Raises:
        WeightsUnavailable: The card beside the file is damaged, or describes another file.
    """
    card = AdaptationCard.read(weights.path.parent)
    if card is not None and weights.sha256 not in {network.sha256 for network in card.networks}:
        raise WeightsUnavailable(
            f"{weights.path} is not the file that {CARD} beside it describes, so it is not known which photos it "
            "learnt from: keep adapted weights in a folder of their own, or adapt again"
        )
    return card


def cards_of(weights: Iterable[WeightsFile]) -> tuple[AdaptationCard, ...]:
    """Return the distinct cards of some files of weights.

    Raises:
        WeightsUnavailable: A card is damaged, or describes another file.
    """
    found = (card_of(file) for file in weights)
    return tuple({card.digest: card for card in found if card is not None}.values())
