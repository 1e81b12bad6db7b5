"""How an answer is meant: the one rule that says which answers are confident."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_OneOrMany = TypeVar("_OneOrMany", "bool", "npt.NDArray[np.bool_]")


class Verdict(StrEnum):
    """How an answer is meant."""

    CONFIDENT = "confident"
    UNCERTAIN = "uncertain"
    OUT_OF_SCOPE = "out-of-scope"


def is_confident(reached: _OneOrMany, *, in_scope: _OneOrMany, fit: _OneOrMany | bool = True) -> _OneOrMany:
    """Return whether an answer, or each of many, is confident.

    Args:
        reached: Whether its confidence reaches the threshold: the model's own, or the user's.
        in_scope: Whether the photo is like those that the model learnt from.
        fit: Whether curation would let the photo take part in training; photos that have passed it are.
    """
    return reached & in_scope & fit


def verdict_of(confidence: float, *, threshold: float, in_scope: bool, fit: bool, drawn: bool = False) -> Verdict:
    """Return the verdict on an answer.

    Args:
        confidence: Its highest score, 0–1.
        threshold: Confidence (0–1) from which an answer may be confident.
        in_scope: Whether the photo is like those that the model learnt from.
        fit: Whether curation would let the photo take part in training.
        drawn: Whether the model learnt from drawn pictures alone: no answer of it is confident.
    """
    if not in_scope:
        return Verdict.OUT_OF_SCOPE
    confident = not drawn and is_confident(confidence >= threshold, in_scope=in_scope, fit=fit)
    return Verdict.CONFIDENT if confident else Verdict.UNCERTAIN
