"""A name (``production``, ``staging``, ``3``, a folder) → a verified bundle → a :class:`Classifier`.

The light path's one door: the library, the command line, the app and the API load models here and nowhere else.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from acnelib.bundle import open_bundle
from acnelib.config.settings import Settings
from acnelib.errors import BundleInvalid, ModelUnavailable, TrackingFailed
from acnelib.inference import Classifier, ModelIdentity
from acnelib.registry.cache import BundleCache
from acnelib.registry.names import ALIASES, is_registered
from acnelib.registry.reading import ListedVersion, RegistryReader

if TYPE_CHECKING:
    from acnelib.bundle import Bundle
    from acnelib.registry.cache import CachedVersion

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class FoundModel:
    """A verified bundle and how it was found.

    Attributes:
        bundle: The bundle.
        identity: What predictions say of it.
        asked_at: When its server last said that the name means this version (ISO 8601, UTC); None for a folder.
        offline: Why the server could not be asked just now; None when it was, or for a folder.
        drift: Where the server's alias and stage differ, in words; None when they agree, or for a folder.
        stage: ``Production``, ``Staging`` or another stage; None where it has none, or for a folder.
        promoted_at: When it was promoted last (ISO 8601, UTC); None when it never was, nobody said, or for a folder.
    """

    bundle: Bundle
    identity: ModelIdentity
    asked_at: str | None = None
    offline: str | None = None
    drift: str | None = None
    stage: str | None = None
    promoted_at: str | None = None


@dataclass(frozen=True, kw_only=True)
class Listing:
    """The versions that may be chosen.

    Attributes:
        versions: The newest first.
        offline: Why these are only those that are cached; None when the server said which there are.
        cached: Names, such as ``production`` or ``3``, that can be had without the server.
    """

    versions: tuple[ListedVersion, ...]
    offline: str | None = None
    cached: frozenset[str] = frozenset()


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
    if found.identity.note:
        logger.warning("%s", found.identity.note)
    return Classifier(found.bundle, identity=found.identity)


def find_model(model: str | Path = "production", *, settings: Settings | None = None) -> FoundModel:
    """Find and verify the bundle that a name means; see :func:`load_classifier`."""
    settings = settings or Settings.load()
    name = str(model)
    if isinstance(model, Path) or not is_registered(name):
        return _in_folder(Path(model))
    registry = RegistryReader.of(settings)
    if registry is None:
        raise ModelUnavailable(
            f"no {_called(name)} to load: no tracking server was ever started or configured here; "
            "run `acne demo`, set MLFLOW_TRACKING_URI, or name a bundle's folder"
        )
    cache = BundleCache(settings.cache)
    offline = None
    with registry as reader:
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
    return _found(bundle, remembered, settings=settings, offline=offline)


def cached_model(name: str, *, settings: Settings | None = None) -> FoundModel | None:
    """Return what the server last said that a name means, without asking it; a folder as it is now.

    None: there is nothing cached, or it is damaged; :func:`find_model` fetches it, or says what is to be done.

    Raises:
        ModelUnavailable: There is no such folder.
        BundleInvalid: The bundle in a folder is damaged, altered or newer than this program.
    """
    settings = settings or Settings.load()
    if not is_registered(name):
        return _in_folder(Path(name))
    registry = RegistryReader.of(settings)
    if registry is None:
        return None
    try:
        with registry as reader:
            bundle, remembered = BundleCache(settings.cache).recall(reader, name)
    except ModelUnavailable:
        return None
    return _found(bundle, remembered, settings=settings)


def list_versions(*, settings: Settings | None = None) -> Listing:
    """Return the versions that the server has; when it cannot be asked, those that are cached, and why.

    Raises:
        ModelUnavailable: There is no server, or it has no such model.
    """
    settings = settings or Settings.load()
    registry = RegistryReader.of(settings)
    if registry is None:
        raise ModelUnavailable("no tracking server is known here: name one, or choose a bundle's folder")
    with registry as reader:
        known = BundleCache(settings.cache).known(reader)
        cached = frozenset(known) | {one.version for one in known.values()}
        try:
            return Listing(versions=reader.versions(), cached=cached)
        except TrackingFailed as error:
            remembered = {one.version: ListedVersion(version=one.version, stage=one.stage) for one in known.values()}
            versions = sorted(remembered.values(), key=lambda one: int(one.version), reverse=True)
            return Listing(versions=tuple(versions), offline=str(error), cached=cached)


def _found(bundle: Bundle, remembered: CachedVersion, *, settings: Settings, offline: str | None = None) -> FoundModel:
    return FoundModel(
        bundle=bundle,
        identity=ModelIdentity(
            name=settings.model_name,
            version=remembered.version,
            sha256=remembered.sha256,
            drawn=bundle.description.drawn,
        ),
        asked_at=remembered.asked_at,
        offline=offline,
        drift=remembered.drift,
        stage=remembered.stage,
        promoted_at=remembered.promoted_at,
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
    identity = ModelIdentity(
        name=path.resolve().name, version=None, sha256=bundle.sha256, drawn=bundle.description.drawn
    )
    return FoundModel(bundle=bundle, identity=identity)


def _called(name: str) -> str:
    return f"{name} model" if name in ALIASES else f"version {name}"
