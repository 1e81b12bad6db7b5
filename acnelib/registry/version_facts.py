"""The facts by which people choose a version: its measured macro-F1 and its sources, as tags and in bundles."""

from __future__ import annotations

import contextlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from acnelib.bundle import EVALUATION
from acnelib.errors import BundleInvalid
from acnelib.registry.tags import MACRO_F1_TAG, SOURCES_TAG

if TYPE_CHECKING:
    from collections.abc import Mapping

    from acnelib.bundle import Bundle


@dataclass(frozen=True, kw_only=True)
class VersionFacts:
    """What there is to say of a version in a list.

    Attributes:
        macro_f1: Macro-F1 on photos that it never saw, 0–1: of the test if there was one, else by series; None where it
            is unknown.
        sources: Names of the sources of its photos; None where they are unknown.
    """

    macro_f1: float | None = None
    sources: str | None = None

    @classmethod
    def of_bundle(cls, bundle: Bundle) -> VersionFacts:
        """Return the facts that a bundle records; an evaluation that cannot be read is none."""
        from acnelib.evaluation_record import EvaluationRecord

        macro_f1 = None
        with contextlib.suppress(BundleInvalid):
            macro_f1 = EvaluationRecord.read(bundle.path / EVALUATION).at_thresholds.metrics.macro_f1
        return cls(macro_f1=macro_f1, sources=bundle.description.provenance.source or None)

    @classmethod
    def of_tags(cls, tags: Mapping[str, str]) -> VersionFacts:
        """Return the facts that a version's tags state; a number that is none is left out."""
        macro_f1 = None
        with contextlib.suppress(KeyError, ValueError):
            value = float(tags[MACRO_F1_TAG])
            macro_f1 = value if math.isfinite(value) and 0 <= value <= 1 else None
        return cls(macro_f1=macro_f1, sources=tags.get(SOURCES_TAG) or None)

    def as_tags(self) -> dict[str, str]:
        """Return them as tags of a version; unknown ones have none."""
        tags = {} if self.macro_f1 is None else {MACRO_F1_TAG: f"{self.macro_f1:.4f}"}
        return tags if self.sources is None else {**tags, SOURCES_TAG: self.sources}

    def or_else(self, other: VersionFacts) -> VersionFacts:
        """Return these facts, and the other ones where these are unknown."""
        return VersionFacts(
            macro_f1=other.macro_f1 if self.macro_f1 is None else self.macro_f1,
            sources=other.sources if self.sources is None else self.sources,
        )


UNKNOWN = VersionFacts()
"""The facts of a version of which nothing is known."""
