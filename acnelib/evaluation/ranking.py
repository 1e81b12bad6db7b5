"""Ranking of photos by the score of each class: ROC and precision–recall curves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from acnelib.evaluation.scored_photos import ScoredPhotos


@dataclass(frozen=True, kw_only=True, eq=False)
class RankingCurve:
    """Curves of one class against all others.

    Attributes:
        label: The class.
        photos: Photos of the class.
        false_rates: False positive rates of the ROC curve, rising [points].
        true_rates: True positive rates at those.
        auroc: Area under the ROC curve: probability that a photo of the class scores above another; 0.5 is chance.
        recalls: Recalls of the precision–recall curve, falling [points].
        precisions: Highest precision at each recall.
        average_precision: Mean precision, weighted by the gain in recall; the share of the class is chance.
        share: Share of the class.
    """

    label: str
    photos: int
    false_rates: npt.NDArray[np.float64]
    true_rates: npt.NDArray[np.float64]
    auroc: float
    recalls: npt.NDArray[np.float64]
    precisions: npt.NDArray[np.float64]
    average_precision: float
    share: float


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """Curves of all classes that have both positive and negative photos.

    Attributes:
        curves: In the order of the labels.
        left_out: Reason for each class without curves.
    """

    curves: tuple[RankingCurve, ...]
    left_out: dict[str, str]

    @property
    def auroc_macro(self) -> float | None:
        """Mean area under the ROC curves; None without curves."""
        return float(np.mean([curve.auroc for curve in self.curves])) if self.curves else None

    @property
    def average_precision_macro(self) -> float | None:
        """Mean average precision; None without curves."""
        return float(np.mean([curve.average_precision for curve in self.curves])) if self.curves else None


def ranking_of(answers: ScoredPhotos) -> Ranking:
    """Return the curves of each class against all others, as scikit-learn computes them."""
    scores, true_labels = answers.scores, np.array(answers.true_labels)
    curves, left_out = [], {}
    for column, label in enumerate(answers.labels):
        positive = true_labels == label
        if not positive.any():
            left_out[label] = "no photo shows it"
        elif positive.all():
            left_out[label] = "every photo shows it"
        else:
            curves.append(_curve(label, positive, scores[:, column], repeats=answers.repeats))
    return Ranking(curves=tuple(curves), left_out=left_out)


def _curve(
    label: str, positive: npt.NDArray[np.bool_], scores: npt.NDArray[np.float64], *, repeats: int
) -> RankingCurve:
    from sklearn.metrics import auc, average_precision_score, precision_recall_curve, roc_curve

    false_rates, true_rates, _ = roc_curve(positive, scores)
    precisions, recalls, _ = precision_recall_curve(positive, scores)
    best = np.append(recalls[1:] < recalls[:-1], True)  # of equal recalls, the last has the highest precision
    return RankingCurve(
        label=label,
        photos=round(int(positive.sum()) / repeats),
        false_rates=false_rates,
        true_rates=true_rates,
        auroc=float(auc(false_rates, true_rates)),
        recalls=recalls[best],
        precisions=precisions[best],
        average_precision=float(average_precision_score(positive, scores)),
        share=float(positive.mean()),
    )
