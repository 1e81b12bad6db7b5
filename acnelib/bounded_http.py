"""Answers to our own requests with an end: in bytes after decompression, in seconds with their headers, in redirects.

A time-out of a socket is the silence between two bytes, so a server that sends one byte every few seconds would hold a
client for ever. Here the whole answer has a deadline, from its first line to its last byte. The pools of connections
serve `requests` and botocore alike, both of which are built on urllib3.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import time
from typing import TYPE_CHECKING, Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator, Mapping

    import urllib3

REDIRECTS = 5
SHORT_BYTES = 10_000_000
"""Most bytes of an answer in JSON or text."""
SHORT_SECONDS = 60.0
"""Longest time of such an answer."""

_PIECE = 1 << 20
_ENCODINGS = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})


class AnswerTooSlow(HTTPError):
    """An answer that is not whole when its time is over."""


class AnswerTooLarge(HTTPError):
    """An answer with more bytes than are accepted."""


class AnswerRefused(requests.RequestException):
    """One of these two, as `requests` reports failures."""


class _Timed(io.RawIOBase):
    """What a socket receives, until a deadline."""

    def __init__(self, raw: io.RawIOBase, connection: socket.socket, *, seconds: float) -> None:
        self._raw = raw
        self._socket = connection
        self._silence = connection.gettimeout()
        self._seconds = seconds
        self._deadline = time.monotonic() + seconds

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Receive some bytes.

        Raises:
            AnswerTooSlow: The deadline has passed.
            TimeoutError: Nothing came for as long as the socket waits.
        """
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise self._too_slow()
        is_last = self._silence is None or left < self._silence
        self._socket.settimeout(left if is_last else self._silence)
        try:
            return self._raw.readinto(buffer)
        except TimeoutError:
            if is_last:
                raise self._too_slow() from None
            raise

    def close(self) -> None:
        """Close the stream, not the socket."""
        self._raw.close()
        super().close()

    def _too_slow(self) -> AnswerTooSlow:
        return AnswerTooSlow(f"its answer was not whole after {self._seconds:g} s")


def bounded_pools(classes: Mapping[str, type[urllib3.HTTPConnectionPool]], *, seconds: float) -> dict[str, Any]:
    """Return classes of pools whose answers have a deadline.

    Args:
        classes: Those of urllib3, or of a library that derives its own, by scheme.
        seconds: Longest time from an answer's first line to its last byte.
    """
    return {scheme: _bounded_pool(pool, seconds) for scheme, pool in classes.items()}


def _bounded_pool(pool: type[urllib3.HTTPConnectionPool], seconds: float) -> type[urllib3.HTTPConnectionPool]:
    class Response(http.client.HTTPResponse):
        def __init__(self, sock: socket.socket, *arguments: Any, **options: Any) -> None:
            super().__init__(sock, *arguments, **options)
            raw = self.fp.detach()
            self.fp = io.BufferedReader(_Timed(raw, sock, seconds=seconds))

    connection = type("Connection", (pool.ConnectionCls,), {"response_class": Response})
    return type(pool.__name__, (pool,), {"ConnectionCls": connection})


class _BoundedResponse(requests.Response):
    """An answer whose content has a limit."""

    largest: int

    def iter_content(self, chunk_size: int | None = 1, decode_unicode: bool = False) -> Iterator[Any]:  # noqa: FBT001, FBT002
        """Yield the content in pieces.

        Raises:
            AnswerRefused: There is more of it than is accepted, or it takes too long.
        """
        size = 0
        try:
            for piece in super().iter_content(chunk_size, decode_unicode):
                size += len(piece)
                if size > self.largest:
                    raise AnswerTooLarge(f"its answer has more than the {self.largest} bytes that are accepted")
                yield piece
        except (AnswerTooLarge, AnswerTooSlow) as error:
            self.close()
            raise AnswerRefused(str(error)) from error


class BoundedAdapter(HTTPAdapter):
    """Sends requests whose answers have an end.

    Args:
        largest: Most bytes of an answer, after decompression.
        seconds: Longest time of an answer with its headers.
        options: Those of the adapter of `requests`.
    """

    def __init__(self, *, largest: int, seconds: float, **options: Any) -> None:
        self.largest = largest
        self._seconds = seconds
        super().__init__(**options)

    def send(self, *arguments: Any, **options: Any) -> requests.Response:
        """Send a request and return its answer, whose content may still be on its way.

        Raises:
            AnswerRefused: Its headers are not whole when its time is over.
        """
        try:
            return super().send(*arguments, **options)
        except AnswerTooSlow as error:
            raise AnswerRefused(str(error)) from error

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        """Make the pools."""
        super().init_poolmanager(*arguments, **options)
        self._bound(self.poolmanager)

    def proxy_manager_for(self, *arguments: Any, **options: Any) -> Any:
        """Return the pools of a proxy."""
        manager = super().proxy_manager_for(*arguments, **options)
        self._bound(manager)
        return manager

    def build_response(self, req: Any, resp: Any) -> requests.Response:
        """Return the answer.

        Raises:
            AnswerRefused: It announces more bytes than are accepted.
            requests.exceptions.ContentDecodingError: It is compressed in another way, or several times.
        """
        response = super().build_response(req, resp)
        if response.headers.get("Content-Encoding", "").strip().lower() not in _ENCODINGS:
            response.close()
            raise requests.exceptions.ContentDecodingError("it is compressed in a way that was not asked for")
        announced = response.headers.get("Content-Length", "")
        if req.method != "HEAD" and announced.isdecimal() and int(announced[:20]) > self.largest:
            response.close()
            raise AnswerRefused(f"its answer has {announced[:20]} bytes, more than the {self.largest} accepted")
        response.__class__ = _BoundedResponse
        response.largest = self.largest  # type: ignore[attr-defined]
        return response

    def _bound(self, manager: Any) -> None:
        if not getattr(manager, "is_bounded", False):
            manager.pool_classes_by_scheme = bounded_pools(manager.pool_classes_by_scheme, seconds=self._seconds)
            manager.is_bounded = True


def bounded_session(*, largest: int = SHORT_BYTES, seconds: float = SHORT_SECONDS) -> requests.Session:
    """Return a session whose answers have an end.

    Args:
        largest: Most bytes of an answer, after decompression.
        seconds: Longest time of an answer with its headers; each redirect has its own.
    """
    session = requests.Session()
    session.max_redirects = REDIRECTS
    session.headers["Accept-Encoding"] = "gzip, deflate"
    adapter = BoundedAdapter(largest=largest, seconds=seconds)
    for scheme in ("http://", "https://"):
        session.mount(scheme, adapter)
    return session


def bound_client(client: Any, *, seconds: float) -> None:
    """Give the answers to a client of boto3 a deadline; botocore has no setting for it.

    Args:
        client: The client.
        seconds: Longest time of an answer with its headers.
    """
    session = client._endpoint.http_session  # noqa: SLF001
    session._pool_classes_by_scheme = bounded_pools(session._pool_classes_by_scheme, seconds=seconds)  # noqa: SLF001
    session._manager.pool_classes_by_scheme = session._pool_classes_by_scheme  # noqa: SLF001


def read_object(client: Any, *, bucket: str, key: str, largest: int) -> bytes:
    """Return the content of an object in an S3 store.

    Raises:
        AnswerTooLarge: It has more bytes than are accepted.
        AnswerTooSlow: It is not whole when its time is over.
    """
    answer = client.get_object(Bucket=bucket, Key=key)
    body, content = answer["Body"], bytearray()
    with contextlib.closing(body):
        if int(answer.get("ContentLength") or 0) > largest:
            raise AnswerTooLarge(f"it has {answer['ContentLength']} bytes, more than the {largest} that are accepted")
        for piece in body.iter_chunks(_PIECE):
            content += piece
            if len(content) > largest:
                raise AnswerTooLarge(f"it has more than the {largest} bytes that are accepted")
    return bytes(content)
