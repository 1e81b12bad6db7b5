"""What does each kind of hostile picture cost? A table in Markdown: seconds of a core, peak memory, outcome.

    python benchmarks/decoding_bounds.py [--tree DIR] [--limit SECONDS]

Each file is read by the library in a process of its own; ``--tree`` measures another checkout of this project. The
exit code is 1 where a picture cost more than 10 s of a core or 1 GB.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import hostile_pictures as hostile

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_SECONDS, MOST_MEMORY = 10.0, 1_000_000_000

READ = r"""
import json, re, sys, time
from pathlib import Path
import simplejpeg, pillow_heif
from acnelib.imaging import read_picture
pillow_heif.register_heif_opener()
peak = lambda: int(re.search("VmHWM: *([0-9]+)", Path("/proc/self/status").read_text().replace("\t", " "))[1]) * 1024
before, began = peak(), time.process_time()
try:
    outcome = "decoded, {}×{}".format(*read_picture(Path(sys.argv[1])).image.size)
except Exception as error:
    outcome = "refused: " + str(error).removeprefix(sys.argv[1]).strip()
print(json.dumps([time.process_time() - began, peak() - before, outcome]))
"""

KINDS: dict[str, Callable[[], bytes]] = {
    "JPEG, 20,000 scans": lambda: hostile.progressive_jpeg(1000, scans=20_000),
    "JPEG, 500 scans of 4 megapixels": lambda: hostile.progressive_jpeg(2000, scans=500),
    "JPEG, 75 scans of 64 megapixels": lambda: hostile.progressive_jpeg(8000, scans=75),
    "JPEG, progressive, 81 megapixels in full colour": lambda: hostile.jpeg(9000, progressive=True, subsampling=0),
    "JPEG, 100 megapixels": lambda: hostile.jpeg(10_000),
    "JPEG, 5 million comments": lambda: hostile.jpeg_of_markers(5_000_000),
    "JPEG, 50 MB of fill bytes": lambda: hostile.jpeg(16)[:2] + b"\xff" * 50_000_000 + hostile.jpeg(16)[2:],
    "PNG, 177 megapixels, RGB": lambda: hostile.png(13_300, 13_300),
    "PNG, 177 megapixels, RGBA": lambda: hostile.png(13_300, 13_300, kind=6),
    "PNG, 110 megapixels, RGBA": lambda: hostile.png(10_500, 10_500, kind=6),
    "PNG, 81 megapixels, RGBA of 16 bits, interlaced": lambda: hostile.png(
        9000, 9000, depth=16, kind=6, interlaced=True
    ),
    "PNG, 169 megapixels, grey of 16 bits": lambda: hostile.png(13_000, 13_000, depth=16, kind=0),
    "PNG, a million texts": lambda: hostile.png(16, 16, more=[hostile.chunk(b"tEXt", b"")] * 1_000_000),
    "PNG, 2,000 compressed texts": lambda: hostile.png(
        16, 16, more=[hostile.chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(bytes(5_000_000)))] * 2000
    ),
    "WebP, 177 megapixels": lambda: hostile.webp(13_300),
    "WebP, 46 megapixels": lambda: hostile.webp(6800),
    "WebP, 500 frames": lambda: hostile.webp(64, frames=500),
    "GIF, 100,000 frames": lambda: hostile.gif(blocks=1, frames=100_000),
    "GIF, 2 million blocks of comment": lambda: hostile.gif(blocks=2_000_000),
    "TIFF, a tile of 20,000 × 20,000": lambda: hostile.deflated_tiff(16, tile=20_000),
    "TIFF, 1,000 strips on one stream of 20 MB": lambda: hostile.deflated_tiff(1000, strips=1000, inflated=20_000_000),
    "TIFF, 144 megapixels": lambda: hostile.deflated_tiff(12_000),
    "TIFF, 5 million strips": lambda: hostile.deflated_tiff(5_000_000, strips=5_000_000, inflated=1),
    "BMP, 64 megapixels in runs of 1": lambda: hostile.bitmap(8000, 8000, b"\1\0" * 8_000_000),
    "BMP, 169 megapixels of filled lines": lambda: hostile.bitmap(13_000, 13_000, b"\1\0\0\0" * 13_000),
    "BMP, 36 megapixels of filled lines": lambda: hostile.bitmap(6000, 6000, b"\1\0\0\0" * 6000),
    "PPM, 16 megapixels, white is 254": lambda: b"P6 4000 4000 254\n" + bytes(48_000_000),
    "PPM, 4 megapixels, white is 254": lambda: b"P6 2000 1900 254\n" + bytes(11_400_000),
    "PPM, 9 megapixels as text": lambda: b"P3 3000 3000 255\n" + b"1 " * 27_000_000,
    "HEIC, 16 megapixels": lambda: hostile.heic(4000),
    "HEIC, a million boxes": lambda: hostile.heic(64) + hostile.box(b"free", b"") * 1_000_000,
    "AVIF, 36 megapixels": lambda: hostile.heic(6000, form="AVIF"),
    "JPEG 2000, 25 megapixels": lambda: hostile.jpeg_2000(5000),
    "JPEG 2000, 100 megapixels": lambda: hostile.jpeg_2000(10_000),
}


def cost_of(path: Path, *, tree: Path, limit: float) -> tuple[float, int, str]:
    """Return seconds of a core, bytes and outcome of reading a picture in a process of its own."""
    environment = os.environ | {"PYTHONPATH": str(tree)}
    try:
        read = subprocess.run(
            [sys.executable, "-P", "-W", "ignore", "-c", READ, str(path)],
            env=environment,
            capture_output=True,
            text=True,
            timeout=limit,
            check=True,
        )
    except subprocess.TimeoutExpired:
        return limit, 0, f"not ended after {limit:.0f} s"
    except subprocess.CalledProcessError as error:
        return 0.0, 0, f"the process ended with {error.returncode}"
    seconds, memory, outcome = json.loads(read.stdout)
    return seconds, memory, outcome


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tree", type=Path, default=Path(__file__).parents[1], help="checkout to measure")
    parser.add_argument("--limit", type=float, default=60.0, help="seconds after which a reading is ended")
    parser.add_argument("--kind", action="append", help="only kinds whose name contains this")
    options = parser.parse_args()
    print("| picture | bytes | seconds | MB | outcome |\n|---|---|---|---|---|")
    exceeded = 0
    with tempfile.TemporaryDirectory(prefix="acne-decoding-") as folder:
        for name, content in KINDS.items():
            if options.kind and not any(part in name for part in options.kind):
                continue
            path = Path(folder) / "picture"
            path.write_bytes(content())
            seconds, memory, outcome = cost_of(path, tree=options.tree.resolve(), limit=options.limit)
            size = path.stat().st_size
            print(f"| {name} | {size:,} | {seconds:.1f} | {memory / 1e6:.0f} | {outcome} |", flush=True)
            exceeded += seconds > MOST_SECONDS or memory > MOST_MEMORY
    return 1 if exceeded else 0


if __name__ == "__main__":
    sys.exit(main())
