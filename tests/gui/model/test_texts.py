from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from acnelib.bundle import open_bundle
from acnelib.inference import ModelIdentity
from gui.model import facts_texts
from gui.state.model_facts import facts_of

if TYPE_CHECKING:
    from pathlib import Path

    from gui.state.model_facts import ModelFacts

IDENTITY = ModelIdentity(name="acne", version="3", sha256="ab" * 32)


@pytest.fixture
def facts(bundle: Path) -> ModelFacts:
    return facts_of(open_bundle(bundle), identity=IDENTITY)


def test_the_details_of_a_model_count_the_photos_that_it_was_trained_on(facts: ModelFacts) -> None:
    details = dict(facts_texts.model_facts(facts))
    assert "train" in details["Photos"]
    assert "Drawn pictures" not in details


def test_the_details_of_a_model_of_drawn_pictures_call_nothing_a_photo(facts: ModelFacts) -> None:
    details = dict(facts_texts.model_facts(replace(facts, identity=replace(IDENTITY, drawn=True))))
    assert "train" in details["Drawn pictures"]
    assert "Photos" not in details
