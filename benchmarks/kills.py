"""Kill a pipeline at a random moment, run the same command again, and compare the end with an undisturbed run's.

    python benchmarks/kills.py [--times 100] [--seed 0] [--photos 12]

The pipeline learns from a few drawn pictures of each class, with the shipped weights, and compares two networks.
SIGKILL goes to the process alone or to all that it started, in turn. Prints a line for each kill and the counts: same
split, each candidate one FINISHED run, one version in production, no file that is unfinished or cannot be read, no
process left. Each time has a working folder and a registered model of its own, on one stack. The exit code is 1 where
any end differs, anything is left, or a process outlives the stack.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from acnelib.atlas.drawing import LABELS, draw_pictures

BACKBONES = ("mobilenet_v1_0.25_64", "mobilenet_v1_0.25_96")
SOURCE = ("--source", "photos", "--weights", "starter")
RESUMED_WITHIN = 600.0


@dataclass(frozen=True)
class End:
    """What a finished pipeline left, as servers and files have it."""

    split: str
    runs: tuple[tuple[str, str], ...]
    versions: tuple[tuple[str, str], ...]
    unfinished: tuple[str, ...]
    processes: int


@dataclass(frozen=True)
class Kill:
    """What came of one kill: the moment, how far the pipeline was, and how long the same command then took."""

    moment: float
    alone: bool
    targets: int
    too_late: bool
    resumed: float
    end: End

    def line(self, number: int, *, undisturbed: End) -> str:
        """Return its line of the report."""
        what = "the process alone" if self.alone else "all its processes"
        late = ", which had ended" if self.too_late else ""
        outcome = "equal" if self.end == undisturbed else self.end
        how_far = f"{self.targets} targets, resumed in {self.resumed:.1f} s"
        return f"{number:3d}: killed {what} after {self.moment:5.1f} s{late}, {how_far}: {outcome}"


class Stack:
    """An embedded stack with a home of its own, and pipelines on it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._pipeline: subprocess.Popen[str] | None = None

    def environment(self, model: str) -> dict[str, str]:
        """Return the environment of a command about a model, without what this shell has set."""
        own = {"ACNE_HOME": self.root / "home", "ACNE_STACK": self.root / "stack", "ACNE_WORKDIR": self.root / model}
        foreign = ("ACNE_", "MLFLOW_", "AWS_", "LUIGI_")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        return inherited | {name: str(value) for name, value in own.items()} | {"ACNE_MODEL_NAME": model}

    def acne(self, *arguments: str) -> str:
        """Run a command and return what it printed."""
        command = [sys.executable, "-m", "acnelib.cli", *arguments]
        ran = subprocess.run(
            command, env=self.environment("x"), cwd=self.root, stdout=subprocess.PIPE, text=True, check=True
        )
        return ran.stdout

    def start(self, model: str) -> subprocess.Popen[str]:
        """Start a pipeline, which `close` ends where nothing else does."""
        backbones = [argument for name in BACKBONES for argument in ("--backbone", name)]
        self._pipeline = subprocess.Popen(
            [sys.executable, "-m", "acnelib.cli", "pipeline", *SOURCE, *backbones, "--format", "json"],
            env=self.environment(model),
            cwd=self.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        return self._pipeline

    def close(self) -> None:
        """End a pipeline that is still at work, and the stack."""
        if self._pipeline is not None and self._pipeline.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._pipeline.pid, signal.SIGKILL)
        self.acne("down")

    def finish(self, model: str) -> End:
        """Run a pipeline to its end."""
        process = self.start(model)
        out, error = process.communicate(timeout=RESUMED_WITHIN)
        if process.returncode != 0:
            raise SystemExit(f"{model} ended with {process.returncode}: {error[-2000:]}")
        return self.end_of(model, json.loads(out))

    def end_of(self, model: str, outcome: dict[str, str]) -> End:
        """Return what a pipeline left."""
        experiment = self._ask("GET", "experiments/get-by-name", params={"experiment_name": model})
        query = {"experiment_ids": [experiment["experiment"]["experiment_id"]]}
        runs = self._ask("POST", "runs/search", json=query)["runs"]
        found = self._ask("GET", "model-versions/search", params={"filter": f"name = '{model}'"})["model_versions"]
        photos = json.loads(Path(outcome["split"]).read_text(encoding="utf-8"))["photos"]
        return End(
            split=json.dumps({name: (photo["subset"], photo["group"]) for name, photo in sorted(photos.items())}),
            runs=tuple(sorted((run["info"]["run_name"], run["info"]["status"]) for run in runs)),
            versions=tuple((version["version"], version["current_stage"]) for version in found),
            unfinished=tuple(unfinished(self.root / model)),
            processes=len(processes_with(f"ACNE_WORKDIR={self.root / model}")),
        )

    def _ask(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        server = json.loads(self.acne("env", "--format", "json"))["mlflow"]
        login = (server["username"], server["password"]) if server["username"] else None
        answer = requests.request(method, f"{server['url']}/api/2.0/mlflow/{path}", auth=login, timeout=30, **options)
        answer.raise_for_status()
        return dict(answer.json())

    def killed(self, model: str, *, moment: float, alone: bool) -> Kill:
        """Run a pipeline, kill it, run it again, and forget its working folder."""
        process = self.start(model)
        time.sleep(moment)
        too_late = process.poll() is not None
        with contextlib.suppress(ProcessLookupError):
            (os.kill if alone else os.killpg)(process.pid, signal.SIGKILL)
        targets = sum(1 for _ in (self.root / model).glob("photos*/*/*.json"))
        process.wait()
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()  # not read to its end: what the killed process started may hold it
        began = time.monotonic()
        end = self.finish(model)
        kill = Kill(moment, alone, targets, too_late, time.monotonic() - began, end)
        shutil.rmtree(self.root / model)
        return kill


def draw(folder: Path, *, photos: int) -> None:
    """Write a folder of class folders."""
    for picture in draw_pictures(photos * len(LABELS), seed=7):
        (folder / picture.label).mkdir(parents=True, exist_ok=True)
        (folder / picture.label / f"{picture.name}.jpg").write_bytes(picture.jpeg())


def unfinished(folder: Path) -> list[str]:
    """Return the files that are half written: their names say so, or they cannot be read."""
    found = [str(path.relative_to(folder)) for path in folder.rglob(".*.part")]
    for path in folder.rglob("*.json"):
        try:
            json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            found.append(str(path.relative_to(folder)))
    for path in folder.rglob("*.npz"):
        with contextlib.suppress(zipfile.BadZipFile), zipfile.ZipFile(path) as archive:
            if archive.testzip() is None:
                continue
        found.append(str(path.relative_to(folder)))
    return sorted(found)


def processes_with(variable: str) -> list[int]:
    """Return the processes that have a variable in their environment."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if variable.encode() in path.read_bytes().split(b"\0"):
                found.append(int(path.parent.name))
    return found


def run(stack: Stack, *, times: int, chance: random.Random) -> int:
    """Kill that often; print the lines and return how many ends were not equal."""
    began = time.monotonic()
    undisturbed = stack.finish("undisturbed")
    first = seconds = time.monotonic() - began
    print(f"undisturbed: {seconds:.1f} s, {undisturbed.runs}, {undisturbed.versions}", flush=True)
    kills = []
    for number in range(1, times + 1):
        moment = chance.uniform(0.5, seconds)
        kills.append(stack.killed(f"killed-{number}", moment=moment, alone=number % 2 == 0))
        if kills[-1].too_late:  # the machine is quicker by now: kill earlier from here on
            seconds = moment
        print(kills[-1].line(number, undisturbed=undisturbed), flush=True)
    equal = sum(kill.end == undisturbed for kill in kills)
    resumed = sorted(kill.resumed for kill in kills)
    print(
        f"\n{equal} of {times} ends equal the undisturbed run's; {sum(k.too_late for k in kills)} kills came too late"
    )
    print(f"half-written files: {sum(len(kill.end.unfinished) for kill in kills)}")
    print(f"processes left: {sum(kill.end.processes for kill in kills)}")
    print(
        f"seconds to resume: median {resumed[len(resumed) // 2]:.1f}, most {resumed[-1]:.1f}; undisturbed {first:.1f}"
    )
    return times - equal


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--photos", type=int, default=12, help="pictures of each class")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the stack is stopped, whatever ends this
    with tempfile.TemporaryDirectory(prefix="acne-kills-") as folder:
        stack = Stack(Path(folder))
        try:
            draw(stack.root / "photos", photos=options.photos)
            stack.acne("up")
            different = run(stack, times=options.times, chance=random.Random(options.seed))
        finally:
            stack.close()
        left = processes_with(f"ACNE_HOME={stack.root / 'home'}")
        print(f"processes that outlived the stack: {len(left)}")
    return 1 if different or left else 0


if __name__ == "__main__":
    sys.exit(main())
