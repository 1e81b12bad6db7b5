"""Recipes of candidates: networks, views of a photo, and layers.

The last network of a recipe is the main one: it sees six views, and its last and its middle layer count. Those before
it lend their middle layer, of two views. Middle layers know textures, last ones things; on few photos the two together
are worth more than a larger network (``docs/explanation/method.md``). Networks that are fine-tuned on photos of skin
need one view alone: the whole photo.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from acnelib.errors import UsageError, WeightsUnavailable
from acnelib.training.networks.backbones import Architecture, Backbone
from acnelib.training.networks.weights_files import STARTER, STARTER_BACKBONE, WeightsFile, find_weights

JOINED, WHOLE = "+", "-whole"

CORNER_SHARE = 28 / 33
"""Share of width and height that a corner view shows; the grid of activation maps divides so."""


class Layer(StrEnum):
    """A feature map that is averaged over its cells."""

    LAST = "last"
    MIDDLE = "middle"


class Views(IntEnum):
    """The views that a network has of a photo, by their number; an embedding is the mean over them."""

    WHOLE = 1
    """The whole photo."""
    MIRRORED = 2
    """The whole photo and its mirror image."""
    CORNERS = 6
    """These, and the four corners."""


@dataclass(frozen=True)
class Branch:
    """One network of a recipe.

    Attributes:
        backbone: The network.
        views: What it sees of a photo.
        layers: Its layers that count, in the order of the embedding.
    """

    backbone: Backbone
    views: Views
    layers: tuple[Layer, ...]


def _has_middle(backbone: Backbone) -> bool:
    return backbone.architecture != Architecture.V3_SMALL


def _lent(backbone: Backbone) -> Layer:
    return Layer.MIDDLE if _has_middle(backbone) else Layer.LAST


@dataclass(frozen=True)
class Recipe:
    """The networks of a candidate; its name joins theirs by ``+``, and ends in ``-whole`` if each has one view.

    Attributes:
        branches: The networks, the main one last.
    """

    branches: tuple[Branch, ...]

    @classmethod
    def of(cls, *backbones: Backbone, whole: bool = False) -> Recipe:
        """Return the recipe of some networks, the main one last.

        Args:
            backbones: The networks.
            whole: Whether each sees the whole photo once, and no other view.
        """
        *lending, main = backbones
        own = (Layer.LAST, Layer.MIDDLE) if _has_middle(main) else (Layer.LAST,)
        return cls(
            (
                *(Branch(one, Views.WHOLE if whole else Views.MIRRORED, (_lent(one),)) for one in lending),
                Branch(main, Views.WHOLE if whole else Views.CORNERS, own),
            )
        )

    @classmethod
    def parse(cls, name: str) -> Recipe:
        """Return the recipe that a name means.

        Raises:
            UsageError: A part of it names no network, or one twice.
        """
        backbones = [Backbone.parse(part) for part in name.removesuffix(WHOLE).split(JOINED)]
        if len(set(backbones)) < len(backbones):
            raise UsageError(f"{name!r} names a network twice: name each once")
        return cls.of(*backbones, whole=name.endswith(WHOLE))

    @property
    def side(self) -> int:
        """Height and width of the input in pixels: the smallest view then has as many as its network wants."""
        return max(
            round(branch.backbone.size / CORNER_SHARE) if branch.views == Views.CORNERS else branch.backbone.size
            for branch in self.branches
        )

    @property
    def short_name(self) -> str:
        """Name for graphs and lists, such as ``v1+v2``; different recipes have different names."""
        return JOINED.join(branch.backbone.short_name for branch in self.branches) + self._ending

    def __str__(self) -> str:
        return JOINED.join(str(branch.backbone) for branch in self.branches) + self._ending

    @property
    def _ending(self) -> str:
        return WHOLE if self.branches[-1].views == Views.WHOLE else ""


BEST = Recipe.parse("mobilenet_v1_0.75_160+mobilenet_v2_0.35_224")
SINGLE = Recipe.parse("mobilenet_v2_0.35_224")
ADAPTED = Recipe.parse(f"mobilenet_v1_0.75_160+mobilenet_v2_0.35_160{WHOLE}")
"""The best of networks that are fine-tuned on photos of skin: one view and 160 px are enough."""
ADAPTED_SINGLE = Recipe.parse(f"mobilenet_v2_0.35_160{WHOLE}")

STARTER_RECIPE = Recipe.of(STARTER_BACKBONE)


def _best_and_single(*, adapted: bool) -> tuple[Recipe, Recipe]:
    """Return the best recipe, and that of one network, which is used where weights for the best are missing."""
    return (ADAPTED, ADAPTED_SINGLE) if adapted else (BEST, SINGLE)


def choose_recipe(weights: str, *, adapted: bool = False) -> Recipe:
    """Return the recipe that is used when none is named: the best of which all weights can be had.

    Args:
        weights: ``imagenet``, ``starter``, a file or a folder.
        adapted: Whether the networks will be fine-tuned on photos of skin.

    Raises:
        WeightsUnavailable: There are not even those of the simplest.
    """
    if weights == STARTER:
        return STARTER_RECIPE
    best, single = _best_and_single(adapted=adapted)
    try:
        files = weights_of(best, weights)
    except WeightsUnavailable:
        files = ()
    if len({file.path for file in files}) == len(best.branches):  # one file cannot be the weights of two networks
        return best
    weights_of(single, weights)
    return single


def replacement_note(networks: tuple[str, ...], *, adapted: bool) -> str | None:
    """Return a line that says so where one network replaces the best recipe; None where none does.

    Args:
        networks: Names of the recipes that are used because none is named.
        adapted: Whether they will be fine-tuned on photos of skin.
    """
    best, single = _best_and_single(adapted=adapted)
    if networks != (str(single),):
        return None
    return f"The weights for {best} are incomplete, so {single} alone is trained"


def weights_of(recipe: Recipe, weights: str) -> tuple[WeightsFile, ...]:
    """Return the file of weights of each network of a recipe.

    Raises:
        WeightsUnavailable: One of them is missing.
    """
    return tuple(find_weights(weights, branch.backbone) for branch in recipe.branches)
