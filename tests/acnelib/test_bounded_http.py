"""Servers whose answers have no end: no request of ours waits, or takes in, more than its limit."""

from __future__ import annotations

import gzip
import socket
import threading
import zlib

import boto3
import pytest
import requests
from botocore.config import Config

from acnelib.bounded_http import AnswerRefused, AnswerTooLarge, bound_client, bounded_session, read_object
from acnelib.errors import ServiceFailed, TrackingFailed
from acnelib.registry import rest
from acnelib.registry.rest import MlflowRest
from acnelib.services.luigid import check_luigid

OK = b"HTTP/1.1 200 OK\r\n"


@pytest.fixture
def server():
    """Serve on a free port: send some bytes at once, then one byte for ever; return the address."""
    stopped, threads, sockets = threading.Event(), [], []

    def answer(connection, beginning, drip):
        with connection:
            connection.recv(65536)
            try:
                connection.sendall(beginning)
                while drip is not None and not stopped.wait(0.01):
                    connection.sendall(drip)
            except OSError:
                return

    def listen(listening, beginning, drip):
        while not stopped.is_set():
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threads.append(threading.Thread(target=answer, args=(connection, beginning, drip)))
            threads[-1].start()

    def serve(beginning, drip=None):
        listening = socket.create_server(("127.0.0.1", 0))
        sockets.append(listening)
        threads.append(threading.Thread(target=listen, args=(listening, beginning, drip)))
        threads[-1].start()
        return f"http://127.0.0.1:{listening.getsockname()[1]}"

    yield serve
    stopped.set()
    for listening in sockets:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
    for thread in threads:
        thread.join()


DRIPPING = {
    "status": (b"HTTP/1.1 20", b"0"),
    "header": (OK + b"X-Long: ", b"x"),
    "headers": (OK, b"X: 1\r\n"),
    "interim answers": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "body": (OK + b"Connection: close\r\n\r\n", b"x"),
    "chunks": (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
}


@pytest.mark.parametrize("kind", DRIPPING)
def test_an_answer_that_drips_is_given_up(server, kind):
    with bounded_session(seconds=0.2) as session, pytest.raises(requests.RequestException):
        session.get(server(*DRIPPING[kind]), timeout=5)


def test_silence_is_still_a_timeout(server):
    with bounded_session() as session, pytest.raises(requests.Timeout):
        session.get(server(b"", b""), timeout=0.1)


def bomb(size):
    return gzip.compress(bytes(size))


@pytest.mark.parametrize(
    "headers",
    [b"Content-Encoding: gzip\r\nConnection: close\r\n", b"Content-Encoding: deflate\r\nConnection: close\r\n"],
)
def test_an_answer_that_is_small_until_it_is_unpacked_is_stopped(server, headers):
    body = bomb(20_000_000) if b"gzip" in headers else zlib.compress(bytes(20_000_000))
    address = server(OK + headers + b"\r\n" + body)
    with bounded_session(largest=1_000_000) as session, pytest.raises(AnswerRefused, match="than the 1000000 bytes"):
        session.get(address, timeout=5)


@pytest.mark.parametrize("encoding", [b"gzip, gzip", b"br", b"zstd", b"gzip, gzip, gzip, gzip"])
def test_an_answer_packed_several_times_or_otherwise_is_refused(server, encoding):
    head = OK + b"Content-Encoding: " + encoding + b"\r\nConnection: close\r\n\r\n"
    with bounded_session() as session, pytest.raises(requests.exceptions.ContentDecodingError):
        session.get(server(head + gzip.compress(bomb(1_000_000))), timeout=5)


def test_an_answer_that_announces_too_much_is_refused_before_it_comes(server):
    with bounded_session(largest=1000) as session, pytest.raises(AnswerRefused, match="has 5000000000 bytes"):
        session.get(server(OK + b"Content-Length: 5000000000\r\n\r\n"), timeout=5)


def test_redirects_have_an_end(server):
    head = b"HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    with bounded_session() as session, pytest.raises(requests.TooManyRedirects):
        session.get(server(head), timeout=5)


def test_many_headers_are_refused(server):
    head = OK + b"".join(b"X-%d: 1\r\n" % number for number in range(1000))
    with bounded_session() as session, pytest.raises(requests.ConnectionError):
        session.get(server(head + b"\r\n"), timeout=5)


def test_a_whole_answer_comes_as_before_and_its_connection_is_used_again(httpserver_ipv4):
    httpserver_ipv4.expect_request("/").respond_with_data(gzip.compress(b"Hi"), headers={"Content-Encoding": "gzip"})
    with bounded_session(largest=10_000) as session:
        answers = [session.get(httpserver_ipv4.url_for("/"), timeout=5).content for _ in range(2)]
    assert answers == [b"Hi", b"Hi"]


class TestClients:
    def test_the_registry_is_given_up_when_its_answer_drips(self, server, monkeypatch):
        monkeypatch.setattr("acnelib.bounded_http.bounded_session.__kwdefaults__", {"largest": 1000, "seconds": 0.2})
        asked = MlflowRest(server(*DRIPPING["header"]), environ={})
        with pytest.raises(TrackingFailed, match=r"does not answer \(its answer was not whole after 0.2 s\)"):
            asked.get("experiments/get", gives="experiment")
        asked.close()

    def test_an_artifact_of_the_registry_has_at_most_the_bytes_that_its_reader_accepts(self, server):
        packed = OK + b"Content-Encoding: gzip\r\nConnection: close\r\n\r\n" + bomb(5_000_000)
        asked = MlflowRest(server(packed), environ={})
        with pytest.raises(TrackingFailed, match="more than the 1000 bytes"):
            asked.artifact("mlflow-artifacts:/models/1", "bundle.json", where="version 1", largest=1000)
        asked.close()

    @pytest.mark.parametrize("kind", ["header", "body"])
    def test_an_artifact_in_s3_is_given_up_when_it_drips(self, server, monkeypatch, kind):
        monkeypatch.setattr(rest, "_DOWNLOAD_SECONDS", 0.2)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        asked = MlflowRest("http://127.0.0.1:9", environ={"MLFLOW_S3_ENDPOINT_URL": server(*DRIPPING[kind])})
        with pytest.raises(TrackingFailed, match="cannot be had from s3://bucket"):
            asked.artifact("s3://bucket/models/1", "bundle.json", where="version 1")

    def test_an_object_in_s3_is_stopped_when_it_is_too_large(self, server):
        client = boto3.client(
            "s3",
            endpoint_url=server(OK + b"Connection: close\r\n\r\n", b"x" * 1000),
            aws_access_key_id="a",
            aws_secret_access_key="b",
            region_name="us-east-1",
            config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
        )
        bound_client(client, seconds=20)
        with pytest.raises(AnswerTooLarge):
            read_object(client, bucket="bucket", key="key", largest=5000)

    def test_luigid_is_given_up_when_its_answer_drips(self, server):
        with pytest.raises(ServiceFailed, match="does not answer"):
            check_luigid(server(*DRIPPING["headers"]), timeout=0.2)
