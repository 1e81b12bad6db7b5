"""How many photos a second does `acne score` answer for: without Spark, with Spark here, and on one and two workers?

    python benchmarks/spark_scoring.py [--photos N] [--model MODEL]

Without ``--model`` the sample atlas is trained on first, in a temporary folder with a stack of its own. Every way
scores the same drawn photos; the results must be equal, row by row. The table has the time of the whole command, the
same for ten photos, nearly all of which is starting, and the rows a second when that is taken off. Needs Java and
`pip install 'acnelib[spark]'`.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from pyarrow import parquet

from acnelib.atlas.drawing import draw_pictures, encode_jpeg

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from spark_cluster import cluster

if TYPE_CHECKING:
    from collections.abc import Iterator

FEW = 10
BACKBONE = "mobilenet_v1_0.25_128"


def acne(root: Path, *arguments: object) -> float:
    """Run the command and return the seconds it took."""
    own = {name: str(root / name[5:].lower()) for name in ("ACNE_HOME", "ACNE_STACK", "ACNE_WORKDIR")}
    command = [sys.executable, "-m", "acnelib.cli", *map(str, arguments)]
    began = time.perf_counter()
    ran = subprocess.run(command, env=os.environ | own, cwd=root, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise SystemExit(f"acne {arguments[0]} ended with {ran.returncode}: {ran.stderr[-2000:]}")
    return time.perf_counter() - began


def rows_of(folder: Path) -> list[dict[str, object]]:
    return sorted(parquet.read_table(folder).to_pylist(), key=lambda row: str(row["path"]))


@contextlib.contextmanager
def masters(root: Path) -> Iterator[Iterator[tuple[str, list[str]]]]:
    """Yield the ways one after the other; a cluster lives only while its way is measured."""

    def ways() -> Iterator[tuple[str, list[str]]]:
        yield "local engine, all cores", ["--engine", "local"]
        for cores in (1, 2):
            yield f"Spark, local[{cores}]", ["--engine", "spark", "--master", f"local[{cores}]"]
        for workers in (1, 2):
            folder = root / f"cluster{workers}"
            folder.mkdir()
            with cluster(folder, workers=workers) as made:
                yield f"Spark, cluster of {workers}", ["--engine", "spark", "--master", made.url]

    generator = ways()
    try:
        yield generator
    finally:
        generator.close()


def compare(root: Path, photos: int, model: str) -> bool:
    """Print a row for each way; return whether all gave the same answers."""
    many, few = root / "many", root / "few"
    for folder, number in ((many, photos), (few, FEW)):
        folder.mkdir()
        for index, picture in enumerate(draw_pictures(number, seed=2)):
            (folder / f"{index:05}.jpg").write_bytes(encode_jpeg(picture.image))
    print(f"{photos} drawn photos; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before it began.\n")
    print("| way | whole, s | for ten, s | rows/s | equal |\n|---|---|---|---|---|")
    expected: list[dict[str, object]] | None = None
    equal = True
    with masters(root) as ways:
        for number, (name, options) in enumerate(ways):
            whole = acne(root, "score", many, "--to", root / f"many{number}", "--model", model, *options)
            start = acne(root, "score", few, "--to", root / f"few{number}", "--model", model, *options)
            rows = rows_of(root / f"many{number}")
            expected = expected or rows
            equal = equal and rows == expected
            speed = (photos - FEW) / (whole - start)
            print(f"| {name} | {whole:.1f} | {start:.1f} | {speed:.0f} | {rows == expected} |", flush=True)
    return equal


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=int, default=4000)
    parser.add_argument("--model", help="as for acne score; default: one that is trained on the sample first")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="acne-spark-") as folder:
        root = Path(folder)
        try:
            if options.model is None:
                acne(root, "pipeline", "--backbone", BACKBONE)
            return 0 if compare(root, options.photos, options.model or "production") else 1
        finally:
            acne(root, "down")


if __name__ == "__main__":
    sys.exit(main())
