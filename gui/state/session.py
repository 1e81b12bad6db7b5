"""The session: the model, the open photo, and what the window shows of them; without Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from acnelib.verdicts import ThresholdOrigin
from gui.state.overlay import OverlayStyle

if TYPE_CHECKING:
    from pathlib import Path

    from acnelib.inference import ModelIdentity, Prediction
    from gui.state.overlay import Overlay
    from gui.state.results import Row


@dataclass(frozen=True, kw_only=True)
class ModelLoading:
    """A model that is being looked for.

    Attributes:
        name: What was asked for: ``production``, a version, a bundle's folder.
    """

    name: str


@dataclass(frozen=True, kw_only=True)
class ModelReady:
    """A model that answers.

    Attributes:
        name: What was asked for.
        identity: Which model that is.
        labels: The class labels that it distinguishes.
        confidence_threshold: Score (0–1) from which an answer is confident; 1: no answer is.
        confident_accuracy: Share of confident answers that are meant to be right, 0–1.
        false_rejection: Share of photos like those learnt from that are called out of scope, 0–1.
        checked_at: When its server last confirmed it (ISO 8601, UTC); None for a folder.
        offline: Why the server could not be asked just now; None when it was, or for a folder.
        gives_maps: Whether it says where it looked.
        stage: Its stage, such as ``Production``; None for a folder.
        threshold_origin: Whether the threshold is the model's own or this site's.
        measured: On photos of which sources “confident” was measured; None where this site's threshold applies, and
            for a model of drawn pictures.
    """

    name: str
    identity: ModelIdentity
    labels: tuple[str, ...]
    confidence_threshold: float
    confident_accuracy: float
    false_rejection: float
    checked_at: str | None = None
    offline: str | None = None
    gives_maps: bool = False
    stage: str | None = None
    threshold_origin: ThresholdOrigin = ThresholdOrigin.MODEL
    measured: str | None = None


@dataclass(frozen=True, kw_only=True)
class ModelMissing:
    """A model that cannot be loaded.

    Attributes:
        name: What was asked for.
        reason: Why not, and what to do.
    """

    name: str
    reason: str


ModelState: TypeAlias = ModelLoading | ModelReady | ModelMissing


class DecodedPicture(Protocol):
    """A picture in the form in which the screen paints it, which the state does not look into."""

    @property
    def levels(self) -> tuple[Any, ...]:
        """The picture, then each half as wide and high as the one before."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the whole picture."""

    def level_for(self, width: float) -> Any:
        """Return the level to paint this many pixels wide."""


@dataclass(frozen=True, kw_only=True)
class ReadPhoto:
    """A decoded photo.

    Attributes:
        pixels: What is shown of it, upright.
        size: Width and height of the photo itself, upright.
        sha256: SHA-256 of the file's bytes as they were when it was decoded.
    """

    pixels: DecodedPicture
    size: tuple[int, int]
    sha256: str

    def is_meant_by(self, prediction: Prediction) -> bool:
        """Tell whether an answer is about these very bytes, not about an earlier or later file of the same path.

        An answer without a digest counts as one about these bytes.
        """
        return prediction.sha256 in {None, self.sha256}


@dataclass(frozen=True, kw_only=True)
class OpenPhoto:
    """The photo that was opened last, as far as it is known.

    Attributes:
        number: That of its row: identifies this opening, so that late results of another are ignored.
        path: Where it lies.
        picture: What was decoded.
        prediction: The model's answer.
        error: Why there is no picture or no answer.
        chosen: The label that the user wants to know about; None: the one with the highest score.
        overlays: Where the model looked, for each label that was asked about.
        unexplained: For the labels of which that could not be found out: why not.
    """

    number: int
    path: Path
    picture: ReadPhoto | None = None
    prediction: Prediction | None = None
    error: str | None = None
    chosen: str | None = None
    overlays: tuple[Overlay, ...] = ()
    unexplained: tuple[tuple[str, str], ...] = ()

    @property
    def sha256(self) -> str | None:
        """SHA-256 of its file; None before that is known."""
        if self.picture is not None:
            return self.picture.sha256
        return None if self.prediction is None else self.prediction.sha256


class Shown(StrEnum):
    """What the window shows beside the picture."""

    INVITATION = "invitation"
    READING = "reading"
    WAITING = "waiting for the model"
    NO_MODEL = "no model"
    CLASSIFYING = "classifying"
    ANSWER = "answer"
    FAILURE = "failure"


@dataclass(frozen=True, kw_only=True)
class Session:
    """One moment of the window; every change is a new session.

    Attributes:
        model: The model, as far as it is there.
        photo: The open photo; None before there is one.
        overlay_requested: Whether the user wants to see where the model looked.
        opacity: Of what is laid over the photo, 0–1.
        overlay_style: Whether that is drawn as colours or as contours.
        threshold: Score (0–1) from which the user takes an answer for confident; None: the model's own.
        answer_hidden: Whether the answer is kept from a reviewer who has not reviewed the photo yet.
    """

    model: ModelState
    photo: OpenPhoto | None = None
    overlay_requested: bool = False
    opacity: float = 0.6
    overlay_style: OverlayStyle = OverlayStyle.COLOURS
    threshold: float | None = None
    answer_hidden: bool = False

    @property
    def shown(self) -> Shown:
        """What there is to show: a photo's failure before a missing model, an answer only with its picture."""
        photo = self.photo
        if photo is not None and photo.error is not None:
            return Shown.FAILURE
        if isinstance(self.model, ModelMissing):
            return Shown.NO_MODEL
        if photo is None:
            return Shown.INVITATION
        if photo.picture is None:
            return Shown.READING
        if isinstance(self.model, ModelLoading):
            return Shown.WAITING
        return Shown.CLASSIFYING if photo.prediction is None else Shown.ANSWER

    @property
    def explained(self) -> str | None:
        """The label of which the window shows where the model looked; None when it shows no overlay."""
        gives_maps = isinstance(self.model, ModelReady) and self.model.gives_maps
        if self.answer_hidden or not (self.overlay_requested and gives_maps and self.shown is Shown.ANSWER):
            return None
        photo = self.photo
        return None if photo is None or photo.prediction is None else photo.chosen or photo.prediction.label

    @property
    def overlay(self) -> Overlay | None:
        """Where the model looked for that label; None while that is not known."""
        overlays = () if self.photo is None else self.photo.overlays
        return next((overlay for overlay in overlays if overlay.label == self.explained), None)

    @property
    def unexplained(self) -> str | None:
        """Why it cannot be said where the model looked for that label."""
        reasons = () if self.photo is None else self.photo.unexplained
        return next((reason for label, reason in reasons if label == self.explained), None)

    def with_model(self, model: ModelState) -> Session:
        """Return the session with news of its model."""
        return replace(self, model=model)

    def opened(self, row: Row) -> Session:
        """Return the session with another photo, and the answer of its row."""
        answer = row.prediction if row.error is None else None
        photo = OpenPhoto(number=row.number, path=row.path, prediction=answer, error=row.error)
        return replace(self, photo=photo)

    def closed(self) -> Session:
        """Return the session without a photo."""
        return replace(self, photo=None)

    def with_picture(self, number: int, picture: ReadPhoto) -> Session:
        """Return the session with the pixels of an opening; unchanged when another photo is open by now."""
        photo = self._photo(number)
        return self if photo is None else replace(self, photo=replace(photo, picture=picture))

    def with_prediction(self, number: int, prediction: Prediction) -> Session:
        """Return the session with the answer to an opening; unchanged when another photo is open by now."""
        photo = self._photo(number)
        return self if photo is None else replace(self, photo=replace(photo, prediction=prediction))

    def with_error(self, number: int, reason: str) -> Session:
        """Return the session with an opening's failure; unchanged when another photo is open by now."""
        photo = self._photo(number)
        return self if photo is None else replace(self, photo=replace(photo, error=reason))

    def with_overlay_requested(self, *, requested: bool) -> Session:
        """Return the session with or without showing where the model looked."""
        return replace(self, overlay_requested=requested)

    def with_opacity(self, opacity: float) -> Session:
        """Return the session with another opacity (0–1) of what is laid over the photo."""
        return replace(self, opacity=opacity)

    def with_overlay_style(self, style: OverlayStyle) -> Session:
        """Return the session with what is laid over the photo drawn in another way."""
        return replace(self, overlay_style=style)

    def with_threshold(self, threshold: float | None) -> Session:
        """Return the session with another score from which an answer is confident."""
        return replace(self, threshold=threshold)

    def with_answer_hidden(self, *, hidden: bool) -> Session:
        """Return the session with its answer hidden from a reviewer, or not."""
        return self if hidden == self.answer_hidden else replace(self, answer_hidden=hidden)

    def choosing(self, label: str) -> Session:
        """Return the session with another label of which the user wants to know where the model looked."""
        return self if self.photo is None else replace(self, photo=replace(self.photo, chosen=label))

    def with_overlay(self, number: int, overlay: Overlay) -> Session:
        """Return the session knowing where the model looked; unchanged when another photo is open by now."""
        photo = self._photo(number)
        return self if photo is None else replace(self, photo=replace(photo, overlays=(*photo.overlays, overlay)))

    def with_unexplained(self, number: int, label: str, reason: str) -> Session:
        """Return the session with the reason why that is unknown; unchanged when another photo is open by now."""
        photo = self._photo(number)
        if photo is None:
            return self
        return replace(self, photo=replace(photo, unexplained=(*photo.unexplained, (label, reason))))

    def _photo(self, number: int) -> OpenPhoto | None:
        return self.photo if self.photo is not None and self.photo.number == number else None
