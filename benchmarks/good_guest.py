"""Be a guest of a slow, unreliable site, be killed in the middle, and meet everything that can go wrong on another.

    python benchmarks/good_guest.py [--pictures 1000] [--latency 0.1] [--crawl-delay 0.1] [--errors 0.05] [--seed 0]

Prints how often pictures were asked for, how many requests were under way at once, the time against what politeness
allows, and whether the crawl that was killed ends with the same pictures. Then one row per bad item: how it ended.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import random
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from acnelib.errors import ScrapeFailed
from acnelib.scraping.crawler import crawl
from acnelib.scraping.layout_files import load_layout
from acnelib.storage.workspace import ImageStore

if TYPE_CHECKING:
    from collections.abc import Iterator

INDEX = "/image-library/imagesJson"
TOPICS = ("acne-face", "milia", "rhinophyma", "rosacea", "steroid-acne")
TILE = '<div class="imageLinkBlock__item__image"><img src="{}" alt="a drawn square"></div>'
GUEST = """
import json, sys, time
from pathlib import Path
from acnelib.storage.manifest import read_manifest
from acnelib.config.settings import Settings
from acnelib.stages.scrape import scrape
root, address = Path(sys.argv[1]), sys.argv[2]
settings = Settings(home=root, cache=root, stack=root, workdir=root)
began = time.monotonic()
scraped = scrape(f"dermnet@{address}", settings=settings)
seconds = time.monotonic() - began
found = sorted({record.sha256 for record in read_manifest(scraped.manifest)})
print(json.dumps({"seconds": seconds, "failures": scraped.failures, "downloaded": scraped.downloaded, "found": found}))
"""


@dataclass
class Site:
    """Pages and pictures by path, and what was asked for."""

    content: dict[str, tuple[str, bytes]]
    latency: float = 0.0
    errors: float = 0.0
    seed: int = 0
    begun: list[float] = field(default_factory=list)
    fates: list[str] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)
    given: Counter[str] = field(default_factory=Counter)
    again: Counter[str] = field(default_factory=Counter)
    at_once: int = 0
    most_at_once: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.lock = threading.Lock()

    @contextlib.contextmanager
    def asking(self, path: str) -> Iterator[str]:
        """Count a request; yield what is to happen to it."""
        with self.lock:
            self.begun.append(time.monotonic())
            self.asked[path] += 1
            self.again[path] += self.given[path] > 0
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            fate = self.chance.choice(("busy", "reset")) if self.chance.random() < self.errors else "well"
            self.fates.append(fate)
        time.sleep(self.latency)
        try:
            yield fate
        finally:
            with self.lock:
                self.at_once -= 1


class Handler(BaseHTTPRequestHandler):
    """Answers for a site."""

    site: Site

    def do_GET(self) -> None:
        """Answer one request."""
        with self.site.asking(self.path) as fate:
            if fate == "reset":
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
                return
            if fate == "busy":
                self._say(503, "text/plain", b"busy", {"Retry-After": "0"})
                return
            kind, content = self.site.content.get(self.path, ("404", b"nothing here"))
            if kind in {"endless", "announced"}:
                self._stream(announced=kind == "announced")
            elif kind.isdecimal():
                self._say(int(kind), "text/html", content, {"Location": content.decode()} if kind == "302" else {})
            else:
                self._say(200, kind, content, {"ETag": f'"{hash(content)}"'})
                with self.site.lock:
                    self.site.given[self.path] += 1

    def _say(self, status: int, kind: str, content: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(content)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def _stream(self, *, announced: bool) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "image/jpeg")
        if announced:
            self.send_header("Content-Length", str(10 * 2**30))
        self.end_headers()
        with contextlib.suppress(ConnectionError):
            for _ in range(10 * 2**10):
                self.wfile.write(bytes(2**20))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing of each request."""


@contextlib.contextmanager
def served(site: Site) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (Handler,), {"site": site}))
    server.handle_error = lambda *_arguments: None  # type: ignore[method-assign] - guests are killed, connections reset
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def picture(number: int) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (8, 8), (number % 256, number // 256, 90)).save(stream, "png")
    return stream.getvalue()


def atlas(pictures: int, *, crawl_delay: float) -> dict[str, tuple[str, bytes]]:
    """Return a site in DermNet's form."""
    content = {"/robots.txt": ("text/plain", f"User-agent: *\nCrawl-delay: {crawl_delay}\n".encode())}
    content[INDEX] = ("application/json", json.dumps([{"url": f"/topics/{topic}-images"} for topic in TOPICS]).encode())
    for place, topic in enumerate(TOPICS):
        paths = {f"/assets/{topic}-{number}.png": number for number in range(place, pictures, len(TOPICS))}
        tiles = "".join(TILE.format(path.replace(".png", "__FillWzEyMDAsNjI4XQ.png")) for path in paths)
        content[f"/topics/{topic}-images"] = ("text/html", f"<h1>{topic}</h1>{tiles}".encode())
        content |= {path: ("image/png", picture(number)) for path, number in paths.items()}
    return content


def start(root: Path, address: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", GUEST, root, address], stdout=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str]) -> dict[str, Any]:
    out, _ = process.communicate(timeout=3600)
    if process.returncode != 0:
        raise SystemExit(f"the guest ended with {process.returncode}")
    return dict(json.loads(out))


def killed_in_the_middle(root: Path, address: str, site: Site, pictures: int) -> tuple[dict[str, Any], int]:
    """Kill a guest when half the pictures were given; return how the next one ends, and how many were in its store."""
    process = start(root, address)
    while sum(1 for path in list(site.given) if path.startswith("/assets/")) < pictures // 2:
        if process.poll() is not None:
            raise SystemExit("the guest ended before it could be killed")
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    stored = sum(1 for _ in ImageStore(root / "images"))
    return finish(start(root, address)), stored


def tell(title: str, site: Site, outcome: dict[str, Any], pace: float) -> None:
    shown = {path for path in site.content if path.startswith("/assets/")}
    requests, waits = sum(site.asked.values()), [b - a for a, b in zip(site.begun, site.begun[1:], strict=False)]
    print(f"{title}: {len(outcome['found'])} of {len(shown)} pictures, {outcome['failures']} failures")
    print(
        f"  requests {requests}, of them answered with 503 or reset {len(site.fates) - site.fates.count('well')}; "
        f"at once at most {site.most_at_once}; least time between two {min(waits):.3f} s"
    )
    given = [site.given[path] for path in shown]
    print(
        f"  pictures given once {given.count(1)}, more often {sum(number > 1 for number in given)}"
        f"; asked for again after success {sum(site.again[path] for path in shown)}"
        f"; most requests for one {max(site.asked[path] for path in shown)}"
    )
    seconds, allowed = site.begun[-1] - site.begun[0], pace * requests
    pauses = sum(wait - pace for wait, fate in zip(waits, site.fates, strict=False) if fate != "well")
    print(
        f"  {seconds:.1f} s, {pauses:.1f} s of them pauses after refusals; politeness allows {allowed:.1f} s "
        f"({pace} s × requests): {seconds / allowed:.2f}×, without the pauses {(seconds - pauses) / allowed:.2f}×"
    )


def good_guest(arguments: argparse.Namespace, folder: Path) -> bool:
    content = atlas(arguments.pictures, crawl_delay=arguments.crawl_delay)
    site, other = (Site(content, arguments.latency, arguments.errors, arguments.seed + place) for place in range(2))
    with served(site) as address, served(other) as other_address:
        undisturbed = start(folder / "undisturbed", address)
        outcome, stored = killed_in_the_middle(folder / "killed", other_address, other, arguments.pictures)
        expected = finish(undisturbed)
    # Who asks one thing at a time cannot be faster than the answers are.
    pace = max(arguments.crawl_delay, arguments.latency)
    tell("undisturbed", site, expected, pace)
    tell(f"killed with {stored} in the store, and again", other, outcome, pace)
    stores = [sorted(ImageStore(folder / name / "images")) for name in ("undisturbed", "killed")]
    equal = outcome["found"] == expected["found"] and stores[0] == stores[1]
    print(f"  same pictures in manifest and store as undisturbed: {'yes' if equal else 'NO'}")
    return equal and len(expected["found"]) == arguments.pictures and max(site.most_at_once, other.most_at_once) == 1


BAD = {
    "a login wall": ("403", b"log in"),
    "a picture that is gone": ("404", b"gone"),
    "a body without end": ("endless", b""),
    "a body of 10 GB": ("announced", b""),
    "a redirect loop": ("302", b"/assets/a-redirect-loop.png"),
    "a redirect elsewhere": ("302", b"http://127.0.0.2/a.png"),
    "a web page": ("text/html; charset=utf-8", b"<html>Please enable scripts</html>"),
    "a web page said to be a picture": ("image/png", b"<html>Please enable scripts</html>"),
    "an empty file": ("image/png", b""),
}
NEW_LOOK = ("text/html", b'<title>New look</title><figure class="tile"><img data-src="/a.png"></figure>')


def bad_site(folder: Path) -> bool:
    """Meet every bad item on one site; then sites that fail as a whole."""
    content = atlas(50, crawl_delay=0)
    good = sum(1 for path in content if path.startswith("/assets/") and "rosacea" not in path)
    paths = {what: f"/assets/{what.replace(' ', '-')}.png" for what in BAD}
    content |= {path: BAD[what] for what, path in paths.items()}
    page = "/topics/acne-face-images"
    content[page] = ("text/html", content[page][1] + "".join(map(TILE.format, paths.values())).encode())
    content["/topics/rosacea-images"] = NEW_LOOK
    site = Site(content)
    with served(site) as address:
        began = time.monotonic()
        collected = crawl(
            load_layout("dermnet"),
            address=address,
            images=ImageStore(folder / "images"),
            memory=folder / "seen.jsonl",
            sleep=lambda _seconds: None,
        )
        seconds = time.monotonic() - began
        reasons = {failure.url: failure.reason.replace(address, "") for failure in collected.failures}
        ended = {what: reasons.get(address + path) for what, path in paths.items()}
        ended["a layout change"] = reasons.get(f"{address}/topics/rosacea-images")
        for what, reason in ended.items():
            print(f"  {what:<32} {reason or 'NOT NOTICED'}")
    whole = len(collected.records) == good
    print(f"  the rest went on: {len(collected.records)} of {good} pictures in {seconds:.1f} s")
    print(f"  summary: {collected.summary}")
    return whole and all(ended.values())


def whole_sites(folder: Path) -> bool:
    ends = {"index behind a login": ("403", b"log in"), "index of another form": NEW_LOOK, "index busy": ("503", b"")}
    fine = True
    for what, answer in ends.items():
        with served(Site(atlas(5, crawl_delay=0) | {INDEX: answer})) as address:
            try:
                crawl(
                    load_layout("dermnet"),
                    address=address,
                    images=ImageStore(folder / "images"),
                    memory=folder / "seen.jsonl",
                    sleep=lambda _seconds: None,
                )
            except ScrapeFailed as error:
                print(f"  {what:<32} {str(error).replace(address, '')}")
            else:
                print(f"  {what:<32} NOT NOTICED")
                fine = False
    return fine


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=int, default=1000)
    parser.add_argument("--latency", type=float, default=0.1, help="seconds before each answer")
    parser.add_argument("--crawl-delay", type=float, default=0.1, help="seconds, in robots.txt")
    parser.add_argument("--errors", type=float, default=0.05, help="share of requests that are refused or reset")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="acne-guest-") as name:
        folder = Path(name)
        good = good_guest(arguments, folder)
        print("a site with bad items:")
        bad = bad_site(folder / "bad")
        print("sites that fail as a whole:")
        whole = whole_sites(folder / "whole")
    return 0 if good and bad and whole else 1


if __name__ == "__main__":
    sys.exit(main())
