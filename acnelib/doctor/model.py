"""Checks of the production model: its version, its cached bundle, and whether LiteRT runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acnelib.doctor.check_result import CheckResult, failed, ok, skipped, warning
from acnelib.errors import BundleInvalid, ModelUnavailable, SettingsInvalid, TrackingFailed
from acnelib.inference import Classifier, ModelIdentity
from acnelib.registry.cache import BundleCache
from acnelib.registry.reading import RegistryReader
from acnelib.site_threshold import SiteThresholds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from acnelib.bundle import Bundle
    from acnelib.config.settings import Settings
    from acnelib.registry.reading import RegisteredVersion


def production(settings: Settings) -> Iterator[CheckResult]:
    """Check the production version, its cached bundle, and LiteRT with it."""
    title, registry = "production model", RegistryReader.of(settings)
    if registry is None:
        yield skipped(title, "no tracking server was started or configured", "run `acne demo`")
        yield litert(None)
        return
    try:
        with registry as reader:
            version = reader.find("production")
    except (TrackingFailed, SettingsInvalid):
        yield skipped(title, f"{registry.server} does not answer")
        yield litert(None)
        return
    except ModelUnavailable:
        yield skipped(
            title, f"{settings.model_name} has none at {registry.server}", "run `acne demo` or `acne pipeline`"
        )
        yield litert(None)
        return
    name = f"version {version.version} of {settings.model_name}"
    if version.drift:
        yield warning(
            title,
            f"{name}: {version.drift}",
            "set the version's stage to Production in the MLflow UI, or give the alias to another version",
        )
    else:
        yield ok(title, name)
    result, bundle = cached_bundle(settings, version)
    yield result
    yield from site_threshold(settings, version)
    yield litert(bundle)


def cached_bundle(settings: Settings, version: RegisteredVersion) -> tuple[CheckResult, Bundle | None]:
    """Verify the cached copy of a version's bundle; nothing is downloaded."""
    title = "cached bundle"
    if version.bundle_sha256 is None:
        return skipped(title, f"version {version.version} has no bundle of acnelib"), None
    try:
        bundle = BundleCache(settings.cache).look(version.bundle_sha256)
    except BundleInvalid as error:
        return failed(title, error, f"delete it (rm -r {settings.cache}); the next prediction downloads it again"), None
    if bundle is None:
        return skipped(title, "not downloaded yet; the first prediction downloads it"), None
    return ok(title, f"verified: {bundle.path}"), bundle


def site_threshold(settings: Settings, version: RegisteredVersion) -> Iterator[CheckResult]:
    """Read this site's own threshold for a version; yield nothing where the model's own counts."""
    title = "threshold of this site"
    try:
        own = SiteThresholds(settings.home).of(version.bundle_sha256)
    except SettingsInvalid as error:
        yield failed(title, error, "acne validate --reset forgets it")
        return
    if own is not None:
        fitted = f"fitted on {own.photos} photos, applied on {own.applied_at[:10]}"
        yield ok(title, f"{own.value:.3f} in place of the model's own, {fitted}; acne validate --reset forgets it")


def litert(bundle: Bundle | None) -> CheckResult:
    """Check whether LiteRT loads and runs a bundle; without one, whether it can be imported."""
    remedy = "install it again: pip install --force-reinstall ai-edge-litert"
    try:
        if bundle is None:
            from ai_edge_litert import interpreter

            return ok("LiteRT", f"{interpreter.__name__} loads; the production bundle is not cached")
        classifier = Classifier(bundle, identity=ModelIdentity(name="doctor", version=None, sha256=""))
        description = bundle.description
        scores = classifier.scores(np.full((description.height, description.width, 3), 128, np.uint8))
    except (ImportError, OSError, BundleInvalid) as error:
        return failed("LiteRT", error, remedy)
    if not np.isfinite(scores).all():
        return failed("LiteRT", f"{bundle.path} gives scores that are not finite", "train again")
    return ok("LiteRT", f"runs {bundle.path.name[:12]}…, {len(scores)} classes")
