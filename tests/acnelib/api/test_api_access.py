"""Who may come in, and what every answer has in common."""

from __future__ import annotations

import logging
import stat
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from api_client import TOKEN

from acnelib.api.access import TOKEN_FILE, TOKEN_VARIABLE, Token
from acnelib.errors import SettingsInvalid

GUARDED = [
    ("POST", "/v1/predictions"),
    ("GET", "/v1/model"),
    ("GET", "/v1/model/card"),
    ("GET", "/v1/runs"),
    ("POST", "/v1/runs"),
    ("POST", "/v1/runs/20261128T031500-1f3c9a/cancel"),
    ("GET", "/v1/services"),
    ("POST", "/v1/services/stop"),
    ("GET", "/nowhere"),
]


def code(response):
    error = response.json()["error"]
    assert set(error) == {"code", "message", "details"}
    return response.status_code, error["code"]


@pytest.mark.parametrize(("method", "path"), GUARDED)
@pytest.mark.parametrize("token", [None, "a-token-for-tests-onlz", ""])
def test_nothing_that_matters_is_told_without_the_token(api, method, path, token):
    response = api.ask(method, path, token=token)
    assert code(response) == (401, "unauthorised")
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_another_scheme_does_not_pass_for_the_token(api):
    assert api.get("/v1/model", token=None, headers={"Authorization": f"Basic {TOKEN}"}).status_code == 401


@pytest.mark.parametrize("path", ["/v1/health", "/docs", "/", "/openapi.json"])
def test_health_and_documents_need_no_token(api, path):
    assert api.get(path, token=None).status_code == 200


def test_every_failure_has_one_form(api):
    assert code(api.get("/nowhere")) == (404, "not-found")
    wrong_method = api.ask("DELETE", "/v1/model")
    assert code(wrong_method) == (405, "method-not-allowed")
    assert wrong_method.headers["Allow"] == "GET, HEAD"
    assert code(api.post("/v1/runs", data=b"{", headers={"Content-Type": "application/json"})) == (
        422,
        "invalid-request",
    )
    assert code(api.post("/v1/predictions", data=b"x", headers={"Content-Type": "text/plain"})) == (
        415,
        "unsupported-media-type",
    )


def test_what_nobody_foresaw_is_told_in_the_same_form_without_a_word_of_why(serve, caplog):
    def broken(request):
        raise RuntimeError("/home/somebody/secret")

    response = serve(check=broken).post("/v1/runs", json={})
    assert code(response) == (500, "internal")
    assert "secret" not in response.text
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    (record,) = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert "unexpected error (RuntimeError)" in record.getMessage()
    assert record.exc_info is None


def test_browsers_of_other_sites_are_given_no_leave(api):
    response = api.get("/v1/health", headers={"Origin": "https://elsewhere.example"})
    assert not [name for name in response.headers if name.lower().startswith("access-control")]
    assert response.headers["Cache-Control"] == "no-store"
    assert "server" not in response.headers


def test_the_token_is_made_once_for_its_owner_alone(tmp_path):
    first = Token.find_or_make(tmp_path, environ={})
    assert stat.S_IMODE((tmp_path / TOKEN_FILE).stat().st_mode) == 0o600
    assert Token.find_or_make(tmp_path, environ={}) == first
    assert len(first.value) >= 40
    assert first.value not in repr(first)


@pytest.mark.parametrize("attempt", range(10))
def test_servers_that_start_for_the_first_time_at_once_share_one_token(tmp_path, attempt):
    together = threading.Barrier(4)

    def start(_):
        together.wait()
        return Token.find_or_make(tmp_path, environ={}).value

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(start, range(4)))) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["api-token"]


def test_the_environments_token_counts_and_none_is_written(tmp_path):
    token = Token.find_or_make(tmp_path, environ={TOKEN_VARIABLE: TOKEN})
    assert token.admits(f"bearer {TOKEN}".encode())
    assert not (tmp_path / TOKEN_FILE).exists()


@pytest.mark.parametrize("value", ["", "short", "with a blank in its middle", "ünicode-ünicode-ünicode"])
def test_a_token_that_is_none_is_refused(tmp_path, value):
    with pytest.raises(SettingsInvalid, match="at least 16"):
        Token.find_or_make(tmp_path, environ={TOKEN_VARIABLE: value})


def test_a_token_that_others_can_read_is_refused(tmp_path):
    Token.find_or_make(tmp_path, environ={})
    (tmp_path / TOKEN_FILE).chmod(0o644)
    with pytest.raises(SettingsInvalid, match="read by other users"):
        Token.find_or_make(tmp_path, environ={})
