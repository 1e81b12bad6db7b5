"""The load of an API for a long time: ordinary and hostile requests in turn, at a bounded rate, from this machine."""

from __future__ import annotations

import io
import itertools
import random
import socket
import threading
import time
import zlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import requests
from mutated_pictures import mutated
from PIL import Image

from acnelib.atlas.drawing import draw_picture, encode_jpeg

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 60.0
CLIENTS = 4
SLOW_SECONDS = 8.0
REFUSALS = range(400, 500)


@dataclass
class Tally:
    """Requests by kind, and what went wrong."""

    requests: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)


class ApiLoad:
    """Clients that take turns at every kind of request until they are stopped.

    Args:
        port: Of the API on this machine.
        token: Its token.
        rate: Requests a second, of all clients together.
    """

    def __init__(self, port: int, *, token: str, rate: float, seed: int = 0) -> None:
        self.tally = Tally()
        self._port, self._token, self._pause = port, token, CLIENTS / rate
        self._seed, self._numbers = seed, itertools.count()
        self._ordinary = [encode_jpeg(draw_picture(number, seed=seed).image) for number in range(8)]
        self._hostile = [bomb(), many_scans()]
        self._stop = threading.Event()
        self._clients = [threading.Thread(target=self._run, args=(number,)) for number in range(CLIENTS)]

    def start(self) -> None:
        """Begin."""
        for client in self._clients:
            client.start()

    def stop(self) -> None:
        """Let each client finish its request."""
        self._stop.set()
        for client in self._clients:
            client.join()

    def _run(self, client: int) -> None:
        chance = random.Random(f"{self._seed}:{client}")
        session = requests.Session()
        session.headers["Authorization"] = f"Bearer {self._token}"
        acts = [act for act, weight in self._acts() for _ in range(weight)]
        while not self._stop.is_set():
            began = time.monotonic()
            act = chance.choice(acts)
            try:
                problem = act(session)
            except (requests.RequestException, OSError, ValueError, LookupError, TypeError) as error:
                problem = repr(error)
            self.tally.requests[act.__name__.strip("_")] += 1
            if problem:
                self.tally.errors.append(f"{act.__name__.strip('_')}: {problem}")
            self._stop.wait(max(0.0, self._pause - (time.monotonic() - began)))
        session.close()

    def _acts(self) -> list[tuple[Callable[[requests.Session], str | None], int]]:
        return [
            (self._one_photo, 40),
            (self._batch, 4),
            (self._mutated_photo, 30),
            (self._bomb, 1),
            (self._wrong_request, 12),
            (self._large_header, 1),
            (self._health, 6),
            (self._model, 3),
            (self._private_address, 2),
            (self._slow_client, 1),
            (self._client_that_leaves, 3),
        ]

    def _post(self, session: requests.Session, *photos: bytes) -> list[dict[str, object]]:
        files = [("files", (f"{place}.jpg", photo)) for place, photo in enumerate(photos)]
        answer = session.post(self._url("/v1/predictions"), files=files, timeout=PATIENCE)
        if answer.status_code != 200:
            raise ValueError(f"HTTP {answer.status_code}: {answer.text[:200]}")
        return list(answer.json())

    def _one_photo(self, session: requests.Session) -> str | None:
        (row,) = self._post(session, self._ordinary[next(self._numbers) % len(self._ordinary)])
        return None if row["scores"] else f"an ordinary photo was refused: {row['error']}"

    def _batch(self, session: requests.Session) -> str | None:
        rows = self._post(session, *self._ordinary)
        return None if all(row["scores"] for row in rows) else "an ordinary photo of a batch was refused"

    def _mutated_photo(self, session: requests.Session) -> str | None:
        number = next(self._numbers)
        (row,) = self._post(session, mutated(self._seed, number).content)
        return None if row["scores"] or row["error"] else f"photo {number} has neither scores nor an error"

    def _bomb(self, session: requests.Session) -> str | None:
        (row,) = self._post(session, self._hostile[next(self._numbers) % len(self._hostile)])
        return None if row["scores"] or row["error"] else "a bomb has neither scores nor an error"

    def _wrong_request(self, session: requests.Session) -> str | None:
        bearer = {"Authorization": f"Bearer {self._token}"}
        method, path, options = (
            ("GET", "/v1/model", {"headers": {"Authorization": "Bearer wrong"}}),
            ("GET", "/v1/nowhere", {}),
            ("DELETE", "/v1/predictions", {}),
            (
                "POST",
                "/v1/predictions",
                {"data": b"[" * 50_000, "headers": bearer | {"Content-Type": "application/json"}},
            ),
            (
                "POST",
                "/v1/predictions",
                {"data": b"no form", "headers": bearer | {"Content-Type": "multipart/form-data"}},
            ),
            ("POST", "/v1/predictions", {"data": b"words", "headers": bearer | {"Content-Type": "text/plain"}}),
            ("POST", "/v1/runs", {"json": {"sources": 1}}),
            ("GET", "/v1/runs/none", {}),
        )[next(self._numbers) % 8]
        answer = session.request(method, self._url(path), timeout=PATIENCE, **options)
        return None if answer.status_code in REFUSALS else f"{method} {path}: HTTP {answer.status_code}"

    def _large_header(self, session: requests.Session) -> str | None:
        """Send a header of 100 kB: refused, or the connection is closed while it is sent."""
        try:
            answer = session.get(self._url("/v1/model"), headers={"X-Large": "x" * 100_000}, timeout=PATIENCE)
        except requests.ConnectionError:
            return None
        return None if answer.status_code in REFUSALS else f"a header of 100 kB: HTTP {answer.status_code}"

    def _health(self, session: requests.Session) -> str | None:
        answer = session.get(self._url("/v1/health"), timeout=PATIENCE)
        return None if answer.json()["status"] == "ok" else f"HTTP {answer.status_code}: {answer.text[:200]}"

    def _model(self, session: requests.Session) -> str | None:
        answer = session.get(self._url("/v1/model"), timeout=PATIENCE)
        return None if answer.ok else f"HTTP {answer.status_code}: {answer.text[:200]}"

    def _private_address(self, session: requests.Session) -> str | None:
        urls = {"urls": [f"http://127.0.0.1:{self._port}/v1/health"]}
        (row,) = session.post(self._url("/v1/predictions"), json=urls, timeout=PATIENCE).json()
        return None if row["error"] else "an address of this machine was fetched"

    def _slow_client(self, _session: requests.Session) -> str | None:
        """Send a request byte by byte, and leave before its end."""
        with socket.create_connection(("127.0.0.1", self._port), timeout=PATIENCE) as connection:
            connection.sendall(self._head(length=1_000_000))
            until = time.monotonic() + SLOW_SECONDS
            while time.monotonic() < until and not self._stop.is_set():
                try:
                    connection.sendall(b"x")
                except OSError:  # the server may close it at any time
                    break
                self._stop.wait(0.5)
        return None

    def _client_that_leaves(self, _session: requests.Session) -> str | None:
        """Send half a photo, and go."""
        photo = self._ordinary[0]
        with socket.create_connection(("127.0.0.1", self._port), timeout=PATIENCE) as connection:
            connection.sendall(self._head(length=len(photo)) + photo[: len(photo) // 2])
        return None

    def _head(self, *, length: int) -> bytes:
        return (
            f"POST /v1/predictions HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nAuthorization: Bearer {self._token}\r\n"
            f"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {length}\r\n\r\n"
            '--b\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\n\r\n'
        ).encode()

    def _url(self, path: str) -> str:
        return f"http://127.0.0.1:{self._port}{path}"


def bomb() -> bytes:
    """Return a PNG of a few kilobytes with 177 megapixels."""
    side = 13_300
    rows = zlib.compress(bytes((1 + (side + 7) // 8) * side), 9)
    chunks = ((b"IHDR", side.to_bytes(4) * 2 + b"\1\0\0\0\0"), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        len(data).to_bytes(4) + name + data + zlib.crc32(name + data).to_bytes(4) for name, data in chunks
    )


def many_scans(times: int = 300) -> bytes:
    """Return a progressive JPEG of six megapixels and a few kilobytes that has its last scan many times."""
    stream = io.BytesIO()
    Image.new("RGB", (3000, 2000), (200, 150, 130)).save(stream, "JPEG", progressive=True)
    content = stream.getvalue()
    start = content.rindex(b"\xff\xda")
    return content[:start] + content[start:-2] * times + content[-2:]
