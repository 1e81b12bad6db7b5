from __future__ import annotations

import pytest

from acnelib.inference import ModelIdentity, Verdict
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
