"""Which recipe should be the default: compare them on yardsticks of growing strictness, and print Markdown tables.

    python benchmarks/method/ablation.py DIR --weights WEIGHTS_DIR [--others DIR] [--cache DIR] [--repeats 5]
        [--tables yardstick recipes confidence scope]

DIR has one sub-folder of photos per class, WEIGHTS_DIR the ImageNet weights of MobileNet v1 0.75 and v2 0.35. Vectors
are kept in the cache, by default a folder among the temporary files that is removed at the end; computing them takes
about three minutes on two cores, and as long again for the pictures to be refused. ``--others`` is a folder of more
pictures that show no skin.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from confidence import held_apart, measured
from groupings import clusters, likeness, series
from heads import Recipe
from no_skin import drawn, sample_photos
from photos import load_photos
from PIL import Image, ImageEnhance, ImageFilter
from scope import refusals, refusals_by_number
from scoring import balanced_loss, gain, out_of_fold
from vectors import EVERY_VIEW, VIEWS, Looks, Network, places

from acnelib.atlas.drawing import draw_pictures
from acnelib.metrics import macro_f1
from acnelib.training.scope import FALSE_REJECTION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    import numpy.typing as npt
    from photos import Photos

    Rows = npt.NDArray[np.float64]
    Columns = npt.NDArray[np.int64]
    Change = Callable[[Image.Image], Image.Image]

NETWORKS = {"v1": "mobilenet_v1_0.75_224", "v1small": "mobilenet_v1_0.75_160", "v2": "mobilenet_v2_0.35_224"}

LEAST_LIKENESS = 4.5
"""Of linked photos; of the pairs above it, looked at by eye, about a third show one patient, and few others do."""

STRICT = ("near-duplicates", "series", "clusters")
"""Groupings that recipes are judged by."""

NUMBERS = (30, 56, 100, 150, 200, 236)
"""Photos to learn the scope from."""

TABLES = ("yardstick", "recipes", "confidence", "scope")

CHOSEN = ("v1/middle@two", "v2/avg@six", "v2/middle@six")
SIX = ("v2/avg@six",)


def _logistic(*layers: str, c: float = 0.01, **options: float) -> Recipe:
    return Recipe(layers=layers, kind="logistic", strengths=(c,), **options)  # type: ignore[arg-type]


YARDSTICK: dict[str, Recipe] = {
    "v1, whole and mirrored": _logistic("v1/avg@two", c=0.02),
    "v1 at 160 px + v2, whole and mirrored": _logistic("v1small/avg@two", "v2/avg@two", c=0.02),
    "v1, six views": _logistic("v1/avg@six", c=0.006),
    "v2, six views": _logistic(*SIX, c=0.006),
    "v1 + v2, six views": _logistic("v1/avg@six", "v2/avg@six", c=0.006),
}
"""Logistic recipes that the groupings are compared on."""

RECIPES: dict[str, Recipe] = {
    "logistic, v2, six views, C=0.006": _logistic(*SIX, c=0.006),
    "… each view a training row": _logistic(*SIX, c=0.006, rows="views"),  # type: ignore[arg-type]
    "… C=0.001": _logistic(*SIX, c=0.001),
    "… C=0.03": _logistic(*SIX, c=0.03),
    "… C=0.003, 0.01 and 0.03 averaged": Recipe(layers=SIX, kind="logistic", strengths=(0.003, 0.01, 0.03)),
    "… whole only": _logistic("v2/avg@whole"),
    "… whole and mirrored": _logistic("v2/avg@two"),
    "… ten views": _logistic("v2/avg@ten"),
    "… and five crops of 70 %": _logistic("v2/avg@eleven"),
    "… and grey-world, brighter, darker, blurred": _logistic("v2/avg@changed"),
    "… weights by the root of frequency": _logistic(*SIX, weights=0.5),
    "… unweighted, logits less log priors": _logistic(*SIX, weights=0.0, adjusted=1.0),
    "… whitened components of 80 %": _logistic(*SIX, kept=0.8),
    "… ten bags of groups": _logistic(*SIX, bags=10),
    "… maxima besides": _logistic(*SIX, "v2/max@six"),
    "… deviations besides": _logistic(*SIX, "v2/spread@six"),
    "… middle layer besides": _logistic(*SIX, "v2/middle@six"),
    "… v1's last layer besides": _logistic(*SIX, "v1/avg@six"),
    "… v1's middle layer besides": _logistic(*SIX, "v1/middle@two"),
    "… both middle layers besides": _logistic(*CHOSEN),
    "cosine of class means, v2, six views": Recipe(layers=SIX, kind="cosine"),
    "discriminant, v2, six views": Recipe(layers=SIX),
    "… its middle layer besides": Recipe(layers=(*SIX, "v2/middle@six")),
    "… the last layer of v1 besides": Recipe(layers=(*SIX, "v1/avg@six")),
    "**discriminant, v2, both middle layers besides**": Recipe(layers=CHOSEN),
    "… covariance of photos, not of classes": Recipe(layers=CHOSEN, kind="pooled-lda"),
    "… shrinkage 0.2": Recipe(layers=CHOSEN, strengths=(0.2,)),
    "… shrinkage 0.6": Recipe(layers=CHOSEN, strengths=(0.6,)),
    "… v1 whole only": Recipe(layers=("v1/middle@whole", *CHOSEN[1:])),
    "… v1 six views": Recipe(layers=("v1/middle@six", *CHOSEN[1:])),
    "… v1 at 160 px": Recipe(layers=("v1small/middle@two", *CHOSEN[1:])),
    "… whole and mirrored only": Recipe(layers=("v1/middle@two", "v2/avg@two", "v2/middle@two")),
    "… v1's early layer besides": Recipe(layers=(*CHOSEN, "v1/early@two")),
}
"""Recipes in the order of the table; names that begin with … change one thing."""


@dataclass(frozen=True)
class Bench:
    """Photos, their vectors in every view, and the groupings by name."""

    photos: Photos
    vectors: Mapping[str, npt.NDArray[np.float32]]
    groupings: Mapping[str, Columns]

    def of(self, recipe: Recipe) -> Rows:
        """Return what a recipe looks at: [photos, views, D], one view where rows are photos."""
        parts = []
        for layer in recipe.layers:
            name, views = layer.split("@")
            seen = self.vectors[name][:, places(views)]
            parts.append(seen.mean(axis=1, keepdims=True) if recipe.rows == "photos" else seen)
        return np.concatenate(parts, axis=2).astype(np.float64)

    def logits(self, recipe: Recipe, grouping: str, repeats: int) -> list[Rows]:
        """Return out-of-fold logits, once for each seed."""
        vectors, groups = self.of(recipe), self.groupings[grouping]
        number = len(self.photos.labels)
        return [
            out_of_fold(recipe, vectors, self.photos.truth, groups, number=number, seed=seed) for seed in range(repeats)
        ]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--weights", type=Path, required=True, metavar="WEIGHTS_DIR")
    parser.add_argument("--others", type=Path, metavar="DIR")
    parser.add_argument("--cache", type=Path, metavar="DIR")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--tables", nargs="+", choices=TABLES, default=TABLES)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="acne-method-") as temporary:
        cache = options.cache or Path(temporary)
        looks = Looks(cache / "vectors")
        networks = {name: Network.of(full, options.weights) for name, full in NETWORKS.items()}
        bench = _bench(options.folder, cache, looks, networks)
        _print_groupings(bench)
        if "yardstick" in options.tables:
            _print_yardstick(bench, options.repeats)
        if "recipes" in options.tables:
            _print_recipes(bench, options.repeats)
        if "confidence" in options.tables:
            _print_confidence(bench, options.repeats)
        if "scope" in options.tables:
            _print_scope(bench, looks, networks, options.others)


def _bench(folder: Path, cache: Path, looks: Looks, networks: Mapping[str, Network]) -> Bench:
    photos = load_photos(folder, cache / "curation")
    vectors = {
        f"{name}/{layer}": found
        for name, network in networks.items()
        for layer, found in looks.vectors(network, photos.images, EVERY_VIEW if name == "v2" else VIEWS["six"]).items()
    }
    six = np.concatenate([vectors[f"{name}/avg"][:, places("six")].mean(axis=1) for name in ("v2", "v1")], axis=1)
    alike = likeness(photos.images, six.astype(np.float64))
    return Bench(
        photos,
        vectors,
        {
            "photos": np.arange(len(photos.truth)),
            "near-duplicates": photos.duplicates,
            "series": series(alike, photos.truth, photos.duplicates, least=LEAST_LIKENESS),
            "clusters": clusters(alike, photos.truth, photos.duplicates),
        },
    )


def _print_table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    header = list(header)
    print("|", " | ".join(header), "|")
    print("|", " | ".join("---" for _ in header), "|")
    for row in rows:
        print("|", " | ".join(row), "|", flush=True)
    print()


def _print_groupings(bench: Bench) -> None:
    print("## Groups\n")
    truth, labels = bench.photos.truth, bench.photos.labels
    _print_table(
        ("grouping", "groups", "largest", *labels),
        (
            (
                name,
                str(len(set(groups))),
                str(np.bincount(groups).max()),
                *(str(len(set(groups[truth == column]))) for column in range(len(labels))),
            )
            for name, groups in bench.groupings.items()
        ),
    )


def _mean_f1(bench: Bench, logits: Iterable[Rows]) -> tuple[float, float]:
    values = [macro_f1(bench.photos.truth, found.argmax(axis=1)) for found in logits]
    return float(np.mean(values)), float(np.std(values))


def _print_yardstick(bench: Bench, repeats: int) -> None:
    print("## Macro-F1 by what folds keep together\n")

    def rows() -> Iterable[Iterable[str]]:
        for name, recipe in YARDSTICK.items():
            found = (_mean_f1(bench, bench.logits(recipe, grouping, repeats)) for grouping in bench.groupings)
            yield name, *(f"{mean:.3f} ± {spread:.3f}" for mean, spread in found)

    _print_table(("recipe", *bench.groupings), rows())


def _print_recipes(bench: Bench, repeats: int) -> None:
    print("## Macro-F1 of recipes (change against the first ± its standard error over groups)\n")
    truth = bench.photos.truth
    base = {name: bench.logits(next(iter(RECIPES.values())), name, repeats) for name in STRICT}

    def rows() -> Iterable[Iterable[str]]:
        for name, recipe in RECIPES.items():
            began, cells, losses = time.monotonic(), [], []
            for grouping in STRICT:
                logits = bench.logits(recipe, grouping, repeats)
                mean, before = _mean_f1(bench, logits)[0], _mean_f1(bench, base[grouping])[0]
                error = gain(logits, base[grouping], truth, bench.groupings[grouping])
                cells.append(f"{mean:.3f} ({mean - before:+.3f} ± {error:.3f})")
                losses.append(np.mean([balanced_loss(found, truth) for found in logits]))
            seconds = (time.monotonic() - began) / (len(STRICT) * repeats * 5)
            yield name, *cells, f"{losses[1]:.3f}", f"{seconds:.2f}"

    _print_table(("recipe", *STRICT, "balanced loss, series", "s a fit"), rows())


def _print_confidence(bench: Bench, repeats: int) -> None:
    print("## Confidence on photos held apart, five sixths learnt from\n")
    recipes = {"discriminant": Recipe(layers=CHOSEN), "logistic": _logistic(*CHOSEN), "v2": _logistic(*SIX, c=0.006)}
    cases = [
        (name, outer, inner, refitted)
        for name in recipes
        for outer in ("near-duplicates", "series")
        for inner in ("near-duplicates", "series")
        for refitted in ((True, False) if inner == outer else (True,))
    ]

    def rows() -> Iterable[Iterable[str]]:
        for name, outer, inner, refitted in cases:
            found = [
                measured(
                    held_apart(
                        recipes[name],
                        bench.of(recipes[name]),
                        bench.photos.truth,
                        outer=bench.groupings[outer],
                        inner=bench.groupings[inner],
                        refitted=refitted,
                        seed=seed,
                    ),
                    bench.photos.truth,
                )
                for seed in range(repeats)
            ]
            means = (f"{np.mean([one[metric] for one in found]):.3f}" for metric in found[0])
            yield name, outer, inner, "out of fold" if refitted else "validation part", *means

    metrics = ("macro-F1", "accuracy", "ECE", "95 % if perfect", "NLL", "Brier", "plain: coverage", "right")
    _print_table(
        ("head", "held apart by", "inner folds by", "calibrated", *metrics, "bounded: coverage", "right"), rows()
    )


CHANGES: dict[str, Change] = {
    "without the lower 12 %": lambda photo: photo.crop((0, 0, photo.width, int(photo.height * 0.88))),
    "a quarter of it": lambda photo: photo.crop(
        (photo.width // 2, photo.height // 10, photo.width, photo.height * 6 // 10)
    ),
    "brighter by 40 %": lambda photo: ImageEnhance.Brightness(photo).enhance(1.4),
    "darker by 45 %": lambda photo: ImageEnhance.Brightness(photo).enhance(0.55),
    "blurred by 4 px": lambda photo: photo.filter(ImageFilter.GaussianBlur(4)),
    "turned by 90°": lambda photo: photo.rotate(90, expand=True),
    "grey": lambda photo: photo.convert("L").convert("RGB"),
}
"""What may be done to a photo of skin without its being one no more."""


def _pictures(photos: Photos, others: Path | None) -> Iterator[tuple[str, list[Image.Image]]]:
    """Yield sets of pictures one after the other: all of them together do not fit into a small memory."""
    yield "drawn skin", [picture.image for picture in draw_pictures(30, seed=3)]
    for name, change in CHANGES.items():
        yield name, [change(photo) for photo in photos.images]
    yield from {**drawn(), **sample_photos()}.items()
    if others:
        yield "others", [Image.open(path).convert("RGB") for path in sorted(others.iterdir())]


def _print_scope(bench: Bench, looks: Looks, networks: Mapping[str, Network], others: Path | None) -> None:
    print(f"## Refused, by the distance that {FALSE_REJECTION:.0%} of photos exceed out of fold\n", flush=True)
    layers = {"v1 middle": CHOSEN[:1], "v2": SIX, "v2 both": CHOSEN[1:], "middle": CHOSEN[::2], "all": CHOSEN}
    seen = {
        (network, name): looks.vectors(networks[network], pictures, VIEWS["six"])
        for name, pictures in _pictures(bench.photos, others)
        for network in ("v1", "v2")
    }
    sets = [name for network, name in seen if network == "v1"]

    def of(name: str, names: Iterable[str]) -> Rows:
        parts = []
        for layer in names:
            (network, pooled), views = layer.split("@")[0].split("/"), layer.split("@")[1]
            parts.append(seen[network, name][pooled][:, : len(VIEWS[views])].mean(axis=1))
        return np.concatenate(parts, axis=1).astype(np.float64)

    results = {
        title: refusals(
            bench.of(Recipe(layers=names))[:, 0],
            bench.photos.truth,
            bench.groupings["series"],
            {name: of(name, names) for name in sets},
        )
        for title, names in layers.items()
    }
    names = next(iter(results.values()))
    _print_table(
        ("pictures", *results), ((name, *(f"{found[name]:.2f}" for found in results.values())) for name in names)
    )
    print("## Refused by a scope of fewer photos\n")
    no_skin = np.concatenate([of(name, CHOSEN) for name in (*drawn(), *sample_photos())])
    vectors = bench.of(Recipe(layers=CHOSEN))[:, 0]
    rows = (
        (number, refusals_by_number(vectors, bench.photos.truth, bench.photos.duplicates, no_skin, number=number))
        for number in NUMBERS
        if number < len(vectors)
    )
    _print_table(
        ("photos", "no skin", "no skin, least", "photos"),
        ((str(number), *(f"{share:.3f}" for share in shares)) for number, shares in rows),
    )


if __name__ == "__main__":
    main()
