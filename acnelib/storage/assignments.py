"""Assignments of photos: subset, group and folds, as a split, a run and the next split record them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


class Subset(StrEnum):
    """What a photo is used for."""

    TRAIN = "train"
    TEST = "test"
    EXCLUDED = "excluded"


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """Assignment of one photo.

    Attributes:
        subset: Its subset.
        group: Name of its group.
        folds: Its fold in each repeat of cross-validation.
    """

    subset: Subset
    group: str
    folds: tuple[int, ...]


def assignments_as_json(assignments: Mapping[str, Assignment]) -> dict[str, Any]:
    """Return plain values, by hash of the photo."""
    return {
        sha256: {"subset": str(one.subset), "group": one.group, "folds": list(one.folds)}
        for sha256, one in assignments.items()
    }


def assignments_from_json(values: Mapping[str, Any]) -> dict[str, Assignment]:
    """Return the assignments from the values of :func:`assignments_as_json`.

    Raises:
        KeyError, TypeError, ValueError: A value is missing or of another type.
    """
    return {
        str(sha256): Assignment(
            subset=Subset(one["subset"]), group=str(one["group"]), folds=tuple(int(fold) for fold in one["folds"])
        )
        for sha256, one in values.items()
    }
