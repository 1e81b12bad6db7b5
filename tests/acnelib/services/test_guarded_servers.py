"""Who may ask the embedded MLflow server and luigid, and which files MLflow reads and writes for them."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import requests

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from acnelib.config.settings import Settings
    from acnelib.services import Stack

MLFLOW_PATHS = (
    "/",
    "/static-files/x.js",
    "/api/2.0/mlflow/experiments/search?max_results=1",
    "/ajax-api/2.0/mlflow/experiments/search?max_results=1",
    "/ajax-api/3.0/mlflow/server-info",
    "/api/2.0/mlflow-artifacts/artifacts",
    "/api/2.0/mlflow-artifacts/artifacts/1/x",
    "/get-artifact?run_uuid=x&path=x",
    "/model-versions/get-artifact?name=x&version=1&path=x",
    "/graphql",
)
LUIGID_PATHS = ("/", "/static/visualiser/index.html", "/static/visualiser/js/luigi.js", "/api/task_list", "/metrics")


@dataclass(frozen=True)
class Server:
    """One server, asked with or without the login."""

    url: str
    login: dict[str, str]

    def get(self, path: str, **headers: str) -> requests.Response:
        return requests.get(f"{self.url}{path}", headers=self.login | headers, timeout=20, allow_redirects=False)

    def post(self, path: str, body: dict[str, Any], method: str = "POST") -> requests.Response:
        return requests.request(method, f"{self.url}{path}", json=body, headers=self.login, timeout=30)

    def anonymous(self, path: str, method: str = "GET") -> int:
        return requests.request(method, f"{self.url}{path}", timeout=20, allow_redirects=False).status_code


@pytest.fixture
def server(stack: Stack) -> Callable[[str], Server]:
    login = {"Authorization": stack.credentials().login.header}
    services = stack.status()
    return lambda name: Server(str(services[name].url), login)


@pytest.fixture
def tracking(server: Callable[[str], Server]) -> Server:
    return server("mlflow")


@pytest.fixture
def luigid(server: Callable[[str], Server]) -> Server:
    return server("luigid")


def test_without_the_login_mlflow_answers_nothing_but_that_it_is_well(tracking: Server) -> None:
    assert {tracking.anonymous(path) for path in MLFLOW_PATHS} == {401}
    for method in ("PUT", "DELETE", "POST", "PATCH", "OPTIONS"):
        assert tracking.anonymous("/api/2.0/mlflow-artifacts/artifacts/1/x", method) == 401
    assert [tracking.anonymous(path) for path in ("/health", "/version")] == [200, 200]
    challenge = requests.get(tracking.url, timeout=10).headers["WWW-Authenticate"]
    assert challenge.startswith("Basic ")


def test_without_the_login_luigid_answers_nothing(luigid: Server) -> None:
    assert {luigid.anonymous(path) for path in LUIGID_PATHS} == {401}
    assert {luigid.anonymous("/api/pause", method) for method in ("POST", "OPTIONS", "PUT")} == {401}
    assert not luigid.get("/api/is_paused").json()["response"]["paused"]


def test_with_the_login_the_pages_open(tracking: Server, luigid: Server) -> None:
    assert "<html" in tracking.get("/").text.lower()
    assert "Luigi" in luigid.get("/static/visualiser/index.html").text


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Origin": "http://evil.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
        {"Sec-Fetch-Site": "same-site"},
        {"Referer": "http://evil.example/page"},
    ],
)
def test_a_page_of_another_site_is_refused_though_the_browser_sends_the_login(
    tracking: Server, luigid: Server, headers: dict[str, str]
) -> None:
    assert tracking.get("/api/2.0/mlflow/experiments/search?max_results=1", **headers).status_code == 403
    assert luigid.get("/api/pause", **headers).status_code == 403
    assert luigid.get("/api/task_list", **headers).status_code == 403
    assert not luigid.get("/api/is_paused").json()["response"]["paused"]


def test_a_plain_get_neither_pauses_luigid_nor_adds_a_task(luigid: Server) -> None:
    task = json.dumps({"worker": "w", "task_id": "Foreign", "status": "PENDING"})
    refused = [luigid.get("/api/pause"), luigid.get(f"/api/add_task?data={task}")]
    assert [answer.status_code for answer in refused] == [403, 403]
    assert "Foreign" not in luigid.get("/api/task_list").json()["response"]


def test_no_text_of_a_task_can_run_as_a_script_in_luigids_page(luigid: Server) -> None:
    policy = luigid.get("/static/visualiser/index.html").headers["Content-Security-Policy"]
    directives = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    assert directives["default-src"] == "'self'"
    assert directives["script-src"].startswith("'self' 'sha256-")
    assert "unsafe" not in directives["script-src"]
    assert luigid.get("/api/task_list").headers["X-Content-Type-Options"] == "nosniff"


ROOTS = ("file:///etc", "/etc", "s3://other/x", "http://127.0.0.1:1/x", "mlflow-artifacts:/a/../../b")


def experiment(root: str) -> dict[str, str]:
    return {"name": f"root-{uuid.uuid4().hex}", "artifact_location": root}


@pytest.mark.parametrize("root", ROOTS)
@pytest.mark.parametrize("api", ["api", "ajax-api"])
def test_mlflow_takes_no_artifact_root_but_its_own(tracking: Server, api: str, root: str) -> None:
    created = tracking.post(f"/{api}/2.0/mlflow/experiments/create", {"name": uuid.uuid4().hex}).json()
    number = created["experiment_id"]
    name = f"model-{uuid.uuid4().hex}"
    run = tracking.post(f"/{api}/2.0/mlflow/runs/create", {"experiment_id": number}).json()["run"]["info"]["run_id"]
    tracking.post(f"/{api}/2.0/mlflow/registered-models/create", {"name": name})
    version, tag = {"name": name, "source": root}, {"key": "mlflow.artifactLocation", "value": root}
    refused = [
        tracking.post(f"/{api}/2.0/mlflow/experiments/create", experiment(root)),
        tracking.post(f"/{api}/2.0/mlflow/experiments/create", {"name": "camel", "artifactLocation": root}),
        tracking.post(f"/{api}/2.0/mlflow/experiments/update", {"experiment_id": number, "artifact_location": root}),
        tracking.post(f"/{api}/2.0/mlflow/runs/create", {"experiment_id": number, "artifact_uri": root}),
        tracking.post(f"/{api}/2.0/mlflow/runs/update", {"run_id": run, "artifact_uri": root}),
        tracking.post(f"/{api}/2.0/mlflow/model-versions/create", version),
        tracking.post(f"/{api}/2.0/mlflow/model-versions/create", version | {"run_id": run}),
        tracking.post(f"/{api}/2.0/mlflow/logged-models", {"experiment_id": number, "artifact_location": root}),
        tracking.post(f"/{api}/2.0/mlflow/traces/tr-1/tags", tag, method="PATCH"),
        tracking.post(f"/{api}/3.0/mlflow/workspaces", {"name": "w", "default_artifact_root": root}),
    ]
    assert [answer.status_code for answer in refused] == [400] * len(refused)
    assert "own store only" in refused[0].json()["message"]


def test_it_takes_its_own(tracking: Server) -> None:
    for root in ("mlflow-artifacts:/mine", "s3://acne/mlflow/mine"):
        assert tracking.post("/api/2.0/mlflow/experiments/create", experiment(root)).status_code == 200


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "id_rsa").write_text("a private key")
    return tmp_path / "secret"


def test_a_root_that_is_stored_already_is_neither_read_nor_written(
    tracking: Server, shared_settings: Settings, secret: Path
) -> None:
    created = tracking.post("/api/2.0/mlflow/experiments/create", {"name": uuid.uuid4().hex}).json()
    body = {"experiment_id": created["experiment_id"]}
    run = tracking.post("/api/2.0/mlflow/runs/create", body).json()["run"]["info"]["run_id"]
    model = tracking.post("/api/2.0/mlflow/logged-models", body).json()["model"]["info"]["model_id"]
    name = uuid.uuid4().hex
    tracking.post("/api/2.0/mlflow/registered-models/create", {"name": name})
    tracking.post("/api/2.0/mlflow/model-versions/create", {"name": name, "source": "s3://acne/mlflow/x"})
    for root in (secret.as_uri(), str(secret), f"mlflow-artifacts:/../..{secret}"):
        with contextlib.closing(sqlite3.connect(shared_settings.stack / "mlflow.db")) as database, database:
            database.execute("UPDATE runs SET artifact_uri = ? WHERE run_uuid = ?", (root, run))
            database.execute("UPDATE model_versions SET storage_location = ? WHERE name = ?", (root, name))
            database.execute("UPDATE logged_models SET artifact_location = ? WHERE model_id = ?", (root, model))
        answers = [
            tracking.get(f"/api/2.0/mlflow/artifacts/list?run_id={run}"),
            tracking.get(f"/get-artifact?run_uuid={run}&path=id_rsa"),
            tracking.get(f"/model-versions/get-artifact?name={name}&version=1&path=id_rsa"),
            tracking.get(f"/ajax-api/2.0/mlflow/logged-models/{model}/artifacts/files?artifact_file_path=id_rsa"),
            tracking.get(f"/api/2.0/mlflow/logged-models/{model}/artifacts/directories"),
            tracking.post(f"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={run}&path=written", {}),
        ]
        assert {answer.status_code for answer in answers} == {400}
        assert not any("private key" in answer.text for answer in answers)
    assert [path.name for path in secret.iterdir()] == ["id_rsa"]
