"""An adaptation has a run of its own in MLflow, with its curve."""

from __future__ import annotations

import json

import pytest

from acnelib import stages
from acnelib.atlas.drawing import draw_pictures
from acnelib.scraping.sources import Sources
from acnelib.training.adaptation.options import AdaptationOptions

BACKBONE = "mobilenet_v1_0.25_32"
MODEL = "adapting"


@pytest.fixture(scope="module")
def adapted(workplace):
    """Networks adapted to three conditions for two epochs, twice: the second time finds the run of the first."""
    root, labels = workplace.root / "Adapting", []
    for picture in draw_pictures(40, seed=8):
        labels = labels if picture.label in labels else [*labels, picture.label]
        kind = labels.index(picture.label)
        path = root / ("classes" if kind < 2 else "skin") / f"kind {kind}" / f"{picture.name}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture.jpeg())
    settings = workplace.settings_of(MODEL)
    sources = Sources.parse([str(root / "classes")], background=[str(root / "skin")])
    split_result = stages.split(
        stages.curate(stages.scrape(sources, settings=settings), settings=settings), settings=settings
    )
    options = AdaptationOptions(epochs=2, batch=8, least_groups=2)
    first, again = (
        stages.adapt(split_result, backbone=BACKBONE, weights="starter", options=options, settings=settings)
        for _ in range(2)
    )
    assert again.run_id == first.run_id
    return first


@pytest.fixture(scope="module")
def run(workplace, adapted):
    return workplace.run(adapted.run_id)


def test_it_has_one_finished_run_of_its_own(workplace, run):
    assert [one["info"]["run_id"] for one in workplace.runs(MODEL)] == [run["info"]["run_id"]]
    tags = {entry["key"]: entry["value"] for entry in run["data"]["tags"]}
    assert (run["info"]["status"], tags["acnelib.stage"]) == ("FINISHED", "adapt")


def test_the_run_has_the_curve_by_epoch(workplace, run, adapted):
    curve = workplace.ask("metrics/get-history", run_id=adapted.run_id, metric_key=f"{BACKBONE}/held_out_loss")[
        "metrics"
    ]
    assert [int(point["step"]) for point in curve] == [0, 1]
    names = {entry["key"].partition("/")[2] for entry in run["data"]["metrics"]}
    assert {"loss", "held_out_loss", "top1", "top5"} <= names


def test_the_run_says_how_it_was_made_and_names_no_file(run, adapted):
    parameters = {entry["key"]: entry["value"] for entry in run["data"]["params"]}
    assert (parameters["epochs"], parameters["backbone"], parameters["conditions"]) == ("2", BACKBONE, "3")
    assert ".jpg" not in json.dumps(run)
