"""What the window is about, without Qt: which model, which photo, and what is therefore shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

    from acnelib.inference import ModelIdentity, Prediction


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
        labels: The class labels that it tells apart.
        confident_at: Score (0–1) from which an answer is confident.
        asked_at: When its server last said so (ISO 8601, UTC); None for a folder.
        offline: Why the server could not be asked just now; None when it was, or for a folder.
    """

    name: str
    identity: ModelIdentity
    labels: tuple[str, ...]
    confident_at: float
    asked_at: str | None = None
    offline: str | None = None


@dataclass(frozen=True, kw_only=True)
class ModelMissing:
    """A model that cannot be had.

    Attributes:
        name: What was asked for.
        reason: Why not, and what to do.
    """

    name: str
    reason: str


ModelState: TypeAlias = ModelLoading | ModelReady | ModelMissing


@dataclass(frozen=True, kw_only=True)
class OpenPhoto:
    """The photo that was opened last, as far as it is known.

    Attributes:
        number: Tells this opening from every other, so that late results are known for what they are.
        path: Where it lies.
        among: How many files were handed over together; this one is the first.
        picture: Its upright pixels, at least as many as a window shows.
        prediction: The model's answer.
        error: Why there is no picture or no answer.
    """

    number: int
    path: Path
    among: int = 1
    picture: Image.Image | None = None
    prediction: Prediction | None = None
    error: str | None = None


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
    """One moment of the window; every change is a new session."""

    model: ModelState
    photo: OpenPhoto | None = None

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

    def with_model(self, model: ModelState) -> Session:
        """Return the session with news of its model."""
        return replace(self, model=model)

    def opened(self, path: Path, *, among: int = 1) -> Session:
        """Return the session with another photo, of which nothing is known yet."""
        number = 1 if self.photo is None else self.photo.number + 1
        return replace(self, photo=OpenPhoto(number=number, path=path, among=among))

    def with_picture(self, number: int, picture: Image.Image) -> Session:
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

    def _photo(self, number: int) -> OpenPhoto | None:
        return self.photo if self.photo is not None and self.photo.number == number else None
