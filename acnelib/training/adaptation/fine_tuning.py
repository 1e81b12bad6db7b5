"""Fine-tuning of one network with a linear head over conditions: the training step, and the state it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from acnelib.storage.files import errors_with_path
from acnelib.training.networks.building import build_network
from acnelib.training.networks.tensorflow_import import import_tensorflow

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy.typing as npt

    from acnelib.training.adaptation.options import AdaptationOptions
    from acnelib.training.networks.backbones import Backbone
    from acnelib.training.networks.weights_files import WeightsFile

_TOP = 5
_LARGEST_GRADIENT = 1.0  # global norm
_HDF5_OVERHEAD = 1_000_000  # bytes


class HeldOutSums(NamedTuple):
    """Sums over held-out photos: of the loss in nats, of those right at once, and of those among the first five."""

    loss: float
    top1: float
    top5: float


class FineTuning:
    """A trainable network, its head, the moving average of both, and the optimizer.

    Batch normalisation learns its scales and offsets. It keeps the statistics of its pretraining, or uses those of each
    batch and learns their average (Ioffe and Szegedy 2015). What is measured and written in the end is the moving
    average of the weights (Polyak and Juditsky 1992).
    """

    def __init__(
        self, backbone: Backbone, weights: WeightsFile, *, conditions: int, steps: int, options: AdaptationOptions
    ) -> None:
        """Build the networks.

        Args:
            backbone: The network.
            weights: Weights to start from.
            conditions: Number of conditions.
            steps: Number of steps of the whole training.
            options: Schedule and regularisation.

        Raises:
            WeightsUnavailable: The weights belong to another network.
        """
        self._tf = import_tensorflow()
        import keras

        keras.utils.set_random_seed(options.seed)
        self._options, self._conditions, self._size = options, conditions, backbone.size
        self._learns_statistics = options.learns_statistics(backbone.architecture)
        self.network, self._model = _with_head(backbone, weights, conditions)
        self._averaged_network, self._averaged = _with_head(backbone, weights, conditions)
        self._averaged.set_weights(self._model.get_weights())
        self._variables = self._model.trainable_variables
        warm_up = round(options.warm_up * steps)
        rate = keras.optimizers.schedules.CosineDecay(
            0.0 if warm_up else options.rate,
            decay_steps=max(1, steps - warm_up),
            warmup_target=options.rate if warm_up else None,
            warmup_steps=warm_up,
        )
        self._optimizer = keras.optimizers.AdamW(
            rate, weight_decay=options.weight_decay, global_clipnorm=_LARGEST_GRADIENT
        )
        self._optimizer.build(self._variables)
        self._shares = np.linspace(options.early_rate, 1.0, len(self._variables))
        pixels = self._tf.TensorSpec((None, self._size, self._size, 3), self._tf.uint8)
        targets = self._tf.TensorSpec((None,), self._tf.int64)
        self._step = self._tf.function(self._stepped, input_signature=[pixels, targets], autograph=False)
        self._measure = self._tf.function(self._measured, input_signature=[pixels, targets], autograph=False)

    def step(self, pixels: npt.NDArray[np.uint8], targets: npt.NDArray[np.int64]) -> float:
        """Learn from a batch; return its loss in nats, the smoothed targets' least loss included.

        Args:
            pixels: [photos, size, size, 3].
            targets: Conditions, [photos].
        """
        return float(self._step(pixels, targets))

    def measure(self, pixels: npt.NDArray[np.uint8], targets: npt.NDArray[np.int64]) -> HeldOutSums:
        """Return sums over photos that are not learnt from, by the averaged weights."""
        return HeldOutSums(*(float(value) for value in self._measure(pixels, targets)))

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """Return everything that training changes, by name."""
        parts = {
            "model": self._model.weights,
            "averaged": self._averaged.weights,
            "optimizer": self._optimizer.variables,
        }
        return {f"{part}/{place}": one.numpy() for part, some in parts.items() for place, one in enumerate(some)}

    def restore(self, state: Mapping[str, npt.NDArray[Any]]) -> None:
        """Continue from a state.

        Raises:
            KeyError, ValueError: The state is that of another training.
        """
        parts = {
            "model": self._model.weights,
            "averaged": self._averaged.weights,
            "optimizer": self._optimizer.variables,
        }
        for part, some in parts.items():
            for place, one in enumerate(some):
                one.assign(state[f"{part}/{place}"])

    def averaged_weights(self) -> list[npt.NDArray[np.float32]]:
        """Return the averaged weights of the network, without the head."""
        weights: list[npt.NDArray[np.float32]] = self._averaged_network.get_weights()
        return weights

    def write_weights(self, path: Path, weights: list[npt.NDArray[np.float32]]) -> None:
        """Write weights of the network, without the head, as ``keras.applications`` loads them."""
        with errors_with_path(path):
            # A full disk fails here, in one error; HDF5 would print one for each object that it closes.
            path.write_bytes(bytes(sum(one.nbytes for one in weights) + _HDF5_OVERHEAD))
        self._averaged_network.set_weights(weights)
        self._averaged_network.save_weights(str(path))

    def _stepped(self, pixels: Any, targets: Any) -> Any:
        from keras import ops

        smoothing = self._options.label_smoothing
        wanted = ops.one_hot(targets, self._conditions) * (1 - smoothing) + smoothing / self._conditions
        with self._tf.GradientTape() as tape:
            logits = self._model(_scaled(pixels), training=self._learns_statistics)
            loss = ops.mean(ops.categorical_crossentropy(wanted, logits, from_logits=True))
        before = [
            ops.copy(one) if share < 1 else None for one, share in zip(self._variables, self._shares, strict=True)
        ]
        self._optimizer.apply(tape.gradient(loss, [one.value for one in self._variables]), self._variables)
        for one, earlier, share in zip(self._variables, before, self._shares, strict=True):
            if earlier is not None:
                one.assign(earlier + share * (one - earlier))
        done = ops.cast(self._optimizer.iterations, "float32")
        decay = ops.minimum(self._options.averaging, (1 + done) / (10 + done))  # a young average forgets its start
        for average, one in zip(self._averaged.trainable_variables, self._variables, strict=True):
            average.assign(average + (1 - decay) * (one - average))
        if self._learns_statistics:
            statistics = self._averaged.non_trainable_variables, self._model.non_trainable_variables
            for kept, one in zip(*statistics, strict=True):
                kept.assign(one)
        return loss

    def _measured(self, pixels: Any, targets: Any) -> tuple[Any, Any, Any]:
        from keras import ops

        logits = self._averaged(_scaled(pixels), training=False)
        loss = ops.sum(ops.sparse_categorical_crossentropy(targets, logits, from_logits=True))
        top1, top5 = (
            ops.sum(ops.cast(ops.in_top_k(targets, logits, k=min(k, self._conditions)), "float32")) for k in (1, _TOP)
        )
        return loss, top1, top5


def _with_head(backbone: Backbone, weights: WeightsFile, conditions: int) -> tuple[Any, Any]:
    """Return the trainable network and a model of it with a head that knows nothing yet."""
    import keras

    network = build_network(backbone, weights)
    network.trainable = True
    image = keras.Input((backbone.size, backbone.size, 3))
    logits = keras.layers.Dense(conditions, kernel_initializer="zeros", name="conditions")(network(image))
    return network, keras.Model(image, logits)


def _scaled(pixels: Any) -> Any:
    from keras import ops

    return ops.cast(pixels, "float32") / 127.5 - 1.0
