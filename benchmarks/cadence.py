"""Three Mondays of a schedule: the atlas stays as it was for the second, and has grown for the third.

    python benchmarks/cadence.py [--format json]

The schedule's clock is a false one, so weeks pass in moments; each run is ``acne pipeline`` in a process of its own,
with a real embedded stack in a temporary folder and a sample atlas that is really asked. Told for each run: what was
decided and why, how long it took, how often the atlas was asked, and how many pictures it gave away.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acnelib.atlas import server
from acnelib.schedule import CronTrigger, PipelineRunner, ScheduleOptions, Scheduler, ScheduleState
from acnelib.services.ports import choose

if TYPE_CHECKING:
    from collections.abc import Iterator

BACKBONE = "mobilenet_v1_0.25_96"
NUMBERS = (150, 150, 200)
"""How many pictures the atlas draws at each run."""

START = datetime(2026, 11, 28, 12, tzinfo=UTC)  # a Saturday


class Counting(server.Atlas):
    """The sample atlas, which counts what it is asked for and which pictures it gives away."""

    asked = given = 0

    def find(self, path: str) -> Any:
        """Count a request, and its picture once that is really sent: who has it already gets none."""
        Counting.asked += 1
        resource = super().find(path)
        if resource is None or not path.startswith("/assets/"):
            return resource

        def content() -> bytes:
            Counting.given += 1
            return resource.content()

        return replace(resource, content=content)


class Mondays:
    """The false clock, the growing atlas, and what came of each run."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.time = START
        self.port = choose([], avoid=())
        self.rows: list[dict[str, Any]] = []

    def sleep(self, seconds: float) -> None:
        """Let the time pass."""
        self.time += timedelta(seconds=seconds)

    def follow(self) -> None:
        """Follow the cadence for as many runs as there are numbers."""
        source = f"sample@http://127.0.0.1:{self.port}"
        runner = PipelineRunner(["--source", source, "--backbone", BACKBONE], forward=lambda _line: None)
        schedule = Scheduler(
            ScheduleOptions(trigger=CronTrigger.parse("0 3 * * 1", zone=UTC)),
            state=ScheduleState.of(self.root),
            run=lambda: self.run(runner, schedule),
            show=lambda _line: None,
            say=lambda _line: None,
            clock=lambda: self.time,
            sleep=self.sleep,
            generator=random.Random(0),
        )
        schedule.follow()

    def run(self, runner: PipelineRunner, schedule: Scheduler) -> Any:
        """Serve the atlas as it is by now for one run."""
        number = NUMBERS[len(self.rows)]
        Counting.asked = Counting.given = 0
        with server.serve_atlas(number=number, port=self.port):
            outcome = runner()
        row = {"due": f"{self.time:%Y-%m-%d %H:%M}", "drawn": number, "decision": str(outcome.ending)}
        row |= {"version": outcome.version, "seconds": outcome.seconds, "reason": outcome.reason}
        self.rows.append(row | {"asked": Counting.asked, "given": Counting.given})
        if len(self.rows) == len(NUMBERS):
            schedule.stop()
        return outcome


def acne(*arguments: str) -> str:
    command = [sys.executable, "-m", "acnelib.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def lines(rows: list[dict[str, Any]]) -> Iterator[str]:
    yield "| due | atlas draws | decision | version | seconds | requests | pictures fetched | why |"
    yield "| --- | ---: | --- | ---: | ---: | ---: | ---: | --- |"
    for row in rows:
        yield "| {due} | {drawn} | {decision} | {version} | {seconds} | {asked} | {given} | {reason} |".format(**row)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--format", choices=("text", "json"), default="text")
    arguments = parser.parse_args()
    server.Atlas = Counting
    with tempfile.TemporaryDirectory(prefix="acne-cadence-") as temporary:
        root = Path(temporary)
        os.chdir(root)  # away from any luigi.cfg
        for name in ("HOME", "STACK", "WORKDIR"):
            os.environ[f"ACNE_{name}"] = str(root / name.lower())
        mondays = Mondays(root)
        try:
            mondays.follow()
            history = json.loads(acne("history", "--format", "json"))["runs"]
        finally:
            acne("down")
            os.chdir("/")
    if arguments.format == "json":
        print(json.dumps({"runs": mondays.rows, "history": history}, indent=1))
    else:
        print(*lines(mondays.rows), f"\n`acne history` knows {len(history)} runs.", sep="\n")
    return 0 if [row["decision"] == "unchanged" for row in mondays.rows] == [False, True, False] else 1


if __name__ == "__main__":
    sys.exit(main())
