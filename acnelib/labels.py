"""Class labels: normalisation, order, display names and file names."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from acnelib.errors import DataUnusable

_SYMBOLS = frozenset("%‰#*?")
"""Punctuation that distinguishes classes, like mathematical, currency and other symbols."""
_JOINERS = frozenset("|^`´¨¯¸")
"""Symbols without meaning of their own, treated as separators."""
_SIGN = re.compile(r"^-(?=\d)|(?<=\d)-$")
"""Minus sign, as in ``-1`` and ``1-``; other hyphens join words."""
_PLAIN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d")
_LONGEST = 60
_DIGITS = 8


def normalised_label(name: str) -> str:
    """Convert the name of a folder or topic to a class label: lower case, words joined by hyphens.

    Letters, digits and marks of every script are kept, composed (NFC). So are symbols such as ``+``, ``<`` and ``%``,
    and a minus sign before a leading number or after a trailing one. Other punctuation, space and control characters
    become hyphens, and invisible characters are removed. The conversion is idempotent.

    Raises:
        DataUnusable: The result is empty.
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
    """Return whether a value can be a label of any model: one line of visible text."""
    if not isinstance(value, str) or not value.strip():
        return False
    return not any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in value)


def ordered_labels(labels: set[str]) -> tuple[str, ...]:
    """Return labels in the order of models, tables and confusion matrices: alphabetical."""
    return tuple(sorted(labels))


def display_name(label: str) -> str:
    """Return the display name: ``acne-vulgaris`` → ``Acne vulgaris``, ``grade-1+`` → ``Grade 1+``.

    It is derived from the label; there is no table of names.
    """
    return re.sub(r"(?<=[^-])-(?=[^-])", " ", label).capitalize()


def as_cell(text: str) -> str:
    """Return a short text, such as a label, as a table cell that no spreadsheet evaluates as a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def file_name_of(label: str) -> str:
    """Convert a label to a file name, or part of one, that is valid on every system and in MLflow.

    It consists of lower-case ASCII letters, digits, hyphens and underscores. A short label of these characters is used
    unchanged, unless Windows reserves it. Any other label gets the beginning of its SHA-256 as a suffix, so two labels
    never share a name, however a file system treats case and accents.
    """
    if len(label) <= _LONGEST and _PLAIN.fullmatch(label) and not _RESERVED.fullmatch(label):
        return label
    bare = unicodedata.normalize("NFKD", label.casefold()).encode("ascii", errors="ignore").decode("ascii")
    readable = re.sub(r"[^a-z0-9]+", "-", bare)[: _LONGEST - _DIGITS - 1].strip("-") or "class"
    digest = hashlib.sha256(label.encode("utf-8", errors="surrogatepass")).hexdigest()
    return f"{readable}_{digest[:_DIGITS]}"


def _folded(name: str) -> str:
    """Return a canonical form of a name: case-folded, composed, without invisible characters."""
    visible = "".join(
        "-" if character == "−" else character for character in name if unicodedata.category(character) != "Cf"
    )
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", visible).casefold())


def _is_kept(character: str) -> bool:
    if character in _SYMBOLS:
        return True
    category = unicodedata.category(character)
    return category[0] in "LMN" or (category[0] == "S" and character not in _JOINERS)
