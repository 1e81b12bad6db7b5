"""Views of photos and their feature maps as a Keras graph, the same one for features, Keras and LiteRT."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from acnelib.training.networks.backbones import Architecture
from acnelib.training.networks.building import build_network
from acnelib.training.networks.recipes import Layer, Views

if TYPE_CHECKING:
    from acnelib.training.networks.backbones import Backbone
    from acnelib.training.networks.recipes import Branch
    from acnelib.training.networks.weights_files import WeightsFile

_MIDDLE = {Architecture.V1: "conv_pw_11_relu", Architecture.V2: "block_13_expand_relu"}


@dataclass(frozen=True)
class BranchMaps:
    """Feature maps of all views of a branch.

    Attributes:
        branch: Which branch.
        maps: For each of its layers a Keras tensor [views · N, h, w, channels]: the whole photo, its mirror image, then
            the corners from the upper left to the lower right, the right ones mirrored, so that with more than one view
            a photo and its mirror image are one to the model; all photos of one view follow each other.
    """

    branch: Branch
    maps: tuple[Any, ...]

    def averaged(self, tensor: Any) -> Any:
        """Return the mean over the views of a Keras tensor [views · N, values] → [N, values]."""
        from keras import ops

        return ops.mean(ops.reshape(tensor, (int(self.branch.views), -1, tensor.shape[-1])), axis=0)


def branch_maps(image: Any, branch: Branch, weights: WeightsFile) -> BranchMaps:
    """Return what the network of a branch sees in the views of a Keras input [N, side, side, 3], RGB 0–255.

    Raises:
        WeightsUnavailable: The weights belong to another network.
    """
    import keras

    network = _network(branch.backbone, weights)
    outputs = [_feature_map(network, branch, layer) for layer in branch.layers]
    seeing = keras.Model(network.input, outputs, name=str(branch.backbone).replace(".", "_"))
    maps = seeing(_views(image, branch))
    return BranchMaps(branch, tuple(maps) if isinstance(maps, list | tuple) else (maps,))


@lru_cache(maxsize=2)  # the networks of a recipe: the features and the candidate of one run share them
def _network(backbone: Backbone, weights: WeightsFile) -> Any:
    return build_network(backbone, weights)


def _feature_map(network: Any, branch: Branch, layer: Layer) -> Any:
    if layer == Layer.LAST:
        return network.layers[-1].input  # of the global average
    return network.get_layer(_MIDDLE[branch.backbone.architecture]).output


def _views(image: Any, branch: Branch) -> Any:
    """Return the views of a photo, one after the other along the batch: [views · N, size, size, 3], −1…1."""
    import keras
    from keras import ops

    size, side = branch.backbone.size, image.shape[1]
    scaled = keras.layers.Rescaling(1 / 127.5, offset=-1.0)(image)
    whole = scaled if size == side else keras.layers.Resizing(size, size, interpolation="bilinear")(scaled)
    if branch.views == Views.WHOLE:
        return whole
    views = [whole, ops.flip(whole, axis=2)]
    if branch.views == Views.CORNERS:
        far = side - size
        for top in (0, far):
            for left in (0, far):
                corner = keras.layers.Cropping2D(((top, far - top), (left, far - left)))(scaled)
                views.append(ops.flip(corner, axis=2) if left else corner)
    return ops.concatenate(views, axis=0)
