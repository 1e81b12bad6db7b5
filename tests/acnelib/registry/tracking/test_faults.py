"""Faults between this program and a real server: flipped bits are noticed and healed, lost requests are repeated."""

from __future__ import annotations

import random
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from acnelib import bundle as bundles
from acnelib.bundle import open_bundle
from acnelib.config.stack_login import with_login
from acnelib.errors import TrackingFailed
from acnelib.registry import rest
from acnelib.registry.reading import RegistryReader
from acnelib.registry.tracking import Tracking
from acnelib.registry.tracking.stored_bundles import store_whole

BUSY, DROP, LOSE_ANSWER = "busy", "drop", "lose answer"
_HOP = {"connection", "transfer-encoding", "content-encoding", "content-length", "keep-alive"}


class FaultyProxy:
    """Passes requests on to a server; ``fault`` names what goes wrong, ``damage`` changes a body on its way."""

    def __init__(self, server: str) -> None:
        self.server = server
        self.fault = lambda method, path: None
        self.damage = lambda method, path, body: body
        self.faults = 0
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                fault = proxy.fault(self.command, self.path)
                proxy.faults += fault is not None
                self.close_connection = True
                if fault == BUSY:
                    self.send_response(503)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                elif fault != DROP:
                    self.pass_on(body, fault)

            def pass_on(self, body, fault):
                headers = {name: value for name, value in self.headers.items() if name.lower() not in {"host", *_HOP}}
                answer = requests.request(
                    self.command,
                    proxy.server + self.path,
                    data=proxy.damage(self.command, self.path, body),
                    headers=headers,
                    auth=with_login(proxy.server).auth,
                    timeout=20,
                )
                if fault == LOSE_ANSWER:
                    return
                self.send_response(answer.status_code)
                for name, value in answer.headers.items():
                    if name.lower() not in _HOP:
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.content)))
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(answer.content)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815 - names that http.server looks for

            def log_message(self, *_):
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._http.server_port}"

    def close(self) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()


@pytest.fixture
def proxy(walked, monkeypatch):
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", "0")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_BACKOFF_JITTER", "0")
    monkeypatch.setattr(rest, "WAITS", (0.0,) * 5)
    proxy = FaultyProxy(str(walked.settings.server()))
    yield proxy
    proxy.close()


@pytest.fixture
def tracking(proxy):
    return Tracking(server=proxy.url, identity="test", model_name=f"faults-{uuid.uuid4().hex[:8]}")


@pytest.fixture
def sealed(tiny_bundle, tmp_path):
    folder = tmp_path / "bundle"
    folder.mkdir()
    for path in tiny_bundle.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return open_bundle(folder)


def registered(tracking, bundle):
    with tracking.candidate_run("abc", name="net", tags={}, stage="register"):
        return tracking.versions.register(bundle.path, sha256=str(bundle.sha256))


def is_whole(tracking, version, into):
    into.mkdir()
    with RegistryReader(tracking.server, model_name=tracking.model_name) as reader:
        reader.download(reader.find(version), into)
    return True


def with_one_bit_flipped(name, *, times):
    left = [times]

    def damage(method, path, body):
        if method == "PUT" and path.endswith(f"/bundle/{name}") and body and left[0]:
            left[0] -= 1
            return bytes([body[0] ^ 1]) + body[1:]
        return body

    return damage


@pytest.mark.parametrize("name", [bundles.LITERT, bundles.DESCRIPTION, bundles.SUMS])
def test_a_bit_that_flips_during_an_upload_is_healed(proxy, tracking, sealed, tmp_path, name):
    proxy.damage = with_one_bit_flipped(name, times=2)
    version = registered(tracking, sealed)
    again = store_whole(sealed, server=tracking.server, model_name=tracking.model_name, version=version)
    assert again == (name,)
    assert is_whole(tracking, version, tmp_path / "back")


def test_a_version_that_was_whole_is_left_alone(tracking, sealed):
    version = registered(tracking, sealed)
    assert store_whole(sealed, server=tracking.server, model_name=tracking.model_name, version=version) == ()


def test_a_store_that_damages_every_upload_is_an_error(proxy, tracking, sealed):
    proxy.damage = with_one_bit_flipped(bundles.LITERT, times=99)
    version = registered(tracking, sealed)
    with pytest.raises(TrackingFailed, match=r"does not keep model\.tflite as uploaded"):
        store_whole(sealed, server=tracking.server, model_name=tracking.model_name, version=version)


def test_an_artifact_of_a_run_that_arrives_damaged_is_logged_again(proxy, tracking):
    left = [1]

    def damage(method, path, body):
        if method == "PUT" and path.endswith("notes.json") and left[0]:
            left[0] -= 1
            return body[:-1]
        return body

    proxy.damage = damage
    with tracking.candidate_run("abc", name="net", tags={}, stage="train") as run:
        run.log_json({"a": 1}, "notes.json")
        assert tracking.client.get_run(run.run_id).info.artifact_uri.startswith("mlflow-artifacts:")
    assert left == [0]


def test_a_fault_in_every_sixth_request_ends_no_registration(proxy, tracking, sealed, tmp_path):
    chance = random.Random(23)
    proxy.fault = lambda *_: chance.choice([BUSY, DROP, LOSE_ANSWER]) if chance.random() < 0.18 else None
    with tracking.candidate_run("abc", name="net", tags={"a": "b"}, stage="train") as run:
        run.log_parameters({"side": 8})
        run.log_metrics({"f1": 0.5})
        run.log_json({"a": 1}, "notes.json")
    version = registered(tracking, sealed)
    store_whole(sealed, server=tracking.server, model_name=tracking.model_name, version=version)
    assert is_whole(tracking, version, tmp_path / "back")
    assert proxy.faults > 3
