"""The LiteRT graph of a bundle: loaded, compared with the bundle's description, and tried on a built-in picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from acnelib import bundle as bundles
from acnelib.errors import BundleInvalid

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy.typing as npt

    from acnelib.bundle import Bundle, Description

_CANNOT = (ValueError, RuntimeError, TypeError, KeyError, IndexError, AttributeError, MemoryError)
_SUM = (0.9, 1.1)  # of the scores, which 8-bit integers round
_LARGEST_MAP = 4096


def new_runner(content: bytes, *, path: Path, description: Description) -> Any:
    """Return a runner of a graph, for one thread.

    Args:
        content: The file's content.
        path: The file, for messages.
        description: Description of its bundle.

    Raises:
        BundleInvalid: LiteRT cannot run it, or its inputs and outputs are not those of the description.
    """
    from ai_edge_litert.interpreter import Interpreter

    try:
        interpreter = Interpreter(model_content=content, num_threads=1)
        interpreter.allocate_tensors()
        runner = interpreter.get_signature_runner("serving_default")
        inputs, outputs = runner.get_input_details(), runner.get_output_details()
    except _CANNOT as error:
        raise BundleInvalid(f"{path} is no model that LiteRT can run ({error}): fetch the bundle again") from error
    if set(inputs) != {"image"} or "scores" not in outputs:
        raise BundleInvalid(
            f"{path} takes {sorted(inputs)} and gives {sorted(outputs)}, expected image and scores: train again"
        )
    _check_input(inputs["image"], path, description)
    return runner


def try_runner(runner: Any, *, path: Path, description: Description) -> None:
    """Classify a built-in picture and check the form of the answer.

    Raises:
        BundleInvalid: The graph does not answer, or not with finite scores of the description's labels.
    """
    image = runner.get_input_details()["image"]
    picture = _in_units(_test_picture(description.height, description.width)[np.newaxis], image)
    try:
        answer = runner(image=picture)
    except _CANNOT as error:
        raise BundleInvalid(f"{path} cannot classify a test picture ({error}): fetch the bundle again") from error
    details = runner.get_output_details()
    units = {name: _as_floats(value, details[name]) for name, value in answer.items()}
    if problem := _problem_of(units, labels=len(description.labels)):
        raise BundleInvalid(f"{path} gives {problem} for a test picture: train again")


def check_small_model(bundle: Bundle) -> None:
    """Check the quantised model of a bundle, if it has one, like the model itself.

    Raises:
        BundleInvalid: It cannot be run, or does not fit the description.
    """
    path = bundle.path / bundles.INT8
    if path.is_file():
        runner = new_runner(path.read_bytes(), path=path, description=bundle.description)
        try_runner(runner, path=path, description=bundle.description)


def _check_input(image: Mapping[str, Any], path: Path, description: Description) -> None:
    expected = (1, description.height, description.width, 3)
    shape = tuple(int(side) for side in image["shape"])
    if shape != expected:
        raise BundleInvalid(f"{path} takes pictures {list(shape)}, its description says {list(expected)}: train again")
    if np.dtype(image["dtype"]) not in {np.dtype(kind) for kind in (np.float32, np.int8, np.uint8)}:
        raise BundleInvalid(f"{path} takes {np.dtype(image['dtype'])}, expected float32: train again")


def _test_picture(height: int, width: int) -> npt.NDArray[np.float32]:
    """Return a picture of gradients in the three colours, float32, 0–255."""
    down = np.linspace(0, 255, height, dtype=np.float32)[:, np.newaxis]
    across = np.linspace(255, 0, width, dtype=np.float32)[np.newaxis, :]
    flat = np.zeros((height, width), np.float32)
    return np.stack([down + flat, across + flat, (down + across) / 2], axis=-1)


def _in_units(pixels: npt.NDArray[np.float32], image: Mapping[str, Any]) -> npt.NDArray[Any]:
    scale, zero = image["quantization"]
    units = np.rint(pixels / scale) + zero if scale else pixels
    return units.astype(image["dtype"])


def _as_floats(values: Any, details: Mapping[str, Any]) -> npt.NDArray[np.float64]:
    scale, zero = details["quantization"]
    found = np.asarray(values, dtype=np.float64)
    return (found - zero) * scale if scale else found


def _problem_of(answer: Mapping[str, npt.NDArray[np.float64]], *, labels: int) -> str | None:
    """Return what is wrong with an answer to one picture; None if nothing is."""
    scores = answer["scores"]
    if scores.shape != (1, labels):
        return f"scores {list(scores.shape)} and not one for each of its {labels} labels"
    if not (np.isfinite(scores).all() and (scores >= 0).all() and _SUM[0] <= scores.sum() <= _SUM[1]):
        return "scores that are no shares of 1"
    distance, maps = answer.get("distance"), answer.get("activation")
    if distance is not None and (distance.shape != (1, 1) or not np.isfinite(distance).all()):
        return "no distance from its scope"
    if maps is not None and not _is_map(maps, labels=labels):
        return f"maps {list(maps.shape)} and not one for each of its {labels} labels"
    return None


def _is_map(maps: npt.NDArray[np.float64], *, labels: int) -> bool:
    if maps.ndim != 4 or maps.shape[0] != 1 or maps.shape[3] != labels:
        return False
    return all(0 < side <= _LARGEST_MAP for side in maps.shape[1:3]) and bool(np.isfinite(maps).all())
