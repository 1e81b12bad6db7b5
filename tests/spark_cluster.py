"""A standalone Spark cluster of this machine alone, made of what pip installs."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pyspark
import requests

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 90.0  # seconds until every worker is known to the master
LOOK_EVERY = 0.2  # seconds
PROGRAM = Path(pyspark.__file__).parent / "bin" / "spark-class"


@dataclass(frozen=True)
class Cluster:
    """A master, and workers that can be killed."""

    url: str
    web: str
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def alive(self) -> int:
        """Return how many workers the master believes in; 0 while it does not answer."""
        with contextlib.suppress(requests.RequestException):
            return int(requests.get(f"{self.web}/json/", timeout=5).json()["aliveworkers"])
        return 0

    def kill_a_worker(self) -> None:
        """Kill one worker together with whatever it started."""
        _end(self.workers[0])


@contextlib.contextmanager
def cluster(folder: Path, *, workers: int) -> Iterator[Cluster]:
    """Run a master and its workers, of one core each, for as long as the block lasts."""
    port, web = _free_port(), _free_port()
    made = Cluster(f"spark://127.0.0.1:{port}", f"http://127.0.0.1:{web}")
    with contextlib.ExitStack() as running, (folder / "log").open("wb") as log:

        def start(role: str, *arguments: object) -> subprocess.Popen[bytes]:
            own = {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_DIRS": str(folder)}
            process = subprocess.Popen(
                [PROGRAM, f"org.apache.spark.deploy.{role}", "--host", "127.0.0.1", *map(str, arguments)],
                env=os.environ | own,
                cwd=folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            running.callback(_end, process)
            return process

        start("master.Master", "--port", port, "--webui-port", web)
        for number in range(workers):
            work = ["-c", 1, "-m", "1g", "-d", folder / f"worker{number}", "--webui-port", 0]
            made.workers.append(start("worker.Worker", *work, made.url))
        deadline = time.monotonic() + PATIENCE
        while made.alive() < workers:
            assert time.monotonic() < deadline, (folder / "log").read_text()[-3000:]
            time.sleep(LOOK_EVERY)
        yield made


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])
