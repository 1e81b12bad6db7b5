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

    def __str__(self) -> str:
        return f"{self.architecture}_{self.alpha}_{self.size}"
