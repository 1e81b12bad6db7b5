"""The keeping of this site's threshold for a model, off the UI thread; without Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from acnelib.site_threshold import SiteThreshold


@dataclass(frozen=True, kw_only=True)
class ThresholdChange:
    """A change of this site's threshold for a model.

    Attributes:
        bundle_sha256: The model.
        wanted: The threshold; None: the model's own.
    """

    bundle_sha256: str
    wanted: SiteThreshold | None


def change_threshold(change: ThresholdChange) -> ThresholdChange:
    """Change the threshold, and return the change that takes it back.

    Raises:
        AcneError: The threshold before cannot be understood, or the new one cannot be written.
    """
    from acnelib.config.settings import Settings
    from acnelib.site_threshold import SiteThresholds
    from acnelib.storage.files import storage_failure

    thresholds = SiteThresholds(Settings.load().home)
    before = thresholds.of(change.bundle_sha256)
    try:
        if change.wanted is None:
            thresholds.forget(change.bundle_sha256)
        else:
            thresholds.keep(change.bundle_sha256, change.wanted)
    except OSError as error:
        raise storage_failure(error) from error
    return ThresholdChange(bundle_sha256=change.bundle_sha256, wanted=before)
