"""Backbones: the MobileNets that can be used, by architecture, width and input size."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from acnelib.errors import UsageError

SMALLEST_INPUT = 32
"""Pixels: a MobileNet halves its input five times."""

SMALLEST_ALPHA = 0.05
"""The first layer of a MobileNet v1 has alpha times 32 filters, which must be one at least."""


class Architecture(StrEnum):
    """The MobileNets of ``keras.applications``."""

    V1 = "mobilenet_v1"
    V2 = "mobilenet_v2"
    V3_SMALL = "mobilenet_v3_small"


_SHORT = {Architecture.V1: "v1", Architecture.V2: "v2", Architecture.V3_SMALL: "v3s"}
_USUAL_ALPHA = {Architecture.V1: 0.75, Architecture.V2: 0.35, Architecture.V3_SMALL: 1.0}
_USUAL_SIZE = 224


@dataclass(frozen=True)
class Backbone:
    """One network without its top; its name is ``<architecture>_<alpha>_<size>``.

    Attributes:
        architecture: Which MobileNet.
        alpha: Width multiplier.
        size: Height and width of the input, in pixels.
    """

    architecture: Architecture
    alpha: float
    size: int

    @classmethod
    def parse(cls, name: str) -> Backbone:
        """Return the network that a name means.

        Raises:
            UsageError: The name has another form.
        """
        kinds = "|".join(Architecture)
        match = re.fullmatch(rf"(?P<architecture>{kinds})_(?P<alpha>\d(\.\d+)?)_(?P<size>\d+)", name)
        if match is None or int(match["size"]) < SMALLEST_INPUT or float(match["alpha"]) < SMALLEST_ALPHA:
            raise UsageError(
                f"no network {name!r}: write <{kinds}>_<alpha>_<size>, for example mobilenet_v2_0.35_224 "
                f"(alpha from {SMALLEST_ALPHA}, size from {SMALLEST_INPUT})"
            )
        return cls(Architecture(match["architecture"]), float(match["alpha"]), int(match["size"]))

    @property
    def short_name(self) -> str:
        """Name for graphs and lists, such as ``v1`` or ``v1-25%-96``; the usual width and input size are left out.

        It has no dot, because luigid's list takes what comes before a dot for a module.
        """
        percent = f"-{self.alpha * 100:g}%".replace(".", ",")
        alpha = "" if self.alpha == _USUAL_ALPHA[self.architecture] else percent
        size = "" if self.size == _USUAL_SIZE else f"-{self.size}"
        return f"{_SHORT[self.architecture]}{alpha}{size}"

    def __str__(self) -> str:
        return f"{self.architecture}_{self.alpha}_{self.size}"
