"""Predictions of the classifier."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from acnelib.imaging.quality import Quality
    from acnelib.verdicts import ConfidenceThreshold, Verdict

DRAWN_NOTE = (
    "this model was trained on drawn pictures only, so it calls no answer confident; "
    "train one on photos: acne pipeline --source DIR"
)
"""Note that every interface shows once for such a model."""


@dataclass(frozen=True, kw_only=True)
class ModelIdentity:
    """Identity of a model.

    Attributes:
        name: Name of the registered model, or of the bundle's folder.
        version: Registered version; None for a folder.
        sha256: Digest of the bundle's SHA256SUMS.
        drawn: Whether it was trained on drawn pictures only, and therefore calls no answer confident.
    """

    name: str
    version: str | None
    sha256: str
    drawn: bool = False

    @property
    def note(self) -> str | None:
        """Caveat for every prediction of the model; None without one."""
        return DRAWN_NOTE if self.drawn else None


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """Scores of one photo, or the reason for having none. A research result, not a diagnosis.

    Attributes:
        path: Path of the photo; None for bytes or pixels.
        sha256: SHA-256 of its file; None if it was not read or is not a file.
        label: Label with the highest score; None with an error.
        confidence: This score, 0–1, calibrated; None with an error.
        verdict: Verdict on the answer; None with an error.
        threshold: The threshold that the verdict was given with; None with an error.
        quality: Quality problems that make the scores less reliable; empty without any, and with an error.
        fit: Whether the photo passes curation; if not, its answer is never confident. Not part of the row, because
            the verdict includes it.
        scores: Score of every label; they sum to 1. Empty with an error.
        model: Identity of the model.
        error: Error message; None on success.
    """

    path: str | None
    sha256: str | None
    label: str | None = None
    confidence: float | None = None
    verdict: Verdict | None = None
    threshold: ConfidenceThreshold | None = None
    quality: tuple[Quality, ...] = ()
    fit: bool = True
    scores: dict[str, float] = field(default_factory=dict)
    model: ModelIdentity
    error: str | None = None

    def top(self, k: int) -> tuple[tuple[str, float], ...]:
        """Return the k labels with the highest scores, best first.

        Examples:
            >>> import acnelib
            >>> prediction = acnelib.load_classifier("model/").predict("photo.png")
            >>> [(label, round(score, 2)) for label, score in prediction.top(2)]
            [('red', 0.96), ('green', 0.02)]
        """
        return tuple(sorted(self.scores.items(), key=lambda item: (-item[1], item[0]))[:k])

    def as_dict(self) -> dict[str, Any]:
        """Return the row for JSON exports.

        Examples:
            >>> import acnelib
            >>> row = acnelib.load_classifier("model/").predict("photo.png").as_dict()
            >>> row["label"], str(row["verdict"]), row["model"]["name"]
            ('red', 'confident', 'model')
        """
        row = asdict(self)
        del row["fit"]
        return row | {"quality": list(self.quality)}
