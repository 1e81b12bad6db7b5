"""What the classifier says of one photo."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from acnelib.imaging.quality import Quality
    from acnelib.verdicts import Verdict

DRAWN_NOTE = (
    "this model learnt from drawn pictures only, so it calls no answer confident; "
    "train one on photos: acne pipeline --source DIR"
)
"""What every door says once of such a model."""


@dataclass(frozen=True, kw_only=True)
class ModelIdentity:
    """Which model answered.

    Attributes:
        name: Name of the registered model, or of the bundle's folder.
        version: Registered version; None for a folder.
        sha256: Digest of the bundle's SHA256SUMS.
        drawn: Whether it learnt from drawn pictures alone, and therefore calls no answer confident.
    """

    name: str
    version: str | None
    sha256: str
    drawn: bool = False

    @property
    def note(self) -> str | None:
        """What people should know before they trust an answer; None: nothing out of the ordinary."""
        return DRAWN_NOTE if self.drawn else None


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """One photo's scores, or why there are none. A research result, not a diagnosis.

    Attributes:
        path: Where the photo lies; None when it came as bytes or pixels.
        sha256: SHA-256 of its file; None when unread, or when it never was a file.
        label: Label with the highest score; None with an error.
        confidence: That score, 0–1, calibrated; None with an error.
        verdict: How the answer is meant; None with an error.
        quality: What makes the scores of this photo less reliable; empty where nothing does, and with an error.
        fit: Whether curation would let the photo take part in training; if not, no threshold makes its answer
            confident. Not part of the row: the verdict says it.
        scores: Score of every label; they sum to 1. Empty with an error.
        model: Which model answered.
        error: Why there is no answer; None when there is one.
    """

    path: str | None
    sha256: str | None
    label: str | None = None
    confidence: float | None = None
    verdict: Verdict | None = None
    quality: tuple[Quality, ...] = ()
    fit: bool = True
    scores: dict[str, float] = field(default_factory=dict)
    model: ModelIdentity
    error: str | None = None

    def top(self, k: int) -> tuple[tuple[str, float], ...]:
        """Return the k labels with the highest scores, best first."""
        return tuple(sorted(self.scores.items(), key=lambda item: (-item[1], item[0]))[:k])

    def as_dict(self) -> dict[str, Any]:
        """Return the row that JSON exports show."""
        row = asdict(self)
        del row["fit"]
        return row | {"quality": list(self.quality)}
