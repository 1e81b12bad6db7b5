"""The server of the sample atlas on this machine, in the layout of today's DermNet; pictures are drawn on request."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
from dataclasses import dataclass
from functools import lru_cache, partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from acnelib.atlas.pages import (
    ROBOTS,
    landing_page,
    library_json,
    library_page,
    missing_page,
    topic_page,
    topic_path,
)
from acnelib.atlas.site import ATLAS_NUMBER, ATLAS_SEED, TOPICS, PictureVariant, SitePhoto, site_photos
from acnelib.errors import ServiceFailed
from acnelib.storage.files import sha256_of
from acnelib.text.plain_reasons import plain_reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_log = logging.getLogger(__name__)

_HOST = "127.0.0.1"
# Drawn pictures kept in memory: a scraper asks for a picture once, a browser for a page of them.
_KEPT_PICTURES = 128


@dataclass(frozen=True)
class _Resource:
    """Something at an address: its tag is known before its content is made."""

    etag: str
    media_type: str
    content: Callable[[], bytes]


class Atlas:
    """The sample atlas: what is at each address.

    Args:
        number: how many whole pictures are drawn; flawed copies come on top.
        seed: of the drawing.

    Raises:
        UsageError: the number or the seed is negative.
    """

    def __init__(self, *, number: int = ATLAS_NUMBER, seed: int = ATLAS_SEED) -> None:
        self._seed = seed
        self.photos = site_photos(number=number, seed=seed)
        self._by_path = {photo.path: photo for photo in self.photos}
        self._draw = lru_cache(maxsize=_KEPT_PICTURES)(partial(SitePhoto.jpeg, seed=seed))
        self._texts = dict(self._written())

    def find(self, path: str) -> _Resource | None:
        """Return what is at an address without query; nothing if nothing is."""
        if path in self._texts:
            return self._texts[path]
        folder, _, name = path.rpartition("/")
        stem, mark, ending = name.removesuffix(".jpg").rpartition("__")
        if not mark:
            photo = self._by_path.get(path)
            return None if photo is None else self._picture(photo)
        photo, variant = self._by_path.get(f"{folder}/{stem}.jpg"), PictureVariant.parse(ending)
        return None if photo is None or variant is None else self._picture(photo, variant)

    def _picture(self, photo: SitePhoto, variant: PictureVariant | None = None) -> _Resource:
        def content() -> bytes:
            original = self._draw(photo)
            # A broken file has no variants: the file itself is served.
            return original if variant is None or photo.broken else variant.apply(original)

        return _Resource(photo.etag(seed=self._seed, variant=variant), "image/jpeg", content)

    def _written(self) -> Iterator[tuple[str, _Resource]]:
        topics = {topic: [photo for photo in self.photos if photo.topic == topic] for topic in TOPICS.values()}
        topics = {topic: photos for topic, photos in topics.items() if photos}
        yield "/robots.txt", _text(ROBOTS, "text/plain")
        yield "/", _text(landing_page(topics), "text/html")
        yield "/image-library", _text(library_page(), "text/html")
        yield "/image-library/imagesJson", _text(library_json(topics), "application/json")
        for topic, photos in topics.items():
            yield topic_path(topic), _text(topic_page(topic, photos), "text/html")


def _text(text: str, media_type: str) -> _Resource:
    content = text.encode()
    return _Resource(f'"{sha256_of(content)[:32]}"', f"{media_type}; charset=utf-8", lambda: content)


@contextlib.contextmanager
def serve_atlas(*, number: int = ATLAS_NUMBER, seed: int = ATLAS_SEED, port: int = 0) -> Iterator[str]:
    """Serve the sample atlas for as long as the block lasts, and yield its address.

    Args:
        number: how many whole pictures it draws. A larger number keeps what a smaller one showed.
        seed: of the drawing.
        port: on 127.0.0.1; 0 takes any that is free.

    Yields:
        The address, such as ``http://127.0.0.1:8000``, without a slash at the end.

    Raises:
        UsageError: the number or the seed is negative.
        ServiceFailed: the port cannot be had.
    """
    atlas = Atlas(number=number, seed=seed)
    try:
        server = _Server((_HOST, port), atlas)
    except (OSError, OverflowError) as error:
        raise ServiceFailed(
            f"cannot serve the sample atlas on {_HOST}:{port} ({plain_reason(error)}): "
            "choose another port, or 0 for any"
        ) from error
    # A short poll, so that the end of the block is not waited for.
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="acnelib-atlas")
    thread.start()
    try:
        yield f"http://{_HOST}:{server.server_port}"
    finally:
        server.shutdown()
        server.hang_up()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    """Knows its open connections, so that closing does not wait for clients that keep theirs."""

    daemon_threads = False  # server_close() then waits for the threads of all requests

    def __init__(self, address: tuple[str, int], atlas: Atlas) -> None:
        super().__init__(address, _Handler)
        self.atlas = atlas
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        with self._lock:
            for connection in self._connections:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - socketserver's signature
        _log.debug("request from %s broke off", client_address, exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD, and says 304 to who has the current content already."""

    protocol_version = "HTTP/1.1"
    server_version, sys_version = "acnelib-atlas", ""
    disable_nagle_algorithm = True  # else each answer on a kept connection takes 40 ms
    server: _Server

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        resource = self.server.atlas.find(path)
        if resource is None:
            self._answer(HTTPStatus.NOT_FOUND, _text(missing_page(path), "text/html"))
        elif _holds(self.headers.get("If-None-Match", ""), resource.etag):
            self.send_response(HTTPStatus.NOT_MODIFIED)
            self.send_header("ETag", resource.etag)
            self.end_headers()
        else:
            self._answer(HTTPStatus.OK, resource)

    do_HEAD = do_GET  # noqa: N815 - the name http.server looks for

    def _answer(self, status: HTTPStatus, resource: _Resource) -> None:
        content = resource.content()
        self.send_response(status)
        self.send_header("Content-Type", resource.media_type)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("ETag", resource.etag)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name for it
        _log.debug(format, *args)


def _holds(if_none_match: str, etag: str) -> bool:
    held = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return etag in held or "*" in held
