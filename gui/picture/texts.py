"""The texts of the picture and of the bar below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.state.session import ModelLoading, ModelMissing, Shown
from gui.state.wording import class_name, error_text, whole_percentage

if TYPE_CHECKING:
    from gui.state.session import Session

INVITATION = "Open a photo or drop it here"
TRY_SAMPLES = "or try sample pictures"
SAMPLES_EXPLAINED = "Opens drawn sample pictures: one for each class, and one without skin"
OPACITY = "Opacity"
OVERLAY_EXPLAINED = (
    "The lighter and more opaque a place is, the more it adds to the score of this class, compared with the strongest "
    "place for the same class. Places without colour add nothing. The colours do not say why."
)


def zoom(scale: float) -> str:
    """Return a zoom as a percentage."""
    return whole_percentage(scale)


def overlay_tip(session: Session) -> str:
    """Return what the overlay shows, or why it cannot be shown."""
    model = session.model
    if isinstance(model, ModelLoading | ModelMissing):
        return "Available when a model is loaded"
    if not model.gives_maps:
        return "This model has no activation maps. Train it again to see where it looked"
    if session.shown is Shown.FAILURE:
        return "Not available: this photo was not classified"
    if session.photo is None or session.photo.prediction is None:
        return "Open a photo to see where the model looked"
    return "Colour the places that add to the score of a class (M)"


def legend(session: Session) -> str:
    """Return what the colours over the photo mean; empty when there is no overlay."""
    if session.explained is None:
        return ""
    name = class_name(session.explained)
    if session.unexplained is not None:
        path = None if session.photo is None else session.photo.path
        return f"{name}: {error_text(session.unexplained, path)}"
    if session.overlay is None:
        return f"{name}: computing where the model looked…"
    if session.overlay.is_empty:
        return f"{name}: no place in this photo adds to the score"
    return f"{name}: coloured places add to the score"
