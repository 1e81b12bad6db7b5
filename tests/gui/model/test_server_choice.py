"""The model_selection with the real cache, over real HTTP: a server that is quick, hangs, goes down and comes back."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug import Response

from acnelib.bundle import LITERT, SUMS, open_bundle
from acnelib.config.settings import Settings
from acnelib.models import find_model
from gui.background import Worker
from gui.model.selection import ModelSelection
from gui.state.session import ModelMissing, ModelReady

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytest_httpserver import HTTPServer
    from pytestqt.qtbot import QtBot
    from werkzeug import Request

    Make = Callable[[], ModelSelection]


class Server:
    """An MLflow server with some versions, of which one is in production."""

    def __init__(self, http: HTTPServer) -> None:
        self.http = http
        self.folders: dict[str, Path] = {}
        self.production = ""
        self.requests: list[Request] = []
        self.going = threading.Event()
        self.going.set()
        http.expect_request(re.compile("/api/.*")).respond_with_handler(self.answer)

    @property
    def downloads(self) -> int:
        return sum(request.path.endswith(LITERT) for request in self.requests)

    def promote(self, folder: Path) -> None:
        self.production = str(len(self.folders) + 1)
        self.folders[self.production] = folder

    def answer(self, request: Request) -> Response:
        self.requests.append(request)
        assert self.going.wait(20)
        if request.path.endswith("registered-models/alias"):
            return said({"model_version": self._version(self.production)})
        if request.path.endswith("model-versions/get-download-uri"):
            return said({"artifact_uri": f"mlflow-artifacts:/{request.args['version']}"})
        number, name = re.search(r"/artifacts/(\d+)/artifacts/bundle/([^/]+)$", request.path).groups()
        return Response((self.folders[number] / name).read_bytes())

    def _version(self, number: str) -> dict[str, Any]:
        tags = [{"key": "acnelib.bundle_sha256", "value": open_bundle(self.folders[number]).sha256}]
        return {"version": number, "current_stage": "Production", "tags": tags}


def said(value: object) -> Response:
    import json

    return Response(json.dumps(value), mimetype="application/json")


@pytest.fixture
def server(httpserver_ipv4: HTTPServer, bundle: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Version 1 is in production."""
    server = Server(httpserver_ipv4)
    server.promote(bundle)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"http://127.0.0.1:{httpserver_ipv4.port}")
    yield server
    server.going.set()
    if not httpserver_ipv4.is_running():
        httpserver_ipv4.start()


@pytest.fixture
def make(server: Server) -> Iterator[Make]:
    workers: list[Worker] = []
    keepers: list[ModelSelection] = []

    def make() -> ModelSelection:
        workers.extend([Worker("acne-loading"), Worker("acne-asking")])
        keepers.append(ModelSelection(loading=workers[-2], asking=workers[-1], check_every=60))
        keepers[-1].start()
        return keepers[-1]

    yield make
    server.going.set()
    for model_selection in keepers:
        model_selection.close()
    assert all(worker.close(timeout=20) for worker in workers)


def version(model_selection: ModelSelection) -> str | None:
    return model_selection.state.identity.version if isinstance(model_selection.state, ModelReady) else None


def wait_for(qtbot: QtBot, condition: Callable[[], bool]) -> None:
    qtbot.waitUntil(condition, timeout=20_000)


def test_the_cached_model_classifies_while_its_server_hangs(
    make: Make, server: Server, qtbot: QtBot, photo: Callable[[str], Path]
) -> None:
    find_model()
    asked = len(server.requests)
    server.going.clear()
    model_selection = make()
    wait_for(qtbot, lambda: version(model_selection) == "1" and len(server.requests) == asked + 1)
    assert model_selection.model.classify(photo("papules")).label == "papules"
    assert model_selection.state.stage == "Production"


def test_a_new_production_is_downloaded_offered_and_used_on_demand(
    make: Make, server: Server, qtbot: QtBot, bundle_with_maps: Path
) -> None:
    find_model()
    server.promote(bundle_with_maps)
    model_selection = make()
    wait_for(qtbot, lambda: model_selection.new is not None)
    assert (model_selection.new.version, version(model_selection), model_selection.state.gives_maps) == (
        "2",
        "1",
        False,
    )
    server.http.stop()
    model_selection.use_new_version()
    wait_for(qtbot, lambda: version(model_selection) == "2")
    assert model_selection.state.gives_maps
    assert model_selection.state.stage == "Production"


def test_a_damaged_cache_is_fetched_again(make: Make, server: Server, qtbot: QtBot) -> None:
    (find_model().bundle.path / LITERT).write_bytes(b"damaged")
    model_selection = make()
    wait_for(qtbot, lambda: version(model_selection) == "1")
    assert server.downloads == 2


def test_a_damaged_cache_without_its_server_is_one_clear_reason(make: Make, server: Server, qtbot: QtBot) -> None:
    (find_model().bundle.path / SUMS).unlink()
    server.http.stop()
    model_selection = make()
    wait_for(qtbot, lambda: isinstance(model_selection.state, ModelMissing))
    assert re.match(
        "the cached production model of .* is damaged, and the tracking server", model_selection.state.reason
    )


def test_two_apps_that_start_at_once_download_once_into_one_cache(make: Make, server: Server, qtbot: QtBot) -> None:
    keepers = [make(), make()]
    wait_for(qtbot, lambda: [version(model_selection) for model_selection in keepers] == ["1", "1"])
    assert server.downloads == 1
    left = {path.name for path in Settings.load().cache.iterdir()}
    assert left == {"bundles", "servers", "cache.lock"}


def test_a_server_that_comes_back_ends_being_offline(make: Make, server: Server, qtbot: QtBot) -> None:
    find_model()
    server.http.stop()
    model_selection = make()
    wait_for(qtbot, lambda: version(model_selection) == "1" and model_selection.state.offline is not None)
    server.http.start()
    model_selection.check_now()
    wait_for(qtbot, lambda: model_selection.state.offline is None)
    assert version(model_selection) == "1"


def test_the_registry_is_only_read(make: Make, server: Server, qtbot: QtBot, bundle_with_maps: Path) -> None:
    model_selection = make()
    wait_for(qtbot, lambda: version(model_selection) == "1")
    server.promote(bundle_with_maps)
    model_selection.check_now()
    wait_for(qtbot, lambda: model_selection.new is not None)
    model_selection.use_new_version()
    wait_for(qtbot, lambda: version(model_selection) == "2")
    assert {request.method for request in server.requests} == {"GET"}
