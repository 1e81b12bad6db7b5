"""Loading of models by name: ``production``, ``staging``, a version such as ``3``, or a bundle's folder.

The library, the command line, the app and the API all load models through this module, which is on the light path.
"""

from __future__ import annotations

import contextlib
import logging
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from acnelib.bundle import open_bundle
from acnelib.config.settings import Settings
from acnelib.errors import BundleInvalid, ModelUnavailable, TrackingFailed
from acnelib.inference import Classifier, ConfidenceThreshold, ModelIdentity, ThresholdOrigin, check_small_model
from acnelib.registry.cache import BundleCache
from acnelib.registry.names import ALIASES, is_registered
from acnelib.registry.reading import ListedVersion, RegistryReader
from acnelib.registry.version_facts import VersionFacts
from acnelib.site_threshold import SiteThresholds

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from acnelib.bundle import Bundle
    from acnelib.registry.cache import CachedVersion

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class FoundModel:
    """A verified bundle and its origin.

    Attributes:
        bundle: The bundle.
        identity: Identity of the model in predictions.
        asked_at: Time when the server last resolved the name to this version (ISO 8601, UTC); None for a folder.
        offline: Reason why the server was unreachable, or why its version was refused; None if that is this one, or for
            a folder.
        refused: Whether the server was reached, but its version is no usable model.
        drift: Description of a difference between the server's alias and stage; None without one, or for a folder.
        stage: ``Production``, ``Staging`` or another stage; None without a stage, or for a folder.
        promoted_at: Time of its last promotion (ISO 8601, UTC); None if never or unknown, or for a folder.
    """

    bundle: Bundle
    identity: ModelIdentity
    asked_at: str | None = None
    offline: str | None = None
    refused: bool = False
    drift: str | None = None
    stage: str | None = None
    promoted_at: str | None = None


@dataclass(frozen=True, kw_only=True)
class Listing:
    """The available versions.

    Attributes:
        versions: Versions, newest first.
        offline: Reason for listing only cached versions; None for the list of the server.
        cached: Names, such as ``production`` or ``3``, that are available without the server.
    """

    versions: tuple[ListedVersion, ...]
    offline: str | None = None
    cached: frozenset[str] = frozenset()


def load_classifier(model: str | Path = "production", *, settings: Settings | None = None) -> Classifier:
    """Load a model for classification, without TensorFlow or MLflow.

    A registered model is resolved by its server. If the server is down, or the version behind an alias is no usable
    model, the version that the name last referred to is loaded from the cache, and a warning states which that is.

    Examples:
        >>> classifier = load_classifier("model/")  # the folder of a bundle; by default the production model
        >>> classifier.labels
        ('blue', 'green', 'red')
        >>> prediction = classifier.predict("photo.png")
        >>> prediction.label, f"{prediction.confidence:.2f}", str(prediction.verdict)
        ('red', '0.96', 'confident')

    Args:
        model: ``"production"``, ``"staging"``, the number of a version, or the folder of a bundle.
        settings: Settings of registry and cache; default: those of the process.

    Raises:
        ModelUnavailable: There is no such model, or the server is unreachable and the cache has none.
        BundleInvalid: The bundle is damaged, altered or newer than this program.
        TrackingFailed: The response is not that of a tracking server.
        SettingsInvalid: The site's own threshold for the model cannot be understood.
    """
    settings = settings or Settings.load()
    found = find_model(model, settings=settings)
    if found.offline:
        logger.warning(
            "%s; using cached version %s, last asked %s", found.offline, found.identity.version, found.asked_at
        )
    if found.drift:
        logger.warning("%s (`acne doctor` says more)", found.drift)
    if found.identity.note:
        logger.warning("%s", found.identity.note)
    return classifier_of(found, settings=settings)


def classifier_of(found: FoundModel, *, settings: Settings | None = None) -> Classifier:
    """Load a model that was found; its verdicts follow the site's own threshold if there is one.

    Examples:
        >>> found = find_model("model/")
        >>> classifier_of(found).identity == found.identity
        True

    Args:
        found: The model.
        settings: In whose home the site's threshold is; default: those of the process.

    Raises:
        BundleInvalid: The model cannot be run.
        SettingsInvalid: The site's own threshold for the model cannot be understood.
    """
    threshold = threshold_of(found.bundle, settings=settings)
    return Classifier(found.bundle, identity=found.identity, threshold=threshold)


def check_model(bundle: Bundle) -> None:
    """Check that the models of a bundle fit its description and classify a test picture.

    Raises:
        BundleInvalid: They do not.
    """
    Classifier(bundle, identity=ModelIdentity(name=bundle.path.name, version=None, sha256=bundle.sha256 or ""))
    check_small_model(bundle)


def threshold_of(bundle: Bundle, *, settings: Settings | None = None) -> ConfidenceThreshold:
    """Return the threshold of verdicts at this site: its own for this very bundle, else the model's.

    Examples:
        >>> threshold = threshold_of(find_model("model/").bundle)
        >>> threshold.value, str(threshold.origin)
        (0.8, 'model')

    Raises:
        SettingsInvalid: The site's own threshold cannot be understood.
    """
    site = SiteThresholds((settings or Settings.load()).home).of(bundle.sha256)
    if site is None:
        return ConfidenceThreshold(bundle.description.confidence_threshold)
    return ConfidenceThreshold(site.value, ThresholdOrigin.SITE)


def find_model(model: str | Path = "production", *, settings: Settings | None = None) -> FoundModel:
    """Find and verify the bundle of a name; see :func:`load_classifier`.

    Examples:
        >>> found = find_model("production")
        >>> found.identity.version, found.stage
        ('1', 'Production')
        >>> found.bundle.description.labels
        ('blue', 'green', 'red')
    """
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
    offline, refused = None, False
    with registry as reader:
        try:
            bundle, remembered = cache.fetch(reader, name, check=check_model)
        except BundleInvalid as error:
            offline, refused = str(error), True
            bundle, remembered = _last_good(cache, reader, name, error)
        except TrackingFailed as error:
            offline = str(error)
            try:
                bundle, remembered = cache.recall(reader, name)
            except ModelUnavailable as nothing:
                raise ModelUnavailable(f"{nothing}, and {error}") from error
        except ModelUnavailable as gone:
            raise ModelUnavailable(_with_what_is_cached(gone, cache, reader, name)) from gone
    return _found(bundle, remembered, settings=settings, offline=offline, refused=refused)


def cached_model(name: str, *, settings: Settings | None = None) -> FoundModel | None:
    """Return the cached model of a name without contacting the server, or the model in a folder.

    None: the cache has no intact copy. :func:`find_model` then fetches one, or raises an error with a remedy.

    Examples:
        >>> print(cached_model("production"))
        None
        >>> found = find_model("production")
        >>> cached_model("production").identity == found.identity
        True

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
    """Return the versions on the server or, if it is unreachable, the cached ones with the reason.

    Examples:
        >>> [(version.version, version.stage) for version in list_versions().versions]
        [('1', 'Production')]

    Raises:
        ModelUnavailable: There is no server, or it has no such model.
    """
    settings = settings or Settings.load()
    registry = RegistryReader.of(settings)
    if registry is None:
        raise ModelUnavailable("no tracking server is known here: name one, or choose a bundle's folder")
    with registry as reader:
        cache = BundleCache(settings.cache)
        known = cache.known(reader)
        cached = frozenset(known) | {one.version for one in known.values()}
        try:
            return Listing(versions=_with_facts(reader.versions(), known, cache), cached=cached)
        except TrackingFailed as error:
            remembered = {one.version: ListedVersion(version=one.version, stage=one.stage) for one in known.values()}
            versions = sorted(remembered.values(), key=lambda one: int(one.version), reverse=True)
            return Listing(versions=_with_facts(versions, known, cache), offline=str(error), cached=cached)


def _with_facts(
    versions: Iterable[ListedVersion], known: Mapping[str, CachedVersion], cache: BundleCache
) -> tuple[ListedVersion, ...]:
    """Return versions with what their bundles on this computer record, where their tags do not say it."""
    sha256 = {one.version: one.sha256 for one in known.values()}
    complete = []
    for one in versions:
        bundle = None
        if one.version in sha256 and None in {one.facts.macro_f1, one.facts.sources}:
            with contextlib.suppress(BundleInvalid):  # a damaged copy says nothing here, and is fetched again when used
                bundle = cache.look(sha256[one.version])
        facts = one.facts if bundle is None else one.facts.or_else(VersionFacts.of_bundle(bundle))
        complete.append(replace(one, facts=facts))
    return tuple(complete)


def _last_good(
    cache: BundleCache, reader: RegistryReader, name: str, error: BundleInvalid
) -> tuple[Bundle, CachedVersion]:
    """Return what an alias meant before its present version; without it, and for a number, raise the error."""
    if name not in ALIASES:
        raise error
    try:
        return cache.recall(reader, name)
    except ModelUnavailable:
        raise error from None


def _found(
    bundle: Bundle,
    remembered: CachedVersion,
    *,
    settings: Settings,
    offline: str | None = None,
    refused: bool = False,
) -> FoundModel:
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
        refused=refused,
        drift=remembered.drift,
        stage=remembered.stage,
        promoted_at=remembered.promoted_at,
    )


def _with_what_is_cached(gone: ModelUnavailable, cache: BundleCache, reader: RegistryReader, name: str) -> str:
    """Return an error message that names the cached version of a model that is gone from the server."""
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
