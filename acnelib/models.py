"""A name (``production``, ``staging``, ``3``, a folder) → a verified bundle → a :class:`Classifier`.

The light path's one door: the library, the command line, the app and the API load models here and nowhere else.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from acnelib.bundle import open_bundle
from acnelib.errors import BundleInvalid, ModelUnavailable, TrackingFailed
from acnelib.inference import Classifier, ModelIdentity
from acnelib.registry.cache import BundleCache
from acnelib.registry.reading import RegistryReader
from acnelib.settings import Settings

if TYPE_CHECKING:
    from acnelib.bundle import Bundle

logger = logging.getLogger(__name__)

REGISTERED_NAMES = ("production", "staging")


@dataclass(frozen=True, kw_only=True)
class FoundModel:
    """A verified bundle and how it was found.

    Attributes:
        bundle: The bundle.
        identity: What predictions say of it.
        asked_at: When its server last said that the name means this version (ISO 8601, UTC); None for a folder.
        offline: Why the server could not be asked just now; None when it was, or for a folder.
        drift: Where the server's alias and stage differ, in words; None when they agree, or for a folder.
    """

    bundle: Bundle
    identity: ModelIdentity
    asked_at: str | None = None
    offline: str | None = None
    drift: str | None = None


def load_classifier(model: str | Path = "production", *, settings: Settings | None = None) -> Classifier:
    """Load a model to classify photos with; neither TensorFlow nor MLflow is needed.

    A registered model is asked of its server; when that is down, the cached copy of what the server last
    called so is taken, and a warning says which version that is.

    Args:
        model: ``"production"``, ``"staging"``, the number of a version, or the folder of a bundle.
        settings: Where the registry and the cache are; default: this process' settings.

    Raises:
        ModelUnavailable: There is no such model, or none cached and no server to ask.
        BundleInvalid: The bundle is damaged, altered or newer than this program.
        TrackingFailed: The server answers, but not as a tracking server should.
    """
    found = find_model(model, settings=settings)
    if found.offline:
        logger.warning(
            "%s; using cached version %s, last asked %s", found.offline, found.identity.version, found.asked_at
        )
    if found.drift:
        logger.warning("%s (`acne doctor` says more)", found.drift)
    return Classifier(found.bundle, identity=found.identity)


def find_model(model: str | Path = "production", *, settings: Settings | None = None) -> FoundModel:
    """Find and verify the bundle that a name means; see :func:`load_classifier`."""
    settings = settings or Settings.load()
    name = str(model)
    if isinstance(model, Path) or not (name in REGISTERED_NAMES or name.isdecimal()):
        return _in_folder(Path(model))
    server = settings.server()
    if server is None:
        raise ModelUnavailable(
            f"no {_called(name)} to load: no tracking server was ever started or configured here; "
            "run `acne demo`, set MLFLOW_TRACKING_URI, or name a bundle's folder"
        )
    reader = RegistryReader(server, model_name=settings.model_name)
    cache = BundleCache(settings.cache)
    offline = None
    try:
        bundle, remembered = cache.fetch(reader, name)
    except TrackingFailed as error:
        offline = str(error)
        try:
            bundle, remembered = cache.recall(reader, name)
        except ModelUnavailable as nothing:
            raise ModelUnavailable(f"{nothing}, and {error}") from error
    except ModelUnavailable as gone:
        raise ModelUnavailable(_with_what_is_cached(gone, cache, reader, name)) from gone
    finally:
        reader.close()
    identity = ModelIdentity(name=settings.model_name, version=remembered.version, sha256=remembered.sha256)
    return FoundModel(
        bundle=bundle, identity=identity, asked_at=remembered.asked_at, offline=offline, drift=remembered.drift
    )


def _with_what_is_cached(gone: ModelUnavailable, cache: BundleCache, reader: RegistryReader, name: str) -> str:
    """Say what a name meant before somebody deleted or renamed it on the server."""
    try:
        bundle, remembered = cache.recall(reader, name)
    except ModelUnavailable:
        return str(gone)
    meant = f"Version {remembered.version} was the {_called(name)} when last asked at {remembered.asked_at}"
    return f"{gone}. {meant}, and is gone there; --model {bundle.path} still has it"


def _in_folder(path: Path) -> FoundModel:
    if not path.exists():
        raise ModelUnavailable(
            f"no model {str(path)!r}: name production, staging, a version's number or a bundle's folder"
        )
    bundle = open_bundle(path)
    if bundle.sha256 is None:
        raise BundleInvalid(f"{path} is not sealed: train again")
    return FoundModel(
        bundle=bundle, identity=ModelIdentity(name=path.resolve().name, version=None, sha256=bundle.sha256)
    )


def _called(name: str) -> str:
    return f"{name} model" if name in REGISTERED_NAMES else f"version {name}"
