"""Files of pretrained weights: their origin and identity."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import requests

from acnelib.bounded_http import bounded_session
from acnelib.errors import WeightsUnavailable
from acnelib.storage.files import SHARED, atomic_write, digest_of, sha256_of_file
from acnelib.text.plain_reasons import plain_reason
from acnelib.training.networks.backbones import Architecture, Backbone

if TYPE_CHECKING:
    from collections.abc import Callable

IMAGENET, STARTER = "imagenet", "starter"
STARTER_FILE = Path(__file__).parents[1] / "weights" / "mobilenet_v1_0.25_128_notop.weights.h5"
STARTER_SHA256 = "b5b906b009ae9b0a3ac99d30ed8909807fe72243f2a4e35937381ee04e06b765"
"""SHA-256 of the shipped file: to be changed when new starter weights are made."""

STARTER_BACKBONE = Backbone(Architecture.V1, 0.25, 128)

_IMAGENET_SIZES = (224, 192, 160, 128, 96)
_IMAGENET_HOST = "storage.googleapis.com"
_IMAGENET_FOLDERS = {
    Architecture.V1: "mobilenet",
    Architecture.V2: "mobilenet_v2",
    Architecture.V3_SMALL: "mobilenet_v3",
}
_DOWNLOAD_TIMEOUT = (3.0, 30.0)  # seconds to connect to one address, and of silence
_LARGEST, _LONGEST = 200_000_000, 3600.0  # bytes and seconds of a file
_HDF5 = b"\x89HDF\r\n\x1a\n"


@dataclass(frozen=True, kw_only=True)
class WeightsFile:
    """A file of weights.

    Attributes:
        name: ``imagenet``, ``starter``, or the file's name.
        path: The file.
        sha256: SHA-256 of its bytes.
    """

    name: str
    path: Path
    sha256: str

    @classmethod
    def of(cls, path: Path, *, name: str) -> WeightsFile:
        """Return the description of a file."""
        return cls(name=name, path=path, sha256=sha256_of_file(path))


def public_name(weights: str) -> str:
    """Return what logs, luigid and MLflow may see of ``--weights``: never a path."""
    if weights in {IMAGENET, STARTER}:
        return weights
    return f"file-{digest_of(str(Path(weights).expanduser().absolute()))[:8]}"


def find_weights(
    weights: str, backbone: Backbone, *, download: Callable[[Backbone], Path] | None = None
) -> WeightsFile:
    """Return the file of weights for a network.

    Args:
        weights: ``imagenet``, ``starter``, a file, or a folder of ``<architecture>_<alpha>_*_notop.weights.h5``.
        backbone: The network.
        download: How to fetch ImageNet weights that are not here; default: from where Keras has them.

    Raises:
        WeightsUnavailable: There are none, with what to do.
    """
    if weights == STARTER:
        return _starter(backbone)
    if weights == IMAGENET:
        return WeightsFile.of(_imagenet(backbone, download or _download), name=IMAGENET)
    path = Path(weights).expanduser()
    if path.is_dir():
        path = _in_folder(path, backbone)
    if not path.is_file():
        raise WeightsUnavailable(
            f"no weights {weights!r}: name imagenet, starter, a file, or a folder of "
            "<architecture>_<alpha>_*_notop.weights.h5"
        )
    return WeightsFile.of(path, name=path.name)


def _starter(backbone: Backbone) -> WeightsFile:
    if (backbone.architecture, backbone.alpha) != (STARTER_BACKBONE.architecture, STARTER_BACKBONE.alpha):
        raise WeightsUnavailable(
            f"the starter weights belong to {STARTER_BACKBONE.architecture} with alpha {STARTER_BACKBONE.alpha}, "
            f"not to {backbone}: choose such a --backbone, or other --weights"
        )
    return WeightsFile.of(STARTER_FILE, name=STARTER)


def _in_folder(folder: Path, backbone: Backbone) -> Path:
    prefix = f"{backbone.architecture}_{backbone.alpha}_"
    fitting = {path.name: path for path in sorted(folder.glob(f"{prefix}*_notop.weights.h5"))}
    if not fitting:
        raise WeightsUnavailable(
            f"{folder} holds no {prefix}*_notop.weights.h5, which {backbone} needs: "
            "choose a --backbone whose weights are there"
        )
    # Weights fit any input size; those pretrained at the nearest one serve best.
    return min(fitting.values(), key=lambda path: (abs(_size_of(path, prefix) - backbone.size), path.name))


def _size_of(path: Path, prefix: str) -> int:
    size = path.name.removeprefix(prefix).partition("_")[0]
    return int(size) if size.isdecimal() else 0


def _imagenet(backbone: Backbone, download: Callable[[Backbone], Path]) -> Path:
    path = imagenet_path(backbone)
    if path.is_file():
        return path
    try:
        return download(backbone)
    except Exception as error:
        raise WeightsUnavailable(
            f"ImageNet weights for {backbone} cannot be downloaded ({_why(error)}): connect to the internet "
            f"once, or copy {path.name} to {path.parent}, or name a file with --weights, or use --weights starter"
        ) from error


def imagenet_path(backbone: Backbone) -> Path:
    """Return where Keras keeps, or would keep, the ImageNet weights of a network without its top."""
    folder = Path(os.environ.get("KERAS_HOME", Path.home() / ".keras")) / "models"
    return folder / _imagenet_file_name(backbone)


def _imagenet_file_name(backbone: Backbone) -> str:
    size = backbone.size if backbone.size in _IMAGENET_SIZES else _IMAGENET_SIZES[0]
    if backbone.architecture == Architecture.V1:
        wide = {1.0: "1_0", 0.75: "7_5", 0.5: "5_0", 0.25: "2_5"}.get(backbone.alpha, str(backbone.alpha))
        return f"mobilenet_{wide}_{size}_tf_no_top.h5"
    if backbone.architecture == Architecture.V2:
        return f"mobilenet_v2_weights_tf_dim_ordering_tf_kernels_{backbone.alpha}_{size}_no_top.h5"
    return f"weights_mobilenet_v3_small_224_{backbone.alpha}_float_no_top_v2.h5"


def _download(backbone: Backbone) -> Path:
    """Fetch what Keras would fetch, to where it would keep it; but never a part of it, nor for minutes in vain."""
    path = imagenet_path(backbone)
    folder = _IMAGENET_FOLDERS[backbone.architecture]
    url = f"https://{_IMAGENET_HOST}/tensorflow/keras-applications/{folder}/{path.name}"
    try:
        with (
            bounded_session(largest=_LARGEST, seconds=_LONGEST) as session,
            session.get(url, stream=True, timeout=_DOWNLOAD_TIMEOUT) as response,
            atomic_write(path, mode=SHARED) as part,
        ):
            response.raise_for_status()
            with part.open("wb") as stream:
                for piece in response.iter_content(1 << 20):
                    stream.write(piece)
            with part.open("rb") as stream:
                if stream.read(len(_HDF5)) != _HDF5:
                    raise ConnectionError(f"{_IMAGENET_HOST} gives another thing, as networks with a login do")
    except requests.RequestException as error:
        raise ConnectionError(f"{_IMAGENET_HOST} does not answer: {plain_reason(error)}") from error
    return path


def _why(error: Exception) -> str:
    is_our_own = isinstance(error, ConnectionError) and error.errno is None
    return str(error) if is_our_own else plain_reason(error)
