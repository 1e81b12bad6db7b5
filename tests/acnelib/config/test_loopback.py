"""What is meant for this machine does not leave it, whatever proxies there are."""

from __future__ import annotations

import pytest
from werkzeug import Response

from acnelib.config.credentials import Credentials, CredentialStore
from acnelib.config.loopback import is_loopback, is_plain_loopback_url, keep_from_proxies
from acnelib.errors import TrackingFailed
from acnelib.registry.reading import RegistryReader
from acnelib.runs.notifications import Event, Notification, Webhook, WebhookFailed


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("http://127.0.0.1:5000", True),
        ("http://localhost/x", True),
        ("HTTP://[::1]:80/", True),
        ("https://localhost", False),
        ("http://127.0.0.1.example.org", False),
        ("http://[bad", False),
    ],
)
def test_plain_addresses_of_this_machine_are_known(url, plain):
    assert is_plain_loopback_url(url) is plain


def test_a_name_that_only_begins_like_this_machine_is_not():
    assert is_loopback("127.8.9.10")
    assert not is_loopback("localhost.example.org")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, "localhost,127.0.0.1,::1"),
        ("example.org", "example.org,localhost,127.0.0.1,::1"),
        ("localhost, 127.0.0.1,::1", "localhost, 127.0.0.1,::1"),
        ("*", "*"),
    ],
)
def test_other_clients_are_kept_from_proxies_and_what_was_named_stays(before, after):
    environ = {} if before is None else {"no_proxy": before, "NO_PROXY": before}
    keep_from_proxies(environ)
    assert (environ["no_proxy"], environ["NO_PROXY"]) == (after, after)


@pytest.fixture
def proxy(httpserver_ipv4, monkeypatch):
    """A proxy that is named for everything; what it was asked for."""
    asked = []
    httpserver_ipv4.expect_request("").respond_with_handler(lambda request: asked.append(request.url) or Response(""))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, httpserver_ipv4.url_for(""))
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return asked


def test_a_login_at_this_machine_is_not_sent_through_a_proxy(proxy, own_home, dead_server):
    CredentialStore(own_home).keep(dead_server, Credentials(token="secret-token-of-mine"))
    with pytest.raises(TrackingFailed, match="does not answer"):
        RegistryReader(dead_server, model_name="acne").find("production")
    assert proxy == []


def test_a_webhook_on_this_machine_is_not_told_through_a_proxy(proxy, dead_server):
    webhook = Webhook(address=f"{dead_server}/hook/secret-path")
    with pytest.raises(WebhookFailed, match="does not answer"):
        webhook.send(Notification(event=Event.TEST), sleep=lambda _: None)
    assert proxy == []


@pytest.mark.parametrize("host", ["hooks..example", f"{'a' * 64}.example"])
def test_a_host_name_that_cannot_be_one_is_one_line(host):
    with pytest.raises(WebhookFailed, match="does not answer"):
        Webhook(address=f"https://{host}/x").send(Notification(event=Event.TEST), sleep=lambda _: None)
    with pytest.raises(TrackingFailed, match="does not answer"):
        RegistryReader(f"https://{host}", model_name="acne").find("production")
