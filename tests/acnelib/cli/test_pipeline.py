"""``acne demo``, ``pipeline``, ``status`` as a person meets them, against the session's real servers."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from acnelib.cli import main
from acnelib.cli.commands.train import _show_result
from acnelib.pipeline.result import PipelineResult


def test_the_demo_classifies_three_new_pictures_rightly(walked):
    reported = (walked.root / "demo.txt").read_text()
    assert reported.count(" (right)") == 3
    assert "not a diagnosis" in reported


def test_the_demo_says_that_its_model_is_of_no_use_on_photos_and_leads_to_training_on_ones_own(walked):
    reported = (walked.root / "demo.txt").read_text()
    assert "It was trained on drawn pictures only, so it calls no answer confident" in reported
    assert reported.partition("Next\n")[2].startswith("  acne pipeline --source DIR ")
    assert "classify your own photos" not in reported


@pytest.mark.parametrize("report", ["data_report.html", "evaluation_report.html"])
def test_the_demo_names_its_reports(walked, report):
    (line,) = (line for line in (walked.root / "demo.txt").read_text().splitlines() if line.endswith(report))
    assert "A research tool, not a diagnosis" in Path(line.split()[-1]).read_text()


def test_the_demo_names_the_addresses_to_look_at(walked):
    reported = (walked.root / "demo.txt").read_text()
    luigid, mlflow = walked.settings.embedded_url("luigid"), walked.settings.server()
    assert f"{luigid}/static/visualiser/index.html#tab=graph" in reported
    assert f"{mlflow}/#/compare-runs?runs=" in reported
    assert f"{mlflow}/#/experiments/1/runs?viewStateShareKey=" in reported
    assert f"{mlflow}/#/models/acne" in reported


@pytest.fixture
def result():
    """The outcome of a run with one candidate."""
    return PipelineResult(
        at="", seconds=1.0, decision="promoted", run_url="http://mlflow/run", runs_url="http://mlflow/all"
    )


def test_a_run_with_one_candidate_leads_to_its_page_and_offers_no_comparison(result, capsys):
    _show_result(result)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines[1:]] == [
        ["Run:", "http://mlflow/run"],
        ["All", "runs:", "http://mlflow/all"],
    ]


def test_a_run_with_several_candidates_leads_to_their_comparison(result, capsys):
    _show_result(replace(result, comparison_url="http://mlflow/both"))
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split() == ["Runs", "compared:", "http://mlflow/both"]
    assert "http://mlflow/run" not in "".join(lines)


def test_an_unchanged_pipeline_prints_its_outcome_as_json_and_nothing_else(walked):
    ran = walked.acne(
        "pipeline", "--backbone", "mobilenet_v1_0.25_96", "--backbone", "mobilenet_v1_0.25_128", "--format", "json"
    )
    assert ran.returncode == 0, ran.stderr
    outcome = json.loads(ran.stdout)
    assert set(outcome) == {
        "decision",
        "reasons",
        "version",
        "run_id",
        "bundle",
        "split",
        "seconds",
        "training_seconds",
        "sources",
        "background",
        "test",
        "reviews",
    }
    assert (outcome["decision"], outcome["training_seconds"]) == ("unchanged", 0)


def test_a_run_cut_off_early_has_null_for_what_did_not_happen(walked):
    ran = walked.acne("pipeline", "--until", "scrape", "--format", "json", "--local-scheduler")
    outcome = json.loads(ran.stdout)
    assert {name for name, value in outcome.items() if value is None} == {
        "decision",
        "reasons",
        "version",
        "run_id",
        "bundle",
        "split",
        "training_seconds",
        "test",
        "reviews",
    }


def test_status_tells_of_each_service(walked):
    services = json.loads(walked.acne("status", "--format", "json").stdout)["services"]
    assert {name: service["healthy"] for name, service in services.items()} == {
        "mlflow": True,
        "luigid": True,
        "s3": True,
    }


def test_status_starts_nothing(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("ACNE_STACK", str(tmp_path / "stack"))
    assert main(["status", "--format", "json"]) == 0
    services = json.loads(capsys.readouterr().out)["services"]
    assert (services["mlflow"]["url"], services["mlflow"]["healthy"]) == (None, False)
    assert not (tmp_path / "stack").exists()


@pytest.mark.parametrize(
    ("arguments", "reported"),
    [
        (["pipeline", "--source", "smaple"], "did you mean sample?"),
        (["pipeline", "--source", "./nowhere"], "no folder './nowhere'"),
        (["pipeline", "--backbone", "resnet_50"], "for example mobilenet_v2_0.35_224"),
        (["pipeline", "--at", "noon"], "--at 'noon'"),
        (["pipeline", "--until", "lunch"], "'lunch' is not one of"),
        (["pipeline", "--source", "dermnet", "--until", "scrape", "--local-scheduler"], "--accept-terms"),
        (["atlas", "draw"], "--to"),
    ],
)
def test_wrong_usage_is_one_line_on_standard_error_and_exit_2(arguments, reported, capsys, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")  # so that no stack is started
    assert main(arguments) == 2
    out, error = capsys.readouterr()
    assert out == ""
    assert reported in error.splitlines()[-1]


def test_drawn_pictures_come_in_class_folders_as_many_as_asked(tmp_path, capsys):
    assert main(["atlas", "draw", "--to", str(tmp_path), "--number", "11", "--seed", "3"]) == 0
    assert len(list(tmp_path.glob("*/*.jpg"))) == 11
    assert len(list(tmp_path.iterdir())) == 5


def test_production_is_right_on_pictures_of_another_seed(walked, tmp_path):
    walked.acne("atlas", "draw", "--to", tmp_path, "--number", "100", "--seed", "4321")
    ran = walked.acne("evaluate", tmp_path, "--format", "json")
    assert json.loads(ran.stdout)["macro_f1"] >= 0.85
