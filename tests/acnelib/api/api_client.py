"""A client of the API as tests see it, and the runs that stand in for a training."""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import requests
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable

    from acnelib.api.model_service import ModelService
    from acnelib.api.runs.processes import RunManager
    from acnelib.config.settings import Settings

TOKEN = "a-token-for-tests-only"
COLOURS = {"blue": (0, 0, 255), "green": (0, 255, 0), "red": (255, 0, 0), "grey": (128, 128, 128)}
PATIENCE = 20.0
ANSWER = {
    "decision": "promoted",
    "reasons": ["better"],
    "version": "1",
    "run_id": "r",
    "bundle": "/secret/bundle",
    "split": "/secret/split.json",
    "seconds": 1.5,
    "training_seconds": 1.0,
}
QUICK = f"import json, sys; print('✓ Scrape 0.1 s', file=sys.stderr); print(json.dumps({ANSWER!r}))"
ENDLESS = """
import signal, sys, time
signal.signal(signal.SIGINT, lambda *_: sys.exit(130))
print('begun', file=sys.stderr, flush=True)
while True: time.sleep(0.05)
"""


@dataclass
class Api:
    """A running API, as a client sees it."""

    url: str
    model_service: ModelService
    runs: RunManager
    settings: Settings
    session: requests.Session = field(default_factory=requests.Session)

    def ask(self, method: str, path: str, *, token: str | None = TOKEN, **options: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.session.request(
            method, self.url + path, headers=headers | options.pop("headers", {}), **({"timeout": PATIENCE} | options)
        )

    def get(self, path: str, **options: Any) -> requests.Response:
        return self.ask("GET", path, **options)

    def post(self, path: str, **options: Any) -> requests.Response:
        return self.ask("POST", path, **options)

    def predict(self, *photos: tuple[str, bytes], urls: tuple[str, ...] = ()) -> requests.Response:
        files = [("files", photo) for photo in photos] + [("urls", (None, url)) for url in urls]
        return self.post("/v1/predictions", files=files)


def picture(colour: str, *, size: tuple[int, int] = (16, 12)) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", size, COLOURS[colour]).save(stream, "PNG")
    return stream.getvalue()


def eventually(condition: Callable[[], Any]) -> Any:
    """Wait until something is so, and return it."""
    waiting = threading.Event()
    for _ in range(int(PATIENCE / 0.02)):
        if value := condition():
            return value
        waiting.wait(0.02)
    raise AssertionError("it never came to be so")
