from __future__ import annotations

from dataclasses import replace

import pytest

from acnelib.inference import ModelIdentity, ThresholdOrigin, Verdict
from gui.answer import texts
from gui.state.session import ModelReady

READY = ModelReady(
    name="production",
    identity=ModelIdentity(name="acne", version="3", sha256="ab" * 32),
    labels=("cysts", "papules"),
    confidence_threshold=0.6,
    confident_accuracy=0.9,
    false_rejection=0.02,
)


@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_verdict_has_words_of_its_own(verdict: Verdict) -> None:
    others = {texts.verdict(other) for other in Verdict if other is not verdict}
    assert texts.verdict(verdict) not in others
    assert texts.verdict_explained(verdict, READY)


@pytest.mark.parametrize("verdict", ["confident", "uncertain"])
def test_a_threshold_of_the_site_is_called_that(verdict: str) -> None:
    here = replace(READY, threshold_origin=ThresholdOrigin.SITE)
    assert "this site’s threshold of 60" in texts.verdict_explained(verdict, here)
    assert "this model’s threshold of 60" in texts.verdict_explained(verdict, READY)
    assert "This site’s threshold is" in texts.verdict_at_threshold(verdict, 0.5, here)
    assert texts.default_threshold(0.6, origin=ThresholdOrigin.SITE).startswith(texts.SITE_THRESHOLD)


def test_where_no_threshold_holds_no_answer_is_said_to_reach_one() -> None:
    none = replace(READY, confidence_threshold=1.0, threshold_origin=ThresholdOrigin.SITE)
    assert texts.verdict_explained("uncertain", none).startswith("No answer is confident")
    assert "labelled photos of this site" in texts.verdict_explained("uncertain", none)
    assert "this site" not in texts.verdict_explained("uncertain", replace(READY, confidence_threshold=1.0))
