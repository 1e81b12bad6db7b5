"""A tiny real model that tells colours apart, a registry that holds it, and the command line in this process."""

from __future__ import annotations

import json
import re
import shutil
import socket
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from grain import grained
from PIL import Image
from tiny_bundles import sealed
from werkzeug import Response

from acnelib import bundle as bundles
from acnelib.cli import main
from acnelib.models import load_classifier
from acnelib.storage.files import sha256_of_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_httpserver import HTTPServer
    from werkzeug import Request

    from acnelib.inference import Classifier

COLOURS = {"blue": (0, 0, 255), "green": (0, 255, 0), "red": (255, 0, 0), "grey": (128, 128, 128)}


@pytest.fixture(scope="session")
def tiny_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sealed bundle that tests read only: pure colours score 0.96 and are confident, grey is uncertain."""
    return sealed(tmp_path_factory.mktemp("bundles") / "tiny")


@pytest.fixture
def own_bundle(tiny_bundle: Path, tmp_path: Path) -> Path:
    """A copy of it for tests that damage it."""
    return Path(shutil.copytree(tiny_bundle, tmp_path / "own"))


@pytest.fixture(scope="session")
def classifier(tiny_bundle: Path) -> Classifier:
    return load_classifier(tiny_bundle)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """An empty folder for photos."""
    folder = tmp_path / "photos"
    folder.mkdir()
    return folder


@pytest.fixture
def paint(photos: Path) -> Callable[..., Path]:
    """Paint one colour into a file of the folder of photos, with a grain, as a plain picture is no photo."""

    def paint(name: str, colour: str) -> Path:
        path = photos / name
        path.parent.mkdir(parents=True, exist_ok=True)
        grained(Image.new("RGB", (96, 96), COLOURS[colour])).save(path)
        return path

    return paint


@pytest.fixture
def dead_server() -> str:
    """An address of this machine at which nobody answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


@dataclass(frozen=True)
class Ran:
    """What a command answered."""

    code: int
    out: str
    err: str


@pytest.fixture
def run_acne(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run the command ``acne`` in this process."""

    def run(*arguments: object) -> Ran:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        return Ran(code, *capsys.readouterr())

    return run


@dataclass
class Registry:
    """An MLflow server as far as the light path asks one; ``instead`` holds what it answers to a call otherwise."""

    server: HTTPServer
    versions: dict[str, dict[str, Any]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    folders: dict[str, Path] = field(default_factory=dict)
    instead: dict[str, Response] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    uploads: list[str] = field(default_factory=list)
    refused_uploads: set[str] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    @property
    def downloads(self) -> int:
        return sum(request.path.endswith(bundles.LITERT) for request in self.requests)

    def register(
        self, folder: Path, *, stage: str | None = None, alias: str | None = None, tag: str | None = None
    ) -> str:
        """Make a folder the next version; its stage mirrors its alias unless a test wants it otherwise."""
        stage = stage or (alias or "None").capitalize()
        number = str(len(self.versions) + 1)
        sha256 = tag or sha256_of_file(folder / bundles.SUMS)
        tags = [{"key": "acnelib.bundle_sha256", "value": sha256}]
        self.versions[number] = {"version": number, "current_stage": stage, "run_id": "r" * 32, "tags": tags}
        self.folders[number] = folder
        if alias:
            self.aliases[alias] = number
        return number

    def go_down(self) -> None:
        self.server.stop()

    def answer(self, request: Request) -> Response:
        self.requests.append(request)
        call = re.sub("^/api/2.0/mlflow(-artifacts)?/", "", request.path)
        none_yet = said({"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "no experiment"}, status=404)
        if call in self.instead or call.startswith("experiments/get"):
            return self.instead.get(call, none_yet)
        wanted = request.args
        if call == "registered-models/alias":
            return self._version(self.aliases.get(wanted["alias"]), f"Registered model alias {wanted['alias']}")
        if call == "registered-models/get-latest-versions":
            found = [version for version in self.versions.values() if version["current_stage"] == wanted["stages"]]
            return said({"model_versions": found} if found else {})
        if call == "model-versions/get":
            return self._version(wanted["version"], f"Model Version {wanted['version']}")
        if call == "model-versions/get-download-uri":
            return said({"artifact_uri": f"mlflow-artifacts:/models/{wanted['version']}"})
        return self._artifact(request, call)

    def _artifact(self, request: Request, call: str) -> Response:
        number, name = re.fullmatch(r"artifacts/models/(\d+)/artifacts/bundle/([^/]+)", call).groups()
        path = self.folders[number] / name
        if request.method == "PUT":
            self.uploads.append(name)
            if name not in self.refused_uploads:
                path.write_bytes(request.data)
            return said({})
        return Response(path.read_bytes()) if path.is_file() else said({}, status=404)

    def _version(self, number: str | None, what: str) -> Response:
        if number in self.versions:
            return said({"model_version": self.versions[number]})
        return said({"error_code": "RESOURCE_DOES_NOT_EXIST", "message": f"{what} not found"}, status=404)


def said(value: object, *, status: int = 200) -> Response:
    return Response(json.dumps(value), status=status, mimetype="application/json")


@pytest.fixture(autouse=True)
def no_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests to a registry are repeated at once."""
    monkeypatch.setattr("acnelib.registry.rest.WAITS", (0.0,) * 5)


@pytest.fixture
def registry(httpserver_ipv4: HTTPServer) -> Iterator[Registry]:
    registry = Registry(httpserver_ipv4)
    httpserver_ipv4.expect_request(re.compile("/api/2.0/mlflow.*")).respond_with_handler(registry.answer)
    yield registry
    if not httpserver_ipv4.is_running():
        httpserver_ipv4.start()
