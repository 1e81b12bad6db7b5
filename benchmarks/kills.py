"""Kill a pipeline at a random moment, run the same command again, and compare the end with an undisturbed run's.

    python benchmarks/kills.py [--times 20] [--seed 0]

Prints one line per kill and a count of equal ends: same split, each candidate one FINISHED run, one version in
production, no unfinished file. Each time has a working folder and a registered model of its own, on one stack.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import requests

BACKBONES = ("mobilenet_v1_0.25_96", "mobilenet_v1_0.25_128")


@dataclass(frozen=True)
class End:
    """What a finished pipeline left, as servers and files tell it."""

    split: str
    runs: tuple[tuple[str, str], ...]
    versions: tuple[tuple[str, str], ...]
    unfinished: int


def environment(root: Path, model: str) -> dict[str, str]:
    own = {"ACNE_HOME": root / "home", "ACNE_STACK": root / "stack", "ACNE_WORKDIR": root / model}
    return os.environ | {name: str(value) for name, value in own.items()} | {"ACNE_MODEL_NAME": model}


def start(root: Path, model: str) -> subprocess.Popen[str]:
    backbones = [argument for name in BACKBONES for argument in ("--backbone", name)]
    return subprocess.Popen(
        [sys.executable, "-m", "acnelib.cli", "pipeline", *backbones, "--format", "json"],
        env=environment(root, model),
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def end_of(root: Path, model: str, outcome: dict[str, str]) -> End:
    record = json.loads((root / "home" / "stack.json").read_text())
    api = f"{record['services']['mlflow']['url']}/api/2.0/mlflow"
    experiment = requests.get(f"{api}/experiments/get-by-name", params={"experiment_name": model}, timeout=10).json()
    query = {"experiment_ids": [experiment["experiment"]["experiment_id"]]}
    runs = requests.post(f"{api}/runs/search", json=query, timeout=10).json()["runs"]
    found = requests.get(f"{api}/model-versions/search", params={"filter": f"name = '{model}'"}, timeout=10).json()
    photos = json.loads(Path(outcome["split"]).read_text())["photos"]
    return End(
        split=json.dumps({name: (photo["subset"], photo["group"]) for name, photo in sorted(photos.items())}),
        runs=tuple(sorted((run["info"]["run_name"], run["info"]["status"]) for run in runs)),
        versions=tuple((version["version"], version["current_stage"]) for version in found["model_versions"]),
        unfinished=sum(1 for path in (root / model).rglob(".*.part")),
    )


def finish(root: Path, model: str) -> End:
    process = start(root, model)
    out, error = process.communicate(timeout=300)
    if process.returncode != 0:
        raise SystemExit(f"{model} ended with {process.returncode}: {error[-2000:]}")
    return end_of(root, model, json.loads(out))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory(prefix="acne-kills-") as folder:
        root = Path(folder)
        try:
            subprocess.run(
                [sys.executable, "-m", "acnelib.cli", "up"], env=environment(root, "x"), cwd=root, check=True
            )
            began = time.monotonic()
            undisturbed = finish(root, "undisturbed")
            seconds = time.monotonic() - began
            print(f"undisturbed: {seconds:.1f} s, {undisturbed.runs}, {undisturbed.versions}")
            equal = 0
            for number in range(1, arguments.times + 1):
                process = start(root, f"killed-{number}")
                moment = chance.uniform(0.5, seconds)
                time.sleep(moment)
                os.killpg(process.pid, signal.SIGKILL)
                reached = sorted(path.stem for path in (root / f"killed-{number}").glob("sample/*/*.json"))
                process.communicate()
                end = finish(root, f"killed-{number}")
                same = end == undisturbed
                equal += same
                print(
                    f"{number:3d}: killed after {moment:5.1f} s, {len(reached)} targets: {'equal' if same else end}",
                    flush=True,
                )
            print(f"{equal} of {arguments.times} ends equal the undisturbed run's")
        finally:
            subprocess.run(
                [sys.executable, "-m", "acnelib.cli", "down"], env=environment(root, "x"), cwd=root, check=True
            )
    return 0 if equal == arguments.times else 1


if __name__ == "__main__":
    sys.exit(main())
