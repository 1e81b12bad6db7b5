"""Computation of metrics from scores and true labels, on scikit-learn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from acnelib.errors import DataUnusable
from acnelib.evaluation_record import ClassMetrics, Metrics
from acnelib.share_estimates import expected_calibration_error

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

BOOTSTRAP_ROUNDS = 1000
INTERVAL = 0.95


def evaluate_scores(
    scores: npt.NDArray[np.float64],
    true_labels: Sequence[str],
    *,
    labels: Sequence[str],
    confident: npt.NDArray[np.bool_],
    groups: Sequence[str] | None = None,
    unreadable: int = 0,
    seed: int = 0,
    repeats: int = 1,
    true_classes_only: bool = False,
) -> Metrics:
    """Compute the metrics of scores [photos, labels] against true labels.

    Args:
        scores: Calibrated scores, rows summing to 1, columns in the order of ``labels``.
        true_labels: True label of each photo; each must be one of ``labels``.
        labels: Labels of the model.
        confident: Whether each answer is confident.
        groups: Group of each photo, the unit of the bootstrap; default: one group per photo.
        unreadable: Photos that could not be read.
        seed: Seed of the bootstrap.
        repeats: How often each photo is among them; counts are divided by it.
        true_classes_only: Average over the classes of the photos, not also over others that were predicted.

    Raises:
        DataUnusable: There is no photo, or the model lacks a true label.
    """
    from sklearn.metrics import accuracy_score, precision_recall_fscore_support

    if not len(true_labels):
        raise DataUnusable("no readable photo to evaluate: name a folder with one sub-folder of photos per class")
    check_labels(true_labels, labels)
    column = {label: index for index, label in enumerate(labels)}
    true = np.array([column[label] for label in true_labels])
    answers = scores.argmax(axis=1)
    right = answers == true
    occurring = sorted(set(true) if true_classes_only else set(true) | set(answers))
    precision, recall, f1, support = precision_recall_fscore_support(true, answers, labels=occurring, zero_division=0.0)
    true_scores = scores[np.arange(len(true)), true]
    return Metrics(
        n=round(len(true) / repeats),
        unreadable=unreadable,
        accuracy=float(accuracy_score(true, answers)),
        balanced_accuracy=float(recall[support > 0].mean()),
        macro_f1=float(f1.mean()),
        macro_f1_interval=macro_f1_interval(
            true,
            answers,
            groups=groups or [str(i) for i in range(len(true))],
            seed=seed,
            classes=np.array(occurring),
        ),
        ece=expected_calibration_error(scores.max(axis=1), right),
        nll=float(-np.log(np.clip(true_scores, 1e-12, 1)).mean()),
        brier=float(((scores - np.eye(len(labels))[true]) ** 2).sum(axis=1).mean()),
        coverage=float(confident.mean()),
        selective_accuracy=float(right[confident].mean()) if confident.any() else None,
        per_class={
            labels[index]: ClassMetrics(
                precision=float(precision[i]),
                recall=float(recall[i]),
                f1=float(f1[i]),
                support=round(int(support[i]) / repeats),
            )
            for i, index in enumerate(occurring)
        },
    )


def check_labels(true_labels: Iterable[str], labels: Sequence[str]) -> None:
    """Check that a model knows every true label.

    Raises:
        DataUnusable: The model lacks a true label.
    """
    if lacking := sorted(set(true_labels) - set(labels)):
        raise DataUnusable(
            f"the model knows no label {', '.join(lacking)} (it has {', '.join(labels)}): "
            "rename or remove those folders"
        )


def macro_f1(true: Sequence[str] | npt.NDArray[Any], answers: Sequence[str] | npt.NDArray[Any]) -> float:
    """Return the mean F1 over the classes that occur among true or predicted labels, as scikit-learn does."""
    from sklearn.metrics import f1_score

    return float(f1_score(true, answers, average="macro", zero_division=0.0))


def macro_f1_interval(
    true: npt.NDArray[np.int64],
    answers: npt.NDArray[np.int64],
    *,
    groups: Sequence[str],
    seed: int,
    classes: npt.NDArray[np.int64] | None = None,
) -> tuple[float, float]:
    """Return the percentile bootstrap interval of macro-F1 over groups (Efron 1979)."""
    values = bootstrapped_macro_f1(true, answers, groups=groups, seed=seed, rounds=BOOTSTRAP_ROUNDS, classes=classes)
    tail = (1 - INTERVAL) / 2
    low, high = np.quantile(values, [tail, 1 - tail])
    return float(low), float(high)


def bootstrapped_macro_f1(
    true: npt.NDArray[Any],
    answers: npt.NDArray[Any],
    *,
    groups: Sequence[str],
    seed: int,
    rounds: int,
    classes: npt.NDArray[Any] | None = None,
) -> npt.NDArray[np.float64]:
    """Return macro-F1 of bootstrap samples of groups: [rounds]; the same seed and groups give the same samples.

    The classes are given, or those of all photos, so that a sample without a small class does not look better. A class
    that is absent from a sample, both as true and as predicted label, is left out of its mean.
    """
    classes = np.unique(np.concatenate([true, answers])) if classes is None else classes
    # The photos of a group add up to three counts per class, so a sample of groups is a sum of rows.
    hits = (true[:, None] == classes) & (answers[:, None] == classes)
    counts = np.stack([hits, true[:, None] == classes, answers[:, None] == classes], axis=1).astype(float)
    totals = bootstrapped_sums(counts, groups=groups, seed=seed, rounds=rounds)
    denominator = totals[:, 1] + totals[:, 2]
    f1 = np.divide(2 * totals[:, 0], denominator, out=np.full_like(denominator, np.nan), where=denominator > 0)
    values: npt.NDArray[np.float64] = np.nanmean(f1, axis=1)
    return values


def bootstrapped_sums(
    values: npt.NDArray[np.float64], *, groups: Sequence[str], seed: int, rounds: int
) -> npt.NDArray[np.float64]:
    """Return the sums of values [photos, …] over bootstrap samples of groups: [rounds, …]."""
    _, group_of = np.unique(np.asarray(groups), return_inverse=True)
    per_group = np.zeros((int(group_of.max()) + 1, *values.shape[1:]))
    np.add.at(per_group, group_of, values)
    random = np.random.default_rng(seed)
    draws = random.multinomial(len(per_group), np.full(len(per_group), 1 / len(per_group)), size=rounds)
    sums: npt.NDArray[np.float64] = np.tensordot(draws.astype(np.float64), per_group, axes=1)
    return sums
