"""Records of a cross-validation: metrics by what was held apart, by class and by source, and paired differences."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from acnelib.storage.results import JsonRecord


class HeldOutUnit(StrEnum):
    """Unit that folds never divide."""

    SERIES = "series"
    GROUPS = "groups"
    PHOTOS = "photos"
    SOURCES = "sources"


class MeanAndDeviation(JsonRecord):
    """Mean and standard deviation of a metric over the repeats.

    Attributes:
        mean: Mean; None if undefined, such as the accuracy of no answers.
        sd: Standard deviation; None for fewer than two repeats.
    """

    mean: float | None
    sd: float | None


class EstimatedShare(JsonRecord):
    """A metric with its interval.

    Attributes:
        value: The value, 0–1 (a difference: -1 to 1); None if undefined.
        interval: Its 95 % interval; None where no valid interval exists.
    """

    value: float | None
    interval: tuple[float, float] | None


class ClassEvaluation(JsonRecord):
    """Metrics of one class.

    Attributes:
        photos: Photos of the class.
        series: Number of their series.
        recall: Share of them that is predicted as the class.
        f1: Harmonic mean of precision and recall.
    """

    photos: int
    series: int
    recall: EstimatedShare
    f1: EstimatedShare


class HeldOutEvaluation(JsonRecord):
    """Metrics of a recipe on photos held out by one unit.

    Attributes:
        apart: The unit.
        photos: Number of scored photos; of sources held apart, those whose class the other sources teach.
        untaught: Photos by class that are not scored, because the other sources do not teach their class.
        units: Number of series, groups, photos or sources.
        largest: Photos in the largest unit.
        figures: ``macro_f1``, ``macro_f1_by_chance`` (with permuted true labels), ``balanced_accuracy``,
            ``accuracy``, ``ece``, ``ece_limit`` (limit of a calibrated model in 95 %), ``nll``, ``brier``,
            ``coverage``, ``selective_accuracy`` (of confident answers in scope) and ``out_of_scope``.
        intervals: 95 % percentile bootstrap intervals of the shares among them: over the units, and for sources over
            series.
        per_class: Metrics of each class of the scored photos.
    """

    apart: HeldOutUnit
    photos: int
    untaught: dict[str, int] = Field(default_factory=dict)
    units: int
    largest: int
    figures: dict[str, MeanAndDeviation]
    intervals: dict[str, tuple[float, float] | None]
    per_class: dict[str, ClassEvaluation]


class UnseenConditionShares(JsonRecord):
    """Verdicts on background photos by scopes that never saw their conditions.

    Attributes:
        photos: Number of photos.
        conditions: Number of conditions, the unit of the intervals.
        refused: Share that is out of scope.
        confident: Share with a confident answer.
    """

    photos: int
    conditions: int
    refused: EstimatedShare
    confident: EstimatedShare


class RecipeEvaluation(JsonRecord):
    """Metrics of one recipe.

    Attributes:
        backbone: Name of the network, or of several joined by ``+``.
        weights: Origin of the weights, without path.
        yardsticks: Metrics by series, by groups and, on request, by photos; by sources where any can be held apart.
        unseen_sources: Metrics on the photos of each source by what the others teach.
        unseen_conditions: Verdicts on background photos; None without any.
    """

    backbone: str
    weights: str
    yardsticks: list[HeldOutEvaluation]
    unseen_sources: dict[str, HeldOutEvaluation]
    unseen_conditions: UnseenConditionShares | None

    def find(self, apart: HeldOutUnit) -> HeldOutEvaluation | None:
        """Return the metrics on photos held out by one unit; None if there are none."""
        return next((yardstick for yardstick in self.yardsticks if yardstick.apart == apart), None)

    def on(self, apart: HeldOutUnit) -> HeldOutEvaluation:
        """Return the metrics on photos held out by one unit, which are there."""
        return next(yardstick for yardstick in self.yardsticks if yardstick.apart == apart)


class PairedEvaluation(JsonRecord):
    """Paired differences of two recipes on the same photos and folds.

    Attributes:
        backbone: Name of the recipe.
        against: Name of the recipe that it is compared with, the first one.
        apart: Unit that was held out.
        macro_f1: Difference of macro-F1, positive if the recipe is better, with its 95 % interval over series.
        accuracy: The same of accuracy.
    """

    backbone: str
    against: str
    apart: HeldOutUnit
    macro_f1: EstimatedShare
    accuracy: EstimatedShare


class CrossValidation(JsonRecord):
    """Cross-validated metrics of recipes on the photos outside the test set.

    Attributes:
        source: Name of the source, or of several joined by ``+``.
        sources: Number of photos of each source.
        classes: Number of photos per class.
        folds: Most folds per repeat.
        repeats: Number of repeats.
        shuffled: Whether labels were shuffled among units, so that nothing can be learnt.
        believe: Unit of the reliable metrics for photos like these.
        lone: Classes with only one series, which no model can know when it is held out.
        recipes: The recipes, in the requested order.
        paired: The other recipes against the first.
    """

    source: str
    sources: dict[str, int]
    classes: dict[str, int]
    folds: int
    repeats: int
    shuffled: bool
    believe: HeldOutUnit
    lone: list[str]
    recipes: list[RecipeEvaluation]
    paired: list[PairedEvaluation]

    @property
    def photos(self) -> int:
        """Number of photos."""
        return sum(self.classes.values())

    @property
    def not_held_apart(self) -> list[str]:
        """Sources that could not be held apart, because the others do not teach two classes or none of its own."""
        return sorted(self.sources.keys() - self.recipes[0].unseen_sources.keys())
