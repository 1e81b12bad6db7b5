"""Plant copies of eight kinds into a copy of a folder of class folders, and count which of them are found.

    python benchmarks/duplicates.py [DIR] [--seed 0] [--number 64] [--weights starter]

Compares acnelib's curation with ImageHash alone and with embeddings alone, on the same photos in one run. Without a
folder, drawn pictures are taken. ``other pairs`` are pairs of different photos that a method joins: the same scene or a
mistake, look at them; in drawn pictures, where the patient is known, mistakes are counted.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import imagehash
import numpy as np
from PIL import Image
from planted import KINDS, Planted, plant

from acnelib import stages
from acnelib.atlas.drawing import draw_picture
from acnelib.config.settings import Settings
from acnelib.dataset.curation import read_curated
from acnelib.dataset.duplicates.detection import connected
from acnelib.dataset.duplicates.pairs import read_pairs
from acnelib.imaging import read_picture, resized
from acnelib.stages.curate import PAIRS
from acnelib.storage.files import sha256_of_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PairOfPhotos = tuple[str, str]

HASH_BITS = 6  # of 64, the usual threshold
COSINE = 0.9
OTHER_PAIRS = 60  # that embeddings may join besides, when their threshold is chosen in their favour


@dataclass(frozen=True)
class Found:
    """What one method joined."""

    method: str
    pairs: frozenset[PairOfPhotos]
    seconds: float


def by_curation(folder: Path, workdir: Path) -> tuple[Found, int]:
    named = {name: workdir / name for name in ("home", "cache", "stack", "workdir")}
    settings = Settings(**named)
    scraped = stages.scrape(str(folder), settings=settings)
    began = time.monotonic()
    curated = stages.curate(scraped, settings=settings)
    seconds = time.monotonic() - began
    pairs = read_pairs(curated.photos.parent / PAIRS)
    used = sum(photo.reason is None for photo in read_curated(curated.photos))
    return Found("acnelib", frozenset((pair.one, pair.other) for pair in pairs), seconds), used


def by_imagehash(photos: Mapping[str, Path]) -> Found:
    began = time.monotonic()
    names = sorted(photos)
    hashes = []
    for name in names:
        with Image.open(photos[name]) as image:
            hashes.append(imagehash.dhash(image).hash.ravel())
    bits = np.array(hashes)
    apart = (bits[:, None] != bits[None]).sum(axis=-1)
    return Found(f"ImageHash dHash ≤ {HASH_BITS}", _below(names, apart, HASH_BITS), time.monotonic() - began)


def by_embeddings(photos: Mapping[str, Path], planted: Iterable[Planted], weights: str) -> list[Found]:
    from acnelib.training.networks.building import build_network
    from acnelib.training.networks.recipes import SINGLE, STARTER_RECIPE
    from acnelib.training.networks.weights_files import find_weights

    began = time.monotonic()
    names = sorted(photos)
    backbone = (STARTER_RECIPE if weights == "starter" else SINGLE).branches[-1].backbone
    network = build_network(backbone, find_weights(weights, backbone))
    size = backbone.size
    pixels = (resized(read_picture(photos[name]).image, height=size, width=size) for name in names)
    plain = np.stack(list(pixels)).astype(np.float32) / 127.5 - 1
    vectors, mirrored = (
        seen / np.linalg.norm(seen, axis=-1, keepdims=True)
        for seen in (network.predict(view, verbose=0) for view in (plain, plain[:, :, ::-1]))
    )
    apart = 1 - np.maximum(vectors @ vectors.T, vectors @ mirrored.T)
    apart = np.minimum(apart, apart.T)
    seconds = time.monotonic() - began
    name = "starter" if weights == "starter" else "ImageNet"
    usual = Found(f"{name} vectors, cosine ≥ {COSINE}", _below(names, apart, 1 - COSINE), seconds)
    originals = sorted(set(names) - {one.copy for one in planted})
    rows = [names.index(original) for original in originals]
    others = np.sort(apart[np.ix_(rows, rows)][np.triu_indices(len(rows), k=1)])
    limit = float(others[min(OTHER_PAIRS, len(others) - 1)])
    chosen = Found(f"{name} vectors, cosine > {1 - limit:.3f}", _below(names, apart, limit - 1e-7), seconds)
    return [usual, chosen]


def _below(names: list[str], apart: np.ndarray, limit: float) -> frozenset[PairOfPhotos]:
    return frozenset((names[one], names[other]) for one, other in np.argwhere(apart <= limit) if one < other)


def print_table(
    found: list[Found], planted: list[Planted], photos: Mapping[str, Path], patients: Mapping[str, str]
) -> None:
    groups = [connected(photos, method.pairs) for method in found]
    print(f"| | {' | '.join(method.method for method in found)} |")
    print(f"| --- |{' ---: |' * len(found)}")
    for kind in (*KINDS, "all"):
        copies = [one for one in planted if kind in {one.kind, "all"}]
        hits = [sum(group[one.original] == group[one.copy] for one in copies) for group in groups]
        print(f"| {kind} | {' | '.join(f'{hit} of {len(copies)}' for hit in hits)} |")
    original_of = {one.copy: one.original for one in planted}
    rows: dict[str, list[object]] = {"other pairs": [], "largest group": [], "seconds": []}
    if patients:
        rows["of these two patients"] = []
    for method, group in zip(found, groups, strict=True):
        others = {frozenset(original_of.get(name, name) for name in pair) for pair in method.pairs}
        others = {pair for pair in others if len(pair) == 2}
        rows["other pairs"].append(len(others))
        rows["largest group"].append(max(Counter(group.values()).values()))
        rows["seconds"].append(f"{method.seconds:.1f}")
        if patients:
            rows["of these two patients"].append(sum(len({patients[n] for n in pair}) == 2 for pair in others))
    for name, values in rows.items():
        print(f"| {name} | {' | '.join(map(str, values))} |")


def draw(folder: Path, *, number: int, seed: int) -> dict[str, str]:
    """Draw pictures into class folders; return the patient of each."""
    patients = {}
    for index in range(number):
        picture = draw_picture(index, seed=seed)
        path = folder / picture.label / f"{picture.name}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture.jpeg())
        patients[sha256_of_file(path)] = str(picture.patient)
    return patients


def not_joined(found: list[Found], planted: list[Planted], photos: Mapping[str, Path]) -> list[PairOfPhotos]:
    """Return what hashes or the stricter embeddings would have joined and curation did not: worth a look."""
    group, copies = connected(photos, found[0].pairs), {one.copy for one in planted}
    weaker = found[1].pairs | found[-1].pairs
    return sorted(pair for pair in weaker if group[pair[0]] != group[pair[1]] and not copies.intersection(pair))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--number", type=int, default=64)
    parser.add_argument("--weights", default="starter", help="of the embeddings: starter, imagenet, a file or a folder")
    parser.add_argument("--sheets", type=Path, help="folder for contact sheets of the pairs, to be looked at")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="acne-duplicates-") as temporary:
        root = Path(temporary)
        source, patients = arguments.folder, {}
        if source is None:
            source = root / "drawn"
            patients = draw(source, number=300, seed=arguments.seed + 1)
        planted = plant(source, to=root / "photos", number=arguments.number, seed=arguments.seed)
        photos = {sha256_of_file(path): path for path in sorted((root / "photos").glob("*/*")) if path.is_file()}
        curated, used = by_curation(root / "photos", root / "work")
        found = [curated, by_imagehash(photos), *by_embeddings(photos, planted, arguments.weights)]
        print_table(found, planted, photos, patients)
        print(f"\n{used} of {len(photos)} distinct photos used after curation")
        if arguments.sheets:
            originals = {one.copy for one in planted}
            print_sheet(arguments.sheets / "found.jpg", [p for p in curated.pairs if not originals & set(p)], photos)
            print_sheet(arguments.sheets / "not-joined.jpg", not_joined(found, planted, photos), photos)
    return 0


def print_sheet(path: Path, pairs: list[PairOfPhotos], photos: Mapping[str, Path], *, most: int = 30) -> None:
    """Put pairs side by side, three pairs in a row, every n-th where there are too many."""
    chosen = sorted(pairs)[:: max(1, len(pairs) // most)][:most]
    width, height = 230, 172
    sheet = Image.new("RGB", (3 * (2 * width + 10), -(-max(1, len(chosen)) // 3) * (height + 6)), "white")
    for place, pair in enumerate(chosen):
        left, top = (place % 3) * (2 * width + 10), (place // 3) * (height + 6)
        for side, name in enumerate(pair):
            with Image.open(photos[name]) as image:
                sheet.paste(image.convert("RGB").resize((width, height)), (left + side * width, top))
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(path)
    print(f"{len(chosen)} of {len(pairs)} pairs in {path}")


if __name__ == "__main__":
    sys.exit(main())
