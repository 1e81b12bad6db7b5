"""The request of a run chooses its networks, and fails before any work if their weights are missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from acnelib.config.settings import Settings
from acnelib.errors import UsageError, WeightsUnavailable
from acnelib.pipeline.run import PipelineRun, new_run_time
from acnelib.runs.stage import Stage
from acnelib.scraping.sources import Sources
from acnelib.storage.workspace import Workspace
from acnelib.training.networks.recipes import STARTER_RECIPE

NEW_YEAR = datetime(2026, 1, 1)


@pytest.fixture
def sample_run():
    return PipelineRun(sources=Sources.parse("sample"), at=NEW_YEAR)


def test_the_sample_atlas_is_trained_with_the_starter_network(sample_run):
    assert sample_run.checked_networks(pytest.fail) == (str(STARTER_RECIPE),)


def test_the_sample_beside_another_source_is_trained_with_imagenet_weights(sample_run, tmp_path):
    several = replace(sample_run, sources=Sources.parse(["sample", str(tmp_path)]))
    assert several.chosen_weights == "imagenet"
    with_background = replace(sample_run, sources=Sources.parse("sample", background=str(tmp_path)))
    assert with_background.chosen_weights == "starter"


def test_a_network_that_is_named_twice_is_trained_once(sample_run):
    assert replace(sample_run, backbones=("mobilenet_v1_0.25_96",) * 2).networks() == ("mobilenet_v1_0.25_96",)


def test_missing_weights_are_noticed_before_any_work(sample_run, tmp_path):
    run = replace(sample_run, weights=str(tmp_path), backbones=("mobilenet_v1_0.25_96",))
    with pytest.raises(WeightsUnavailable):
        run.checked_networks(pytest.fail)


def test_a_run_without_training_needs_no_weights_but_checks_names(sample_run, tmp_path):
    run = replace(sample_run, weights=str(tmp_path), until=Stage.SPLIT)
    assert run.checked_networks(pytest.fail) == ()
    with pytest.raises(UsageError, match="resnet_50"):
        replace(run, backbones=("resnet_50",)).checked_networks(pytest.fail)


def test_a_new_run_takes_a_second_of_its_own(tmp_path):
    settings = replace(Settings.load(), workdir=tmp_path)
    source = Sources.parse("sample")
    first = new_run_time(source, settings)
    run = PipelineRun(sources=source, at=first)
    Workspace(tmp_path).run(source.name, run.time).mkdir(parents=True)
    assert new_run_time(source, settings) > first
