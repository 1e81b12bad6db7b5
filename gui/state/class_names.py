"""The names of the classes in the user's language; any other class is named after its label; without Qt."""

from __future__ import annotations

from acnelib.labels import display_name
from gui.translation import translate

_NAMES = {
    "acne-excoriee": translate("classes", "Acne excoriee"),
    "acne-scarring": translate("classes", "Acne scarring"),
    "acne-vulgaris": translate("classes", "Acne vulgaris"),
    "blackheads": translate("classes", "Blackheads"),
    "comedones": translate("classes", "Comedones"),
    "cysts": translate("classes", "Cysts"),
    "hidradenitis-suppurativa": translate("classes", "Hidradenitis suppurativa"),
    "milia": translate("classes", "Milia"),
    "nodules": translate("classes", "Nodules"),
    "papules": translate("classes", "Papules"),
    "perioral-dermatitis": translate("classes", "Perioral dermatitis"),
    "periorificial-dermatitis": translate("classes", "Periorificial dermatitis"),
    "pseudofolliculitis-barbae": translate("classes", "Pseudofolliculitis barbae"),
    "pustules": translate("classes", "Pustules"),
    "rhinophyma": translate("classes", "Rhinophyma"),
    "rosacea": translate("classes", "Rosacea"),
    "sebaceous-hyperplasia": translate("classes", "Sebaceous hyperplasia"),
    "steroid-acne": translate("classes", "Steroid acne"),
    "whiteheads": translate("classes", "Whiteheads"),
}


def name_of(label: str) -> str:
    """Return the name of a class; for one without a translation its English name."""
    return _NAMES.get(label) or display_name(label)
