"""The candidate's small model: the scores of ``model.tflite`` in 8-bit integers, kept only where they agree.

The scales of the integers are set by a few training photos (post-training quantisation, Jacob et al. 2018). With the
head left in float32 the model is as small and as fast as in integers wholly, and errs less, the more so when the head's
bias makes up for what the integers shift on average (bias correction, Nagel et al. 2019); so that is tried first.
"""

from __future__ import annotations

import logging
import warnings
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from acnelib.bundle import INT8, LITERT, QuantizedModel
from acnelib.native_output import native_output_logged
from acnelib.storage.files import write_bytes
from acnelib.training.networks.tensorflow_import import import_tensorflow

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy.typing as npt

logger = logging.getLogger(__name__)

AGREEMENT = 0.98
"""Least share of photos to which the small model gives the same top label as the float model."""

REPRESENTATIVE = 16
"""Training photos that set the scales and the bias; more of them make it slower, and no better."""

MEASURED = 500
"""Photos on which agreement is measured, at most."""

_WORKERS, _BLOCK = 2, 64
_SCORES = "scores"
_SMALLEST_SCORE = 1e-30
_CANNOT = (ImportError, AttributeError, RuntimeError, ValueError)
"""Errors of TensorFlow's quantiser for an unsupported graph, or of a version that has it elsewhere."""


class QuantizedVariant(StrEnum):
    """A way to quantise, in the order in which they are tried."""

    FLOAT_HEAD = "int8, head in float32"
    WHOLE = "int8"


def write_small_model(
    directory: Path,
    pixels: npt.NDArray[np.uint8],
    logits: npt.NDArray[np.float64],
    *,
    representative: Sequence[int],
    variants: Sequence[QuantizedVariant] = tuple(QuantizedVariant),
    least: float = AGREEMENT,
) -> QuantizedModel:
    """Write ``model.int8.tflite`` beside ``model.tflite`` if it answers alike, and say what became of it.

    Args:
        directory: Folder of the candidate.
        pixels: Training photos, [photos, H, W, 3], RGB.
        logits: The float model's, [photos, labels].
        representative: Which of them the small model may be adapted to; training photos only.
        variants: Ways to quantise, in the order in which they are tried.
        least: Least share of equal top labels, 0–1.
    """
    unseen = np.setdiff1d(np.arange(len(pixels)), representative)
    closest = QuantizedModel(
        kind=None, bytes=0, agreement=0.0, photos=len(pixels), agreement_unseen=0.0, unseen=len(unseen)
    )
    try:
        places = list(representative)
        quantiser = _Quantizer((directory / LITERT).read_bytes(), pixels[places], logits[places])
        for variant in variants:
            model = quantiser.quantised(variant)
            same = _same_top(model, pixels, logits.argmax(axis=1), least=least)
            others = same[unseen[unseen < len(same)]]
            tried = QuantizedModel(
                kind=str(variant),
                bytes=len(model),
                agreement=float(same.mean()),
                photos=len(same),
                agreement_unseen=float(others.mean()) if len(others) else 0.0,
                unseen=len(others),
            )
            if tried.agreement >= least:
                write_bytes(directory / INT8, model)
                return tried
            closest = max(closest, tried.dropped(), key=lambda one: one.agreement)
    except _CANNOT as error:
        logger.warning("there is no %s: this model cannot be quantised (--debug shows details)", INT8)
        logger.debug("why there is no %s: %s", INT8, error)
    return closest


def scores_of(model: bytes, pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """Return the scores [N, labels] that a LiteRT model, quantised or not, gives to inputs [N, H, W, 3]."""
    with native_output_logged(), ThreadPoolExecutor(_WORKERS) as pool:
        return np.concatenate(list(pool.map(partial(_scores_alone, model), np.array_split(pixels, _WORKERS))))


def _same_top(
    model: bytes, pixels: npt.NDArray[np.uint8], top: npt.NDArray[np.int64], *, least: float
) -> npt.NDArray[np.bool_]:
    """Return which photos have the same top label, [photos]; of a model that errs too often, the first ones only."""
    same = np.empty(0, dtype=np.bool_)
    for start in range(0, len(pixels), _BLOCK):
        part = slice(start, start + _BLOCK)
        same = np.append(same, scores_of(model, pixels[part]).argmax(axis=1) == top[part])
        if (~same).sum() > (1 - least) * len(pixels):
            break
    return same


def spread_over_labels(photos: Sequence[str], labels: Sequence[str], number: int) -> list[str]:
    """Return some of the photos, in their order, each label's as often as may be."""
    counts: dict[str, int] = {}
    turns = []
    for photo, label in zip(photos, labels, strict=True):
        turns.append((counts.setdefault(label, 0), photo))
        counts[label] += 1
    chosen = {photo for _, photo in sorted(turns)[:number]}
    return [photo for photo in photos if photo in chosen]


def _scores_alone(model: bytes, pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_content=model, num_threads=1)
    interpreter.allocate_tensors()
    runner = interpreter.get_signature_runner("serving_default")
    image, scores = runner.get_input_details()["image"], runner.get_output_details()[_SCORES]
    found = np.empty((len(pixels), scores["shape"][-1]))
    for row, one in enumerate(pixels):
        output = runner(image=_in_units(one[np.newaxis], image))[_SCORES][0].astype(np.float64)
        scale, zero = scores["quantization"]
        found[row] = (output - zero) * scale if scale else output
    return found


def _in_units(pixels: npt.NDArray[np.uint8], image: dict[str, Any]) -> npt.NDArray[Any]:
    """Return pixels in the units of a model's input."""
    scale, zero = image["quantization"]
    units = np.rint(pixels / scale) + zero if scale else pixels
    return units.astype(image["dtype"])


class _Quantizer:
    """The part of a float LiteRT model that gives the scores, with the ranges of its tensors on some photos."""

    def __init__(self, model: bytes, pixels: npt.NDArray[np.uint8], logits: npt.NDArray[np.float64]) -> None:
        self._pixels, self._logits = pixels, logits
        import_tensorflow()
        from tensorflow.lite.python.optimize.calibrator import Calibrator

        part = _ScoresOnly(model)
        self._head = part.head
        with native_output_logged(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of an interpreter that the calibrator makes
            self._calibrated = Calibrator(part.content()).calibrate(partial(_representative, pixels))

    def quantised(self, variant: QuantizedVariant) -> bytes:
        """Return the model quantised."""
        from tensorflow.lite.python.convert import mlir_quantize

        with native_output_logged():
            if variant == QuantizedVariant.WHOLE:
                return bytes(mlir_quantize(self._calibrated, fully_quantize=True))
            kinds = {"MEAN", "FULLY_CONNECTED", "SOFTMAX"}
            model = bytes(mlir_quantize(self._calibrated, denylisted_ops=kinds, denylisted_nodes=set(self._head)))
        shifted = self._logits - np.log(np.maximum(scores_of(model, self._pixels), _SMALLEST_SCORE))
        shift = (shifted - shifted.mean(axis=1, keepdims=True)).mean(axis=0)  # softmax hides what all labels share
        return _with_bias(model, shift)


def _representative(pixels: npt.NDArray[np.uint8]) -> Iterator[dict[str, npt.NDArray[np.float32]]]:
    for one in pixels.astype(np.float32)[:, np.newaxis]:
        one[0, 0, 0], one[0, 0, 1] = 0.0, 255.0  # an integer of the input is then a level of brightness, exactly
        yield {"image": one}


class _ScoresOnly:
    """A float LiteRT model reduced to the operations that compute its scores.

    Attributes:
        head: Names of the head's maps: what convolutions give that is averaged next.
    """

    def __init__(self, model: bytes) -> None:
        from tensorflow.lite.python import schema_py_generated as schema
        from tensorflow.lite.tools import flatbuffer_utils

        self._whole = whole = flatbuffer_utils.read_model_from_bytearray(bytearray(model))
        graph, signature = whole.subgraphs[0], whole.signatureDefs[0]
        signature.outputs = [output for output in signature.outputs if output.name == _SCORES.encode()]
        graph.outputs = [signature.outputs[0].tensorIndex]
        needed, kept = set(graph.outputs), []
        for operator in reversed(graph.operators):
            if needed & set(operator.outputs):
                kept.append(operator)
                needed |= set(operator.inputs)
        graph.operators = kept[::-1]
        used = sorted({operator.opcodeIndex for operator in kept})
        codes = whole.operatorCodes
        whole.operatorCodes = [codes[index] for index in used]  # the calibrator stumbles over one that is not used
        for operator in kept:
            operator.opcodeIndex = used.index(operator.opcodeIndex)
        kinds = [_kind(codes[index]) for index in used]
        averaged = {
            index
            for operator in graph.operators
            if kinds[operator.opcodeIndex] == schema.BuiltinOperator.MEAN
            for index in operator.inputs
        }
        self.head = [
            graph.tensors[operator.outputs[0]].name.decode()
            for operator in graph.operators
            if kinds[operator.opcodeIndex] == schema.BuiltinOperator.CONV_2D and operator.outputs[0] in averaged
        ]

    def content(self) -> bytes:
        """Return it as a file."""
        from tensorflow.lite.tools import flatbuffer_utils

        return bytes(flatbuffer_utils.convert_object_to_bytearray(self._whole))


def _with_bias(model: bytes, added: npt.NDArray[np.float64]) -> bytes:
    """Return a model whose only fully connected layer, in float32, has another bias."""
    from tensorflow.lite.python import schema_py_generated as schema
    from tensorflow.lite.tools import flatbuffer_utils

    whole = flatbuffer_utils.read_model_from_bytearray(bytearray(model))
    graph, codes = whole.subgraphs[0], whole.operatorCodes
    dense = schema.BuiltinOperator.FULLY_CONNECTED
    (layer,) = (operator for operator in graph.operators if _kind(codes[operator.opcodeIndex]) == dense)
    buffer = whole.buffers[graph.tensors[layer.inputs[2]].buffer]
    bias = np.frombuffer(bytes(buffer.data), dtype=np.float32) + added.astype(np.float32)
    buffer.data = np.frombuffer(bias.tobytes(), dtype=np.uint8)
    return bytes(flatbuffer_utils.convert_object_to_bytearray(whole))


def _kind(code: Any) -> int:
    """Return which operator an entry of a model's table means; the second field is what old models have."""
    return max(int(code.builtinCode), int(code.deprecatedBuiltinCode))
