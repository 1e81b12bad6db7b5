"""What a loaded model says of its threshold: the model's own with where it was measured, or this site's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acnelib.inference import ThresholdOrigin
from acnelib.models import find_model
from acnelib.site_threshold import SiteThreshold, SiteThresholds
from gui.model import facts_texts
from gui.work import load_cached

if TYPE_CHECKING:
    from pathlib import Path


def test_the_models_own_threshold_comes_with_where_it_was_measured(bundle: Path) -> None:
    loaded = load_cached(str(bundle))
    assert loaded is not None
    assert (loaded.ready.confidence_threshold, loaded.ready.threshold_origin) == (0.6, ThresholdOrigin.MODEL)
    assert "photos of sample" in str(loaded.ready.measured)
    described = dict(facts_texts.model_facts(loaded.facts()))["Confident"]
    assert described.startswith("From 60\u00a0% (the model’s threshold). “Confident” was measured")


def test_the_sites_own_threshold_takes_its_place(bundle: Path, home: Path) -> None:
    sha256 = find_model(bundle).identity.sha256
    SiteThresholds(home).keep(sha256, SiteThreshold.fitted_now(0.93, level=0.9, photos=40, groups=40))
    loaded = load_cached(str(bundle))
    assert loaded is not None
    assert (loaded.ready.confidence_threshold, loaded.ready.threshold_origin) == (0.93, ThresholdOrigin.SITE)
    assert loaded.ready.measured is None
    assert dict(facts_texts.model_facts(loaded.facts()))["Confident"] == "From 93\u00a0% (this site’s threshold)"
