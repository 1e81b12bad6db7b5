"""Which model the demo's new pictures are shown to, and what it says of what is in production."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tiny_bundles import DESCRIPTION, sealed

from acnelib.cli.commands.demo import classify_new_pictures
from acnelib.config.settings import Settings
from acnelib.pipeline.result import PipelineResult


@pytest.fixture
def reported(registry, tmp_path, capsys):
    """Register a demo's model and one of photos, and classify after the demo: with which of them in production?"""
    drawn = sealed(tmp_path / "drawn", description=replace(DESCRIPTION, drawn=True))

    def reported(*, production, of_photos):
        registry.register(drawn, alias="production" if production == "1" else None)
        registry.register(of_photos, alias="production" if production == "2" else None)
        settings = replace(Settings.load(), tracking_uri=registry.url, workdir=tmp_path / "work")
        result = PipelineResult(at="", seconds=1.0, graph_url="", version="1")
        classify_new_pictures(settings, result, tmp_path / "pictures")
        return capsys.readouterr().out

    return reported


def test_its_own_model_classifies_where_that_is_in_production(reported, tiny_bundle):
    assert "classified by production, version 1 (research, not a diagnosis):" in reported(
        production="1", of_photos=tiny_bundle
    )


def test_its_own_model_classifies_where_another_is_in_production_and_that_is_said(reported, tiny_bundle):
    out = reported(production="2", of_photos=tiny_bundle)
    assert "classified by the demo's model, version 1; version 2 is in production" in out


def test_it_says_why_no_answer_is_confident(reported, tiny_bundle):
    out = reported(production="1", of_photos=tiny_bundle)
    assert "It was trained on drawn pictures only, so it calls no answer confident" in out
    assert ", confident (" not in out
