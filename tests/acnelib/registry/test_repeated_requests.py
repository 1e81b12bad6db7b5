"""Requests that may be repeated are, after failures that may pass; others are not, and no failure waits in vain."""

from __future__ import annotations

import json

import pytest
from werkzeug import Response

from acnelib.errors import TrackingFailed
from acnelib.registry import rest
from acnelib.registry.rest import MlflowRest


@pytest.fixture
def answers(httpserver_ipv4, monkeypatch):
    """Answer with one status after the other, the last one for ever; return the statuses that are left."""
    monkeypatch.setattr(rest, "WAITS", (0.0,) * 5)
    left = []

    def answer(_):
        status = left.pop(0) if len(left) > 1 else left[0]
        return Response(json.dumps({"experiment": {"name": "acne"}}), status=status, mimetype="application/json")

    httpserver_ipv4.expect_request("/api/2.0/mlflow/experiments/get").respond_with_handler(answer)
    return left


@pytest.fixture
def ask(httpserver_ipv4):
    asked = MlflowRest(httpserver_ipv4.url_for(""), environ={})
    yield lambda: asked.get("experiments/get", gives="experiment")
    asked.close()


def test_a_read_is_repeated_until_the_server_answers(answers, ask, httpserver_ipv4):
    answers += [500, 502, 503, 504, 200]
    assert ask() == {"name": "acne"}
    assert len(httpserver_ipv4.log) == 5


def test_a_server_that_stays_busy_is_an_error_after_six_attempts(answers, ask, httpserver_ipv4):
    answers.append(503)
    with pytest.raises(TrackingFailed, match="HTTP 503"):
        ask()
    assert len(httpserver_ipv4.log) == 6


def test_a_refusal_is_not_repeated(answers, ask, httpserver_ipv4):
    answers.append(403)
    with pytest.raises(TrackingFailed):
        ask()
    assert len(httpserver_ipv4.log) == 1


def test_a_server_that_is_down_is_reported_at_once(dead_server, monkeypatch):
    monkeypatch.setattr(rest.time, "sleep", lambda _: pytest.fail("it waits for a server that is down"))
    asked = MlflowRest(dead_server, environ={})
    with pytest.raises(TrackingFailed, match="does not answer"):
        asked.get("experiments/get", gives="experiment")
    asked.close()
