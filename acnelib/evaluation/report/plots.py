"""Plots of an evaluation, as matplotlib figures outside pyplot, which need not be closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeVar

import numpy as np

from acnelib.labels import display_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from acnelib.evaluation.calibration import Calibration
    from acnelib.evaluation.intervals import MetricEstimates
    from acnelib.evaluation.ranking import Ranking, RankingCurve
    from acnelib.evaluation.selective import Selective

INK, SOFT, LINE = "#1b1e23", "#5c626c", "#c9cdd3"
SERIES = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
"""Colours for colour-blind readers (Okabe and Ito 2008); dashes distinguish further classes."""

_DASHES = ("-", "--", ":", "-.")
_DARK = 0.55  # share of a row from which white text is more legible
_MOST_POINTS = 400
_LONGEST_NAME = 40  # characters
_HALF_A_LINE = 24

_Item = TypeVar("_Item")


def confusion_figure(
    true_labels: Sequence[str], predicted_labels: Sequence[str], *, labels: Sequence[str], title: str
) -> Figure:
    """Draw the confusion matrix: true labels in rows, shades by share of the row, numbers of photos."""
    from matplotlib.figure import Figure

    counts = confusion_counts(true_labels, predicted_labels, labels=labels)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    side = 2.5 + 0.8 * len(labels)
    figure = Figure(figsize=(side, side * 0.9), layout="constrained")
    axes = figure.subplots()
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    names = [_name(label) for label in labels]
    axes.set_xticks(range(len(labels)), names, rotation=35, ha="right")
    axes.set_yticks(range(len(labels)), names)
    axes.set_xlabel("Answer")
    axes.set_ylabel("True class")
    axes.set_title(title)
    for row, column in np.ndindex(*counts.shape):
        shade = "white" if shares[row, column] > _DARK else "black"
        axes.text(column, row, str(counts[row, column]), ha="center", va="center", color=shade)
    return figure


def confusion_counts(
    true_labels: Sequence[str], predicted_labels: Sequence[str], *, labels: Sequence[str]
) -> npt.NDArray[np.int64]:
    """Return the number of photos by true label (rows) and predicted label (columns)."""
    position = {label: index for index, label in enumerate(labels)}
    counts = np.zeros((len(labels), len(labels)), dtype=np.int64)
    np.add.at(counts, ([position[label] for label in true_labels], [position[label] for label in predicted_labels]), 1)
    return counts


def reliability_figure(calibration: Calibration, *, before: Calibration | None = None) -> Figure:
    """Draw accuracy by confidence, with the band of a calibrated model and the number of photos below.

    Args:
        calibration: Calibration of the final scores.
        before: Calibration of the scores before temperature scaling.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5.2, 5.2), layout="constrained")
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(4, 1))
    upper.plot([0, 1], [0, 1], color=SOFT, linewidth=1, linestyle=(0, (4, 3)))
    for place, found in enumerate(calibration.bins):
        band_label = "calibrated model, 95 %" if place == 0 else None
        low, high = found.expected
        upper.fill_between(
            [found.low, found.high], low, high, color=SERIES[0], alpha=0.18, linewidth=0, label=band_label
        )
    _dots(upper, calibration, color=SERIES[0], label="answers, 95 % Wilson interval")
    if before is not None:
        points = [(found.confidence, found.accuracy) for found in before.bins]
        upper.plot(
            *zip(*points, strict=True), "s", color=SERIES[1], fillstyle="none", markersize=5, label="before calibration"
        )
    _plain(upper, xlim=(0, 1), ylim=(-0.03, 1.03))
    upper.set_ylabel("Accuracy")
    lower.bar(
        [found.low + 0.05 for found in calibration.bins],
        [found.n for found in calibration.bins],
        width=0.085,
        color=SERIES[0],
        alpha=0.6,
    )
    _plain(lower, xlim=(0, 1))
    lower.set_ylabel("Photos")
    lower.set_xlabel("Confidence")
    _legend(figure, columns=2)
    return figure


def coverage_figure(selective: Selective) -> Figure:
    """Draw accuracy by coverage, with intervals and the model's threshold."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5.2, 4.4), layout="constrained")
    axes = figure.subplots()
    curve = _thinned(selective.curve)
    coverage = [point.coverage for point in curve]
    low, high = zip(*(point.interval for point in curve), strict=True)
    axes.fill_between(
        coverage, low, high, step="pre", color=SERIES[0], alpha=0.18, linewidth=0, label="95 % Wilson interval"
    )
    accuracy = [point.accuracy for point in curve]
    axes.step(coverage, accuracy, where="pre", color=SERIES[0], linewidth=1.8, label="accuracy")
    if len(curve) == 1:
        axes.plot(coverage, accuracy, "o", color=SERIES[0])
    axes.axhline(1 - selective.error, color=SOFT, linewidth=1, linestyle=(0, (4, 3)))
    if selective.confident is not None:
        chosen = selective.confident
        label = f"confident answers (from {selective.confidence_threshold:.2f})"
        axes.plot([chosen.coverage], [chosen.accuracy], "D", color=SERIES[1], markersize=7, label=label)
    _plain(axes, xlim=(0, 1.01), ylim=(0, 1.03))
    axes.set_xlabel("Coverage: share of photos, most confident first")
    axes.set_ylabel("Accuracy")
    _legend(figure, columns=1)
    return figure


def roc_figure(ranking: Ranking) -> Figure:
    """Draw the ROC curve of each class against all others, with the area under each."""
    from matplotlib.figure import Figure

    columns, height = _room_for_legend(ranking)
    figure = Figure(figsize=(5.2, height), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color=SOFT, linewidth=1, linestyle=(0, (4, 3)))
    for place, curve in enumerate(ranking.curves):
        kept = _spread(len(curve.false_rates))
        _series(axes, place, curve, curve.false_rates[kept], curve.true_rates[kept], area=curve.auroc)
    _plain(axes, xlim=(-0.01, 1.01), ylim=(-0.01, 1.02))
    axes.set_xlabel("False positive rate")
    axes.set_ylabel("True positive rate (recall)")
    _legend(figure, columns=columns)
    return figure


def precision_recall_figure(ranking: Ranking) -> Figure:
    """Draw precision by recall of each class against all others, with the average precisions."""
    from matplotlib.figure import Figure

    columns, height = _room_for_legend(ranking)
    figure = Figure(figsize=(5.2, height), layout="constrained")
    axes = figure.subplots()
    for place, curve in enumerate(ranking.curves):
        kept = _spread(len(curve.recalls))
        _series(axes, place, curve, curve.recalls[kept], curve.precisions[kept], area=curve.average_precision)
    _plain(axes, xlim=(-0.01, 1.01), ylim=(-0.01, 1.02))
    axes.set_xlabel("Recall")
    axes.set_ylabel("Precision")
    _legend(figure, columns=columns)
    return figure


def f1_figure(estimates: MetricEstimates) -> Figure:
    """Draw F1 and number of photos of each class that occurs; a hollow dot has no interval."""
    from matplotlib.figure import Figure

    shown = [(label, found.photos, found.f1) for label, found in estimates.per_class.items()]
    shown = [(label, photos, f1) for label, photos, f1 in shown if f1.value is not None]
    figure = Figure(figsize=(5.8, 1.2 + 0.42 * len(shown)), layout="constrained")
    axes = figure.subplots()
    for place, (_, _, f1) in enumerate(shown):
        if f1.interval is not None:
            axes.plot(f1.interval, [place, place], color=SERIES[0], linewidth=2, solid_capstyle="round", alpha=0.55)
        fill: Literal["none", "full"] = "none" if f1.interval is None else "full"
        axes.plot([f1.value or 0.0], [place], "o", color=SERIES[0], markersize=7, fillstyle=fill)
    macro = estimates.overall["macro_f1"].value
    axes.axvline(macro or 0.0, color=SOFT, linewidth=1, linestyle=(0, (4, 3)))
    _plain(axes, xlim=(-0.02, 1.02), ylim=(len(shown) - 0.5, -0.5))
    axes.set_yticks(range(len(shown)), [f"{_name(label)} ({photos})" for label, photos, _ in shown])
    axes.set_xlabel("F1 and 95 % interval; dashed: macro-F1")
    return figure


def _dots(axes: Axes, calibration: Calibration, *, color: str, label: str) -> None:
    accuracy = np.array([found.accuracy for found in calibration.bins])
    low, high = np.array([found.interval for found in calibration.bins]).T
    axes.errorbar(
        [found.confidence for found in calibration.bins],
        accuracy,
        yerr=np.maximum(0, [accuracy - low, high - accuracy]),
        fmt="o",
        color=color,
        markersize=6,
        elinewidth=1.2,
        label=label,
    )


def _series(
    axes: Axes,
    place: int,
    curve: RankingCurve,
    x: npt.NDArray[np.float64],
    y: npt.NDArray[np.float64],
    *,
    area: float,
) -> None:
    dashes = _DASHES[place // len(SERIES) % len(_DASHES)]
    label = f"{_name(curve.label)}: {area:.2f}"
    axes.plot(x, y, dashes, color=SERIES[place % len(SERIES)], linewidth=1.8, drawstyle="steps-post", label=label)


def _plain(axes: Axes, *, xlim: tuple[float, float], ylim: tuple[float, float] | None = None) -> None:
    axes.set_xlim(*xlim)
    if ylim is not None:
        axes.set_ylim(*ylim)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(LINE)
    axes.tick_params(color=LINE, labelcolor=SOFT, labelsize=9)
    axes.grid(color=LINE, linewidth=0.6, alpha=0.6)
    axes.set_axisbelow(True)
    axes.xaxis.label.set_color(INK)
    axes.yaxis.label.set_color(INK)


def _legend(figure: Figure, *, columns: int) -> None:
    figure.legend(loc="outside lower center", ncols=columns, frameon=False, fontsize=9, labelcolor=INK)


def _room_for_legend(ranking: Ranking) -> tuple[int, float]:
    """Return the columns of the legend below a plot, and the height of the figure in inches."""
    columns = 2 if all(len(_name(curve.label)) <= _HALF_A_LINE for curve in ranking.curves) else 1
    return columns, 4.7 + 0.2 * -(-len(ranking.curves) // columns)


def _name(label: str) -> str:
    """Return the display name of a label, shortened; a dollar sign is escaped, as it would begin a formula."""
    name = display_name(label)
    return (name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…").replace("$", r"\$")


def _spread(number: int) -> list[int]:
    """Return evenly spaced indices of the points to draw, including both ends."""
    return sorted({round(place) for place in np.linspace(0, number - 1, min(number, _MOST_POINTS)).tolist()})


def _thinned(items: Sequence[_Item]) -> list[_Item]:
    return [items[place] for place in _spread(len(items))]
