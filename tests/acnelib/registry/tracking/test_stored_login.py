"""The login that the user stored, where something is written: a real MLflow server behind one that asks for it."""

from __future__ import annotations

import base64
import re
import uuid
from dataclasses import dataclass, field

import pytest
import requests
from werkzeug import Response

from acnelib.bundle import open_bundle
from acnelib.config.credentials import Credentials, CredentialStore
from acnelib.errors import TrackingFailed
from acnelib.registry.tracking import Tracking
from acnelib.registry.tracking.stored_login import StoredLogin

LOGIN = f"Basic {base64.b64encode('Zoë:ω'.encode()).decode()}"


@dataclass
class Door:
    """What stands before the tracking server and lets only one user in.

    Attributes:
        url: Its address, which has a path.
        refused: Paths that were asked for without the login.
    """

    url: str
    refused: list[str] = field(default_factory=list)


@pytest.fixture
def door(walked, httpserver_ipv4):
    behind, door = str(walked.settings.server()), Door(httpserver_ipv4.url_for("/mlflow"))

    def pass_on(request):
        if request.headers.get("Authorization") != LOGIN:
            door.refused.append(request.path)
            return Response("You are not authenticated.", status=401)
        path = request.path.removeprefix("/mlflow")
        answer = requests.request(
            request.method,
            f"{behind}{path}",
            params=request.query_string,
            data=request.get_data(),
            headers={"Content-Type": request.content_type} if request.content_type else {},
            auth=walked.login,
            timeout=30,
        )
        return Response(answer.content, answer.status_code, content_type=answer.headers.get("Content-Type"))

    httpserver_ipv4.expect_request(re.compile("/mlflow/.*")).respond_with_handler(pass_on)
    return door


@pytest.fixture
def tracking(door, own_home, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_AUTH", "")
    monkeypatch.delenv("MLFLOW_TRACKING_AUTH")
    return Tracking(server=door.url, identity="test", model_name=f"login-{uuid.uuid4().hex[:8]}")


@pytest.fixture
def stored(door, own_home):
    CredentialStore(own_home).keep(door.url, Credentials(username="Zoë", password="ω"))


@pytest.mark.usefixtures("stored")
def test_runs_and_versions_are_written_with_it(tracking, door, tiny_bundle):
    bundle = open_bundle(tiny_bundle)
    with tracking.candidate_run("abc", name="net", tags={}, stage="register"):
        version = tracking.versions.register(bundle.path, sha256=str(bundle.sha256))
    assert tracking.versions.stage(version) == "Staging"
    assert door.refused == []


def test_without_one_nothing_is_written_and_it_is_said_what_to_set(tracking):
    with pytest.raises(TrackingFailed, match=r"refuses to answer .* MLFLOW_TRACKING_USERNAME"):
        _ = tracking.client


@pytest.mark.usefixtures("stored")
def test_it_is_sent_to_no_other_address(door):
    own, other = (f"{start}/api/2.0/mlflow/runs/get" for start in (door.url, "http://127.0.0.1:1/mlflow"))
    sent = [requests.Request("GET", url, auth=StoredLogin().get_auth()).prepare() for url in (own, other)]
    assert [one.headers.get("Authorization") for one in sent] == [LOGIN, None]
