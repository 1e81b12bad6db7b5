"""The verdict on an answer, and the threshold and the rule for confident answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_OneOrMany = TypeVar("_OneOrMany", "bool", "npt.NDArray[np.bool_]")


class Verdict(StrEnum):
    """Verdict on an answer."""

    CONFIDENT = "confident"
    UNCERTAIN = "uncertain"
    OUT_OF_SCOPE = "out-of-scope"


class ThresholdOrigin(StrEnum):
    """Origin of a confidence threshold."""

    MODEL = "model"
    SITE = "site"


@dataclass(frozen=True)
class ConfidenceThreshold:
    """The threshold that verdicts were given with.

    Attributes:
        value: Lowest confidence (0–1) of a confident answer; 1: no answer is confident.
        origin: The model's own, or fitted on photos of this site (`acne validate --apply`).
    """

    value: float
    origin: ThresholdOrigin = ThresholdOrigin.MODEL


def is_confident(reached: _OneOrMany, *, in_scope: _OneOrMany, fit: _OneOrMany | bool = True) -> _OneOrMany:
    """Return whether an answer, or each of many, is confident.

    Args:
        reached: Whether its confidence reaches the threshold of the model or the user.
        in_scope: Whether the photo is like the training photos.
        fit: Whether the photo passes curation.
    """
    return reached & in_scope & fit


def verdict_of(confidence: float, *, threshold: float, in_scope: bool, fit: bool, drawn: bool = False) -> Verdict:
    """Return the verdict on an answer.

    Args:
        confidence: Highest score, 0–1.
        threshold: Lowest confidence (0–1) of a confident answer; 1: no answer is confident.
        in_scope: Whether the photo is like the training photos.
        fit: Whether the photo passes curation.
        drawn: Whether the model was trained on drawn pictures only; none of its answers is confident.
    """
    if not in_scope:
        return Verdict.OUT_OF_SCOPE
    confident = not drawn and is_confident(threshold <= confidence and threshold < 1, in_scope=in_scope, fit=fit)
    return Verdict.CONFIDENT if confident else Verdict.UNCERTAIN
