"""Whoever wants to be told how runs end is told once, safely, and by a real server."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
from dataclasses import replace

import pytest
from werkzeug import Response

from acnelib.config.settings import Settings
from acnelib.errors import SettingsInvalid
from acnelib.runs.notifications import SIGNATURE_HEADER, Event, Notification, Webhook, WebhookFailed


@pytest.fixture
def receiver(httpserver_ipv4):
    """A server that keeps what it is sent and answers with the codes it was given, the last one for ever."""
    received, codes = [], [200]

    def answer(request):
        received.append(request)
        return Response(status=codes.pop(0) if len(codes) > 1 else codes[0], headers={"Location": "/elsewhere"})

    httpserver_ipv4.expect_request("/told/token-of-somebody").respond_with_handler(answer)
    httpserver_ipv4.received, httpserver_ipv4.codes = received, codes
    return httpserver_ipv4


@pytest.fixture
def webhook(receiver):
    return Webhook(address=receiver.url_for("/told/token-of-somebody"))


def rejection():
    return Notification(
        event=Event.REJECTED, source="photos-ab12", run="2026-11-24T120000", version="2", decision="rejected",
        reasons=("0.4 does not beat 0.5 – sorry",), metrics={"out_of_fold_macro_f1": 0.4},
        run_url="http://127.0.0.1:5000/#/r", compare_url="http://127.0.0.1:5000/#/c",
    )  # fmt: skip


def settings_with(**values):
    return replace(Settings.load(), **values)


def test_a_notification_is_one_post_of_json(webhook, receiver):
    webhook.send(rejection())
    (request,) = receiver.received
    reported = json.loads(request.data)
    assert (request.method, request.content_type) == ("POST", "application/json")
    assert reported["event"] == reported["decision"] == "rejected"
    assert reported["reasons"] == ["0.4 does not beat 0.5 – sorry"]
    assert (reported["source"], reported["version"], reported["metrics"]) == (
        "photos-ab12",
        "2",
        {"out_of_fold_macro_f1": 0.4},
    )
    assert {"at", "run", "run_url", "compare_url", "host"} <= set(reported)
    assert SIGNATURE_HEADER not in request.headers


def test_a_secret_signs_every_byte_that_is_sent(webhook, receiver):
    replace(webhook, secret=b"between us").send(rejection())
    (request,) = receiver.received
    expected = hmac.new(b"between us", request.data, hashlib.sha256).hexdigest()
    assert request.headers[SIGNATURE_HEADER] == f"sha256={expected}"


@pytest.mark.parametrize("code", [500, 503, 429])
def test_a_server_that_is_busy_is_tried_again(webhook, receiver, code):
    receiver.codes[:] = [code, code, 200]
    waited = []
    webhook.send(rejection(), sleep=waited.append)
    assert (len(receiver.received), waited) == (3, [1.0, 4.0])


@pytest.mark.parametrize("code", [302, 400, 401, 404, 410])
def test_a_refusal_is_not_tried_again_and_no_redirect_followed(webhook, receiver, code):
    receiver.codes[:] = [code]
    with pytest.raises(WebhookFailed, match=f"HTTP {code}"):
        webhook.send(rejection(), sleep=pytest.fail)
    assert len(receiver.received) == 1


@pytest.fixture
def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_server_that_stays_down_is_given_up_and_its_address_kept_secret(free_port):
    webhook = Webhook(address=f"http://127.0.0.1:{free_port}/told/token-of-somebody?key=1")
    with pytest.raises(WebhookFailed, match=f"http://127.0.0.1:{free_port} does not answer") as failure:
        webhook.send(rejection(), sleep=lambda _seconds: None)
    assert "token" not in str(failure.value) + repr(webhook)


def test_nobody_is_told_unless_somebody_wants_to_be():
    assert Settings.load().webhook is None
    assert Webhook.of(Settings.load()) is None


@pytest.mark.parametrize(
    "address", ["https://hooks.example/x", "http://127.0.0.1:9/x", "http://[::1]:9/x", "http://localhost/x"]
)
def test_https_and_this_machine_are_safe(address):
    assert Webhook.of(settings_with(webhook=address)).address == address


@pytest.mark.parametrize(
    "address", ["http://hooks.example/x", "http://127.0.0.1.example/x", "ftp://h/x", "hooks.example", "https:///x"]
)
def test_anything_else_is_refused_without_showing_what_the_address_may_hide(address):
    with pytest.raises(SettingsInvalid, match="write https://") as failure:
        Webhook.of(settings_with(webhook=address))
    assert "/x" not in str(failure.value)


def test_plain_http_elsewhere_is_taken_when_somebody_says_so(monkeypatch):
    monkeypatch.setenv("ACNE_WEBHOOK", "http://hooks.example/x")
    monkeypatch.setenv("ACNE_WEBHOOK_PLAIN", "yes")
    assert Webhook.of(Settings.load()).place == "http://hooks.example"


def test_plain_http_is_a_matter_of_yes_or_no(monkeypatch):
    monkeypatch.setenv("ACNE_WEBHOOK_PLAIN", "perhaps")
    with pytest.raises(SettingsInvalid, match="write yes or no"):
        Settings.load()


def test_the_secret_comes_from_the_environment_before_the_file(own_home):
    (own_home / "webhook.secret").write_text("of the file\n")
    (own_home / "webhook.secret").chmod(0o600)
    wanted = settings_with(webhook="https://hooks.example")
    assert Webhook.of(wanted, environ={}).secret == b"of the file"
    assert Webhook.of(wanted, environ={"ACNE_WEBHOOK_SECRET": "of the moment"}).secret == b"of the moment"


def test_a_secret_that_others_can_read_is_refused(own_home):
    (own_home / "webhook.secret").write_text("known to all")
    (own_home / "webhook.secret").chmod(0o644)
    with pytest.raises(SettingsInvalid, match="chmod 600"):
        Webhook.of(settings_with(webhook="https://hooks.example"), environ={})
