"""Requests without an end: each is answered in the API's own format, and never holds a connection or the server."""

from __future__ import annotations

import http.client
import json
import socket
import time

import pytest
from api_client import PATIENCE, TOKEN, picture

from acnelib.api.limits import Limits

HEAD = f"Host: x\r\nAuthorization: Bearer {TOKEN}\r\n"


def sent(api, *pieces):
    """Send bytes as they are and return the status and the error of the answer."""
    with socket.create_connection(("127.0.0.1", int(api.url.rpartition(":")[2])), timeout=PATIENCE) as connection:
        for piece in pieces:
            connection.sendall(piece if isinstance(piece, bytes) else piece.encode())
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        return answer.status, json.loads(answer.read())["error"]


@pytest.fixture
def json_post(api):
    def post(body, path="/v1/runs"):
        return api.post(path, data=body, headers={"Content-Type": "application/json"})

    return post


@pytest.mark.parametrize("path", ["/v1/runs", "/v1/predictions", "/v1/services/start", "/v1/model", "/nowhere"])
def test_a_large_body_is_refused_by_the_length_that_it_announces(api, path):
    head = f"POST {path} HTTP/1.1\r\n{HEAD}Content-Type: application/json\r\nContent-Length: 800000000\r\n\r\n"
    status, error = sent(api, head)
    assert (status, error["code"]) == ((413, "too-large"))


@pytest.mark.parametrize("path", ["/v1/runs", "/v1/predictions"])
def test_a_large_body_without_a_length_is_refused_while_it_arrives(serve, path):
    api = serve(limits=Limits(json_bytes=1000))
    head = f"POST {path} HTTP/1.1\r\n{HEAD}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    status, error = sent(api, head, *["fa\r\n" + " " * 250 + "\r\n"] * 5)
    assert (status, error["code"]) == ((413, "too-large"))


@pytest.mark.parametrize("path", ["/v1/runs", "/v1/predictions"])
@pytest.mark.parametrize(
    "body",
    [
        "[" * 100_000,
        '{"a":' * 20_000 + "1" + "}" * 20_000,
        "{" + ",".join(f'"k{number}":1' for number in range(20_000)) + "}",
        '{"test_share": ' + "9" * 20_000 + ', "urls": 1}',
        '{"test_share": NaN, "urls": [NaN]}',
        '{"test_share": 1e999, "urls": [1e999]}',
        b'{"sources": ["\xff"], "urls": ["\xff"]}',
    ],
    ids=["lists", "objects", "many names", "huge number", "NaN", "infinity", "no text"],
)
def test_json_that_is_deep_or_huge_is_refused_with_a_short_answer(json_post, path, body):
    response = json_post(body, path)
    assert response.status_code in {400, 422}
    assert response.json()["error"]["code"] == "invalid-request"
    assert len(response.content) < 20_000


def test_a_body_that_does_not_arrive_is_given_up(serve):
    api = serve(limits=Limits(json_seconds=0.1))
    status, error = sent(api, f"POST /v1/runs HTTP/1.1\r\n{HEAD}Content-Length: 99\r\n\r\n{{")
    assert (status, error["code"]) == (408, "too-slow")


@pytest.mark.parametrize("begun", ["", "GE", "GET /v1/health HTTP/1.1\r\nHost: x\r\nX-Slow: "])
def test_a_head_that_does_not_arrive_is_given_up(serve, begun):
    status, error = sent(serve(limits=Limits(head_seconds=0.1)), begun)
    assert (status, error["code"]) == (408, "too-slow")


def test_a_second_head_on_a_connection_that_does_not_arrive_is_given_up(serve):
    api = serve(limits=Limits(head_seconds=0.2))
    with socket.create_connection(("127.0.0.1", int(api.url.rpartition(":")[2])), timeout=PATIENCE) as connection:
        connection.sendall(b"GET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")
        connection.sendall(b"GET /v1/health HTTP/1.1\r\n")
        answer = b""
        while received := connection.recv(65536):
            answer += received
    assert b"HTTP/1.1 408" in answer


@pytest.mark.parametrize(
    "head",
    [
        "X-Large: " + "x" * 40_000 + "\r\n",
        "X-Large: " + "x" * 400_000,
        "".join(f"X-{number}: 1\r\n" for number in range(200)),
    ],
    ids=["one large", "one without an end", "many"],
)
def test_a_head_that_is_too_large_is_refused(api, head):
    status, error = sent(api, f"GET /v1/health HTTP/1.1\r\nConnection: close\r\n{HEAD}{head}\r\n")
    assert (status, error["code"]) == (431, "head-too-large")


def test_an_address_that_is_too_long_is_refused(api):
    status, error = sent(api, f"GET /v1/health?{'x' * 40_000} HTTP/1.1\r\nConnection: close\r\n{HEAD}\r\n")
    assert (status, error["code"]) == (431, "head-too-large")


def test_bytes_that_are_no_request_are_refused_in_the_common_format(api):
    status, error = sent(api, "nonsense\r\n\r\n")
    assert (status, error["code"]) == (400, "invalid-request")


def test_one_connection_too_many_is_closed(serve):
    api = serve(limits=Limits(connections=1))
    with socket.create_connection(("127.0.0.1", int(api.url.rpartition(":")[2])), timeout=PATIENCE):
        status, error = sent(api)
    assert (status, error["code"]) == (503, "too-many-connections")


def test_a_body_that_nothing_reads_does_not_hold_the_connection(serve):
    api = serve(limits=Limits(linger_seconds=0.1))
    with socket.create_connection(("127.0.0.1", int(api.url.rpartition(":")[2])), timeout=PATIENCE) as connection:
        connection.sendall(b"POST /v1/predictions HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nxxx")
        answer = b""
        while received := connection.recv(65536):
            answer += received
    assert answer.startswith(b"HTTP/1.1 401")


def test_a_connection_is_kept_when_the_rest_of_a_refused_body_arrives_after_the_answer(serve):
    api = serve(limits=Limits(linger_seconds=0.1))
    with socket.create_connection(("127.0.0.1", int(api.url.rpartition(":")[2])), timeout=PATIENCE) as connection:
        connection.sendall(
            f"POST /v1/predictions HTTP/1.1\r\n{HEAD}Content-Type: text/plain\r\nContent-Length: 5\r\n\r\n".encode()
        )
        refusal = http.client.HTTPResponse(connection)
        refusal.begin()
        refusal.read()
        connection.sendall(b"words")
        time.sleep(0.3)  # longer than a body that does not arrive would be waited for
        connection.sendall(f"GET /v1/model HTTP/1.1\r\n{HEAD}\r\n".encode())
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        assert (refusal.status, answer.status) == (415, 200)


@pytest.mark.parametrize(
    "headers",
    ["".join(f"X-{number}: 1\r\n" for number in range(50)), f"X-Large: {'x' * 9000}\r\n", f"X-{'x' * 9000}: 1\r\n"],
    ids=["many", "long value", "long name"],
)
def test_parts_of_a_form_have_few_and_short_headers(api, headers):
    disposition = 'Content-Disposition: form-data; name="files"; filename="a.png"\r\n'
    body = f"--b\r\n{disposition}{headers}\r\n".encode() + picture("red") + b"\r\n--b--\r\n"
    response = api.post("/v1/predictions", data=body, headers={"Content-Type": "multipart/form-data; boundary=b"})
    assert (response.status_code, response.json()["error"]["code"]) == (422, "invalid-request")


def test_the_server_answers_while_half_requests_are_open(api):
    port = int(api.url.rpartition(":")[2])
    halves = [socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) for _ in range(50)]
    try:
        for one in halves:
            one.sendall(b"GET /v1/health HTTP/1.1\r\n")
        assert api.predict(("a.png", picture("red"))).json()[0]["label"] == "red"
    finally:
        for one in halves:
            one.close()
