"""Class labels: how they are written, ordered and shown."""

from __future__ import annotations

import re

from acnelib.errors import DataUnusable


def normalised_label(name: str) -> str:
    """Return a folder's or topic's name as a class label: lower case, words joined by hyphens.

    Raises:
        DataUnusable: Nothing is left of the name.
    """
    label = re.sub(r"[\W_]+", "-", name.strip().casefold()).strip("-")
    if not label:
        raise DataUnusable(f"{name!r} gives no class label: rename the folder to a word")
    return label


def ordered_labels(labels: set[str]) -> tuple[str, ...]:
    """Return labels in the one order that models, tables and confusion matrices use: alphabetical."""
    return tuple(sorted(labels))


def display_name(label: str) -> str:
    """Return a label as people read it: ``acne-vulgaris`` → ``Acne vulgaris``."""
    return label.replace("-", " ").capitalize()
