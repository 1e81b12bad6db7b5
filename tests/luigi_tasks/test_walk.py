"""The walk against the real luigid, MLflow server and S3 of the session."""

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
import requests

from acnelib.atlas.drawing import draw_pictures
from acnelib.errors import DataUnusable, UsageError
from acnelib.pipeline.run import PipelineRun
from acnelib.runs.stage import Stage
from acnelib.scraping.sources import Sources
from luigi_tasks.pipeline import run_pipeline

DEMO = '["mobilenet_v1_0.25_96", "mobilenet_v1_0.25_128"]'
REPOSITORY = Path(__file__).parents[2]
NEW_YEAR = datetime(2026, 1, 1)
OF_A_CANDIDATE = ("Features", "Train", "Evaluate")
TASKS = {"Scrape", "Curate", "Split", "Register", "Promote", "Pipeline"} | {
    f"{task} {network}" for task in OF_A_CANDIDATE for network in ("v1-25%-96", "v1-25%-128")
}


def task_list(url, status, login=None):
    query = {"data": json.dumps({"status": status})}
    return requests.get(f"{url}/api/task_list", params=query, auth=login, timeout=10).json()["response"]


def versions(walked):
    url = f"{walked.settings.server()}/api/2.0/mlflow/model-versions/search"
    return requests.get(url, params={"filter": "name = 'acne'"}, auth=walked.login, timeout=10).json()["model_versions"]


def runs(walked):
    url = f"{walked.settings.server()}/api/2.0/mlflow/runs/search"
    return requests.post(url, json={"experiment_ids": ["1"]}, auth=walked.login, timeout=10).json()["runs"]


@pytest.fixture
def class_folders(tmp_path):
    for picture in draw_pictures(40, seed=5):
        path = tmp_path / "photos" / picture.label / f"{picture.name}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture.jpeg())
    return tmp_path / "photos"


@pytest.fixture
def repository_folder(tmp_path):
    """A current folder with the repository's luigi.cfg in it."""
    (tmp_path / "luigi.cfg").write_bytes((REPOSITORY / "luigi.cfg").read_bytes())
    return tmp_path


def luigi(walked, folder, *arguments):
    command = [sys.executable, "-m", "luigi", "--module", "luigi_tasks", "--lock-pid-dir", str(folder), *arguments]
    environment = walked.environment | {"PYTHONPATH": str(REPOSITORY)}
    return subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )


def test_every_task_of_the_demo_is_done_in_luigid(walked):
    done = task_list(walked.settings.embedded_url("luigid"), "DONE", walked.login).values()
    assert {task["name"] for task in done} >= TASKS


def test_trained_tasks_link_to_their_run_in_mlflow(walked):
    done = task_list(walked.settings.embedded_url("luigid"), "DONE", walked.login).values()
    links = {task["tracking_url"] for task in done if task["name"].startswith("Train ") and task["tracking_url"]}
    known = {run["info"]["run_id"] for run in runs(walked)}
    assert {link.rsplit("/", 1)[-1].partition("?")[0] for link in links} <= known
    assert links


def test_each_candidate_has_one_finished_run(walked):
    states = [(run["info"]["run_name"].partition(" ")[0], run["info"]["status"]) for run in runs(walked)]
    assert sorted(states) == [("v1-25%-128", "FINISHED"), ("v1-25%-96", "FINISHED")]


def test_the_list_of_runs_that_is_printed_has_the_figures_as_columns(walked):
    (line,) = (line for line in (walked.root / "demo.txt").read_text().splitlines() if "viewStateShareKey=" in line)
    key = line.partition("viewStateShareKey=")[2].partition("&")[0]
    url = f"{walked.settings.server()}/api/2.0/mlflow/experiments/get"
    answer = requests.get(url, params={"experiment_id": "1"}, auth=walked.login, timeout=10)
    experiment = answer.json()["experiment"]
    (view,) = (tag["value"] for tag in experiment["tags"] if tag["key"] == f"mlflow.sharedViewState.{key}")
    columns = json.loads(json.loads(view)["state"])["selectedColumns"]
    best = next(run["data"] for run in runs(walked) if "promoted" in json.dumps(run["data"]["tags"]))
    logged = {f"metrics.`{entry['key']}`" for entry in best["metrics"]}
    assert set(columns) <= logged | {f"tags.`{entry['key']}`" for entry in best["tags"]}
    assert len(columns) == 5


def test_alias_and_stage_name_the_same_version(walked):
    url = f"{walked.settings.server()}/api/2.0/mlflow/registered-models/alias"
    answer = requests.get(url, params={"name": "acne", "alias": "production"}, auth=walked.login, timeout=10)
    production = answer.json()["model_version"]
    assert production["current_stage"] == "Production"
    assert production["version"] == versions(walked)[0]["version"]


def test_the_model_lies_in_the_bucket(walked):
    assert list((walked.stack / "s3").rglob("model.tflite"))


def test_targets_lie_under_source_and_time(walked):
    (first, *_) = sorted(path for path in (walked.workdir / "sample").iterdir() if path.is_dir())
    assert {path.name for path in first.iterdir()} >= {"scrape.json", "split.json", "register.json", "promote.json"}


def test_a_second_run_adds_no_run_and_no_version_and_says_unchanged(walked):
    before = len(runs(walked)), len(versions(walked))
    again = walked.acne("demo")
    assert "Nothing has changed since the last run" in again.stdout
    assert (len(runs(walked)), len(versions(walked))) == before


def test_stock_luigi_runs_the_walk_and_its_own_luigid_knows_it(walked, repository_folder, free_port):
    luigid = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from luigi.cmdline import luigid; luigid()",
            "--address",
            "127.0.0.1",
            "--port",
            str(free_port),
            "--state-path",
            str(repository_folder / "state"),
        ],
        env=walked.environment,
        cwd=repository_folder,
        stderr=subprocess.DEVNULL,
    )
    try:
        ran = luigi(walked, repository_folder, "Pipeline", "--backbones", DEMO, "--scheduler-port", str(free_port))
        assert ran.returncode == 0, ran.stderr
        names = {task["name"] for task in task_list(f"http://127.0.0.1:{free_port}", "DONE").values()}
    finally:
        luigid.terminate()
        luigid.wait(20)
    assert names == TASKS


def test_a_failing_task_gives_stock_luigi_an_exit_code(walked, repository_folder):
    (repository_folder / "photos" / "only-one").mkdir(parents=True)
    ran = luigi(
        walked, repository_folder, "Split", "--source", "photos", "--at", "2026-01-01T000000", "--local-scheduler"
    )
    assert ran.returncode == 30


def test_a_run_can_be_cut_off_after_the_split(class_folders, own_workdir_settings):
    run = PipelineRun(sources=Sources.parse(str(class_folders)), at=NEW_YEAR, until=Stage.SPLIT)
    result = run_pipeline(run, settings=own_workdir_settings, local_scheduler=True)
    photos = json.loads(Path(result.split).read_text())["photos"]
    assert len(photos) == 40
    assert (result.decision, result.reasons, result.version, result.training_seconds) == (None, None, None, None)


def test_the_failure_of_a_task_is_raised_as_the_stage_raised_it(tmp_path, empty_server_settings):
    picture = next(iter(draw_pictures(1, seed=5)))
    (tmp_path / "photos" / "cysts").mkdir(parents=True)
    (tmp_path / "photos" / "cysts" / "1.jpg").write_bytes(picture.jpeg())
    run = PipelineRun(sources=Sources.parse(str(tmp_path / "photos")), at=NEW_YEAR, until=Stage.SPLIT)
    with pytest.raises(DataUnusable, match="at least two classes"):
        run_pipeline(run, settings=empty_server_settings, local_scheduler=True)


def test_an_unknown_network_is_refused_before_anything_starts(class_folders, offline_settings):
    run = PipelineRun(sources=Sources.parse(str(class_folders)), at=NEW_YEAR, backbones=("resnet_50",))
    with pytest.raises(UsageError, match="resnet_50"):
        run_pipeline(run, settings=offline_settings, local_scheduler=True)
    assert not offline_settings.workdir.exists()


def test_a_listener_hears_of_every_task(class_folders, offline_settings):
    heard = []

    class Ears:
        def started(self, task):
            heard.append(("started", task))

        def progressed(self, task, done, total, what):
            heard.append(("progressed", task))

        def finished(self, task, seconds):
            heard.append(("finished", task))

    run = PipelineRun(sources=Sources.parse(str(class_folders)), at=NEW_YEAR, until=Stage.CURATE)
    run_pipeline(run, settings=offline_settings, local_scheduler=True, listener=Ears())
    assert [event for event in heard if event[0] != "progressed"] == [
        ("started", "Scrape"),
        ("finished", "Scrape"),
        ("started", "Curate"),
        ("finished", "Curate"),
    ]
    assert ("progressed", "Scrape") in heard


def test_the_repositorys_luigi_cfg_keeps_finished_tasks_for_a_week(repository_folder):
    code = "import luigi.scheduler; print(luigi.scheduler.scheduler().remove_delay)"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=repository_folder, env=os.environ, capture_output=True, text=True, check=True
    )
    assert float(ran.stdout) == 7 * 24 * 3600
