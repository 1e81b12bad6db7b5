"""Power of the gate by simulation: how often it promotes a better, an equal and a worse candidate.

    python benchmarks/gate_power.py [--photos 278] [--data-sets 30] [--processes 2]

Simulated are embeddings of photos of five unbalanced classes, in groups of one to three, by networks that share most
of what makes a photo hard. Candidate and production are fitted by the project's own head, folds and calibration. The
project's own gate decides: once on 15 % of the photos, kept out for a test, with one answer each, and once on all
photos with the out-of-fold answers of five repeats. The true difference is measured on 4,000 further photos.
"""

from __future__ import annotations

import argparse
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
from threadpoolctl import threadpool_limits

from acnelib.evaluation import paired_comparison
from acnelib.evaluation.gate import JudgedPhotos, Traits, judge_against_production
from acnelib.evaluation.paired_comparison import compare_paired
from acnelib.evaluation.scored_photos import ScoredPhoto, ScoredPhotos
from acnelib.folds import fold_numbers, held_out_rows
from acnelib.metrics import macro_f1
from acnelib.training.calibrated_head import columns_of
from acnelib.training.calibration import scores_at
from acnelib.training.cross_val import cross_val_logits
from acnelib.training.head import fit_head
from acnelib.training.held_out import calibrated_scores, fit_calibration, nested_repeats

LABELS = ("acne", "cysts", "perioral", "rhinophyma", "rosacea")
SHARES = (0.34, 0.12, 0.16, 0.10, 0.28)
DIMENSIONS, SIGNAL, SHARED = 60, 0.34, 0.8
PRODUCTION = 1.0
CANDIDATES = {"far worse": 2.2, "worse": 1.6, "equal": 1.0, "better": 0.65, "far better": 0.2}
"""Spread of a network's own noise; the less, the better it is."""

TEST_SHARE, POPULATION, COMPETITORS, ROUNDS = 0.15, 4000, 3, 2000
ALIKE = Traits(train_photos=1, size=1, milliseconds=1.0)


@dataclass(frozen=True, kw_only=True)
class Photos:
    """Photos as two networks could see them: what all networks see, class and group."""

    common: np.ndarray
    truth: list[str]
    groups: list[str]

    def seen_by(self, noise: float, random: np.random.Generator) -> np.ndarray:
        """Return the embeddings of a network with noise of its own."""
        return (self.common + noise * random.normal(size=self.common.shape)).astype(np.float32)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one candidate: true difference, smallest visible ones and decisions, before and after."""

    difference: float
    visible: tuple[float, float]
    promoted: tuple[bool, bool, bool]


def photos_of(number: int, means: np.ndarray, random: np.random.Generator) -> Photos:
    sizes = random.choice([1, 2, 3], size=number, p=[0.8, 0.14, 0.06])
    group = np.repeat(np.arange(number), sizes)[:number]
    label_of_group = random.choice(len(LABELS), size=number, p=SHARES)
    column = label_of_group[group]
    scene = random.normal(size=(number, DIMENSIONS))[group]
    common = means[column] + SHARED * (scene + random.normal(size=(number, DIMENSIONS)))
    return Photos(common=common, truth=[LABELS[one] for one in column], groups=[f"group-{one}" for one in group])


def out_of_fold(embeddings: np.ndarray, photos: Photos) -> ScoredPhotos:
    """Return the answers of five repeats, calibrated inside the folds as a candidate's are."""
    nested = nested_repeats(embeddings, photos.truth, labels=LABELS, numbers=fold_numbers(photos.groups))
    in_scope = np.ones((len(nested), len(photos.truth)), dtype=bool)
    scores = calibrated_scores(nested, columns_of(photos.truth, LABELS), in_scope=in_scope).scores
    return scored([(row, repeat, one[row]) for repeat, one in enumerate(scores) for row in range(len(one))], photos)


def on_test(embeddings: np.ndarray, photos: Photos, test: np.ndarray) -> ScoredPhotos:
    """Return one answer about each test photo by a head that learnt from the others."""
    train = np.flatnonzero(~test)
    truth, groups = ([some[row] for row in train] for some in (photos.truth, photos.groups))
    head = fit_head(embeddings[train], truth)
    folds = held_out_rows(fold_numbers(groups, repeats=1)[0])
    logits = cross_val_logits(embeddings[train], truth, labels=head.labels, folds=folds)
    fitted = fit_calibration(logits, columns_of(truth, head.labels), in_scope=np.ones(len(train), dtype=bool))
    rows = np.flatnonzero(test)
    scores = scores_at(head.logits(embeddings[rows]), fitted.temperature)
    return scored([(row, 0, one) for row, one in zip(rows, scores, strict=True)], photos)


def scored(answers: list[tuple[int, int, np.ndarray]], photos: Photos) -> ScoredPhotos:
    return ScoredPhotos(
        labels=LABELS,
        confidence_threshold=1.0,
        photos=tuple(
            ScoredPhoto(
                sha256=str(row),
                true_label=photos.truth[row],
                group=photos.groups[row],
                scores=tuple(scores),
                repeat=repeat,
            )
            for row, repeat, scores in answers
        ),
    )


def simulated(seed: int, *, number: int) -> dict[str, Outcome]:
    """Return what becomes of each candidate with one set of photos."""
    random = np.random.default_rng(seed)
    means = SIGNAL * random.normal(size=(len(LABELS), DIMENSIONS))
    photos, population = photos_of(number, means, random), photos_of(POPULATION, means, random)
    chosen = set(random.choice(sorted(set(photos.groups)), size=round(TEST_SHARE * len(set(photos.groups)))))
    test = np.array([group in chosen for group in photos.groups])

    def measured(noise: float) -> tuple[float, ScoredPhotos, ScoredPhotos]:
        embeddings = photos.seen_by(noise, random)
        head = fit_head(embeddings, photos.truth)
        answers = head.logits(population.seen_by(noise, random)).argmax(axis=1)
        true = macro_f1(population.truth, [head.labels[one] for one in answers])
        return true, on_test(embeddings, photos, test), out_of_fold(embeddings, photos)

    paired_comparison.ROUNDS = ROUNDS
    with threadpool_limits(1):
        production = measured(PRODUCTION)
        return {name: _outcome(measured(noise), production) for name, noise in CANDIDATES.items()}


def _outcome(
    candidate: tuple[float, ScoredPhotos, ScoredPhotos], production: tuple[float, ScoredPhotos, ScoredPhotos]
) -> Outcome:
    before, after = (compare_paired(candidate[at], production[at]) for at in (1, 2))
    decisions = []
    for comparison, others in ((before, 0), (after, 0), (after, COMPETITORS)):
        known = JudgedPhotos(known=comparison.photos, new=0)
        judgement = judge_against_production(
            comparison, version="1", candidate=ALIKE, production=ALIKE, photos=known, other_candidates=others
        )
        decisions.append(judgement.promote)
    return Outcome(
        difference=candidate[0] - production[0],
        visible=(before.minimum_detectable_difference(0.9), after.minimum_detectable_difference(0.9)),
        promoted=(decisions[0], decisions[1], decisions[2]),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=int, default=278)
    parser.add_argument("--data-sets", type=int, default=30)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    with ProcessPoolExecutor(options.processes) as pool:
        found = list(pool.map(partial(simulated, number=options.photos), range(options.data_sets)))
    print(
        f"{options.data_sets} data sets of {options.photos} photos; promoted on {TEST_SHARE:.0%} kept out for a test,"
    )
    print(f"on out-of-fold answers of all photos, and on these beside {COMPETITORS} other candidates\n")
    print("| candidate | true difference in macro-F1 | test part | out-of-fold | beside others |")
    print("|---|---|---|---|---|")
    for name in CANDIDATES:
        outcomes = [one[name] for one in found]
        difference = np.mean([one.difference for one in outcomes])
        shares = np.mean([one.promoted for one in outcomes], axis=0)
        print(f"| {name} | {difference:+.3f} | {' | '.join(f'{share:.0%}' for share in shares)} |")
    visible = np.quantile([one["equal"].visible for one in found], [0.1, 0.5, 0.9], axis=0)
    for at, name in enumerate(("test part", "out-of-fold")):
        low, middle, high = visible[:, at]
        print(
            f"\nsmallest visible difference, {name}: {middle:.3f} (80 % of data sets: {low:.3f} to {high:.3f})", end=""
        )
    print()


if __name__ == "__main__":
    main()
