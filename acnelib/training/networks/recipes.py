"""Recipes of candidates: networks, views of a photo, and layers.

The last network of a recipe is the main one: it sees six views, and its last and its middle layer count. Those before
it lend their middle layer, of two views. Middle layers know textures, last ones things; on few photos the two together
are worth more than a larger network (``docs/explanation/method.md``).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from acnelib.errors import UsageError, WeightsUnavailable
from acnelib.training.networks.backbones import Architecture, Backbone
from acnelib.training.networks.weights_files import STARTER, STARTER_BACKBONE, WeightsFile, find_weights

JOINED = "+"

CORNER_SHARE = 28 / 33
"""Share of width and height that a corner view shows; the grid of activation maps divides so."""


class Layer(StrEnum):
    """A feature map that is averaged over its cells."""

    LAST = "last"
    MIDDLE = "middle"


@dataclass(frozen=True)
class Branch:
    """One network of a recipe.

    Attributes:
        backbone: The network.
        corners: Whether it sees the four corners besides the whole photo and its mirror image.
        layers: Its layers that count, in the order of the embedding.
    """

    backbone: Backbone
    corners: bool
    layers: tuple[Layer, ...]

    @property
    def views(self) -> int:
        """Number of views of a photo."""
        return 6 if self.corners else 2


def _has_middle(backbone: Backbone) -> bool:
    return backbone.architecture != Architecture.V3_SMALL


def _lent(backbone: Backbone) -> Layer:
    return Layer.MIDDLE if _has_middle(backbone) else Layer.LAST


@dataclass(frozen=True)
class Recipe:
    """The networks of a candidate; its name joins theirs by ``+``.

    Attributes:
        branches: The networks, the main one last.
    """

    branches: tuple[Branch, ...]

    @classmethod
    def of(cls, *backbones: Backbone) -> Recipe:
        """Return the recipe of some networks, the main one last."""
        *lending, main = backbones
        own = (Layer.LAST, Layer.MIDDLE) if _has_middle(main) else (Layer.LAST,)
        return cls(
            (
                *(Branch(backbone, corners=False, layers=(_lent(backbone),)) for backbone in lending),
                Branch(main, corners=True, layers=own),
            )
        )

    @classmethod
    def parse(cls, name: str) -> Recipe:
        """Return the recipe that a name means.

        Raises:
            UsageError: A part of it names no network, or one twice.
        """
        backbones = [Backbone.parse(part) for part in name.split(JOINED)]
        if len(set(backbones)) < len(backbones):
            raise UsageError(f"{name!r} names a network twice: name each once")
        return cls.of(*backbones)

    @property
    def side(self) -> int:
        """Height and width of the input in pixels: a corner view then has as many as its network wants."""
        return max(round(branch.backbone.size / CORNER_SHARE) for branch in self.branches if branch.corners)

    @property
    def short_name(self) -> str:
        """Name for graphs and lists, such as ``v1+v2``; different recipes have different names."""
        return JOINED.join(branch.backbone.short_name for branch in self.branches)

    def __str__(self) -> str:
        return JOINED.join(str(branch.backbone) for branch in self.branches)


BEST = Recipe.parse("mobilenet_v1_0.75_160+mobilenet_v2_0.35_224")
SINGLE = Recipe.parse("mobilenet_v2_0.35_224")
STARTER_RECIPE = Recipe.of(STARTER_BACKBONE)


def choose_recipe(weights: str, *, adapt: bool = False) -> Recipe:
    """Return the recipe that is used when none is named: the best of which all weights can be had.

    A network that is fine-tuned on photos of skin does better alone (``docs/reference/measurements.md``).

    Args:
        weights: ``imagenet``, ``starter``, a file or a folder.
        adapt: Whether the networks are fine-tuned before the training.

    Raises:
        WeightsUnavailable: There are not even those of the simplest.
    """
    if weights == STARTER:
        return STARTER_RECIPE
    try:
        files = [] if adapt else [find_weights(weights, branch.backbone) for branch in BEST.branches]
    except WeightsUnavailable:
        files = []
    if len({file.path for file in files}) == len(BEST.branches):  # one file cannot be the weights of two networks
        return BEST
    weights_of(SINGLE, weights)
    return SINGLE


def weights_of(recipe: Recipe, weights: str) -> tuple[WeightsFile, ...]:
    """Return the file of weights of each network of a recipe.

    Raises:
        WeightsUnavailable: One of them is missing.
    """
    return tuple(find_weights(weights, branch.backbone) for branch in recipe.branches)
