"""What the workers do for the window: load a model, decode a photo, colour where the model looked.

The libraries behind it are imported here, on the worker, so that the window need not wait for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from acnelib.errors import UsageError
from gui.session import ModelReady, ReadPhoto

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from pathlib import Path

    from acnelib.inference import Classifier, Prediction
    from gui.model_facts import ModelFacts
    from gui.overlay import Overlay

PICTURE_SIDE = 6144
"""Pixels that the longer side of a picture keeps for the window, so that a huge one does not fill the memory."""


@dataclass(frozen=True, kw_only=True)
class LoadedModel:
    """A model in memory; what it can do is always called on the thread that loaded it.

    Attributes:
        ready: What the window says of it.
        classify: Answers for one photo.
        classify_many: Answers for many photos, in order, on all cores; those of bad files have an ``error``. May be
            called on any thread.
        gives_maps: Tells whether the model says where it looked.
        overlay: Colours where it looked for a label in one photo.
        facts: Reads what there is to say about the model; may be called on any thread.
    """

    ready: ModelReady
    classify: Callable[[Path], Prediction]
    classify_many: Callable[[Sequence[Path]], Generator[Prediction]]
    gives_maps: Callable[[], bool]
    overlay: Callable[[Path, str, tuple[int, int]], Overlay]
    facts: Callable[[], ModelFacts]


def load_model(name: str) -> LoadedModel:
    """Find a model by its name, fetch it where needed, and load it; may take as long as a server does.

    Raises:
        AcneError: There is no such model, or it is damaged.
    """
    from acnelib.inference import Classifier
    from acnelib.models import find_model

    found = find_model(name)
    classifier = Classifier(found.bundle, identity=found.identity)
    description = found.bundle.description
    ready = ModelReady(
        name=name,
        identity=found.identity,
        labels=classifier.labels,
        confident_at=description.confident_at,
        confident_accuracy=description.confident_accuracy,
        false_rejection=description.false_rejection,
        asked_at=found.asked_at,
        offline=found.offline,
    )

    def overlay(path: Path, label: str, size: tuple[int, int]) -> Overlay:
        from gui.overlay import overlay_of

        return overlay_of(label, classifier.activation_map(path, label=label), size=size)

    def facts() -> ModelFacts:
        from gui.model_facts import facts_of

        return facts_of(found.bundle, identity=found.identity)

    return LoadedModel(
        ready=ready,
        classify=classifier.predict,
        classify_many=classifier.predict_many,
        gives_maps=lambda: _gives_maps(classifier),
        overlay=overlay,
        facts=facts,
    )


def read_photo(path: Path) -> ReadPhoto:
    """Decode a photo for the window: upright, its longer side at most :data:`PICTURE_SIDE` pixels.

    Raises:
        ImageUnreadable: It cannot be decoded.
    """
    from acnelib.images import read_picture
    from gui.pixels import Pixels
    from gui.quality import hints_of

    image = read_picture(path).image
    size, hints = image.size, hints_of(image)
    image.thumbnail((PICTURE_SIDE, PICTURE_SIDE))
    return ReadPhoto(pixels=Pixels.of(image), size=size, hints=hints)


def _gives_maps(classifier: Classifier) -> bool:
    """Ask for the map of an empty picture: a classifier says in no other way whether it has any."""
    from PIL import Image

    try:
        classifier.activation_map(Image.new("RGB", (8, 8)))
    except UsageError:
        return False
    return True
