"""Activation maps: the exact contribution of each place of the photo to the logits, for the head is linear.

Class activation maps (Zhou et al. 2016), of all views, layers and networks together: each view's map is laid where the
view is in the photo, mirrored back where it was mirrored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from acnelib.training.networks.recipes import Views

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acnelib.training.networks.views import BranchMaps

GRID = 33
"""Cells along each side of a map."""

_CORNER = 28
"""Cells along each side that a corner view covers: its share of the photo."""


def activation(branches: Sequence[BranchMaps], added: Sequence[Sequence[Any]]) -> Any:
    """Return maps [N, GRID, GRID, labels] whose mean over the cells is the logit without its bias.

    Args:
        branches: The feature maps of each network.
        added: For each of them and each layer, what each cell of its maps adds to the logits.
    """
    maps = None
    for one, layers in zip(branches, added, strict=True):
        for layer in layers:
            laid = _laid(layer, views=int(one.branch.views))  # Keras divides by no enumeration
            maps = laid if maps is None else maps + laid
    return maps


def _laid(layer: Any, *, views: int) -> Any:
    """Return the mean over the views of maps [views · N, h, w, labels], each at the place of its view."""
    from keras import ops

    height, width, labels = layer.shape[1:]
    apart = ops.reshape(layer, (views, -1, height, width, labels))
    laid = _enlarged(apart[0], GRID)
    if views == Views.WHOLE:
        return laid
    laid += ops.flip(_enlarged(apart[1], GRID), axis=2)
    far = GRID - _CORNER
    corners = [(top, left) for top in (0, far) for left in (0, far)]
    for place, (top, left) in enumerate(corners[: views - Views.MIRRORED], start=Views.MIRRORED):
        # A corner view's cells count for more, since there are fewer of them.
        part = _enlarged(apart[place], _CORNER) * (GRID**2 / _CORNER**2)
        part = ops.flip(part, axis=2) if left else part
        laid += ops.pad(part, ((0, 0), (top, far - top), (left, far - left), (0, 0)))
    return laid / views


def _enlarged(maps: Any, side: int) -> Any:
    """Return maps [N, h, w, labels] on a finer grid, with the same mean."""
    import keras
    from keras import ops

    fine = keras.layers.Resizing(side, side, interpolation="bilinear")(maps)
    return fine + ops.mean(maps, axis=(1, 2), keepdims=True) - ops.mean(fine, axis=(1, 2), keepdims=True)
