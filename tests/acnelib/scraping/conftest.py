"""A real server on this machine that shows tiny drawn pictures as an atlas would."""

from __future__ import annotations

import hashlib
import io
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from PIL import Image

from acnelib.scraping.crawler import crawl
from acnelib.scraping.layout_files import load_layout
from acnelib.storage.workspace import ImageStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from acnelib.scraping.collected import Collected
    from acnelib.scraping.layout import Layout

VARIANT = "__FillWzEyMDAsNjI4XQ"
Atlas = dict[str, dict[str, bytes]]


@dataclass
class Reply:
    content: bytes = b""
    status: int = 200
    type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


class Site:
    """Replies by path; a list of replies is used up one by one, its last one stays."""

    def __init__(self) -> None:
        self.replies: dict[str, Reply | list[Reply]] = {}
        self.api: Callable[[dict[str, str]], Any] | None = None
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.validates = True
        self.url = ""

    def asked(self, path: str) -> int:
        return [asked for asked, _ in self.requests].count(path)

    def answer(self, path: str, content: bytes = b"", **said: Any) -> None:
        """Answer at a path with a status, type and headers of the test's choice."""
        self.replies[path] = Reply(content, **said)

    def answer_once(self, path: str, content: bytes = b"", **said: Any) -> None:
        """Answer so the next time only, then as before."""
        before = self.replies[path]
        assert isinstance(before, Reply)
        self.replies[path] = [Reply(content, **said), before]

    def page(self, path: str, html: str) -> None:
        self.answer(path, html.encode())

    def picture(self, path: str, content: bytes) -> None:
        self.answer(path, content, type="image/png")

    def reply(self, path: str, headers: dict[str, str]) -> Reply:
        self.requests.append((path, headers))
        if self.api and path.startswith("/w/api.php?"):
            answer = self.api(dict(parse_qsl(urlsplit(path).query)))
            return Reply(json.dumps(answer).encode(), type="application/json; charset=utf-8")
        found = self.replies.get(path, Reply(b"nothing here", status=404))
        if isinstance(found, list):
            found = found.pop(0) if len(found) > 1 else found[0]
        if not (self.validates and found.status == 200 and found.type.startswith("image/")):
            return found
        etag = f'"{hashlib.sha256(found.content).hexdigest()}"'
        if headers.get("If-None-Match") == etag:
            return Reply(status=304)
        return Reply(found.content, type=found.type, headers={"ETag": etag, **found.headers})

    def show_dermnet(self, atlas: Atlas) -> None:
        """Show topics in the form that DermNet has today."""
        entries = [{"name": f"{topic} images", "url": f"/topics/{topic}-images?stage=Live"} for topic in atlas]
        self.answer("/image-library/imagesJson", json.dumps(entries).encode(), type="application/json")
        for topic, pictures in atlas.items():
            shown = "".join(
                f'<div class="imageLinkBlock__item__image"><img src="/assets/{stem}{VARIANT}.png" alt="{stem}"></div>'
                for stem in pictures
            )
            self.page(f"/topics/{topic}-images?stage=Live", f"<h1>{topic} images</h1>{shown}")
            for stem, content in pictures.items():
                self.picture(f"/assets/{stem}.png", content)

    def show_classic(self, atlas: Atlas, *, per_page: int = 2) -> None:
        """Show topics in the form of the classic dermnet.com, whose last page links to copies of itself."""
        links = "".join(f'<a href="/images/{topic}">{topic}</a>' for topic in atlas)
        self.page("/images/Acne-and-Rosacea-Photos", f'<a href="/about">about</a>{links}')
        for topic, pictures in atlas.items():
            stems = list(pictures)
            pages = [stems[start : start + per_page] for start in range(0, len(stems), per_page)]
            for number in range(1, len(pages) + 5):
                shown = "".join(
                    f'<a href="#"><img src="/dn2/{stem}Thumb.png" alt="{stem}"></a>'
                    for stem in pages[min(number, len(pages)) - 1]
                )
                following = f'<div class="pagination"><a href="/images/{topic}/photos/{number + 1}">Next</a></div>'
                html = f'<title>{topic}</title><div class="thumbnails">{shown}</div>{following}'
                self.page(f"/images/{topic}/photos/{number}", html)
                if number == 1:
                    self.page(f"/images/{topic}", html.replace(f"photos/{number + 1}", "photos/1"))
            for stem, content in pictures.items():
                self.picture(f"/dn2/{stem}.png", content)


@pytest.fixture(scope="session")
def _start() -> Iterator[Callable[[], Site]]:
    """Start sites, each with a port of its own, and stop them all at the end."""
    servers: list[tuple[ThreadingHTTPServer, threading.Thread]] = []

    def start() -> Site:
        site = Site()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                reply = site.reply(self.path, dict(self.headers.items()))
                self.send_response(reply.status)
                headers = {"Content-Type": reply.type, "Content-Length": str(len(reply.content)), **reply.headers}
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                # A client that had enough of a body hangs up.
                try:
                    self.wfile.write(reply.content)
                except ConnectionError:
                    self.close_connection = True

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = False
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        servers.append((server, thread))
        site.url = f"http://127.0.0.1:{server.server_port}"
        return site

    yield start
    for server, thread in servers:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="session")
def _sites(_start: Callable[[], Site]) -> list[Site]:
    return [_start(), _start()]


@pytest.fixture
def site(_sites: list[Site], atlas: Atlas) -> Site:
    """A site that shows the atlas in the form of the sample."""
    site = _emptied(_sites[0])
    site.show_dermnet(atlas)
    return site


@pytest.fixture
def other_site(_sites: list[Site]) -> Site:
    """A second site, at another port, that shows nothing yet."""
    return _emptied(_sites[1])


def _emptied(site: Site) -> Site:
    site.replies.clear()
    site.requests.clear()
    site.api = None
    site.validates = True
    return site


@pytest.fixture(scope="session")
def draw() -> Callable[[int], bytes]:
    """Draw a tiny picture that is different for every number."""

    def drawn(number: int) -> bytes:
        stream = io.BytesIO()
        Image.new("RGB", (2, 2), (number % 256, number // 256, 128)).save(stream, "png")
        return stream.getvalue()

    return drawn


@pytest.fixture
def atlas(draw: Callable[[int], bytes]) -> Atlas:
    """Two topics with five pictures in all."""
    return {
        "comedones": {f"comedones-{number}": draw(number) for number in range(3)},
        "cysts": {f"cysts-{number}": draw(10 + number) for number in range(2)},
    }


class Watch:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def store(tmp_path: Path) -> ImageStore:
    return ImageStore(tmp_path / "work" / "images")


@pytest.fixture
def sample() -> Layout:
    return load_layout("sample")


@pytest.fixture
def look(site: Site, sample: Layout, store: ImageStore, tmp_path: Path, watch: Watch) -> Callable[..., Collected]:
    """Crawl the site in the layout of the sample atlas."""

    def crawled(**changes: Any) -> Collected:
        arguments: dict[str, Any] = {
            "layout": sample,
            "address": site.url,
            "images": store,
            "memory": tmp_path / "work" / "visits.jsonl",
            "sleep": watch.sleep,
            "clock": watch.clock,
            **changes,
        }
        return crawl(arguments.pop("layout"), **arguments)

    return crawled
