"""The rules for requests to the embedded servers, without a server."""

from __future__ import annotations

import pytest

from acnelib.errors import ServiceFailed
from acnelib.guard.login import ServerLogin
from acnelib.guard.luigid import CALLS, READING_CALLS
from acnelib.guard.luigid import PAGES as LUIGID_PAGES
from acnelib.guard.rules import AskedRequest, GuardRules

LOGIN = ServerLogin(username="acne", password="pass:ω")
RULES = GuardRules(login=LOGIN, pages=LUIGID_PAGES, open_paths={"/health"}, calls=CALLS, reading_calls=READING_CALLS)
VISUALISER = "/static/visualiser/index.html"
FOLLOWED_LINK = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}


def status(path="/", method="GET", **headers):
    """Ask with the login and the own name, unless the headers say something else; return 200 for what is allowed."""
    sent = {"host": "127.0.0.1:8082", "authorization": LOGIN.header}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    given = [(name, value) for name, value in sent.items() if value is not None]
    refusal = RULES.refusal(AskedRequest(method=method, path=path, headers=given))
    return int(refusal.status) if refusal else 200


def test_the_login_opens_every_path():
    assert {status("/"), status("/api/task_list"), status("/api/pause", "POST"), status("/other", "PUT")} == {200}


@pytest.mark.parametrize(
    "sent", [None, "", "Basic", "Basic ", "Bearer pass:ω", LOGIN.header[:-1], LOGIN.header + "=", "Basic YWNuZTo="]
)
def test_nothing_else_does(sent):
    assert status(authorization=sent) == 401


def test_two_logins_are_none():
    headers = [("host", "localhost"), ("authorization", LOGIN.header), ("authorization", "Basic eDp5")]
    refusal = RULES.refusal(AskedRequest(method="GET", path="/", headers=headers))
    assert refusal is not None
    assert "`acne env`" in refusal.reason


def test_only_reading_an_open_path_needs_no_login():
    assert status("/health", authorization=None) == 200
    assert status("/health", "POST", authorization=None) == 401
    assert status("/health", authorization=None, host="evil.example") == 403


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:9", "localhost:8082", "LOCALHOST", "[::1]:8082"])
def test_the_names_of_this_machine_are_own_names(host):
    assert status(host=host) == 200


@pytest.mark.parametrize(
    "host",
    [
        None,
        "",
        "evil.example:8082",
        "127.0.0.1.evil.example",
        "evil@127.0.0.1",
        "0.0.0.0",
        "127.0.0.1:x",
        "[::1",
        "a/b",
    ],
)
def test_a_foreign_name_is_refused(host):
    assert status(host=host) == 403


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "http://127.0.0.1:5000", "http://localhost:8082", "https://127.0.0.1:8082"],
)
def test_a_page_of_another_origin_is_refused_even_on_this_machine(origin):
    assert status("/api/task_list", "POST", origin=origin) == 403
    assert status(VISUALISER, origin=origin, **FOLLOWED_LINK) == 403


def test_the_servers_own_page_is_not():
    own = {"origin": "http://127.0.0.1:8082", "sec_fetch_site": "same-origin"}
    assert status("/api/task_list", "POST", **own, referer=f"http://127.0.0.1:8082{VISUALISER}") == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site", "anything"])
def test_what_a_page_of_another_site_includes_is_refused(site):
    assert status("/static/visualiser/js/luigi.js", sec_fetch_site=site, sec_fetch_mode="no-cors") == 403


def test_an_address_that_the_user_typed_is_answered():
    assert status("/api/task_list", sec_fetch_site="none") == 200


def test_a_link_on_another_site_opens_a_page_in_a_tab_and_nothing_else():
    assert status("/", **FOLLOWED_LINK) == status(VISUALISER, **FOLLOWED_LINK, referer="http://evil.example/") == 200
    assert status("/api/task_list", **FOLLOWED_LINK) == 403
    assert status("/api/pause", **FOLLOWED_LINK) == 403
    assert status("/", "POST", **FOLLOWED_LINK) == 403
    assert status("/", **(FOLLOWED_LINK | {"sec-fetch-dest": "iframe"})) == 403


def test_a_browser_that_tells_the_page_only_is_enough():
    assert status("/api/task_list", referer="http://evil.example/") == 403
    assert status("/api/task_list", referer="http://127.0.0.1:80820/") == 403


@pytest.mark.parametrize("call", ["pause", "add_task", "get_work", "ping", "%70ause", "unknown", ""])
def test_a_plain_get_changes_nothing(call):
    assert status(f"/api/{call}") == 403
    assert status(f"/api/{call}", "HEAD", sec_fetch_site="none") == 403
    assert status(f"/api/{call}", x_requested_with="XMLHttpRequest", sec_fetch_site="same-origin") == 200


def test_a_server_without_a_login_does_not_start():
    with pytest.raises(ServiceFailed, match="acne up"):
        ServerLogin.of_environment({})
    assert ServerLogin.of_environment(LOGIN.variables) == LOGIN
