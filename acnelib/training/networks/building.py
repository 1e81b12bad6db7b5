"""Building of a frozen Keras network from a backbone and a file of weights."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from acnelib.errors import WeightsUnavailable
from acnelib.training.networks.backbones import Architecture
from acnelib.training.networks.tensorflow_import import import_tensorflow

if TYPE_CHECKING:
    from acnelib.training.networks.backbones import Backbone
    from acnelib.training.networks.weights_files import WeightsFile
_NO_HDF5 = "it is no HDF5"
_NO_NUMBERS = "not all in it are numbers"


def build_network(backbone: Backbone, weights: WeightsFile) -> Any:
    """Return the frozen Keras network: float32 RGB scaled to −1…1 [N, size, size, 3] → embeddings [N, D].

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
            f"the weights {weights.path} do not belong to {backbone}, nor to any other network ({_reason(error)}): "
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


def _reason(error: Exception) -> str:
    return str(error) if str(error) in {_NO_HDF5, _NO_NUMBERS} else "it cannot be read to its end"
