"""Permissions of licences, read from the words that sources use; in doubt the text of the licence decides."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

UNKNOWN = "not stated"
"""The licence counted for a photo whose sources state none."""

_FREE = re.compile(
    r"\b(cc0|public[ -]?domain|pdm?|pd-\w+|cc[ -]by(-sa)?|attribution|gfdl|mit|apache|fal|odbl|no restrictions)\b"
)
_NO_COMMERCE = re.compile(r"\bnc\b|non-?commercial")
_NO_DERIVATIVES = re.compile(r"\bnd\b|no-?deriv|no derived")
_RESERVED = re.compile(r"all rights reserved|copyrighted|fair use")


@dataclass(frozen=True, kw_only=True)
class Permission:
    """The terms of a licence, read from its text.

    Attributes:
        commercial: Whether commercial use is allowed.
        derivatives: Whether derived works are.
        known: Whether the words are understood at all; where they are not, nothing is taken for allowed.
    """

    commercial: bool
    derivatives: bool
    known: bool = True


class Concern(StrEnum):
    """What stands against the publication or sale of a model."""

    COMMERCE = "commerce"
    DERIVATIVES = "derivatives"
    UNKNOWN = "unknown"


def permission_of(licence: str | None) -> Permission:
    """Return what the words of a licence allow; words that are not understood allow nothing."""
    words = re.sub(r"[_/]+", "-", (licence or "").casefold())
    if _RESERVED.search(words):
        return Permission(commercial=False, derivatives=False)
    commercial, derivatives = not _NO_COMMERCE.search(words), not _NO_DERIVATIVES.search(words)
    if not (commercial and derivatives):
        return Permission(commercial=commercial, derivatives=derivatives)
    known = bool(_FREE.search(words))
    return Permission(commercial=known, derivatives=known, known=known)


def counted(licences: Iterable[str | None]) -> dict[str, int]:
    """Return how many photos there are under each licence, the commonest first."""
    numbers = Counter(licence or UNKNOWN for licence in licences)
    return dict(sorted(numbers.items(), key=lambda item: (-item[1], item[0])))


def warnings_of(photos: Mapping[str, int]) -> tuple[str, ...]:
    """Return what the licences of a model's photos mean for its publication or sale, in sentences.

    Args:
        photos: Photos per licence.
    """
    words = {
        Concern.COMMERCE: "forbids commercial use",
        Concern.DERIVATIVES: "forbids derived works",
        Concern.UNKNOWN: "is unknown",
    }
    return tuple(
        f"the licence of {number} photos {words[concern]}{f' ({names})' if names else ''}"
        for concern, number, names in concerns_of(photos)
    )


def concerns_of(photos: Mapping[str, int]) -> tuple[tuple[Concern, int, str], ...]:
    """Return what stands against the publication or sale of a model: the concern, of how many photos, the licences.

    Args:
        photos: Photos per licence.
    """
    permissions = {licence: permission_of(licence) for licence in photos}
    concerned = {
        Concern.COMMERCE: [name for name, says in permissions.items() if says.known and not says.commercial],
        Concern.DERIVATIVES: [name for name, says in permissions.items() if says.known and not says.derivatives],
        Concern.UNKNOWN: [name for name, says in permissions.items() if not says.known],
    }
    return tuple(
        (
            concern,
            sum(photos[licence] for licence in licences),
            ", ".join(licence for licence in licences if licence != UNKNOWN),
        )
        for concern, licences in concerned.items()
        if licences
    )
