"""Every command uses the user's one stack, from whichever folder it is called."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from bad_input_scenes import draw


@pytest.fixture
def elsewhere(walked, tmp_path):
    """Run a command in a folder whose luigi.cfg suggests another stack, which is never started."""
    (tmp_path / "luigi.cfg").touch()
    environment = {name: value for name, value in walked.environment.items() if name != "ACNE_STACK"}

    def acne(*arguments):
        ran = subprocess.run(
            [sys.executable, "-m", "acnelib.cli", *map(str, arguments)],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        return ran

    yield acne
    assert not (tmp_path / "mlruns").exists()


def test_up_status_logs_and_env_mean_the_users_stack(walked, elsewhere):
    assert f"Your stack is in {walked.stack}" in elsewhere("up").stderr
    status = json.loads(elsewhere("status", "--format", "json").stdout)
    assert (status["stack"]["directory"], status["stack"]["rule"]) == (str(walked.stack), "recorded")
    assert status["services"]["mlflow"]["healthy"]
    assert "==> mlflow <==" in elsewhere("logs", "--lines", "1").stdout
    assert json.loads(elsewhere("env", "--format", "json").stdout)["mlflow"]["url"] == walked.settings.server()


def test_history_predict_and_doctor_know_its_production_version(walked, elsewhere):
    assert "version 1 promoted" in elsewhere("history").stdout
    photo = next((walked.workdir / "demo").glob("*.jpg"))
    assert "Model acne, version 1." in elsewhere("predict", photo).stderr
    assert "version 1 of acne" in elsewhere("doctor").stdout


def test_a_pipeline_runs_on_the_users_stack_and_says_so(walked, elsewhere, tmp_path):
    source = draw(tmp_path / "drawn", {"cysts": 3, "papules": 3})
    ran = elsewhere("pipeline", "--source", source, "--until", "scrape", "--workdir", tmp_path / "work")
    assert f"Your stack is in {walked.stack}" in ran.stderr
    assert str(walked.settings.embedded_url("luigid")) in ran.stdout
