"""Facts about each photo, measured once and cached: decodability, size, quality and perceptual hash."""

from __future__ import annotations

import hashlib
import json
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from acnelib.dataset.appearance.keypoints import KeyPoints, find_key_points
from acnelib.dataset.appearance.perceptual_hash import perceptual_hash
from acnelib.errors import ImageTruncated, ImageUnreadable
from acnelib.imaging import reading
from acnelib.imaging.quality import ANALYSIS_SIZE, Measures, analyse, variance, without_border
from acnelib.imaging.strips import strips_of
from acnelib.storage.files import atomic_write, digest_of, write_text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    import numpy.typing as npt
    from PIL import Image

logger = logging.getLogger(__name__)

CACHE_VERSION = 5
"""Version of the measurements; increment it when facts or key points change, to invalidate the cache."""

_SHARD = 256
_WORKERS = 2


@dataclass(frozen=True, kw_only=True)
class PhotoFacts:
    """Facts from decoding a photo once.

    Attributes:
        sha256: SHA-256 of the photo.
        error: Reason why it cannot be decoded; None on success. With an error, the rest is zero or empty.
        is_truncated: Whether the reason is missing pixels.
        width: Pixels, upright.
        height: Pixels, upright.
        bytes: Size of the file.
        pixels: SHA-256 of size and decoded pixels: equal pictures in different files.
        brightness: Mean luma, 0–255, without border, like all following measures.
        contrast: Standard deviation of luma.
        sharpness: Variance of the Laplacian of luma at 256×256, or less if it is smaller (Pech-Pacheco et al. 2000).
        evenness: Share of pixels with one of the four most common levels of luma.
        border: Width of a one-coloured border as a share of width or height: left, top, right, bottom.
        corners: Sharpness of the four corners, where watermarks are, relative to the whole photo: from the upper
            left to the lower right.
        perceptual_hash: Difference hash (Krawetz 2013) on a 16×16 grid, 64 hexadecimal digits.
        mirrored_hash: Hash of the mirrored photo.
    """

    sha256: str
    error: str | None = None
    is_truncated: bool = False
    width: int = 0
    height: int = 0
    bytes: int = 0
    pixels: str = ""
    brightness: float = 0.0
    contrast: float = 0.0
    sharpness: float = 0.0
    evenness: float = 0.0
    border: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    corners: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    perceptual_hash: str = ""
    mirrored_hash: str = ""

    @property
    def measures(self) -> Measures:
        """The quality measures for curation."""
        return Measures(**{one.name: getattr(self, one.name) for one in fields(Measures)})


def measure_photo(sha256: str, path: Path) -> tuple[PhotoFacts, KeyPoints | None]:
    """Decode a photo once for its facts and key points; the latter are None if it cannot be decoded."""
    try:
        return _measured(sha256, path)
    except ImageUnreadable as error:
        # Give the reason without the path, which is internal to the image store.
        reason = str(error).removeprefix(str(path)).strip()
        return PhotoFacts(sha256=sha256, error=reason, is_truncated=isinstance(error, ImageTruncated)), None
    except Exception:  # the failure of one photo must not affect the others
        logger.exception("measuring %s failed", path)
        return PhotoFacts(sha256=sha256, error="cannot be looked at, for a reason that was not foreseen"), None


def _measured(sha256: str, path: Path) -> tuple[PhotoFacts, KeyPoints]:
    with reading(path) as picture:
        return _facts_of(picture.image, sha256, size=path.stat().st_size)


def _facts_of(image: Image.Image, sha256: str, *, size: int) -> tuple[PhotoFacts, KeyPoints]:
    grey = image.convert("L")
    analysis = analyse(image)
    inner = without_border(grey, analysis.border)
    left, top, right, bottom = (round(width / ANALYSIS_SIZE, 3) for width in analysis.border)
    facts = PhotoFacts(
        sha256=sha256,
        bytes=size,
        pixels=_digest_of(image),
        **vars(analysis.measures),
        border=(left, top, right, bottom),
        corners=_corners(analysis.laplacian),
        perceptual_hash=perceptual_hash(inner),
        mirrored_hash=perceptual_hash(inner, mirrored=True),
    )
    return facts, find_key_points(grey)


def _digest_of(image: Image.Image) -> str:
    """Return the SHA-256 of size and pixels; a large picture is taken strip by strip."""
    digest = hashlib.sha256(f"{image.size}".encode())
    for strip in strips_of(image):
        digest.update(strip.tobytes())
    return digest.hexdigest()


def _corners(laplacian: npt.NDArray[np.int16]) -> tuple[float, float, float, float]:
    part = max(1, len(laplacian) // 4)
    rows, columns = (slice(None, part), slice(-part, None)), (slice(None, part), slice(-part, None))
    whole = variance(laplacian) + 1.0
    one, two, three, four = (round(variance(laplacian[row, column]) / whole, 3) for row in rows for column in columns)
    return one, two, three, four


@dataclass(frozen=True)
class FactStore:
    """Store of facts and key points in small files, written atomically, so that only new photos are measured.

    ``<recipe>-<digest>.jsonl`` holds the facts of some photos. The ``.npz`` file beside it, written first,
    holds their key points.
    """

    root: Path

    def facts(
        self,
        photos: Collection[str],
        *,
        path_of: Callable[[str], Path],
        progress: Callable[[int, int], None] = lambda _done, _total: None,
    ) -> dict[str, PhotoFacts]:
        """Return the facts of all requested photos; only photos without facts are read."""
        requested = set(photos)
        known = {facts.sha256: facts for facts in self.kept() if facts.sha256 in requested}
        missing = sorted(requested - known.keys())
        if missing:
            progress(0, len(missing))
        with ThreadPoolExecutor(_WORKERS) as pool:
            for start in range(0, len(missing), _SHARD):
                names = missing[start : start + _SHARD]
                fresh = []
                for result in pool.map(measure_photo, names, [path_of(name) for name in names]):
                    fresh.append(result)
                    progress(start + len(fresh), len(missing))
                self._keep(fresh)
                known |= {facts.sha256: facts for facts, _ in fresh}
        return known

    def kept(self) -> Iterator[PhotoFacts]:
        """Yield the facts of all measured photos."""
        for path in sorted(self.root.glob(f"{CACHE_VERSION}-*.jsonl")):
            yield from _read_facts(path)

    def key_points(self, photos: Collection[str]) -> dict[str, KeyPoints]:
        """Return the key points of the requested photos, as far as they are measured and decodable."""
        requested = set(photos)
        found: dict[str, KeyPoints] = {}
        for path in sorted(self.root.glob(f"{CACHE_VERSION}-*.npz")):
            with np.load(path, allow_pickle=False) as shard:
                names = [str(name) for name in shard["sha256"]]
                if requested.intersection(names):
                    found |= {name: points for name, points in _unpacked(names, shard) if name in requested}
        return found

    def remove(self, photos: Collection[str]) -> int:
        """Remove photos permanently; return the number of files that contained one.

        The facts of other photos are rewritten before the old file is deleted, so that neither a kill nor a concurrent
        reader loses anything. Files of another cache version are obsolete and deleted as a whole.
        """
        photos = set(photos)
        stems = sorted({path.stem for path in self.root.glob("*-*") if path.suffix in {".jsonl", ".npz"}})
        return sum(self._rewrite_without(photos, stem) for stem in stems)

    def _rewrite_without(self, photos: set[str], stem: str) -> bool:
        facts, points = self.root / f"{stem}.jsonl", self.root / f"{stem}.npz"
        if not photos.intersection((*_names_in_facts(facts), *_names_in_points(points))):
            return False
        # Key points without facts remain after a kill: their photos have facts in another file, or none yet.
        if facts.exists() and stem.startswith(f"{CACHE_VERSION}-"):
            kept = [fact for fact in _read_facts(facts) if fact.sha256 not in photos]
            known = self.key_points([fact.sha256 for fact in kept])
            if kept:
                self._keep((fact, known.get(fact.sha256)) for fact in kept)
        facts.unlink(missing_ok=True)
        points.unlink(missing_ok=True)
        return True

    def _keep(self, fresh: Iterable[tuple[PhotoFacts, KeyPoints | None]]) -> None:
        fresh = list(fresh)
        lines = [json.dumps(asdict(facts)) for facts, _ in fresh]
        name = f"{CACHE_VERSION}-{digest_of(lines)[:16]}"
        packed = _packed({facts.sha256: points for facts, points in fresh if points is not None})
        with atomic_write(self.root / f"{name}.npz") as part, part.open("wb") as stream:
            np.savez(stream, allow_pickle=False, **packed)
        write_text(self.root / f"{name}.jsonl", "".join(f"{line}\n" for line in lines))


def _read_facts(path: Path) -> Iterator[PhotoFacts]:
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            values = json.loads(line)
            yield PhotoFacts(**values | {"border": tuple(values["border"]), "corners": tuple(values["corners"])})


def _names_in_facts(path: Path) -> list[str]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8") as stream:
        return [str(json.loads(line)["sha256"]) for line in stream]


def _names_in_points(path: Path) -> list[str]:
    if not path.exists():
        return []
    with np.load(path, allow_pickle=False) as shard:
        return [str(name) for name in shard["sha256"]] if "sha256" in shard else []  # otherwise of an old cache version


def _packed(points: dict[str, KeyPoints]) -> dict[str, npt.NDArray[Any]]:
    def joined(arrays: list[npt.NDArray[Any]], empty: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return np.concatenate([empty, *arrays])

    every = list(points.values())
    return {
        "sha256": np.array(list(points), dtype="U64"),
        "numbers": np.array([len(one) for one in every], dtype=np.int64),
        "sizes": np.array([one.small.shape for one in every], dtype=np.int64).reshape(-1, 2),
        "places": joined([one.places for one in every], np.zeros((0, 2), np.float32)),
        "angles": joined([one.angles for one in every], np.zeros(0, np.uint8)),
        "scales": joined([one.sizes for one in every], np.zeros(0, np.uint8)),
        "descriptors": joined([one.descriptors for one in every], np.zeros((0, 128), np.uint8)),
        "small": joined([one.small.ravel() for one in every], np.zeros(0, np.uint8)),
    }


def _unpacked(names: list[str], shard: Mapping[str, npt.NDArray[Any]]) -> Iterator[tuple[str, KeyPoints]]:
    ends, sizes = np.cumsum(shard["numbers"]), shard["sizes"]
    places, angles, scales, descriptors = (
        np.split(shard[column], ends) for column in ("places", "angles", "scales", "descriptors")
    )
    small = np.split(shard["small"], np.cumsum(sizes.prod(axis=1)))
    for row, name in enumerate(names):
        yield name, KeyPoints(places[row], angles[row], scales[row], descriptors[row], small[row].reshape(sizes[row]))
