"""Neither the name of a person or a machine nor a path reaches the tracking server."""

from __future__ import annotations

import getpass
import json
import shutil
import uuid
from pathlib import Path
from typing import Any

import pytest
import requests

from acnelib.config.stack_login import with_login
from acnelib.registry.tracking import Tracking
from acnelib.registry.tracking.connection import signature
from acnelib.storage.assignments import Assignment, Subset

HASH = "0" * 64


class Served:
    """Everything that a server has about a run and a version, as text."""

    def __init__(self, server: str) -> None:
        self._server = server

    def run(self, run_id: str) -> str:
        run = self._ask("2.0/mlflow/runs/get", run_id=run_id)["run"]
        models = [output["model_id"] for output in run.get("outputs", {}).get("model_outputs", [])]
        described = [self._ask(f"2.0/mlflow/logged-models/{model}")["model"] for model in models]
        roots = [run["info"]["artifact_uri"], *(model["info"]["artifact_uri"] for model in described)]
        return "\n".join([json.dumps([run, described]), *(self._texts(root) for root in roots)])

    def version(self, name: str, version: str) -> str:
        found = self._ask("2.0/mlflow/model-versions/get", name=name, version=version)
        return json.dumps([found, self._ask("2.0/mlflow/registered-models/get", name=name)])

    def _texts(self, root: str, folder: str = "") -> str:
        base = root.removeprefix("mlflow-artifacts:/")
        found = self._ask("2.0/mlflow-artifacts/artifacts", path=f"{base}/{folder}".rstrip("/"))
        texts = []
        for entry in found.get("files", []):
            path = f"{folder}/{entry['path']}".lstrip("/")
            if entry["is_dir"]:
                texts.append(self._texts(root, path))
            else:
                texts.append(self._get(f"2.0/mlflow-artifacts/artifacts/{base}/{path}").content.decode("latin-1"))
        assert texts or folder == ""
        return "\n".join(texts)

    def _ask(self, call: str, **parameters: str) -> Any:
        return self._get(call, **parameters).json()

    def _get(self, call: str, **parameters: str) -> requests.Response:
        asked = with_login(self._server)
        response = requests.get(f"{asked.address}/api/{call}", params=parameters, auth=asked.auth, timeout=20)
        response.raise_for_status()
        return response


@pytest.fixture
def tracking(workplace):
    return Tracking(server=str(workplace.settings.server()), identity="t", model_name=f"names-{uuid.uuid4().hex[:8]}")


@pytest.fixture
def names(monkeypatch, tmp_path, own_home, workplace):
    """A person with a name, on a machine with a name, whose program lies in a folder and a repository with names."""
    for variable in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(variable, "jane-of-the-clinic")
    assert getpass.getuser() == "jane-of-the-clinic"
    program = tmp_path / "programs-of-jane" / "acne"
    program.parent.mkdir()
    program.touch()
    for name in ("uv.lock", "pyproject.toml"):  # MLflow adds them to models where it finds them
        Path(name).write_text("# programs-of-jane")
    monkeypatch.setattr("sys.argv", [str(program), "pipeline"])
    monkeypatch.setattr("platform.node", lambda: "clinic-machine-7")
    monkeypatch.setattr("socket.gethostname", lambda: "clinic-machine-7")
    return [
        "jane-of-the-clinic",
        "programs-of-jane",
        "clinic-machine-7",
        *map(str, (Path.home(), Path.cwd(), own_home, tmp_path, workplace.root, Path(__file__).parents[4])),
        "/tmp/",
    ]


def test_no_name_and_no_path_reaches_the_server_with_a_run_and_a_version(tracking, tiny_bundle, names, tmp_path):
    from acnelib import bundle as bundles

    sealed = bundles.open_bundle(shutil.copytree(tiny_bundle, tmp_path / "programs-of-jane" / "bundle"))
    with tracking.candidate_run("names", name="names", tags={"acnelib.source": "sample"}, stage="train") as run:
        run.log_parameters({"backbone": "tiny"})
        run.log_photos([HASH], ["red"], name="sample", context="training")
        run.log_assignments({HASH: Assignment(subset=Subset.TRAIN, group=HASH, folds=(0,))})
        version = tracking.versions.register(sealed.path, sha256=str(sealed.sha256))
    served = Served(tracking.server)
    texts = served.run(run.run_id) + served.version(tracking.model_name, version)
    assert "artifacts/bundle" in texts
    assert '"acne pipeline"' in texts
    assert [name for name in names if name in texts] == []


def test_no_path_of_this_machine_is_in_a_bundle_or_reaches_the_server_with_a_whole_walk(workplace, promoted):
    served = Served(str(workplace.settings.server()))
    texts = [served.run(run["info"]["run_id"]) for run in workplace.runs("acne")]
    texts.append(served.version("acne", promoted.version))
    texts += [path.read_bytes().decode("latin-1") for path in promoted.bundle.iterdir()]
    paths = map(str, (workplace.root, Path.home(), Path(__file__).parents[4], workplace.root.parent))
    assert [path for path in paths if any(path in text for text in texts)] == []


def test_a_person_signs_with_the_name_that_they_set_and_no_other(monkeypatch, names):
    assert signature() == "not signed"
    monkeypatch.setenv("ACNE_SIGNATURE", "Dr. Roe")
    assert signature() == "Dr. Roe"
