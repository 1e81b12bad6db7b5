"""What do damaged and hostile files do? Mutated photos of every supported format, through the library and the API.

    python benchmarks/mutated_photos.py [--photos 10000] [--seed 0] [--seconds 10] [--megabytes 1000] [--model DIR]
    python benchmarks/mutated_photos.py --seed 0 --write NUMBER FILE

Each file is made of its seed and number alone: one of the tests' kinds of picture with flipped bytes, a piece cut off,
another file's piece put in, or other numbers in its header. Each must end in an answer or in an error in one line,
within the seconds of CPU and the megabytes; all else (another exception, a process that ends, an HTTP status of a
failure) is a failure, whose file is kept beside a line that makes it again. The exit code is 1 where there was one.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import requests

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from load.usage import Usage
from mutated_pictures import Mutated, kinds, mutated, whole
from serving import TOKEN, free_port, serving
from tiny_bundles import sealed

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

PATIENCE = 120.0  # seconds until a photo is given up
ANSWERED, REFUSED, FAILED = "answered", "clear error", "failure"


@dataclass(frozen=True)
class Outcome:
    """What became of a photo.

    Attributes:
        kind: One of the three.
        words: The error in its own words.
        seconds: Of CPU.
        megabytes: At most in memory at the same time, beyond what the process had before.
    """

    kind: str
    words: str
    seconds: float = 0.0
    megabytes: float = 0.0


def is_clear(words: str) -> bool:
    """Return whether an error is fit for people: one line, and nothing from inside a library."""
    return bool(words) and words.isprintable() and not any(sign in words for sign in ("Traceback", "<class", " 0x"))


def answer_in_library(connection: Connection, seed: int, model: str) -> None:
    """Classify the photos whose numbers come in, in a process of its own, which a decoder may end."""
    from acnelib import load_classifier
    from acnelib.errors import AcneError

    classifier = load_classifier(model)
    classifier.predict(whole(0))
    for index in range(len(kinds())):
        whole(index)  # so that drawing it is not counted
    usage = Usage(os.getpid())
    connection.send(None)
    while True:
        number = connection.recv()
        content = mutated(seed, number).content
        usage.since()
        try:
            classifier.predict(content)
            kind, words = ANSWERED, ""
        except AcneError as error:
            kind, words = (REFUSED if is_clear(str(error)) else FAILED), str(error)
        except BaseException as error:  # noqa: BLE001 - what else there may be is the question
            kind, words = FAILED, repr(error)
        connection.send(Outcome(kind, words, *usage.since()))


class Library:
    """The library, in a process that is started again when a photo ends it."""

    name = "library"

    def __init__(self, seed: int, model: str) -> None:
        self._seed, self._model = seed, model
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, other = context.Pipe()
        arguments = (other, self._seed, self._model)
        self._process = context.Process(target=answer_in_library, args=arguments, daemon=True)
        self._process.start()
        other.close()
        self._connection.recv()

    def classify(self, number: int, _content: bytes) -> Outcome:
        """Return what the library makes of a photo."""
        self._connection.send(number)
        began = time.monotonic()
        try:
            if self._connection.poll(PATIENCE):
                answer: Outcome = self._connection.recv()
                return answer
            words = f"no answer within {PATIENCE:g} s"
        except EOFError:
            self._process.join()
            words = f"the process ended with {self._process.exitcode}"
        self.close()
        self._start()
        return Outcome(FAILED, words, time.monotonic() - began)

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()
        self._connection.close()


class Api:
    """The API, as one client sees it."""

    name = "API"

    def __init__(self, port: int, process: int) -> None:
        self._url = f"http://127.0.0.1:{port}/v1/predictions"
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {TOKEN}"
        self._usage = Usage(process)

    def classify(self, number: int, content: bytes) -> Outcome:
        """Return what the API makes of a photo."""
        self._usage.since()
        try:
            answer = self._session.post(self._url, files=[("files", (f"{number}.jpg", content))], timeout=PATIENCE)
        except requests.RequestException as error:
            return Outcome(FAILED, repr(error), *self._usage.since())
        return Outcome(*self._read(answer), *self._usage.since())

    def _read(self, answer: requests.Response) -> tuple[str, str]:
        try:
            content = answer.json()
            words = content[0]["error"] if answer.ok else content["error"]["message"]
        except (ValueError, LookupError, TypeError):
            return FAILED, f"HTTP {answer.status_code}: {answer.text[:200]}"
        if answer.ok and not words:
            return (ANSWERED, "") if content[0]["scores"] else (FAILED, "neither scores nor an error")
        return (REFUSED if answer.status_code < 500 and is_clear(words) else FAILED), words


@dataclass
class Record:
    """What one door made of all photos."""

    counts: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, int] = (0.0, -1)
    largest: tuple[float, int] = (0.0, -1)

    def take(self, number: int, outcome: Outcome) -> None:
        """Count a photo."""
        self.counts[outcome.kind] += 1
        self.slowest = max(self.slowest, (outcome.seconds, number))
        self.largest = max(self.largest, (outcome.megabytes, number))


@dataclass(frozen=True)
class Bounds:
    """What one photo may cost."""

    seconds: float
    megabytes: float

    def applied(self, outcome: Outcome) -> Outcome:
        """Return the outcome, a failure where it cost more."""
        if outcome.kind != FAILED and (outcome.seconds > self.seconds or outcome.megabytes > self.megabytes):
            return Outcome(
                FAILED,
                f"took {outcome.seconds:.1f} s and {outcome.megabytes:,.0f} MB ({outcome.kind}: {outcome.words})",
                outcome.seconds,
                outcome.megabytes,
            )
        return outcome


def run(doors: list[Library | Api], *, seed: int, photos: int, bounds: Bounds, failures: Path) -> bool:
    """Give every photo to every door; print the figures and return whether nothing failed."""
    records = {door.name: Record() for door in doors}
    different = 0
    for number in range(photos):
        made = mutated(seed, number)
        seen = set()
        for door in doors:
            outcome = bounds.applied(door.classify(number, made.content))
            records[door.name].take(number, outcome)
            seen.add(outcome.kind)
            if outcome.kind == FAILED:
                keep(failures, door.name, seed=seed, number=number, made=made, words=outcome.words)
        different += len(seen) > 1
    print(f"{photos:,} mutated photos of {len(kinds())} kinds, seed {seed}\n")
    print("| | answered | clear error | failure | most CPU, its number | most memory, its number |")
    print("|---|---|---|---|---|---|")
    for name, record in records.items():
        counts = " | ".join(f"{record.counts[kind]:,}" for kind in (ANSWERED, REFUSED, FAILED))
        (seconds, slow), (megabytes, large) = record.slowest, record.largest
        print(f"| {name} | {counts} | {seconds:.2f} s, {slow} | {megabytes:,.0f} MB, {large} |")
    print(f"\n{different:,} photos were answered by one of them and refused by the other.")
    failed = sum(record.counts[FAILED] for record in records.values())
    if failed:
        print(f"{failed} failures are in {failures}")
    return not failed


def keep(folder: Path, door: str, *, seed: int, number: int, made: Mutated, words: str) -> None:
    """Keep a file that failed, and how it is made again."""
    folder.mkdir(exist_ok=True, parents=True)
    file = folder / f"{seed}-{number}.{made.kind.ending}"
    file.write_bytes(made.content)
    row = {"door": door, "seed": seed, "number": number, "kind": made.kind.name, "damages": made.damages}
    line = json.dumps({**row, "words": words, "again": f"--seed {seed} --write {number} FILE"}, ensure_ascii=False)
    with (folder / "failures.jsonl").open("a", encoding="utf-8") as failures:
        failures.write(f"{line}\n")
    print(line, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=10.0, help="of CPU that one photo may cost")
    parser.add_argument("--megabytes", type=float, default=1000.0, help="of memory that one photo may cost")
    parser.add_argument("--model", type=Path, help="folder of a bundle (default: the tests' tiny one)")
    parser.add_argument(
        "--failures", type=Path, help="where files that fail are kept (default: a new temporary folder)"
    )
    parser.add_argument("--write", nargs=2, metavar=("NUMBER", "FILE"), help="write the file of a number, and no more")
    options = parser.parse_args()
    if options.write:
        made = mutated(options.seed, int(options.write[0]))
        Path(options.write[1]).write_bytes(made.content)
        print(f"{made.kind.name}: {', '.join(made.damages)}")
        return 0
    failures = options.failures or Path(tempfile.mkdtemp(prefix="acne-mutated-"))
    with tempfile.TemporaryDirectory(prefix="acne-mutated-") as folder:
        root = Path(folder)
        os.environ["ACNE_HOME"] = str(root / "home")
        model = str(options.model.resolve() if options.model else sealed(root / "tiny"))
        port = free_port()
        with serving(root, port, "acnelib.cli", "serve", "--model", model, "--port", str(port)) as process:
            library = Library(options.seed, model)
            doors = [library, Api(port, process.pid)]
            bounds = Bounds(options.seconds, options.megabytes)
            passed = run(doors, seed=options.seed, photos=options.photos, bounds=bounds, failures=failures)
            library.close()
    if passed and not options.failures:
        shutil.rmtree(failures)
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
