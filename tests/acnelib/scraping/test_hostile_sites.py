"""A site that does its worst: one line, nothing else reached, no waiting for ever."""

from __future__ import annotations

import socket
import threading
import time

import pytest

from acnelib.bounded_http import bounded_session
from acnelib.errors import ScrapeFailed
from acnelib.scraping import polite_client
from acnelib.scraping.collected import FailureKind
from acnelib.scraping.polite_client import PoliteClient


@pytest.fixture
def visit():
    """Visit a site that has these hosts; nothing is waited for."""
    with bounded_session(largest=1_000_000, seconds=0.5) as session:
        yield lambda *hosts: PoliteClient(
            session=session,
            hosts=frozenset(hosts),
            delay=0.0,
            user_agent="acnelib",
            sleep=lambda _: None,
            clock=time.time,
        )


def drip(connection, byte, *, stopped):
    while not stopped.wait(0.02):
        try:
            connection.sendall(byte)
        except OSError:
            return


@pytest.fixture
def trickle():
    """A server whose answers come a byte at a time and never end; its address without http://."""
    stopped, threads = threading.Event(), []

    def serve(connection):
        with connection:
            asked = connection.recv(65536)
            if asked.startswith(b"GET /headers"):
                connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
                drip(connection, b"x", stopped=stopped)
                return
            if asked.startswith(b"GET /robots.txt"):
                connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                return
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nConnection: close\r\n\r\n")
            drip(connection, b".", stopped=stopped)

    def listen():
        while not stopped.is_set():
            try:
                connection, _ = server.accept()
            except OSError:
                return
            threads.append(threading.Thread(target=serve, args=(connection,)))
            threads[-1].start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        threads.append(threading.Thread(target=listen))
        threads[0].start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        stopped.set()
        server.shutdown(socket.SHUT_RDWR)
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("between", ["\\", "\\\\", "\t\\", "?"])
def test_the_host_that_is_asked_is_the_one_that_was_checked(visit, other_site, between):
    there = other_site.url.removeprefix("http://")
    with pytest.raises(ScrapeFailed):
        visit("upload.example").get(f"http://{there}{between}@upload.example/a.png", largest=1000)
    assert other_site.requests == []


def test_a_picture_that_trickles_in_is_given_up(visit, trickle, monkeypatch):
    monkeypatch.setattr(polite_client, "LONGEST_RESPONSE", 0.3)
    with pytest.raises(ScrapeFailed, match="still not whole after 0 s"):
        visit(trickle).get(f"http://{trickle}/a.png", largest=1_000_000, media="image/")


@pytest.mark.parametrize("delay", ["1e9", "1e30"])
def test_a_host_that_wants_years_between_two_requests_is_left_alone(visit, site, delay):
    site.answer("/robots.txt", f"User-agent: *\nCrawl-delay: {delay}\n".encode(), type="text/plain")
    site.picture("/a.png", b"picture")
    with pytest.raises(ScrapeFailed, match="s between requests: ask the site's owner") as caught:
        visit(site.url.removeprefix("http://")).get(f"{site.url}/a.png", largest=1000)
    assert caught.value.kind == FailureKind.FORBIDDEN


@pytest.mark.parametrize("when", ["Mon, 01 Jan 1 99999999999999:00:00 GMT", "9" * 400, "soon"])
def test_a_time_to_come_back_that_makes_no_sense_is_none(visit, site, when):
    site.picture("/a.png", b"picture")
    site.answer_once("/a.png", status=503, headers={"Retry-After": when})
    assert visit(site.url.removeprefix("http://")).get(f"{site.url}/a.png", largest=1000).content == b"picture"


@pytest.mark.parametrize("path", ["/headers.png", "/body.png"])
def test_an_answer_that_drips_is_given_up_once_and_counts_as_none(visit, trickle, path):
    client = visit(trickle)
    with pytest.raises(ScrapeFailed, match=r"was not whole after 0\.5 s") as caught:
        client.get(f"http://{trickle}{path}", largest=1_000_000)
    assert (caught.value.kind, client.unanswered) == (FailureKind.UNANSWERED, 1)
