"""System metrics: the use of the machine by a computation, sampled under the names that MLflow has for it."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from typing import TYPE_CHECKING

import psutil

from acnelib.storage.files import write_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

USAGE = "system_usage.json"
EVERY_SECONDS = 1.0
CPU, MEMORY = "system/cpu_utilization_percentage", "system/process_memory_usage_megabytes"


@contextlib.contextmanager
def system_metrics_recorded(path: Path, *, every: float = EVERY_SECONDS) -> Iterator[None]:
    """Sample until the block ends, then write the samples to a file; of a block that fails there are none.

    Args:
        path: The file, JSON: by name of the metric, pairs of a time (milliseconds since 1970) and a value.
        every: Seconds between two samples; the last one is taken at the end.
    """
    samples: dict[str, list[tuple[int, float]]] = {CPU: [], MEMORY: []}
    process, ended = psutil.Process(), threading.Event()
    psutil.cpu_percent()  # each call measures since the previous one

    def sample() -> None:
        now = int(time.time() * 1000)
        samples[CPU].append((now, psutil.cpu_percent()))
        samples[MEMORY].append((now, round(process.memory_info().rss / 1e6, 1)))

    def go_on() -> None:
        while not ended.wait(every):
            sample()

    sampler = threading.Thread(target=go_on, name="acne-usage", daemon=True)
    sampler.start()
    try:
        yield
    finally:
        ended.set()
        sampler.join()
    sample()
    write_json(path, samples)


def read_system_metrics(path: Path) -> dict[str, list[tuple[int, float]]]:
    """Return the samples by name of the metric; none where there is no file."""
    if not path.is_file():
        return {}
    samples = json.loads(path.read_text(encoding="utf-8"))
    return {name: [(int(at), float(value)) for at, value in pairs] for name, pairs in samples.items()}
