"""Aliases of class labels: other names of the same condition, as data.

Those that come with this program stand in ``label_aliases.toml`` beside this module. A user's own stand in
``ACNE_HOME/labels.toml`` and count first::

    [aliases]
    acne = "acne-vulgaris"                       # take acne as acne-vulgaris
    perioral-dermatitis = "perioral-dermatitis"  # keep a class that would be renamed
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from acnelib.errors import DataUnusable, SettingsInvalid
from acnelib.labels import normalised_label
from acnelib.storage.trust import check_trusted
from acnelib.text.plain_reasons import plain_reason

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from importlib.resources.abc import Traversable
    from pathlib import Path

FILE_NAME = "labels.toml"
"""The user's file, in the home."""
_TABLE = "aliases"


@dataclass(frozen=True)
class LabelAliases:
    """A table of aliases.

    Attributes:
        labels: The label that each alias stands for; no alias stands for another one.
    """

    labels: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, home: Path | None = None) -> LabelAliases:
        """Return the aliases that come with this program, and those of a user.

        Args:
            home: Folder of the user's file, which need not exist; None: without it.

        Raises:
            SettingsInvalid: The user's file cannot be read, names no label, its aliases form a chain or a circle, or
                another user may have written it.
        """
        shipped = files("acnelib") / "label_aliases.toml"
        labels = _read(shipped)
        own = home / FILE_NAME if home else None
        if own is not None and own.exists():
            check_trusted(own)
            labels |= _read(own)
        table = {alias: label for alias, label in labels.items() if alias != label}
        _check_chains(table, where=str(own or shipped))
        return cls(table)

    def label(self, name: str) -> str:
        """Return the label that a label stands for; one that is no alias stands for itself."""
        return self.labels.get(name, name)

    def label_among(self, name: str, known: Collection[str]) -> str:
        """Return the label of a model that means the same; the given one if there is none or several.

        A label that the model has stays, even if it is an alias.
        """
        if name in known:
            return name
        same = [label for label in known if self.label(label) == self.label(name)]
        return same[0] if len(same) == 1 else name

    def names_of(self, known: Collection[str]) -> frozenset[str]:
        """Return every label that :meth:`label_among` finds among those of a model, these included."""
        candidates = {*self.labels, *self.labels.values()}
        return frozenset({*known, *(name for name in candidates if self.label_among(name, known) in known)})

    def renamed(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return one sentence for each label that is an alias."""
        return tuple(renaming(name, self.labels[name]) for name in sorted(set(names) & set(self.labels)))


def renaming(name: str, label: str) -> str:
    """Return the sentence about a class whose name is taken as another label."""
    return f"{name} is taken as {label}: to change this, write both into [{_TABLE}] of ACNE_HOME/{FILE_NAME}"


def _read(path: Traversable | Path) -> dict[str, str]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsInvalid(f"{path} cannot be read as TOML ({plain_reason(error)}): mend or delete it") from error
    if others := sorted(set(table) - {_TABLE}):
        raise SettingsInvalid(f"{path}: {others[0]!r} is no key of this file: write aliases below a line [{_TABLE}]")
    entries = table.get(_TABLE, {})
    if not isinstance(entries, dict):
        raise SettingsInvalid(f"{path}: {_TABLE} = {entries!r} is no table: write aliases below a line [{_TABLE}]")
    labels: dict[str, str] = {}
    for alias, label in entries.items():
        name, value = _label(alias, path), _label(label, path)
        if labels.setdefault(name, value) != value:
            raise SettingsInvalid(f"{path}: {name} stands for {labels[name]} and for {value}: keep one of them")
    return labels


def _label(text: Any, path: Traversable | Path) -> str:
    try:
        return normalised_label(text)
    except (AttributeError, TypeError, DataUnusable) as error:
        raise SettingsInvalid(
            f'{path}: {text!r} is no class label: write lines like "perioral-dermatitis" = "periorificial-dermatitis"'
        ) from error


def _check_chains(labels: Mapping[str, str], *, where: str) -> None:
    """Raise an error for an alias of an alias: which label is meant must not depend on the order of reading."""
    for alias, label in labels.items():
        if label not in labels:
            continue
        way, end = [alias, label], labels[label]
        while end not in way and end in labels:
            way.append(end)
            end = labels[end]
        if end in way:
            raise SettingsInvalid(
                f"{where}: {' = '.join([*way, end])} is a circle: choose one as the class, and make its line "
                f'"{end}" = "{end}"'
            )
        raise SettingsInvalid(
            f"{where}: {alias} = {label}, but {label} is itself an alias of {end}: write {alias} = {end}"
        )
