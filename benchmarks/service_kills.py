"""Kill each service of the stack with -9 while a pipeline works, and see what is said, healed and lost.

    python benchmarks/service_kills.py [CASE…]

For each service, and all three at once: a pipeline with ``--backbone`` on the sample runs until a given target is
there, then the service is killed. Printed: what ``acne status`` said and how the pipeline ended, what ``acne up`` and
``acne doctor`` said, how the same pipeline ended when it was given again, and what was lost: runs, versions, objects,
tasks of luigid.
Every case has a model and a working folder of its own, copied from one that has the photos and vectors already.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import requests

BACKBONE = "mobilenet_v1_0.25_96"
CASES = {
    "mlflow without its workers": (("mlflow",), "features-"),
    "mlflow": (("mlflow",), "features-"),
    "s3": (("s3",), "train-"),
    "luigid": (("luigid",), "features-"),
    "all three": (("mlflow", "luigid", "s3"), "evaluate-"),
}
"""Which services are killed, with all their processes but in the first case, and after which target."""

PATIENCE = 300.0


@dataclass(frozen=True)
class Place:
    """One home and stack, and a model with a working folder."""

    root: Path
    model: str

    @property
    def environment(self) -> dict[str, str]:
        """Variables of its processes."""
        own = {"ACNE_HOME": self.root / "home", "ACNE_STACK": self.root / "stack", "ACNE_WORKDIR": self.workdir}
        return os.environ | {name: str(value) for name, value in own.items()} | {"ACNE_MODEL_NAME": self.model}

    @property
    def workdir(self) -> Path:
        """Its working folder."""
        return self.root / self.model

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start the command ``acne``."""
        command = [sys.executable, "-m", "acnelib.cli", *arguments]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, env=self.environment, cwd=self.root, stdout=pipe, stderr=pipe, text=True)

    def acne(self, *arguments: str) -> tuple[int, str, str]:
        """Run it; return exit code, output and errors."""
        process = self.start(*arguments)
        out, error = process.communicate(timeout=PATIENCE)
        return process.returncode, out, error

    def status(self) -> dict[str, dict[str, object]]:
        """Return what ``acne status`` says of each service."""
        return dict(json.loads(self.acne("status", "--format", "json")[1])["services"])

    @property
    def login(self) -> tuple[str, str]:
        """Name and password at MLflow and luigid."""
        keys = json.loads((self.root / "stack" / "credentials.json").read_text(encoding="utf-8"))
        return keys["username"], keys["password"]

    def kept(self, urls: dict[str, str]) -> dict[str, object]:
        """Return what servers and bucket hold of every model."""
        api, login = f"{urls['mlflow']}/api/2.0/mlflow", self.login
        found = requests.get(f"{api}/experiments/search", params={"max_results": 100}, auth=login, timeout=20).json()
        query = {"experiment_ids": [one["experiment_id"] for one in found["experiments"]]}
        runs = requests.post(f"{api}/runs/search", json=query, auth=login, timeout=20).json().get("runs", [])
        versions = requests.get(f"{api}/model-versions/search", auth=login, timeout=20).json().get("model_versions", [])
        limit = {"data": '{"limit": 10000}'}
        tasks = requests.get(f"{urls['luigid']}/api/task_list", params=limit, auth=login, timeout=20).json()
        bucket = self.root / "stack" / "s3" / "acne" / "mlflow"
        return {
            "runs": {run["info"]["run_id"]: run["info"]["status"] for run in runs},
            "versions": {f"{one['name']} {one['version']}" for one in versions},
            "objects": {str(path.relative_to(bucket)) for path in bucket.rglob("*") if path.is_file()},
            "tasks": set(tasks["response"]),
        }


def wait_for_target(place: Place, begins: str, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not list(place.workdir.glob(f"sample/*/{begins}*.json")):
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(f"the pipeline came to no {begins}: {process.communicate()[1][-2000:]}")
        time.sleep(0.05)


def last_line(text: str) -> str:
    return (text.strip().splitlines() or ["(nothing)"])[-1]


def case(root: Path, name: str, template: Path) -> bool:
    services, begins = CASES[name]
    place = Place(root, f"killed-{name.replace(' ', '-')}")
    shutil.copytree(template, place.workdir)
    for at in place.workdir.glob("sample/*/"):
        shutil.rmtree(at)
    urls = {service: str(one["url"]) for service, one in place.status().items()}
    process = place.start("pipeline", "--backbone", BACKBONE, "--format", "json")
    wait_for_target(place, begins, process)
    before = place.kept(urls)
    for service in services:
        server = psutil.Process(int(str(place.status()[service]["pid"])))
        family = [server, *([] if "without" in name else server.children(recursive=True))]
        for member in family:
            member.kill()
        psutil.wait_procs(family, timeout=10)
    print(f"\n{name}: killed after the target {begins}…")
    for service, one in place.status().items():
        print(f"  status   {service}: {'healthy' if one['healthy'] else one['why']}")
    _, error = process.communicate(timeout=PATIENCE)
    print(f"  pipeline ended with {process.returncode}: {last_line(error)[:400]}")
    code, _, error = place.acne("up")
    print(f"  up       {code}: {'; '.join(error.strip().splitlines())}")
    _, out, error = place.acne("doctor")
    print(f"  doctor   {last_line(error) if '✗' in out else 'no probe failed'}")
    print(f"  again    {outcome(place)}")
    urls = {service: str(one["url"]) for service, one in place.status().items()}
    after = place.kept(urls)
    for what in ("versions", "objects", "tasks"):
        lost = set(before[what]) - set(after[what])  # type: ignore[call-overload]
        print(f"  lost     {len(lost)} of {len(before[what])} {what}")  # type: ignore[arg-type]
    lost = set(before["runs"]) - set(after["runs"])  # type: ignore[call-overload]
    states = sorted(after["runs"].values())  # type: ignore[attr-defined]
    print(f"  lost     {len(lost)} of {len(before['runs'])} runs; now {states}")  # type: ignore[arg-type]
    healed = all(one["healthy"] for one in place.status().values())
    return healed and not lost and "RUNNING" not in states


def outcome(place: Place) -> str:
    code, out, error = place.acne("pipeline", "--backbone", BACKBONE, "--format", "json")
    if code:
        return f"ended with {code}: {last_line(error)[:400]}"
    ended = json.loads(out)
    return f"{ended['decision']}, version {ended['version']}, {ended['seconds']} s"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cases", nargs="*", metavar="CASE", choices=[*CASES, []], help=f"of {', '.join(CASES)}")
    chosen = parser.parse_args().cases or list(CASES)
    with tempfile.TemporaryDirectory(prefix="acne-service-kills-") as folder:
        root = Path(folder)
        first = Place(root, "undisturbed")
        try:
            code, _, error = first.acne("pipeline", "--backbone", BACKBONE, "--until", "features")
            if code:
                raise SystemExit(error)
            template = root / "template"
            shutil.copytree(first.workdir, template)
            print(f"undisturbed: {outcome(first)}", flush=True)
            well = [case(root, name, template) for name in chosen]
        finally:
            first.acne("down")
    print(f"\n{sum(well)} of {len(well)} cases healed with every run and no run left open")
    return 0 if all(well) else 1


if __name__ == "__main__":
    sys.exit(main())
