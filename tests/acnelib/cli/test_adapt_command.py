"""``acne adapt`` as a person meets it."""

from __future__ import annotations

import json

import pytest
from condition_folders import draw_conditions

from acnelib.cli.options import checked_recipes
from acnelib.training.networks.recipes import ADAPTED, BEST

BACKBONE = "mobilenet_v1_0.25_32"


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Photos of two classes, and of three other conditions."""
    root = tmp_path_factory.mktemp("sources")
    draw_conditions(root)
    return root


@pytest.fixture(scope="module")
def workdir(tmp_path_factory):
    return tmp_path_factory.mktemp("work")


@pytest.fixture
def adapt(run_acne, folders, workdir, monkeypatch, tmp_path):
    monkeypatch.setenv("ACNE_STACK", str(tmp_path / "stack"))

    def adapt(*options, source="classes", background="skin", workdir=workdir):
        named = [*(["--source", folders / source] if source else [])]
        named += ["--background", folders / background] if background else []
        return run_acne("adapt", *named, "--weights", "starter", "--workdir", workdir, "--backbone", BACKBONE, *options)

    return adapt


def test_it_writes_weights_for_the_option_weights_and_names_them(adapt, tmp_path):
    ran = adapt("--epochs", 1, "--to", tmp_path / "weights", workdir=tmp_path / "work")
    assert ran.code == 0, ran.err
    assert {path.name for path in (tmp_path / "weights").iterdir()} == {
        "adaptation.json",
        f"{BACKBONE}_notop.weights.h5",
    }
    assert f"--weights {tmp_path / 'weights'}" in ran.out
    assert f"{BACKBONE}: epoch 1 of 1 was the best" in ran.out
    assert "s a step on" in ran.err  # the estimate


def test_its_result_is_json_and_nothing_else(adapt, workdir):
    ran = adapt("--epochs", 1, "--format", "json")
    result = json.loads(ran.out)
    assert result["conditions"] == 3
    assert result["weights"].startswith(str(workdir))
    assert [network["backbone"] for network in result["networks"]] == [BACKBONE]
    assert len(result["networks"][0]["curve"]) == 1


def test_a_server_that_does_not_answer_costs_the_curve_there_and_nothing_else(adapt, dead_server, monkeypatch):
    assert adapt("--epochs", 1).code == 0  # a first split would ask the server for production's
    monkeypatch.setenv("MLFLOW_TRACKING_URI", dead_server)
    ran = adapt("--epochs", 1, "--format", "json")
    assert ran.code == 0, ran.err
    assert json.loads(ran.out)["run_id"] is None
    assert "the curve is not logged" in ran.err


def test_the_weights_that_are_checked_are_those_of_the_networks_that_are_fine_tuned(tmp_path):
    for name in ("mobilenet_v1_0.75_224", "mobilenet_v2_0.35_224"):
        (tmp_path / f"{name}_notop.weights.h5").write_bytes(b"weights")
    fine_tuned, frozen = (checked_recipes((), str(tmp_path), source="atlas", adapt=adapt) for adapt in (True, False))
    assert (fine_tuned, frozen) == ((str(ADAPTED),), (str(BEST),))


@pytest.mark.parametrize(
    ("options", "reported"),
    [
        ({"background": None}, "no photos of other conditions to learn from: name some with --background"),
        ({"source": None}, "name the photos of the classes with --source"),
    ],
)
def test_without_photos_of_either_kind_one_line_says_what_to_name(adapt, options, reported):
    ran = adapt(**options)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert reported in ran.err


def test_weights_of_another_network_are_one_line(adapt):
    ran = adapt("--backbone", "mobilenet_v2_0.35_32")
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert "starter weights belong to mobilenet_v1" in ran.err


@pytest.fixture
def pipeline(run_acne, folders, monkeypatch, tmp_path):
    """Run the pipeline on photos of classes alone."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")  # so that no stack is started
    named = ("--source", folders / "classes", "--workdir", tmp_path / "work", "--local-scheduler")
    return lambda *options: run_acne("pipeline", *named, *options)


@pytest.mark.parametrize(
    ("options", "reported"),
    [
        (["--adapt"], "name some with --background"),
        (["--until", "adapt"], "add --adapt"),
        (["--epochs", "3"], "add --adapt"),
    ],
)
def test_a_pipeline_that_cannot_adapt_fails_before_any_work(pipeline, options, reported, tmp_path):
    ran = pipeline(*options)
    assert (ran.code, ran.out) == (2, "")
    assert reported in ran.err
    assert not list((tmp_path / "work").glob("results"))
