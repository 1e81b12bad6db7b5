"""The meanings of classes, for users who do not know their names, and their pages in the atlas; without Qt.

The words are this project's own. The addresses are pages for people, and the app never fetches them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gui.translation import translate


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """What there is to say of a class.

    Attributes:
        text: A sentence or two in plain words.
        page: Address of its page in the atlas that the model was trained on; None where that has no public page of it.
    """

    text: str
    page: str | None = None


def meaning_of(label: str, *, source: str | None = None) -> Meaning | None:
    """Return what a class is; None for a class that is not known here.

    Args:
        label: Its class label.
        source: Name of the source that the model was trained on; None where that is not known.
    """
    text = _TEXTS.get(label)
    return None if text is None else Meaning(text=text, page=_page(label, source or ""))


def _page(label: str, source: str) -> str | None:
    atlas = next((name for name in _ATLASES if _is_atlas(source, name)), None)
    if atlas is None:
        return None
    pages = _ATLASES[atlas]
    return f"{pages.base}{pages.topics[label]}" if label in pages.topics else None


def _is_atlas(source: str, name: str) -> bool:
    """Tell whether a source is an atlas or a mirror of it, ``dermnet-127-0-0-1``, and no folder of its name."""
    mirror = re.fullmatch(rf"{re.escape(name)}-(?P<host>.+)", source)
    return source == name or (mirror is not None and not re.fullmatch(r"classic.*|[0-9a-f]{8}", mirror["host"]))


@dataclass(frozen=True)
class _Pages:
    base: str
    topics: dict[str, str]


# The site of the layout dermnet-classic is no more, and the sample atlas is only ever served on one's own machine.
_ATLASES = {
    "dermnet": _Pages(
        "https://dermnetnz.org/topics/",
        {
            "acne-excoriee": "acne-excoriee",
            "acne-scarring": "acne-scarring",
            "acne-vulgaris": "acne",
            "hidradenitis-suppurativa": "hidradenitis-suppurativa",
            "milia": "milium",
            "periorificial-dermatitis": "periorificial-dermatitis",
            "pseudofolliculitis-barbae": "pseudofolliculitis-barbae",
            "rhinophyma": "rhinophyma",
            "rosacea": "rosacea",
            "sebaceous-hyperplasia": "sebaceous-hyperplasia",
            "steroid-acne": "steroid-acne",
        },
    ),
    "wikimedia-commons": _Pages(
        "https://commons.wikimedia.org/wiki/Category:",
        {
            "acne-vulgaris": "Acne_vulgaris",
            "hidradenitis-suppurativa": "Hidradenitis_suppurativa",
            "milia": "Milia",
            "periorificial-dermatitis": "Perioral_dermatitis",
            "pseudofolliculitis-barbae": "Pseudofolliculitis_barbae",
            "rhinophyma": "Rhinophyma",
            "rosacea": "Rosacea",
            "sebaceous-hyperplasia": "Sebaceous_hyperplasia",
        },
    ),
}

_PERIORIFICIAL = translate(
    "class_meanings",
    "Small red bumps and fine scaling around the mouth, and sometimes around the nose or eyes. "
    "Steroid creams on the face often come before it.",
)
_TEXTS = {
    "acne-excoriee": translate(
        "class_meanings",
        "Acne that is picked or scratched until it leaves sores and crusts, often more of them than spots.",
    ),
    "acne-scarring": translate(
        "class_meanings",
        "Lasting dents or raised marks where acne has healed. Unlike the red or brown spots that fade with time, "
        "they are a change in the skin itself.",
    ),
    "acne-vulgaris": translate(
        "class_meanings",
        "Common acne: blocked pores, red bumps and sometimes pus-filled spots or deep lumps, mostly on the face, "
        "chest and back.",
    ),
    "blackheads": translate(
        "class_meanings",
        "Pores blocked by oil and dead skin and open at the top, where the plug has turned dark. Not dirt.",
    ),
    "comedones": translate(
        "class_meanings",
        "Blocked pores: blackheads, which are open and dark at the top, and whiteheads, which are closed and the "
        "colour of the skin. They are not inflamed.",
    ),
    "cysts": translate(
        "class_meanings",
        "Large, deep and often painful swellings of inflamed acne. They heal slowly and often leave scars.",
    ),
    "hidradenitis-suppurativa": translate(
        "class_meanings",
        "A long-lasting inflammation with painful, recurring lumps where skin rubs on skin, such as the armpits and "
        "groin. It is also called acne inversa, but is a disease of its own.",
    ),
    "milia": translate(
        "class_meanings",
        "Tiny, firm white bumps of trapped keratin, often around the eyes. They are harmless and not acne.",
    ),
    "nodules": translate(
        "class_meanings",
        "Firm, deep and often painful lumps of inflamed acne, larger than papules. They may leave scars.",
    ),
    "papules": translate(
        "class_meanings",
        "Small, raised, inflamed bumps without visible pus, about as large as a pinhead to a small pea.",
    ),
    "perioral-dermatitis": _PERIORIFICIAL,
    "periorificial-dermatitis": _PERIORIFICIAL,
    "pseudofolliculitis-barbae": translate(
        "class_meanings",
        "Razor bumps: shaved hairs that curl back into the skin and inflame it, mostly on the beard area and most "
        "often where hair is tightly curled.",
    ),
    "pustules": translate("class_meanings", "Small, inflamed bumps with a white or yellow centre of pus."),
    "rhinophyma": translate(
        "class_meanings", "Thickened, bumpy skin of the nose with wide pores, which long-standing rosacea may lead to."
    ),
    "rosacea": translate(
        "class_meanings",
        "Lasting redness in the middle of the face, often with fine visible vessels, flushing, and bumps like those "
        "of acne but without blocked pores.",
    ),
    "sebaceous-hyperplasia": translate(
        "class_meanings",
        "Enlarged oil glands: small, soft, yellowish bumps, often with a dent in the middle, mostly on the face of "
        "adults. They are harmless.",
    ),
    "steroid-acne": translate(
        "class_meanings",
        "Many small bumps and pustules that look alike and appear during treatment with steroids, mostly on the chest "
        "and back.",
    ),
    "whiteheads": translate(
        "class_meanings",
        "Pores blocked by oil and dead skin and closed at the top: small bumps the colour of the skin.",
    ),
}
