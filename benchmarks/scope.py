"""What a trained bundle refuses as out of scope, and how much hangs on a corner of a photo, where watermarks stand.

    python benchmarks/scope.py [BUNDLE_DIR] [--photos DIR] [--split split.json]

Refused should be what shows no skin (drawn pictures of many kinds, scikit-learn's sample photos and pieces of them),
and hardly any photo of DIR, as it is or changed. Then each corner in turn is painted over with the colour around it:
where one corner's paint changes labels more than the others', the model reads what stands there. With ``--split``
(``acne pipeline --format json`` says where it is), test photos are also counted alone, for the others were learnt from.
Without a bundle, one is trained on drawn pictures, and new ones are its photos.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageEnhance

import acnelib
from acnelib import bundle as bundles
from acnelib import stages
from acnelib.atlas.drawing import draw_pictures
from acnelib.config.settings import Settings
from acnelib.dataset.splitting import Split, Subset
from acnelib.folders.photo_files import find_photo_files
from acnelib.imaging import read_picture
from acnelib.progress import no_progress
from acnelib.stages.artifacts import CandidateFolder
from acnelib.stages.candidate import write_candidate
from acnelib.storage.workspace import Workspace

sys.path.append(str(Path(__file__).parent / "method"))
from no_skin import drawn, sample_photos

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from acnelib.inference import Classifier, Prediction

    Change = Callable[[Image.Image], Image.Image]

DRAWN_TO_LEARN, DRAWN_TO_ASK = range(150), range(150, 200)

CHANGES: dict[str, Change] = {
    "as they are": lambda photo: photo,
    "without the lower 12 %": lambda photo: photo.crop((0, 0, photo.width, int(photo.height * 0.88))),
    "brighter by 40 %": lambda photo: ImageEnhance.Brightness(photo).enhance(1.4),
    "darker by 45 %": lambda photo: ImageEnhance.Brightness(photo).enhance(0.55),
    "turned by 90°": lambda photo: photo.rotate(90, expand=True),
    "grey": lambda photo: photo.convert("L").convert("RGB"),
}

WIDE, HIGH = 0.28, 0.36
"""Share of width and height of a corner: a usual watermark fits in."""

CORNERS = {"upper left": (0, 0), "upper right": (1, 0), "lower left": (0, 1), "lower right": (1, 1)}
_BAND = 0.02  # of the width: how far around a corner its surroundings reach


@dataclass(frozen=True, kw_only=True)
class Photos:
    """Photos to ask a bundle about, and which of them it did not learn from."""

    images: tuple[Image.Image, ...]
    unknown: np.ndarray


def painted_over(photo: Image.Image, corner: tuple[int, int]) -> Image.Image:
    """Return a photo with one corner in the median colour of what surrounds it."""
    pixels = np.asarray(photo).copy()
    if corner[0]:
        pixels = pixels[:, ::-1]
    if corner[1]:
        pixels = pixels[::-1]
    height, width, band = int(HIGH * photo.height), int(WIDE * photo.width), max(1, int(_BAND * photo.width))
    around = pixels[: height + band, : width + band].copy()
    surroundings = np.concatenate([around[:height, width:].reshape(-1, 3), around[height:].reshape(-1, 3)])
    pixels[:height, :width] = np.median(surroundings, axis=0)
    if corner[1]:
        pixels = pixels[::-1]
    if corner[0]:
        pixels = pixels[:, ::-1]
    return Image.fromarray(np.ascontiguousarray(pixels))


def photos_of(folder: Path, split: Path | None) -> Photos:
    """Read the photos of a folder of class folders that serve for something; without a split, all that there are."""
    seen = {}
    for path in find_photo_files([folder]).files:
        if path.suffix.lower() in {".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".heic"}:
            picture = read_picture(path)
            seen[picture.sha256] = picture.image
    if split is None:
        return Photos(images=tuple(seen.values()), unknown=np.zeros(len(seen), dtype=bool))
    subsets = {sha256: photo.subset for sha256, photo in Split.read(split).photos.items()}
    used = [sha256 for sha256 in seen if subsets.get(sha256, Subset.EXCLUDED) != Subset.EXCLUDED]
    return Photos(
        images=tuple(seen[sha256] for sha256 in used),
        unknown=np.array([subsets[sha256] == Subset.TEST for sha256 in used]),
    )


def trained_on_drawings(root: Path) -> Path:
    """Train a bundle on drawn pictures, without any server."""
    draw_into(root / "drawn", DRAWN_TO_LEARN)
    settings = Settings(**{name: root / name for name in ("home", "cache", "stack", "workdir")})
    curated = stages.curate(stages.scrape(str(root / "drawn"), settings=settings), settings=settings)
    feature_result = stages.features(stages.split(curated, settings=settings), weights="starter", settings=settings)
    made = root / "made"
    made.mkdir()
    write_candidate(made, feature_result, "0" * 64, Workspace(settings.workdir), no_progress)
    return bundles.seal(CandidateFolder(made).bundle).path


def draw_into(folder: Path, which: range) -> None:
    for place, picture in enumerate(draw_pictures(which.stop, seed=1)):
        if place in which:
            path = folder / picture.label / f"{picture.name}.jpg"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(picture.jpeg())


def refused(classifier: Classifier, pictures: Iterable[Image.Image]) -> np.ndarray:
    return np.array([answer.verdict == acnelib.Verdict.OUT_OF_SCOPE for answer in classifier.predict_many(pictures)])


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    print("|", " | ".join(header), "|")
    print("|", " | ".join("---" if place == 0 else "---:" for place in range(len(header))), "|")
    for row in rows:
        print("|", " | ".join(row), "|", flush=True)
    print()


def no_skin_rows(classifier: Classifier) -> Iterable[Sequence[str]]:
    counts = []
    for name, pictures in {**drawn(), **sample_photos()}.items():
        away = refused(classifier, pictures)
        counts.append(away)
        yield name, str(len(away)), f"{away.mean():.2f}"
    everything = np.concatenate(counts)
    yield "**all**", str(len(everything)), f"**{everything.mean():.3f}**"


def shares(values: np.ndarray, unknown: np.ndarray) -> tuple[str, str]:
    """Return the mean over photos that were not learnt from, and over all."""
    return (f"{values[unknown].mean():.3f}" if unknown.any() else "–", f"{values.mean():.3f}")


def changed_rows(classifier: Classifier, photos: Photos) -> Iterable[Sequence[str]]:
    for name, change in CHANGES.items():
        yield name, *shares(refused(classifier, map(change, photos.images)), photos.unknown)


def corner_rows(classifier: Classifier, photos: Photos) -> Iterable[Sequence[str]]:
    before = list(classifier.predict_many(photos.images))
    for name, corner in CORNERS.items():
        after = list(classifier.predict_many(painted_over(photo, corner) for photo in photos.images))
        pairs = list(zip(before, after, strict=True))
        measures = (
            np.array([one.label != other.label for one, other in pairs]),
            np.array([abs(other.scores[str(one.label)] - one.scores[str(one.label)]) for one, other in pairs]),
            np.array([_confident(one) and other.label != one.label for one, other in pairs]),
            np.array([other.verdict == acnelib.Verdict.OUT_OF_SCOPE for _, other in pairs]),
        )
        yield name, *(cell for values in measures for cell in shares(values, photos.unknown))


def _confident(answer: Prediction) -> bool:
    return answer.verdict == acnelib.Verdict.CONFIDENT


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bundle", type=Path, nargs="?", metavar="BUNDLE_DIR")
    parser.add_argument("--photos", type=Path, metavar="DIR", help="a folder of class folders")
    parser.add_argument("--split", type=Path, metavar="FILE", help="split.json of the bundle's photos")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="acne-scope-") as temporary:
        root, photos = Path(temporary), None
        classifier = acnelib.load_classifier(arguments.bundle or trained_on_drawings(root))
        if arguments.photos:
            photos = photos_of(arguments.photos, arguments.split)
        elif arguments.bundle is None:
            draw_into(root / "asked", DRAWN_TO_ASK)
            asked = photos_of(root / "asked", None)
            photos = Photos(images=asked.images, unknown=np.ones(len(asked.images), dtype=bool))
        print("## Refused of pictures that show no skin\n")
        table(("pictures", "n", "refused"), no_skin_rows(classifier))
        if photos is not None:
            number = f"{photos.unknown.sum()} of {len(photos.images)} photos were not learnt from"
            print(f"## Refused of photos ({number})\n")
            table(("photos", "refused, not learnt from", "refused, all"), changed_rows(classifier, photos))
            print(f"## One corner painted over ({number})\n")
            names = ("label changes", "top score moves by", "a confident label changes", "refused then")
            header = ("corner", *(f"{name}, {which}" for name in names for which in ("not learnt from", "all")))
            table(header, corner_rows(classifier, photos))
    return 0


if __name__ == "__main__":
    sys.exit(main())
