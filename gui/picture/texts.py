"""The texts of the picture and of the bar below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.state.overlay import OverlayStyle
from gui.state.session import ModelLoading, ModelMissing, Shown
from gui.state.wording import class_name, error_text, whole_percentage
from gui.translation import translate

if TYPE_CHECKING:
    from gui.state.session import Session

INVITATION = translate("picture", "Open a photo or drop it here")
TRY_SAMPLES = translate("picture", "or try sample pictures")
SAMPLES_EXPLAINED = translate("picture", "Opens drawn sample pictures: one for each class, and one without skin")
OPACITY = translate("picture", "Opacity")
STYLE = translate("picture", "Draw as")
STYLE_EXPLAINED = translate("picture", "Colours hide some of the skin; contours leave it as it is")
COMPARE = translate("picture", "Compare")
COMPARE_EXPLAINED = translate("picture", "Hold to see the photo without the overlay (Space)")
OVERLAY_EXPLAINED = translate(
    "picture",
    "The deeper the blue of a place and the further within the contours it is, the more it adds to the score of this "
    "class, compared with the strongest place for the same class. Places without either add little or nothing. Neither "
    "says why.",
)


def style(which: OverlayStyle) -> str:
    """Return how an overlay is drawn in a word."""
    return translate("picture", "Colours") if which is OverlayStyle.COLOURS else translate("picture", "Contours")


def zoom(scale: float) -> str:
    """Return a zoom as a percentage."""
    return whole_percentage(scale)


def overlay_tip(session: Session) -> str:
    """Return what the overlay shows, or why it cannot be shown."""
    model = session.model
    if isinstance(model, ModelLoading | ModelMissing):
        return translate("picture", "Available when a model is loaded")
    if not model.gives_maps:
        return translate("picture", "This model has no activation maps. Train it again to see where it looked")
    if session.shown is Shown.FAILURE:
        return translate("picture", "Not available: this photo was not classified")
    if session.photo is None or session.photo.prediction is None:
        return translate("picture", "Open a photo to see where the model looked")
    return translate("picture", "Mark the places that add to the score of a class (M)")


def legend(session: Session) -> str:
    """Return what the colours over the photo mean; empty when there is no overlay."""
    if session.explained is None:
        return ""
    name = class_name(session.explained)
    if session.unexplained is not None:
        path = None if session.photo is None else session.photo.path
        return f"{name}: {error_text(session.unexplained, path)}"
    if session.overlay is None:
        text = translate("picture", "{name}: computing where the model looked…")
    elif session.overlay.is_empty:
        text = translate("picture", "{name}: no place in this photo adds to the score")
    elif session.overlay_style is OverlayStyle.COLOURS:
        text = translate("picture", "{name}: coloured places add to the score")
    else:
        text = translate("picture", "{name}: outlined places add to the score")
    return text.format(name=name)
