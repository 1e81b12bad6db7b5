"""Facts per photo, read once and kept: does it decode, how large, how sharp, what does it look like."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from acnelib.errors import ImageUnreadable
from acnelib.files import digest_of, write_text
from acnelib.images import read_picture, resized

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from pathlib import Path

    import numpy.typing as npt
    from PIL import Image

HASH_SIDE = 16
"""Side of the grid of a look hash, which has this squared bits."""

_DECODED_AT = 256  # pixels; enough for the grid and for sharpness, and quick to decode
_SHARD = 256


@dataclass(frozen=True, kw_only=True)
class PhotoFacts:
    """What one decode tells of a photo.

    Attributes:
        sha256: Which photo.
        error: Why it cannot be decoded; None when it can. The rest is zero or empty then.
        width: Pixels, upright.
        height: Pixels, upright.
        brightness: Mean luma, 0–255.
        sharpness: Variance of the Laplacian of luma at 256×256 (Pech-Pacheco et al. 2000).
        look: Difference hash (Krawetz 2013) on a 16×16 grid, 64 hexadecimal digits.
        mirrored_look: The same of the mirrored photo.
    """

    sha256: str
    error: str | None = None
    width: int = 0
    height: int = 0
    brightness: float = 0.0
    sharpness: float = 0.0
    look: str = ""
    mirrored_look: str = ""


def photo_facts(sha256: str, path: Path) -> PhotoFacts:
    """Decode a photo and say what it is like; a photo that cannot be decoded is a fact too."""
    try:
        image = read_picture(path).image
    except ImageUnreadable as error:
        # A path in the image store means nothing to anybody: say the reason alone.
        return PhotoFacts(sha256=sha256, error=str(error).removeprefix(str(path)).strip())
    grey = image.convert("L")
    small = resized(grey, height=_DECODED_AT, width=_DECODED_AT).astype(np.float64)
    laplacian = 4 * small[1:-1, 1:-1] - small[:-2, 1:-1] - small[2:, 1:-1] - small[1:-1, :-2] - small[1:-1, 2:]
    return PhotoFacts(
        sha256=sha256,
        width=image.width,
        height=image.height,
        brightness=round(float(small.mean()), 2),
        sharpness=round(float(laplacian.var()), 2),
        look=look_hash(grey),
        mirrored_look=look_hash(grey, mirrored=True),
    )


def look_hash(grey: Image.Image, *, mirrored: bool = False) -> str:
    """Return the difference hash of a greyscale picture: is each cell darker than its right neighbour?"""
    cells: npt.NDArray[np.int16] = resized(grey, height=HASH_SIDE, width=HASH_SIDE + 1).astype(np.int16)
    if mirrored:
        cells = cells[:, ::-1]
    return np.packbits(cells[:, :-1] < cells[:, 1:]).tobytes().hex()


@dataclass(frozen=True)
class FactStore:
    """Facts kept in small files of JSON lines, each written whole, so that a new photo costs only itself."""

    root: Path

    def facts(
        self,
        wanted: Collection[str],
        *,
        path_of: Callable[[str], Path],
        progress: Callable[[int, int], None] = lambda _done, _total: None,
    ) -> dict[str, PhotoFacts]:
        """Return the facts of every wanted photo, reading only those that are not known yet."""
        known = {facts.sha256: facts for facts in self._kept() if facts.sha256 in wanted}
        missing = sorted(set(wanted) - known.keys())
        for start in range(0, len(missing), _SHARD):
            fresh = []
            for offset, sha256 in enumerate(missing[start : start + _SHARD], start=start):
                fresh.append(photo_facts(sha256, path_of(sha256)))
                progress(offset + 1, len(missing))
            self._keep(fresh)
            known |= {facts.sha256: facts for facts in fresh}
        return known

    def _kept(self) -> Iterator[PhotoFacts]:
        for path in sorted(self.root.glob("*.jsonl")):
            with path.open(encoding="utf-8") as stream:
                yield from (PhotoFacts(**json.loads(line)) for line in stream)

    def _keep(self, fresh: Iterable[PhotoFacts]) -> None:
        lines = [json.dumps(asdict(facts)) for facts in fresh]
        write_text(self.root / f"{digest_of(lines)[:16]}.jsonl", "".join(f"{line}\n" for line in lines))
