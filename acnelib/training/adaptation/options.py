"""Options of an adaptation: schedule, regularisation and augmentation."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from acnelib.errors import UsageError
from acnelib.training.networks.backbones import Architecture


@dataclass(frozen=True, kw_only=True)
class Augmentation:
    """Random changes of a training photo; the defaults hide what gives the source of a photo away.

    Attributes:
        least_share: Smallest share of width and height that a crop keeps, above 0 and at most 1.
        light: Largest relative change of brightness, contrast and saturation; at least 0, below 1.
        cast: Largest relative change of a single colour channel, as by another white balance; at least 0, below 1.
        blurred: Share of the photos that are blurred, 0–1.
        coarsened: Share of the photos that are reduced and enlarged again, 0–1.
        recompressed: Share of the photos that are compressed as JPEG again, 0–1.
        corner_painted: Share of the photos with a corner painted over, 0–1.
        strip_painted: Share of the photos with a strip painted over, 0–1.
    """

    least_share: float = 0.75
    light: float = 0.2
    cast: float = 0.08
    blurred: float = 0.15
    coarsened: float = 0.2
    recompressed: float = 0.3
    corner_painted: float = 0.3
    strip_painted: float = 0.15

    @classmethod
    def plain(cls) -> Augmentation:
        """Return crops, mirror images and changes of light alone."""
        return cls(cast=0, blurred=0, coarsened=0, recompressed=0, corner_painted=0, strip_painted=0)


@dataclass(frozen=True, kw_only=True)
class AdaptationOptions:
    """Options of an adaptation.

    Attributes:
        epochs: Most passes over the photos.
        rate: Highest learning rate; it rises during the warm-up and falls to 0 along a cosine.
        warm_up: Share of all steps during which the rate rises, 0–1.
        early_rate: Rate of the first layer as a share of that of the last one, 0–1; layers between lie between.
        batch_statistics: Whether batch normalisation uses and learns the statistics of the photos; otherwise it keeps
            those of its pretraining. None: in networks without residual connections, whose features die otherwise. It
            learns its scales and offsets in any case.
        batch: Photos per step.
        weight_decay: Decoupled weight decay of AdamW.
        label_smoothing: Share of each target that is spread over all conditions, 0–1.
        balance: Exponent of the frequency by which conditions are drawn: 1 draws photos alike, 0 conditions alike.
        averaging: Decay of the moving average of the weights, per step, at least 0 and below 1.
        least_groups: Fewest groups of photos of a condition that is learnt.
        patience: Epochs without a lower held-out loss after which training ends.
        seed: Seed of the head, the order and the augmentation.
        augmentation: Random changes of the photos.
    """

    epochs: int = 12
    rate: float = 3e-4
    warm_up: float = 0.05
    early_rate: float = 1.0
    batch_statistics: bool | None = None
    batch: int = 32
    weight_decay: float = 0.01
    label_smoothing: float = 0.1
    balance: float = 1.0
    averaging: float = 0.995
    least_groups: int = 1
    patience: int = 6
    seed: int = 1
    augmentation: Augmentation = field(default_factory=Augmentation)

    def __post_init__(self) -> None:
        if min(self.epochs, self.batch, self.patience, self.least_groups) < 1:
            raise UsageError(
                f"epochs {self.epochs}, batch {self.batch}, patience {self.patience} and least groups "
                f"{self.least_groups} of an adaptation must be at least 1"
            )

    def learns_statistics(self, architecture: Architecture) -> bool:
        """Return whether batch normalisation uses and learns the statistics of the photos in a network."""
        return architecture == Architecture.V1 if self.batch_statistics is None else self.batch_statistics

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)
