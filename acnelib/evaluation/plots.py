"""Plots of an evaluation, as matplotlib figures that nobody has to close."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acnelib.labels import display_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

_DARK = 0.55  # share of a row from which white text reads better on the cell


def confusion_figure(truth: Sequence[str], answers: Sequence[str], *, labels: Sequence[str], title: str) -> Figure:
    """Draw the confusion matrix: rows are true labels, shades are shares of a row, numbers are photos."""
    from matplotlib.figure import Figure

    position = {label: index for index, label in enumerate(labels)}
    counts = np.zeros((len(labels), len(labels)), dtype=int)
    np.add.at(counts, ([position[label] for label in truth], [position[label] for label in answers]), 1)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    side = 2.5 + 0.8 * len(labels)
    figure = Figure(figsize=(side, side * 0.9), layout="constrained")
    axes = figure.subplots()
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    names = [display_name(label) for label in labels]
    axes.set_xticks(range(len(labels)), names, rotation=35, ha="right")
    axes.set_yticks(range(len(labels)), names)
    axes.set_xlabel("Answer")
    axes.set_ylabel("True class")
    axes.set_title(title)
    for row, column in np.ndindex(*counts.shape):
        shade = "white" if shares[row, column] > _DARK else "black"
        axes.text(column, row, str(counts[row, column]), ha="center", va="center", color=shade)
    return figure
