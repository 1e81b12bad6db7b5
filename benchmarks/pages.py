"""Drive a real Chromium over the pages of real servers, check what they show and take their pictures.

    pip install playwright
    python benchmarks/pages.py --to DIR [--chromium PATH]

The sample atlas goes all the way with three candidates. Then a second run starts and MLflow is killed under it, so that
luigid's graph has tasks that are done, one that failed and one that runs. The pictures to look at are of both graphs,
of the list of tasks, of the candidates compared, of the list of runs, and of the version's page. The exit code is 1
where something is missing.
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
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import psutil
import requests

from acnelib.atlas.drawing import draw_pictures

if TYPE_CHECKING:
    from playwright.sync_api import Page

BACKBONES = ("mobilenet_v1_0.25_128", "mobilenet_v1_0.25_96", "mobilenet_v1_0.25_64")
PATIENCE = 400.0  # seconds for a pipeline
SECONDS = 30.0  # for a page
WINDOW = {"width": 1280, "height": 760}
WIDE = {"width": 1700, "height": 900}
NARROW = {"width": 1172, "height": 900}
TALL = {"width": 900, "height": 1560}
ASSISTANT_CLOSED = 'localStorage.setItem("mlflow.assistant.fab.autoOpenedOnFirstLoad_v1", "true")'
"""Else MLflow opens its assistant in every new browser."""


@dataclass(frozen=True)
class Place:
    """A home, a stack and a working folder of their own."""

    root: Path

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start the command ``acne``."""
        own = {name: str(self.root / name[5:].lower()) for name in ("ACNE_HOME", "ACNE_STACK", "ACNE_WORKDIR")}
        command = [sys.executable, "-m", "acnelib.cli", *arguments]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, env=os.environ | own, cwd=self.root, stdout=pipe, stderr=pipe, text=True)

    def acne(self, *arguments: str) -> str:
        """Run it and return what it printed."""
        process = self.start(*arguments)
        out, error = process.communicate(timeout=PATIENCE)
        if process.returncode:
            raise SystemExit(f"acne {arguments[0]} ended with {process.returncode}: {error[-2000:]}")
        return out

    def services(self) -> dict[str, dict[str, Any]]:
        """Return what ``acne status`` says of each service."""
        return dict(json.loads(self.acne("status", "--format", "json"))["services"])

    @property
    def login(self) -> tuple[str, str]:
        """Name and password at MLflow and luigid."""
        keys = json.loads((self.root / "stack" / "credentials.json").read_text(encoding="utf-8"))
        return keys["username"], keys["password"]

    def draw(self, number: int) -> Path:
        """Fill a folder with class folders of drawn pictures."""
        for picture in draw_pictures(number, seed=3):
            path = self.root / "photos" / picture.label / f"{picture.name}.jpg"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(picture.jpeg())
        return self.root / "photos"


def tasks_of(place: Place, luigid: str, status: str) -> dict[str, dict[str, Any]]:
    parameters = {"data": json.dumps({"status": status})}
    answer = requests.get(f"{luigid}/api/task_list", params=parameters, auth=place.login, timeout=20)
    return dict(answer.json()["response"])


def kill(pid: int) -> None:
    server = psutil.Process(pid)
    family = [server, *server.children(recursive=True)]
    for member in family:
        member.kill()
    psutil.wait_procs(family, timeout=10)


def comparison(place: Place, mlflow: str) -> str:
    """Return where the candidates are shown side by side."""
    query = {"experiment_ids": ["1"]}
    answer = requests.post(f"{mlflow}/api/2.0/mlflow/runs/search", json=query, auth=place.login, timeout=20)
    found = answer.json()["runs"]
    runs = quote(json.dumps([run["info"]["run_id"] for run in found]))
    return f"{mlflow}/#/compare-runs?runs={runs}&experiments={quote(json.dumps(['1']))}&workflowType=machine_learning"


def break_under_way(place: Place, luigid: str, mlflow_pid: int) -> subprocess.Popen[str]:
    """Start a run, kill MLflow when vectors are there, and return when a task has failed and another one runs."""
    arguments = [option for name in BACKBONES[:2] for option in ("--backbone", name)]
    running = place.start("pipeline", "--source", str(place.draw(120)), "--weights", "starter", *arguments)
    deadline = time.monotonic() + PATIENCE
    while not list((place.root / "workdir").glob("photos-*/*/features-*.json")):
        wait(deadline, running, "no vectors came")
    kill(mlflow_pid)
    while not (tasks_of(place, luigid, "FAILED") and tasks_of(place, luigid, "RUNNING")):
        wait(deadline, running, "nothing failed while something ran")
    return running


def wait(deadline: float, process: subprocess.Popen[str], otherwise: str) -> None:
    if process.poll() is not None or time.monotonic() > deadline:
        raise SystemExit(f"{otherwise}: {process.communicate()[1][-2000:]}")
    time.sleep(0.1)


@dataclass
class Pictures:
    """Takes pictures of pages, and notes which of the expected words are missing."""

    page: Page
    to: Path
    missing: int = 0

    def take(self, name: str, url: str, *expected: str, window: dict[str, int] | None = None) -> None:
        """Open a page, look for words in it and take its picture."""
        self.page.set_viewport_size(window or WINDOW)
        self.page.goto("about:blank")  # else an address that differs behind the # only is not loaded anew
        self.page.goto(url)
        for text in expected:
            found = True
            try:
                self.page.get_by_text(text).first.wait_for(state="visible", timeout=SECONDS * 1000)
            except Exception as error:  # noqa: BLE001 - Playwright is not installed where this is checked
                print(f"  {type(error).__name__} while looking for {text!r}")
                found = False
            self.missing += not found
            print(f"{name}: {text!r} {'seen' if found else 'MISSING'}")
        self.page.wait_for_timeout(1500)  # plots and graphs are drawn when the words are there already
        self.page.screenshot(path=self.to / f"{name}.png")


def look(place: Place, to: Path, chromium: str) -> int:
    from playwright.sync_api import sync_playwright

    place.acne("up")
    services = place.services()
    luigid, mlflow = services["luigid"]["url"], services["mlflow"]["url"]
    arguments = [option for name in BACKBONES for option in ("--backbone", name)]
    place.acne("pipeline", *arguments)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        username, password = place.login
        page = browser.new_page(viewport=WINDOW, http_credentials={"username": username, "password": password})
        page.add_init_script(ASSISTANT_CLOSED)
        pictures = Pictures(page, to)
        pictures.take(
            "mlflow-compare", comparison(place, mlflow), "Comparing 3 Runs", "out_of_fold_macro_f1", window=WIDE
        )
        version = f"{mlflow}/#/models/acne/versions/1?workflowType=machine_learning"
        pictures.take("mlflow-version", version, "Version 1", "Not a diagnosis", window=NARROW)
        runs = f"{mlflow}/#/experiments/1/runs?viewStateShareKey=acnelib&workflowType=machine_learning"
        pictures.take("mlflow-runs", runs, "series_macro_f1", "series_ece", "model_megabytes", "promoted")
        experiment = f"{mlflow}/#/experiments/1?workflowType=machine_learning"
        pictures.take("mlflow-experiment", experiment, "Candidates of acnelib")
        visualiser = f"{luigid}/static/visualiser/index.html"
        whole = next(name for name in tasks_of(place, luigid, "DONE") if name.startswith("Pipeline"))
        graph = f"{visualiser}#tab=graph&taskId={whole}"
        pictures.take("luigid-done", graph, "Train v1-25%-128", "Evaluate v1-25%-64", window=TALL)
        running = break_under_way(place, luigid, int(services["mlflow"]["pid"]))
        try:
            tasks = {name: task for status in ("PENDING", "") for name, task in tasks_of(place, luigid, status).items()}
            of_photos = {name for name, task in tasks.items() if task["params"]["source"].startswith("photos")}
            pipeline = next(name for name in of_photos if name.startswith("Pipeline"))
            pictures.take("luigid-graph", f"{visualiser}#tab=graph&taskId={pipeline}", "Features", "Train")
            pictures.take("luigid-tasks", f"{visualiser}#tab=tasks", "FAILED TASKS", "UPSTREAM FAILURE")
        finally:
            running.communicate(timeout=PATIENCE)
        browser.close()
    return pictures.missing


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--to", type=Path, required=True, help="folder for the pictures")
    parser.add_argument("--chromium", default=shutil.which("chromium"), help="the browser's program")
    options = parser.parse_args()
    if options.chromium is None:
        raise SystemExit("Chromium is missing; on Debian: sudo apt-get install chromium")
    options.to.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="acne-pages-") as folder:
        place = Place(Path(folder))
        try:
            return 1 if look(place, options.to, options.chromium) else 0
        finally:
            place.acne("down")


if __name__ == "__main__":
    sys.exit(main())
