"""What the workers do for the window: load a model, decode a photo.

The libraries behind it are imported here, on the worker, so that the window need not wait for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gui.session import ModelReady

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PIL import Image

    from acnelib.inference import Prediction

PICTURE_SIDE = 2560
"""Pixels that the longer side of a picture keeps for the window; more only make resizing the window slow."""


@dataclass(frozen=True, kw_only=True)
class LoadedModel:
    """A model in memory.

    Attributes:
        ready: What the window says of it.
        classify: Answers for one photo; always called on the thread that loaded it.
    """

    ready: ModelReady
    classify: Callable[[Path], Prediction]


def load_model(name: str) -> LoadedModel:
    """Find a model by its name, fetch it where needed, and load it; may take as long as a server does.

    Raises:
        AcneError: There is no such model, or it is damaged.
    """
    from acnelib.inference import Classifier
    from acnelib.models import find_model

    found = find_model(name)
    classifier = Classifier(found.bundle, identity=found.identity)
    ready = ModelReady(
        name=name,
        identity=found.identity,
        labels=classifier.labels,
        confident_at=found.bundle.description.confident_at,
        asked_at=found.asked_at,
        offline=found.offline,
    )
    return LoadedModel(ready=ready, classify=classifier.predict)


def read_photo(path: Path) -> Image.Image:
    """Decode a photo for the window: upright, its longer side at most :data:`PICTURE_SIDE` pixels.

    Raises:
        ImageUnreadable: It cannot be decoded.
    """
    from acnelib.images import read_picture

    picture = read_picture(path)
    picture.image.thumbnail((PICTURE_SIDE, PICTURE_SIDE))
    return picture.image
