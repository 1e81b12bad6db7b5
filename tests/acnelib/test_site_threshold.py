"""The file of a site's threshold: what is kept comes back, and what cannot be understood is never taken for none."""

from __future__ import annotations

import json

import pytest

from acnelib.errors import SettingsInvalid
from acnelib.site_threshold import SiteThreshold, SiteThresholds

BUNDLE = "a" * 64
KEPT = SiteThreshold.fitted_now(0.93, level=0.9, photos=120, groups=104)


@pytest.fixture
def thresholds(tmp_path):
    return SiteThresholds(tmp_path)


def test_what_is_kept_comes_back_for_this_bundle_only(thresholds):
    thresholds.keep(BUNDLE, KEPT)
    assert (thresholds.of(BUNDLE), thresholds.of("b" * 64), thresholds.of(None)) == (KEPT, None, None)


def test_another_takes_its_place(thresholds):
    thresholds.keep(BUNDLE, KEPT)
    thresholds.keep(BUNDLE, SiteThreshold.fitted_now(1.0, level=0.9, photos=30, groups=30))
    assert thresholds.of(BUNDLE).value == 1.0


def test_what_is_forgotten_is_gone(thresholds):
    thresholds.keep(BUNDLE, KEPT)
    assert [thresholds.forget(BUNDLE), thresholds.forget(BUNDLE)] == [True, False]
    assert thresholds.of(BUNDLE) is None


@pytest.mark.parametrize(
    "changed", [{"schema": 2}, {"value": 1.5}, {"value": True}, {"value": "0.9"}, {"value": None}, {"level": -1}]
)
def test_odd_values_are_an_error_with_a_remedy(thresholds, changed):
    thresholds.keep(BUNDLE, KEPT)
    path = thresholds.folder / f"{BUNDLE}.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changed))
    with pytest.raises(SettingsInvalid, match="acne validate DIR --apply"):
        thresholds.of(BUNDLE)


@pytest.mark.parametrize("content", [b"", b"[]", b'{"schema": 1}', b"\xff\xfe"])
def test_a_damaged_file_is_an_error(thresholds, content):
    thresholds.folder.mkdir()
    (thresholds.folder / f"{BUNDLE}.json").write_bytes(content)
    with pytest.raises(SettingsInvalid, match="cannot be understood"):
        thresholds.of(BUNDLE)
