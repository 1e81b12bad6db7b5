"""The whole pipeline against servers that others run: MLflow on PostgreSQL, an S3 store, a stock luigid, two workers.

Nothing of acnelib starts or knows these servers; settings alone lead to them.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
import requests

from acnelib.atlas.drawing import draw_picture

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.system, pytest.mark.timeout(600)]

POSTGRES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
KEYS = {"AWS_ACCESS_KEY_ID": "shared-key", "AWS_SECRET_ACCESS_KEY": "shared-secret", "AWS_DEFAULT_REGION": "us-east-1"}
BUCKET = "team"
PASSWORD = "only-for-this-test"
BACKBONE = "mobilenet_v1_0.25_96"
PATIENCE = 120.0
TOGETHER = 400.0
WORKERS = 2


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextlib.contextmanager
def served(
    command: list[str], *, health: str, folder: Path, environment: dict[str, str] | None = None
) -> Iterator[None]:
    """Run a server for as long as the block lasts."""
    log = folder / "server.log"
    with log.open("w") as output:
        environment = dict(os.environ) | (environment or {})
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=output)
        try:
            deadline = time.monotonic() + PATIENCE
            while not answers(health):
                assert process.poll() is None, f"{command[2:4]} ended: {log.read_text()[-2000:]}"
                assert time.monotonic() < deadline, f"{command[2:4]} does not answer: {log.read_text()[-2000:]}"
                time.sleep(0.2)
            yield
        finally:
            process.terminate()
            process.wait(30)


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).status_code < requests.codes.server_error
    except requests.RequestException:
        return False


@pytest.fixture(scope="module")
def driver() -> Path:
    """Python's way to PostgreSQL, which the server needs and acnelib does not."""
    folder = Path(os.environ["ACNE_TEST_SHARED"]) / "driver"
    command = [sys.executable, "-m", "uv", "pip", "install", "-q", "--no-config", "--python", sys.executable]
    command += ["--target", str(folder), "psycopg2-binary"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"psycopg2 cannot be installed: {done.stderr}"
    return folder


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """The address of an empty database."""
    if not POSTGRES:
        pytest.skip("PostgreSQL is missing; on Debian: sudo apt-get install postgresql")
    # Not in the tests' own folder: PostgreSQL refuses root, and nobody else may enter that.
    folder = Path(tempfile.mkdtemp(prefix="acne-postgres-", dir="/tmp"))
    data, secret, port = folder / "data", folder / "password", free_port()
    secret.write_text(PASSWORD)
    become: list[str] = []
    if os.geteuid() == 0:
        become = ["runuser", "-u", "postgres", "--"]
        for path in (folder, secret):
            shutil.chown(path, "postgres")

    def does(name: str, *arguments: object) -> None:
        # Not captured: the server that pg_ctl leaves behind would keep a pipe open.
        with (folder / "output").open("a") as output:
            command = [*become, str(POSTGRES[-1] / name), *map(str, arguments)]
            done = subprocess.run(command, cwd="/", stdout=output, stderr=output, check=False)
        assert done.returncode == 0, (folder / "output").read_text()

    try:
        does("initdb", "-D", data, "-U", "mlflow", "--auth=scram-sha-256", "--pwfile", secret, "--no-sync")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
        does("pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
        try:
            yield f"postgresql+psycopg2://mlflow:{PASSWORD}@127.0.0.1:{port}/postgres"
        finally:
            does("pg_ctl", "-D", data, "-w", "-m", "fast", "stop")
    finally:
        shutil.rmtree(folder)


@dataclass(frozen=True)
class Servers:
    """Where the shared servers are."""

    s3: str
    mlflow: str
    luigid: str

    def ask(self, call: str, **parameters: str) -> dict[str, Any]:
        """Ask the tracking server as anybody may."""
        response = requests.get(f"{self.mlflow}/api/2.0/mlflow/{call}", params=parameters, timeout=20)
        response.raise_for_status()
        return dict(response.json())

    def bucket(self) -> list[str]:
        """Return the keys of everything in the bucket."""
        client = boto3.client("s3", endpoint_url=self.s3)
        return [entry["Key"] for entry in client.list_objects_v2(Bucket=BUCKET).get("Contents", [])]

    def tasks(self, status: str) -> list[str]:
        """Return the names of luigid's tasks of a status."""
        parameters = {"data": f'{{"status": "{status}"}}'}
        found = requests.get(f"{self.luigid}/api/task_list", params=parameters, timeout=20).json()["response"]
        return [task["name"] for task in found.values()]


@pytest.fixture(scope="module")
def servers(postgres: str, driver: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """An S3 store, an MLflow server and luigid, started by their own commands."""
    ports = [free_port() for _ in range(3)]
    s3, mlflow, luigid = (f"http://127.0.0.1:{port}" for port in ports)
    folders = [tmp_path_factory.mktemp(name) for name in ("s3", "mlflow", "luigid")]
    nanio = [sys.executable, "-m", "nanio", "serve", "--host", "127.0.0.1", "--port", str(ports[0]), "--data-dir", "s3"]
    server = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(ports[1]), "--workers=1"]
    server += ["--backend-store-uri", postgres, "--artifacts-destination", f"s3://{BUCKET}/mlflow"]
    scheduler = [str(Path(sys.executable).with_name("luigid")), "--address", "127.0.0.1", "--port", str(ports[2])]
    nanio_keys = {
        "NANIO_ACCESS_KEY": KEYS["AWS_ACCESS_KEY_ID"],
        "NANIO_SECRET_KEY": KEYS["AWS_SECRET_ACCESS_KEY"],
    }
    mlflow_environment = KEYS | {"MLFLOW_S3_ENDPOINT_URL": s3, "PYTHONPATH": str(driver)}
    mlflow_environment |= {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "MLFLOW_DISABLE_TELEMETRY": "true"}
    with pytest.MonkeyPatch.context() as patch, contextlib.ExitStack() as running:
        for name, value in KEYS.items():
            patch.setenv(name, value)
        running.enter_context(served(nanio, health=s3, folder=folders[0], environment=nanio_keys))
        boto3.client("s3", endpoint_url=s3).create_bucket(Bucket=BUCKET)
        health = f"{mlflow}/health"
        running.enter_context(served(server, health=health, folder=folders[1], environment=mlflow_environment))
        running.enter_context(served(scheduler, health=f"{luigid}/api/is_paused", folder=folders[2]))
        yield Servers(s3, mlflow, luigid)


@dataclass(frozen=True)
class Worked:
    """Two workers that are done."""

    servers: Servers
    roots: list[Path]
    codes: list[int]
    outputs: list[str]


def acne(source: str, *, scheduler: str) -> list[str]:
    command = [str(Path(sys.executable).with_name("acne")), "pipeline", "--source", source]
    return [*command, "--backbone", BACKBONE, "--weights", "starter"]


def stock_luigi(source: str, *, scheduler: str) -> list[str]:
    command = [str(Path(sys.executable).with_name("luigi")), "--module", "luigi_tasks", "Pipeline", "--source", source]
    command += ["--backbones", f'["{BACKBONE}"]', "--weights", "starter", "--scheduler-url", scheduler]
    return [*command, "--worker-keep-alive"]  # else it ends, with exit code 0, while the other one trains


@pytest.fixture(scope="module")
def worked(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Worked:
    """Two machines at once, one with `acne` and one with `luigi`: own folders, one scheduler and registry."""
    roots, processes = [], []
    for seed in range(WORKERS):
        root = tmp_path_factory.mktemp("machine")
        for index in range(80):
            picture = draw_picture(index, seed=seed)
            path = root / f"photos{seed}" / picture.label / f"{picture.name}.jpg"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(picture.jpeg())
        roots.append(root)
    for seed, root in enumerate(roots):
        settings = {"ACNE_HOME": root / "home", "ACNE_STACK": root / "stack", "ACNE_WORKDIR": root / "work"}
        settings |= {"MLFLOW_TRACKING_URI": servers.mlflow}
        # A client needs none of the store's keys.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        environment |= {name: str(value) for name, value in settings.items()}
        command = (stock_luigi if seed else acne)(f"photos{seed}", scheduler=servers.luigid)
        environment |= {"ACNE_LUIGID_URL": servers.luigid, "TMPDIR": str(root)}  # there luigi leaves a folder
        with (root / "output").open("w") as output:
            processes.append(subprocess.Popen(command, cwd=root, env=environment, stdout=output, stderr=output))
    deadline = time.monotonic() + TOGETHER
    try:
        codes = [process.wait(max(1.0, deadline - time.monotonic())) for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()
    return Worked(servers, roots, codes, [(root / "output").read_text() for root in roots])


def test_both_workers_finish(worked: Worked) -> None:
    assert worked.codes == [0, 0], "\n\n".join(output[-3000:] for output in worked.outputs)


def test_no_embedded_stack_was_started(worked: Worked) -> None:
    assert not any((root / "stack").exists() or (root / "home/stack.json").exists() for root in worked.roots)


def test_the_shared_registry_has_a_decided_version_of_each_and_one_in_production(worked: Worked) -> None:
    found = worked.servers.ask("model-versions/search", filter="name = 'acne'")["model_versions"]
    decisions = [{tag["key"]: tag["value"] for tag in version["tags"]}["acnelib.decision"] for version in found]
    assert len(decisions) == WORKERS
    assert set(decisions) <= {"promoted", "rejected"}
    assert [version["current_stage"] for version in found].count("Production") == 1


def test_bundles_lie_in_the_outside_bucket(worked: Worked) -> None:
    assert len([key for key in worked.servers.bucket() if key.endswith("bundle/model.tflite")]) == WORKERS


def test_the_shared_luigid_shows_the_tasks_of_both(worked: Worked) -> None:
    done = worked.servers.tasks("DONE")
    assert done.count("Pipeline") == WORKERS
    assert worked.servers.tasks("FAILED") == []
