"""By how much a random split flatters: the same photos, embeddings and head, held out by photo and held out by group.

    python benchmarks/inflation.py [DIR] [--weights starter] [--backbone NAME] [--repeats 10] [--copies 64]

Every repeat divides the photos anew into five folds, once at random and once so that groups stay whole, and scores the
held-out photos. It is told for the photos as they are, and with planted copies, of which atlases have as many. With
``--shuffled``, labels are shuffled among the groups first: what is then above chance is memory of copies, or a leak.
Without a folder, drawn pictures are taken.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from duplicates import draw
from planted import plant

from acnelib import stages
from acnelib.config.settings import Settings
from acnelib.dataset.curation import read_curated
from acnelib.folds import folds_of, held_out_rows
from acnelib.metrics import macro_f1
from acnelib.storage.workspace import Workspace
from acnelib.training.cross_val import cross_val_logits
from acnelib.training.networks.feature_extraction import FeatureExtractor
from acnelib.training.networks.recipes import Recipe, choose_recipe, weights_of


@dataclass(frozen=True, kw_only=True)
class Photos:
    """Photos fit for use: embeddings [n, D], and label and group of each."""

    embeddings: np.ndarray
    labels: list[str]
    groups: list[str]


def seen(folder: Path, workdir: Path, *, weights: str, backbone: str | None) -> Photos:
    settings = Settings(**{name: workdir / name for name in ("home", "cache", "stack", "workdir")})
    curated = read_curated(stages.curate(stages.scrape(str(folder), settings=settings), settings=settings).photos)
    used = [photo for photo in curated if photo.reason is None]
    recipe = Recipe.parse(backbone) if backbone else choose_recipe(weights)
    images = Workspace(settings.workdir).images
    names = [photo.sha256 for photo in used]
    embeddings = [
        FeatureExtractor(branch, file, side=recipe.side, path_of=images.path).embeddings(names)
        for branch, file in zip(recipe.branches, weights_of(recipe, weights), strict=True)
    ]
    return Photos(
        embeddings=np.concatenate(embeddings, axis=1),
        labels=[p.labels[0] for p in used],
        groups=[p.group for p in used],
    )


def held_out_macro_f1(photos: Photos, groups: list[str], *, seed: int) -> float:
    labels = sorted(set(photos.labels))
    numbers = {group: folds_of(group, repeats=seed + 1)[seed] for group in set(groups)}
    folds = held_out_rows(np.array([numbers[group] for group in groups]))
    logits = cross_val_logits(photos.embeddings, photos.labels, labels=labels, folds=folds)
    return macro_f1(photos.labels, [labels[column] for column in logits.argmax(axis=1)])


def shuffled(photos: Photos, *, seed: int) -> Photos:
    """Give the groups each other's labels, so that nothing can be learnt but which photo is a copy of which."""
    chance = np.random.default_rng(seed)
    label_of = dict(zip(photos.groups, photos.labels, strict=True))
    given = dict(zip(label_of, chance.permutation(list(label_of.values())).tolist(), strict=True))
    return Photos(embeddings=photos.embeddings, labels=[given[group] for group in photos.groups], groups=photos.groups)


def row(name: str, photos: Photos, *, repeats: int, shuffle: bool) -> None:
    apart = [str(place) for place in range(len(photos.labels))]
    rounds = [(seed, shuffled(photos, seed=seed) if shuffle else photos) for seed in range(repeats)]
    grouped = np.array([held_out_macro_f1(some, some.groups, seed=seed) for seed, some in rounds])
    random = np.array([held_out_macro_f1(some, apart, seed=seed) for seed, some in rounds])
    higher = random - grouped
    cells = (f"{values.mean():.3f} ± {values.std(ddof=1):.3f}" for values in (random, grouped, higher))
    print(f"| {name} | {len(photos.labels)} | {len(set(photos.groups))} | {' | '.join(cells)} |", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--weights", default="starter", help="starter, imagenet, a file or a folder")
    parser.add_argument("--backbone", help="name of the network, or of several joined by +")
    parser.add_argument("--repeats", type=int, default=10)
    parser.add_argument("--copies", type=int, default=64)
    parser.add_argument("--shuffled", action="store_true", help="shuffle the labels among the groups")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="acne-inflation-") as temporary:
        root = Path(temporary)
        source = arguments.folder or root / "drawn"
        if arguments.folder is None:
            draw(source, number=300, seed=1)
        plant(source, to=root / "with-copies", number=arguments.copies, seed=0)
        print("| photos | n | groups | macro-F1, random folds | by groups | random is higher by |")
        print("| --- | ---: | ---: | ---: | ---: | ---: |")
        for name, folder in (("as they are", source), (f"with {arguments.copies} copies", root / "with-copies")):
            photos = seen(folder, root / "work", weights=arguments.weights, backbone=arguments.backbone)
            row(name, photos, repeats=arguments.repeats, shuffle=arguments.shuffled)
    return 0


if __name__ == "__main__":
    sys.exit(main())
