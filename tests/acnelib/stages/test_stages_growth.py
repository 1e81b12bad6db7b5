"""A source that grows, and candidates that are no better: what is done again, and what production sees of it."""

from __future__ import annotations

import json
import re

import pytest

from acnelib.dataset.splitting import Split, Subset
from acnelib.stages.results import FeatureResult, PipelineDecision, ScrapeResult


def split_of(promoted):
    return Split.read(promoted.split)


@pytest.fixture
def new_photos(before_growth, grown):
    return split_of(grown).photos.keys() - split_of(before_growth).photos.keys()


def test_exactly_the_new_photos_are_read(workplace, grown, new_photos):
    assert len(new_photos) == 10
    assert workplace.latest(ScrapeResult, model="growing").downloaded == 10


def test_exactly_the_new_photos_are_looked_at(workplace, new_photos):
    shards = [
        {json.loads(line)["sha256"] for line in path.read_text().splitlines()}
        for path in (workplace.settings.workdir / "facts").glob("*.jsonl")
    ]
    assert [shard for shard in shards if shard & new_photos] == [new_photos]


def test_exactly_the_new_photos_are_seen_by_the_network(workplace, grown):
    assert workplace.latest(FeatureResult, model="growing").computed == 10


def test_every_photo_keeps_its_folds(before_growth, grown):
    after = split_of(grown).photos
    assert all(after[sha256].folds == one.folds for sha256, one in split_of(before_growth).photos.items())


def test_a_grown_source_gives_another_candidate_and_version(workplace, before_growth, grown):
    assert grown.version == "2"
    assert len(workplace.runs("growing")) == 2
    assert {run["info"]["status"] for run in workplace.runs("growing")} == {"FINISHED"}


def test_the_grown_candidate_is_compared_with_production_on_old_and_new_photos(before_growth, grown):
    known = len(split_of(before_growth).of(Subset.TRAIN))
    new = len(split_of(grown).of(Subset.TRAIN)) - known
    assert grown.numbers["known"] + grown.numbers["new"] + grown.numbers["left_out"] == known + new
    assert grown.numbers["known"] >= 0.9 * known
    assert "of them held out from both and" in grown.reasons[0]


def test_exactly_one_version_is_production(workplace, grown):
    stages = {version["version"]: version["current_stage"] for version in workplace.versions("growing")}
    winner, loser = ("2", "1") if grown.decision == PipelineDecision.PROMOTED else ("1", "2")
    assert stages == {winner: "Production", loser: "Archived"}
    assert workplace.production("growing") == winner


@pytest.mark.slow  # two more walks
def test_a_worse_candidate_is_rejected_with_the_numbers(rejected):
    assert rejected.decision == PipelineDecision.REJECTED
    assert re.search(r"macro-F1 0\.\d+ against [01]\.\d+ of production \(version 1\) on the same", rejected.reasons[0])
    assert rejected.numbers["candidate"] < rejected.numbers["production"]


@pytest.mark.slow  # two more walks
def test_a_rejected_version_is_archived_with_its_reasons_and_production_stays(workplace, first_guarded, rejected):
    version = workplace.version("guarded", rejected.version)
    assert version["current_stage"] == "Archived"
    assert version["tags"]["acnelib.decision"] == "rejected"
    assert json.loads(version["tags"]["acnelib.reasons"]) == rejected.reasons
    assert workplace.production("guarded") == first_guarded.version
    assert workplace.version("guarded", first_guarded.version)["current_stage"] == "Production"
