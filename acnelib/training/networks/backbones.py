"""The networks that can be used: which MobileNet, how wide, at which input size."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np

from acnelib.errors import UsageError, WeightsUnavailable
from acnelib.training.networks.tensorflow_import import import_tensorflow

if TYPE_CHECKING:
    from acnelib.training.networks.weights_files import WeightsFile

_NO_HDF5 = "it is no HDF5"
_NO_NUMBERS = "not all in it are numbers"

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


def build_network(backbone: Backbone, weights: WeightsFile) -> Any:
    """Return the frozen Keras network: float32 RGB scaled to −1…1 [N, size, size, 3] → vectors [N, D].

    Raises:
        WeightsUnavailable: The weights belong to another network.
    """
    import_tensorflow()
    import h5py
    import keras

    make, options = {
        Architecture.V1: (keras.applications.MobileNet, {}),
        Architecture.V2: (keras.applications.MobileNetV2, {}),
        Architecture.V3_SMALL: (keras.applications.MobileNetV3Small, {"include_preprocessing": False}),
    }[backbone.architecture]
    network = make(
        input_shape=(backbone.size, backbone.size, 3),  # without it, V3 converts to a file that LiteRT cannot load
        alpha=backbone.alpha,
        include_top=False,
        weights=None,
        pooling="avg",
        **options,
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", UserWarning)  # Keras only warns of layers that keep their random weights
            if not h5py.is_hdf5(weights.path):
                raise OSError(_NO_HDF5)
            network.load_weights(str(weights.path))
            if not all(np.isfinite(values).all() for values in network.get_weights()):
                raise OSError(_NO_NUMBERS)
    except (OSError, RuntimeError) as error:
        raise WeightsUnavailable(
            f"the weights {weights.path} do not belong to {backbone}, nor to any other network ({_why(error)}): "
            "the file is damaged or something else; delete or replace it, or name another with --weights"
        ) from error
    except (ValueError, KeyError, UserWarning) as error:
        raise WeightsUnavailable(
            f"the weights {weights.path.name} do not belong to {backbone}: name weights of "
            f"{backbone.architecture} with alpha {backbone.alpha}, without its top, in a file that is called as "
            "Keras calls it (.weights.h5, or .h5 from older versions)"
        ) from error
    network.trainable = False
    return network


def _why(error: Exception) -> str:
    return str(error) if str(error) in {_NO_HDF5, _NO_NUMBERS} else "it cannot be read to its end"
