"""Class labels: how they are written, ordered and shown, and what files of theirs are called."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from acnelib.errors import DataUnusable

_SYMBOLS = frozenset("%‰#*?")
"""Punctuation that tells classes apart, as the symbols of mathematics, money and others do."""
_JOINERS = frozenset("|^`´¨¯¸")
"""Symbols that tell nothing and stand between words."""
_SIGN = re.compile(r"^-(?=\d)|(?<=\d)-$")
"""The minus sign of ``-1`` and ``1-``; other hyphens join words."""
_PLAIN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d")
_LONGEST = 60
_DIGITS = 8


def normalised_label(name: str) -> str:
    """Return a folder's or topic's name as a class label: lower case, words joined by hyphens.

    Letters, digits and marks of every script stay, composed (NFC), and so do symbols such as ``+``, ``<`` and ``%``,
    and a minus sign before a number that begins the name or after one that ends it. Other punctuation, space and
    control characters join words; characters that cannot be seen vanish. A label is its own label.

    Raises:
        DataUnusable: Nothing is left of the name.
    """
    folded = _folded(name.strip()).strip()
    sign = {match.start() for match in _SIGN.finditer(folded)}
    kept = "".join(
        "\0" if place in sign else character if _is_kept(character) else "-" for place, character in enumerate(folded)
    )
    label = re.sub("-+", "-", kept).strip("-").replace("\0", "-")
    if not any(unicodedata.category(character)[0] in "LN" for character in label):
        raise DataUnusable(f"{name!r} gives no class label: rename the folder to a word")
    return label


def is_label(value: object) -> bool:
    """Say whether a value can be a label of any model: text with something to see in it, and in one line."""
    if not isinstance(value, str) or not value.strip():
        return False
    return not any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in value)


def ordered_labels(labels: set[str]) -> tuple[str, ...]:
    """Return labels in the one order that models, tables and confusion matrices use: alphabetical."""
    return tuple(sorted(labels))


def display_name(label: str) -> str:
    """Return a label as people read it: ``acne-vulgaris`` → ``Acne vulgaris``, ``grade-1+`` → ``Grade 1+``."""
    return re.sub(r"(?<=[^-])-(?=[^-])", " ", label).capitalize()


def as_cell(text: str) -> str:
    """Return a label, or another short text, as a cell of a table that no spreadsheet runs as a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def file_name_of(label: str) -> str:
    """Return a label as the name of a file or folder, or as a part of one, that every system and MLflow can keep.

    Only lower-case letters of ASCII, digits, hyphens and underscores stand in it. A label of these alone that is short
    and no device of Windows is its own name; any other is followed by the beginning of its SHA-256, so that two labels
    never share a name, whatever a file system makes of case and accents.
    """
    if len(label) <= _LONGEST and _PLAIN.fullmatch(label) and not _RESERVED.fullmatch(label):
        return label
    bare = unicodedata.normalize("NFKD", label.casefold()).encode("ascii", errors="ignore").decode("ascii")
    readable = re.sub(r"[^a-z0-9]+", "-", bare)[: _LONGEST - _DIGITS - 1].strip("-") or "class"
    digest = hashlib.sha256(label.encode("utf-8", errors="surrogatepass")).hexdigest()
    return f"{readable}_{digest[:_DIGITS]}"


def _folded(name: str) -> str:
    """Return a name in one form of what looks the same: case folded, composed, nothing invisible."""
    visible = "".join(
        "-" if character == "−" else character for character in name if unicodedata.category(character) != "Cf"
    )
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", visible).casefold())


def _is_kept(character: str) -> bool:
    if character in _SYMBOLS:
        return True
    category = unicodedata.category(character)
    return category[0] in "LMN" or (category[0] == "S" and character not in _JOINERS)
