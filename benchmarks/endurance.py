"""Do the API and the app hold for an hour? Mixed load on both, and what they hold in memory, handles and threads.

    python benchmarks/endurance.py [--minutes 60] [--only api|app] [--every 10] [--rate 8] [--bundle DIR]

The API gets ordinary and hostile photos, batches, wrong requests, slow clients and clients that leave, at a bounded
rate and from this machine alone; the app opens a folder, filters, changes the threshold, lays maps over photos, empties
the list and opens new windows. Both at the same time, each in a process of its own, of which a sample is taken every
ten seconds. Prints each figure at the start, after the warm-up (the first tenth), at the end and, for the API, when its
load was over, with the slope of a line through the samples after the warm-up. The exit code is 1 where anything failed,
handles or threads grew, or (from fifty minutes on) memory did: that of the program itself by more than ``--slope`` MB
an hour, that of all its processes by more than 50 MB. Workers that decode are replaced after some thousand pictures, so
what they hold rises and falls.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
import tiny_bundles
from load.api_load import ApiLoad
from load.usage import Sample
from mutated_pictures import mutated
from serving import TOKEN, environment, free_port, serving

from acnelib.atlas.drawing import draw_picture, encode_jpeg

if TYPE_CHECKING:
    from collections.abc import Sequence

REPOSITORY = Path(__file__).parents[1]
MODEL = REPOSITORY / "tests" / "gui" / "data" / "tiny_with_maps.tflite"
FIGURES = ("megabytes", "own_megabytes", "handles", "threads", "processes")
ROOM = {
    "megabytes": 50,
    "handles": 8,
    "threads": 4,
}  # by which a figure may be larger at the end: requests under way, idle workers
LONG_ENOUGH = 3000.0  # seconds from which a slope says something: a program still fills its arenas before
STARTING = 2.0  # until Qt and the libraries are loaded
RESTING = 5.0
LAST_ROUND = 300.0
ORDINARY, DAMAGED = 40, 20
SHOWN_ERRORS = 20


@dataclass
class Watched:
    """A program under load: its samples, what was done to it, and what went wrong."""

    name: str
    samples: list[Sample] = field(default_factory=list)
    rest: Sample | None = None
    done: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)

    @property
    def warm(self) -> list[Sample]:
        """The samples after the warm-up."""
        return self.samples[len(self.samples) // 10 :]

    def ends(self, figure: str) -> tuple[float, float, float]:
        """Return a figure at the start, after the warm-up and at the end; the last two as medians of some samples."""
        values = [float(getattr(sample, figure)) for sample in self.warm]
        some = max(1, len(values) // 10)
        return float(getattr(self.samples[0], figure)), median(values[:some]), median(values[-some:])

    def slope(self, figure: str) -> float:
        """Return by how much a figure grows in an hour: the line of least squares through the samples."""
        hours = [sample.seconds / 3600 for sample in self.warm]
        values = [float(getattr(sample, figure)) for sample in self.warm]
        middle, mean = sum(hours) / len(hours), sum(values) / len(values)
        spread = sum((hour - middle) ** 2 for hour in hours)
        return sum((h - middle) * (v - mean) for h, v in zip(hours, values, strict=True)) / spread if spread else 0.0

    def growths(self, *, most: float) -> list[str]:
        """Return what grew more than it may."""
        grown = []
        is_long = self.samples[-1].seconds >= LONG_ENOUGH
        for figure, room in ROOM.items():
            if figure == "megabytes" and not is_long:
                continue
            _, warm, end = self.ends(figure)
            if end > warm + room:
                grown.append(f"{self.name}: {figure} grew from {warm:.0f} to {end:.0f}")
        if is_long and self.slope("own_megabytes") > most:
            grown.append(f"{self.name}: its own memory grew by {self.slope('own_megabytes'):.1f} MB an hour")
        return grown


@dataclass(frozen=True)
class Plan:
    """How the load is made; an interruption ends it early.

    Attributes:
        bundle: The model.
        seconds: How long the load lasts.
        every: Seconds from one sample to the next.
        rate: Requests a second to the API.
        platform: Qt's.
        interrupted: Set to end the load now.
    """

    bundle: Path
    seconds: float
    every: float
    rate: float
    platform: str
    interrupted: threading.Event = field(default_factory=threading.Event)


class Sampling:
    """Takes samples of a process until it is ended."""

    def __init__(self, watched: Watched, process: int, *, every: float) -> None:
        self._watched, self._process, self._every = watched, process, every
        self._began, self._over = time.monotonic(), threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while True:
            self._watched.samples.append(self.now())
            if self._over.wait(self._every):
                return

    def now(self) -> Sample:
        """Return what the process holds now."""
        return Sample.of(self._process, seconds=time.monotonic() - self._began)

    def end(self) -> None:
        """Take no more."""
        self._over.set()
        self._thread.join()


def watch_api(watched: Watched, root: Path, plan: Plan) -> None:
    port = free_port()
    with serving(root, port, "acnelib.cli", "serve", "--model", str(plan.bundle), "--port", str(port)) as process:
        load = ApiLoad(port, token=TOKEN, rate=plan.rate)
        watched.done, watched.errors = load.tally.requests, load.tally.errors
        sampling = Sampling(watched, process.pid, every=plan.every)
        load.start()
        plan.interrupted.wait(plan.seconds)
        sampling.end()
        load.stop()
        time.sleep(RESTING)
        watched.rest = sampling.now()
        process.send_signal(signal.SIGTERM)
        code = process.wait(timeout=60)
    if code != 0:
        watched.errors.append(f"the server ended with {code}")
    log = (root / "server.log").read_text(encoding="utf-8")
    watched.errors += [line for line in log.splitlines() if "Traceback" in line or "Error" in line]


def watch_app(watched: Watched, root: Path, plan: Plan) -> None:
    write_photos(root / "photos")
    program = Path(__file__).parent / "load" / "app_load.py"
    with (root / "app.jsonl").open("wb") as out, (root / "app.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, str(program), str(plan.bundle), str(root / "photos"), str(plan.seconds)],
            env=environment(root) | {"QT_QPA_PLATFORM": plan.platform, "PYTHONPATH": str(REPOSITORY)},
            cwd=root,
            stdout=out,
            stderr=log,
        )
        plan.interrupted.wait(STARTING)
        sampling = Sampling(watched, process.pid, every=plan.every)
        plan.interrupted.wait(plan.seconds - STARTING)
        sampling.end()
        try:
            code = process.wait(timeout=0 if plan.interrupted.is_set() else LAST_ROUND)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait()
    lines = (root / "app.jsonl").read_text(encoding="utf-8").splitlines()
    last = json.loads(lines[-1]) if lines else {"done": {}, "errors": []}
    watched.done, watched.errors = Counter(last["done"]), last["errors"]
    if code != 0 and not watched.errors:
        watched.errors.append(f"the app ended with {code}: {(root / 'app.log').read_text(encoding='utf-8')[-500:]}")


def watch(watched: Watched, root: Path, plan: Plan) -> None:
    """Load a program, and count what fails in that itself as an error, too."""
    try:
        root.mkdir()
        (watch_api if watched.name == "API" else watch_app)(watched, root, plan)
    except Exception as error:  # noqa: BLE001 - a thread's exception would be lost
        watched.errors.append(f"the measurement failed: {error!r}")


def write_photos(folder: Path) -> None:
    """Write ordinary photos, and some that are damaged."""
    folder.mkdir()
    for number in range(ORDINARY):
        (folder / f"photo {number}.jpg").write_bytes(encode_jpeg(draw_picture(number, seed=1).image))
    for number in range(DAMAGED):
        (folder / f"damaged {number}.jpg").write_bytes(mutated(1, number).content)


def bundle_with_maps(folder: Path) -> Path:
    labels = ("papules", "comedones", "cysts")
    return tiny_bundles.sealed(folder, description=replace(tiny_bundles.DESCRIPTION, labels=labels), model=MODEL)


def report(programs: Sequence[Watched], *, most: float) -> bool:
    """Print the figures; return whether nothing failed and nothing grew."""
    print("| | start | after warm-up | end | afterwards | slope an hour |\n|---|---|---|---|---|---|")
    measured = [watched for watched in programs if watched.samples]
    for watched in measured:
        for figure in FIGURES:
            start, warm, end = watched.ends(figure)
            rest = f"{getattr(watched.rest, figure):.0f}" if watched.rest else ""
            row = f"{start:.0f} | {warm:.0f} | {end:.0f} | {rest} | {watched.slope(figure):+.1f}"
            print(f"| {watched.name}: {figure.replace('_', ' ')} | {row} |")
    for watched in programs:
        done = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in watched.done.most_common())
        print(f"\n{watched.name}: {len(watched.samples)} samples, {done}; {len(watched.errors)} errors")
        for words in watched.errors[:SHOWN_ERRORS]:
            print(f"- {words}")
    grown = [words for watched in measured for words in watched.growths(most=most)]
    for words in grown:
        print(words)
    return not grown and not any(watched.errors for watched in programs)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--only", choices=("api", "app"))
    parser.add_argument("--every", type=float, default=10.0, help="seconds from one sample to the next")
    parser.add_argument("--rate", type=float, default=8.0, help="requests a second, of all clients together")
    parser.add_argument("--slope", type=float, default=20.0, help="megabytes an hour by which memory may grow")
    parser.add_argument("--bundle", type=Path, help="a model that gives maps (default: the tests' tiny one)")
    parser.add_argument("--platform", default="offscreen", help="Qt's platform; offscreen: no screen is needed")
    options = parser.parse_args()
    programs = [Watched(name) for name in ("API", "app") if options.only in {None, name.lower()}]
    print(f"{options.minutes:g} minutes of load on {os.cpu_count()} cores\n", flush=True)
    with tempfile.TemporaryDirectory(prefix="acne-endurance-") as folder:
        root = Path(folder)
        bundle = options.bundle.resolve() if options.bundle else bundle_with_maps(root / "tiny")
        plan = Plan(bundle, options.minutes * 60, options.every, options.rate, options.platform)
        works = [threading.Thread(target=watch, args=(one, root / one.name, plan)) for one in programs]
        for work in works:
            work.start()
        try:
            for work in works:
                work.join()
        except KeyboardInterrupt:
            plan.interrupted.set()
            for work in works:
                work.join()
    return 0 if report(programs, most=options.slope) else 1


if __name__ == "__main__":
    sys.exit(main())
