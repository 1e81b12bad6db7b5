"""The work that is done on workers: loading a model, decoding a photo, colouring where the model looked.

The libraries behind it are imported here, on the worker, so that the window need not wait for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gui.state.session import ModelReady, ReadPhoto

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from pathlib import Path

    from acnelib.inference import Classifier, Prediction
    from acnelib.models import FoundModel, Listing
    from gui.state.model_facts import ModelFacts
    from gui.state.overlay import Overlay

PICTURE_SIDE = 6144
"""Pixels that the longer side of a picture keeps for the window, so that a huge one does not fill the memory."""


@dataclass(frozen=True, kw_only=True)
class LoadedModel:
    """A model in memory; what it can do is always called on the thread that loaded it.

    Attributes:
        ready: The model as the window shows it.
        classify: Answers for one photo.
        classify_many: Answers for many photos, in order, on all cores; those of bad files have an ``error``. May be
            called on any thread.
        overlay: Colours where it looked for a label in one photo.
        facts: Reads what there is to say about the model; may be called on any thread.
        found: The model as it was found, from which it can be loaded again.
    """

    ready: ModelReady
    classify: Callable[[Path], Prediction]
    classify_many: Callable[[Sequence[Path]], Generator[Prediction]]
    overlay: Callable[[Path, str, tuple[int, int]], Overlay]
    facts: Callable[[], ModelFacts]
    found: FoundModel | None = None


@dataclass(frozen=True, kw_only=True)
class ModelLoader:
    """Where models come from; each part may be called on any thread, those that load on the thread that will classify.

    Attributes:
        cached: Loads what a name meant when last asked, without any server; None when that is not there.
        ask: Asks the server what a name means and fetches that; may take as long as a server does.
        load: Loads what was found for a name.
        versions: Asks which versions there are.
    """

    cached: Callable[[str], LoadedModel | None]
    ask: Callable[[str], FoundModel]
    load: Callable[[str, FoundModel], LoadedModel]
    versions: Callable[[], Listing]

    @classmethod
    def default(cls) -> ModelLoader:
        """Return the one that uses the cache and the configured server."""
        return cls(cached=load_cached, ask=ask_server, load=load_found, versions=list_versions)


def load_cached(name: str) -> LoadedModel | None:
    """Load what a name meant when its server was asked last; None when that is not on this machine.

    Raises:
        AcneError: There is no such folder, or it is damaged.
    """
    from acnelib.models import cached_model

    found = cached_model(name)
    return None if found is None else load_found(name, found)


def ask_server(name: str) -> FoundModel:
    """Ask the server what a name means and fetch that; what is cached when the server cannot be asked.

    Raises:
        AcneError: There is no such model, it is damaged, or it cannot be stored.
    """
    from acnelib.models import find_model
    from acnelib.storage.files import storage_failure

    try:
        return find_model(name)
    except OSError as error:
        raise storage_failure(error) from error


def list_versions() -> Listing:
    """Ask which versions there are.

    Raises:
        AcneError: There is no server, or no such model.
    """
    from acnelib import models

    return models.list_versions()


def load_found(name: str, found: FoundModel) -> LoadedModel:
    """Load a model that was found.

    Raises:
        AcneError: It cannot be loaded.
    """
    from acnelib.models import classifier_of
    from acnelib.storage.files import storage_failure

    try:
        classifier = classifier_of(found)
    except OSError as error:
        raise storage_failure(error) from error
    ready = _ready(name, found, classifier)

    def overlay(path: Path, label: str, size: tuple[int, int]) -> Overlay:
        from gui.state.overlay import overlay_of

        return overlay_of(label, classifier.activation_map(path, label=label), size=size)

    def facts() -> ModelFacts:
        from gui.state.model_facts import facts_of

        return facts_of(found.bundle, identity=found.identity, threshold=classifier.threshold)

    return LoadedModel(
        ready=ready,
        classify=classifier.predict,
        classify_many=classifier.predict_many,
        overlay=overlay,
        facts=facts,
        found=found,
    )


def _ready(name: str, found: FoundModel, classifier: Classifier) -> ModelReady:
    from gui.state.promise_lines import promise_line

    description, threshold = found.bundle.description, classifier.threshold
    return ModelReady(
        name=name,
        identity=found.identity,
        labels=classifier.labels,
        confidence_threshold=threshold.value,
        confident_accuracy=description.promise.level,
        false_rejection=description.false_rejection,
        checked_at=found.asked_at,
        offline=found.offline,
        gives_maps=classifier.gives_maps,
        stage=found.stage,
        threshold_origin=threshold.origin,
        measured=promise_line(description, threshold),
    )


def read_photo(path: Path) -> ReadPhoto:
    """Decode a photo for the window: upright, its longer side at most :data:`PICTURE_SIDE` pixels.

    Raises:
        ImageUnreadable: It cannot be decoded.
    """
    from acnelib.imaging import reading
    from gui.widgets.pixels import Pixels

    with reading(path) as picture:
        image = picture.image
        size = image.size
        image.thumbnail((PICTURE_SIDE, PICTURE_SIDE))
        sha256 = str(picture.sha256)  # there is one, as it was a file
        return ReadPhoto(pixels=Pixels.of(image), size=size, sha256=sha256)
