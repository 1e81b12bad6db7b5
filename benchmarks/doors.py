"""Do all doors give a picture the same scores? Every kind of picture against every door, as a table in Markdown.

    python benchmarks/doors.py [--model BUNDLE_DIR]

Each cell is the largest difference of any score from what the library says of the file's path. Without ``--model`` the
sample atlas is scraped, trained on and registered first, in a temporary folder and with a stack of its own; a bundle's
folder has no version in MLflow, and is not asked there. The exit code is 1 where anything differs by more than 0.001.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from acnelib.imaging import read_picture, resized

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from picture_doors import Doors, apart
from picture_kinds import picture_kinds

TOLERANCE = 1e-3
FOREIGN = ("ACNE_", "MLFLOW_", "AWS_", "LUIGI_")


def environment(root: Path) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    own = {"ACNE_HOME": root / "home", "ACNE_STACK": root / "stack", "ACNE_WORKDIR": root / "work"}
    return inherited | {name: str(value) for name, value in own.items()}


def acne(root: Path, command: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "acnelib.cli", command],
        env=environment(root),
        cwd=root,
        stdout=subprocess.DEVNULL,
        check=True,
    )


def write_kinds(folder: Path) -> dict[str, Path]:
    folder.mkdir()
    files = {}
    for kind in picture_kinds():
        files[kind.name] = folder / kind.file_name
        files[kind.name].write_bytes(kind.content())
    return files


def compare(doors: Doors, files: dict[str, Path]) -> float:
    """Print the table and return the largest difference."""
    paths = list(files.values())
    ways = doors.quick | doors.processes
    by_path = ways.pop("library, path")(paths)
    columns, seconds = {}, {}
    for name, way in ways.items():
        began = time.perf_counter()
        columns[name] = [apart(one, other) for one, other in zip(way(paths), by_path, strict=True)]
        seconds[name] = time.perf_counter() - began
    print(f"| kind of picture | largest score | {' | '.join(columns)} |")
    print(f"|---|---|{'---|' * len(columns)}")
    for row, kind in enumerate(files):
        cells = [f"{column[row]:.1e}" if column[row] else "0" for column in columns.values()]
        print(f"| {kind} | {max(by_path[row].values(), default=0):.3f} | {' | '.join(cells)} |")
    largest = {name: max(column) for name, column in columns.items()}
    print(f"| **largest** | | {' | '.join(f'{value:.1e}' if value else '0' for value in largest.values())} |")
    print(f"| seconds | | {' | '.join(f'{value:.1f}' for value in seconds.values())} |")
    return max(largest.values())


def decoding_milliseconds(path: Path, *, size: int, times: int = 7) -> float:
    """Return the least time from a file to a network's input."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        resized(read_picture(path).image, height=size, width=size)
        took.append(time.perf_counter() - began)
    return min(took) * 1000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, help="folder of a bundle (default: one trained on the sample atlas)")
    model = parser.parse_args().model
    with tempfile.TemporaryDirectory(prefix="acne-doors-") as folder:
        root = Path(folder)
        try:
            if model is None:
                acne(root, "demo")
            files = write_kinds(root / "kinds")
            doors = Doors(environment(root), model=str(model.resolve()) if model else "production")
            largest = compare(doors, files)
            size = doors.classifier.bundle.description.height
        finally:
            if model is None:
                acne(root, "down")
        print(f"\nThe largest difference of all is {largest:.1e} (at most {TOLERANCE} is allowed).")
        for kind in ("JPEG 640×480", "JPEG 4000×3000", "JPEG 4000×3000, orientation 6"):
            print(f"{kind}: {decoding_milliseconds(files[kind], size=size):.1f} ms from the file to the pixels")
    return 0 if largest <= TOLERANCE else 1


if __name__ == "__main__":
    sys.exit(main())
