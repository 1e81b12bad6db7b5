"""What fine-tuned networks are worth on photos that neither networks nor head have seen, beside ImageNet weights.

    python benchmarks/method/adaptation.py SOURCE SOURCE --background DIR [DIR …] --apart DIR [DIR …]
        --weights IMAGENET_DIR --adapted NAME=DIR [NAME=DIR …] [--backbone NAME] [--workdir DIR]

Each SOURCE has one sub-folder of photos per class, and each DIR one per other condition. Neither the networks nor their
scope may see the conditions of ``--apart`` in training; ``acne adapt`` with the same sources and background makes such
networks. Everything after the weights is as in the pipeline, on the same photos, folds and series.
Brackets are 95 % intervals of the difference from the first row, by the paired bootstrap over groups, series or
conditions; differences whose interval excludes zero are bold. With ``--workdir``, photos and embeddings are kept.

Groups hold out copies only, so their figures reward what tells patients apart: they are shown, and not to be believed.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from no_skin import drawn, sample_photos

from acnelib import stages
from acnelib.config.settings import Settings
from acnelib.dataset.splitting import Split
from acnelib.errors import UsageError
from acnelib.folds import held_out_rows
from acnelib.share_estimates import CALIBRATION_BINS
from acnelib.stages.candidate import training_photos
from acnelib.stages.features import default_recipe, embeddings_of
from acnelib.storage.workspace import Workspace
from acnelib.training.adaptation.card import AdaptationCard
from acnelib.training.calibrated_head import columns_of, fit_calibrated_head
from acnelib.training.calibration import scores_at
from acnelib.training.cross_val import cross_val_logits
from acnelib.training.fitting import fit_candidate
from acnelib.training.networks.feature_extraction import FeatureExtractor
from acnelib.training.networks.recipes import BEST, Recipe, weights_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import numpy.typing as npt

    from acnelib.stages.results import FeatureResult, SplitResult
    from acnelib.training.calibrated_head import TrainingSet
    from acnelib.training.fitting import FittedCandidate

ROUNDS = 1000
"""Bootstrap samples."""

CONFIDENT, RIGHT, CONFIDENCE = range(3)


@dataclass(frozen=True, kw_only=True)
class Column:
    """One figure: values of each photo, and what is computed from the values of a sample of them.

    Attributes:
        values: [photos, …].
        units: What the bootstrap draws: a group, series or condition of each photo.
        figure: Returns the figure of values [sample, …].
    """

    values: npt.NDArray[np.float64]
    units: Sequence[str]
    figure: Callable[[npt.NDArray[np.float64]], float]

    def cell(self, base: Column) -> str:
        """Return the figure, with the interval of its difference from that of a base."""
        figure, before = self.figure(self.values), base.figure(base.values)
        text = "–" if np.isnan(figure) else f"{figure:.3f}"
        if self is base or np.isnan(figure - before):
            return text
        draws = [self.figure(self.values[rows]) - base.figure(base.values[rows]) for rows in samples(self.units)]
        low, high = np.nanquantile(draws, [0.025, 0.975])
        text = f"{text} [{low:+.2f}, {high:+.2f}]"
        return f"**{text}**" if low > 0 or high < 0 else text


def samples(units: Sequence[str]) -> Iterable[npt.NDArray[np.int64]]:
    """Yield the rows of bootstrap samples of units, the same for the same units."""
    _, unit_of = np.unique(np.asarray(units), return_inverse=True)
    rows_of = [np.flatnonzero(unit_of == unit) for unit in range(unit_of.max() + 1)]
    random = np.random.default_rng(0)
    for _ in range(ROUNDS):
        yield np.concatenate([rows_of[unit] for unit in random.integers(0, len(rows_of), len(rows_of))])


def share(values: npt.NDArray[np.float64]) -> float:
    return float(values.mean())


def right_of_confident(values: npt.NDArray[np.float64]) -> float:
    """Return the share of confident answers that are right; NaN without any."""
    confident = values[:, CONFIDENT] > 0
    return float(values[confident, RIGHT].mean()) if confident.any() else np.nan


def right_of_surest(part: float) -> Callable[[npt.NDArray[np.float64]], float]:
    """Return the figure of the surest part of the answers: the share that is right."""

    def figure(values: npt.NDArray[np.float64]) -> float:
        order = np.argsort(-values[:, CONFIDENCE], kind="stable")
        return float(values[order[: round(part * len(order))], RIGHT].mean())

    return figure


def calibration_error(values: npt.NDArray[np.float64]) -> float:
    """Return the expected calibration error of the highest scores, in bins of equal width (Guo et al. 2017)."""
    bins = np.minimum((values[:, CONFIDENCE] * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    gaps = np.bincount(bins, weights=values[:, RIGHT] - values[:, CONFIDENCE], minlength=CALIBRATION_BINS)
    return float(np.abs(gaps).sum() / len(values))


def mean_recall(values: npt.NDArray[np.float64]) -> float:
    """Return the balanced accuracy of [photos, (true column, whether right)]."""
    return float(np.mean([values[values[:, 0] == column, 1].mean() for column in np.unique(values[:, 0])]))


def mean_macro_f1(values: npt.NDArray[np.float64]) -> float:
    """Return the mean macro-F1 of repeats, over the classes of the photos.

    Args:
        values: The true column of each photo, then its answer in each repeat: [photos, 1 + repeats].
    """
    true, answers = values[:, :1], values[:, 1:]
    found = []
    for column in np.unique(true):
        hits = ((true == column) & (answers == column)).sum(axis=0)
        sizes = (true == column).sum(axis=0) + (answers == column).sum(axis=0)
        found.append(np.where(sizes > 0, 2 * hits / np.maximum(sizes, 1), np.nan))
    return float(np.nanmean(found, axis=0).mean())


@dataclass(frozen=True)
class Bench:
    """The photos that all weights are compared on."""

    split_result: SplitResult
    split: Split
    apart: frozenset[str]
    series: Sequence[str]
    settings: Settings

    @property
    def unseen(self) -> list[str]:
        """Photos of the conditions set apart, and of no group that teaches the scope."""
        taught = {self.split.photos[one].group for one in self.split.background if not self._is_apart(one)}
        return [
            one for one in self.split.background if self._is_apart(one) and self.split.photos[one].group not in taught
        ]

    def training(self, feature_result: FeatureResult) -> TrainingSet:
        """Return photos and background, without the conditions set apart."""
        photos = training_photos(feature_result, self.split, Workspace(self.settings.workdir), series=self.series)
        taught = [row for row, one in enumerate(self.split.background) if not self._is_apart(one)]
        background = photos.background.only(np.array(taught))
        return replace(photos, background=background)

    def _is_apart(self, sha256: str) -> bool:
        return self.split.label(sha256) in self.apart


def columns(bench: Bench, recipe: Recipe, weights: Path) -> dict[str, Column]:
    """Return the figures of weights."""
    settings = bench.settings
    found = stages.features(bench.split_result, backbone=str(recipe), weights=str(weights), settings=settings)
    photos = bench.training(found)
    result: dict[str, Column] = {}
    for source in sorted({one for sources in photos.sources for one in sources}):
        result |= unseen_source(source, photos)
    fitted = fit_candidate(photos)
    for source in sorted({one for sources in photos.sources for one in sources}):
        result |= held_out(source, photos, fitted)
    result["source recognised"] = source_recognised(photos)
    embeddings = embeddings_of(found, bench.unseen)
    units = [bench.split.label(one) for one in bench.unseen]
    inside = fitted.scope.contains(embeddings)
    sure = scores_at(fitted.head.logits(embeddings), 1.0).max(axis=1) >= fitted.confidence_threshold
    result["never seen: refused"] = Column(values=1.0 - inside, units=units, figure=share)
    result["never seen: confident"] = Column(values=(inside & sure).astype(float), units=units, figure=share)
    nothing = no_skin(recipe, weights)
    units = [str(place) for place in range(len(nothing))]
    result["no skin: refused"] = Column(values=1.0 - fitted.scope.contains(nothing), units=units, figure=share)
    outside = 1.0 - fitted.series.in_scope.astype(float).mean(axis=0)
    result["class photos refused"] = Column(values=outside, units=photos.series, figure=share)
    return result


def held_out(source: str, photos: TrainingSet, fitted: FittedCandidate) -> dict[str, Column]:
    """Return the figures of the photos of a source by what the other series or groups of all sources teach."""
    own = np.array([source in sources for sources in photos.sources])
    result = {}
    for name, answers, units in (
        ("series", fitted.series, photos.series),
        ("groups", fitted.groups, photos.groups),
    ):
        scores = answers.scores[:, own]
        right = scores.argmax(axis=2) == fitted.true[own]
        every = np.stack([answers.confident[:, own], right, scores.max(axis=2)], axis=2).astype(float)
        values = np.column_stack([fitted.true[own], scores.argmax(axis=2).T]).astype(float)
        mine = [one for one, chosen in zip(units, own, strict=True) if chosen]
        flat, repeated = every.reshape(-1, 3), mine * len(scores)
        result |= {
            f"{source}, {name}: macro-F1": Column(values=values, units=mine, figure=mean_macro_f1),
            f"{source}, {name}: confident": Column(values=flat[:, :1], units=repeated, figure=share),
            f"{source}, {name}: right of those": Column(values=flat, units=repeated, figure=right_of_confident),
            f"{source}, {name}: ECE": Column(values=flat, units=repeated, figure=calibration_error),
        }
    return result


def source_recognised(photos: TrainingSet) -> Column:
    """Return how well a linear discriminant recognises the source of photos of the classes that all sources show.

    Groups are held out. It is the balanced accuracy: the lower, the less an embedding gives its source away.
    """
    names = np.array([sources[0] for sources in photos.sources])
    known = np.asarray(photos.labels)
    labels = sorted(set(names.tolist()))
    common = set.intersection(*(set(known[names == name].tolist()) for name in labels))
    rows = np.flatnonzero(np.isin(known, sorted(common)))
    true = columns_of(names[rows].tolist(), labels)
    logits = cross_val_logits(
        photos.embeddings[rows],
        names[rows].tolist(),
        labels=labels,
        folds=held_out_rows(photos.group_folds[0][rows]),
    )
    values = np.stack([true, logits.argmax(axis=1) == true], axis=1).astype(float)
    return Column(values=values, units=[photos.groups[row] for row in rows.tolist()], figure=mean_recall)


def unseen_source(source: str, photos: TrainingSet) -> dict[str, Column]:
    """Return the figures of the photos of a source by what the others teach; no photo of it sets a threshold."""
    own = np.array([source in sources for sources in photos.sources])
    series = np.asarray(photos.series)
    rest = np.flatnonzero(~np.isin(series, series[own]))
    fitted = fit_calibrated_head(photos.rows(rest))
    asked = np.array([row for row in np.flatnonzero(own).tolist() if photos.labels[row] in fitted.head.labels])
    true = columns_of([photos.labels[row] for row in asked.tolist()], fitted.head.labels)
    scores = scores_at(fitted.head.logits(photos.embeddings[asked]), 1.0)
    confidence = scores.max(axis=1)
    sure = (confidence >= fitted.calibration.confidence_threshold) & fitted.scope.contains(photos.embeddings[asked])
    values = np.stack([sure, scores.argmax(axis=1) == true, confidence], axis=1).astype(float)
    units = [photos.groups[row] for row in asked.tolist()]
    figures = {
        "accuracy": lambda some: share(some[:, RIGHT]),
        "surest half": right_of_surest(1 / 2),
        "surest quarter": right_of_surest(1 / 4),
        "confident": lambda some: share(some[:, CONFIDENT]),
        "right of those": right_of_confident,
        "wrong and confident": lambda some: share(some[:, CONFIDENT] * (1 - some[:, RIGHT])),
        "ECE": calibration_error,
    }
    return {
        f"{source}, unseen: {name}": Column(values=values, units=units, figure=figure)
        for name, figure in figures.items()
    }


def no_skin(recipe: Recipe, weights: Path) -> npt.NDArray[np.float32]:
    """Return the embeddings of pictures that show no skin."""
    parts = []
    with tempfile.TemporaryDirectory() as folder:
        paths: dict[str, Path] = {}
        for pictures in (drawn(), sample_photos()):
            for picture in (one for some in pictures.values() for one in some):
                path = Path(folder) / f"{len(paths)}.png"
                picture.save(path, compress_level=1)
                paths[path.stem] = path
        for branch, file in zip(recipe.branches, weights_of(recipe, str(weights)), strict=True):
            extractor = FeatureExtractor(branch, file, side=recipe.side, path_of=paths.__getitem__)
            parts.append(extractor.embeddings(list(paths)))
    return np.concatenate(parts, axis=1)


def bench_of(arguments: argparse.Namespace, settings: Settings) -> Bench:
    """Read and divide the photos, and find their series by the ImageNet weights."""
    folders = [str(folder) for folder in (*arguments.background, *arguments.apart)]
    scraped = stages.scrape([str(one) for one in arguments.sources], background=folders, settings=settings)
    split_result = stages.split(stages.curate(scraped, settings=settings), settings=settings)
    split = Split.read(split_result.split)
    apart = frozenset(one.name for folder in arguments.apart for one in folder.iterdir() if one.is_dir())
    found = stages.features(split_result, backbone=str(BEST), weights=str(arguments.weights), settings=settings)
    series = training_photos(found, split, Workspace(settings.workdir)).series
    return Bench(split_result, split, apart, series, settings)


def check_apart(bench: Bench, name: str, weights: Path) -> None:
    """Check that weights have learnt none of the conditions set apart.

    Raises:
        UsageError: They have.
    """
    card = AdaptationCard.read(weights)
    if card is not None and (learnt := [one for one in bench.unseen if card.knows(one)]):
        raise UsageError(f"{name} learnt from {len(learnt)} photos of --apart: adapt it without them")


def print_table(rows: Mapping[str, Mapping[str, Column]], names: Sequence[str]) -> None:
    print("| Weights |", " | ".join(names), "|")
    print("|---|", "---|" * len(names), sep="")
    base = next(iter(rows.values()))
    for weights, found in rows.items():
        print(f"| {weights} |", " | ".join(found[name].cell(base[name]) for name in names), "|", flush=True)
    print()


def _weights(text: str) -> tuple[str, Path]:
    name, _, folder = text.partition("=")
    return name, Path(folder)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", type=Path, nargs="+", metavar="SOURCE")
    parser.add_argument("--background", type=Path, nargs="+", required=True, metavar="DIR")
    parser.add_argument("--apart", type=Path, nargs="+", required=True, metavar="DIR")
    parser.add_argument("--weights", type=Path, required=True, metavar="IMAGENET_DIR")
    parser.add_argument("--adapted", type=_weights, nargs="+", required=True, metavar="NAME=DIR")
    parser.add_argument("--backbone", type=Recipe.parse, metavar="NAME")
    parser.add_argument("--workdir", type=Path, metavar="DIR")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="acne-adaptation-") as temporary:
        root = arguments.workdir or Path(temporary)
        settings = Settings(**{name: root / name for name in ("home", "cache", "stack", "workdir")})
        bench = bench_of(arguments, settings)
        rows = {"ImageNet": columns(bench, BEST, arguments.weights)}
        for name, weights in arguments.adapted:
            check_apart(bench, name, weights)
            rows[name] = columns(bench, arguments.backbone or default_recipe(str(weights)), weights)
    names = list(rows["ImageNet"])
    for part in ("unseen:", "series:", "groups:"):
        for source in sorted({name.split(", ")[0] for name in names if part in name}):
            print_table(rows, [name for name in names if name.startswith(f"{source}, {part}")])
    print_table(rows, [name for name in names if ", " not in name])


if __name__ == "__main__":
    main()
