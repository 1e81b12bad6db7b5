"""A person's decisions about photos that override curation, in small files beside the runs of sources.

::

    {"keep": ["<sha256>", …],                 use these, despite any other finding
     "exclude": {"<sha256>": "why", …},       do not use these
     "same": [["<sha256>", "<sha256>"], …],   these are related
     "different": [["<sha256>", "<sha256>"], …]}   these are not, even if they look alike
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from acnelib.dataset.duplicates.pairs import Pair, PairKind
from acnelib.errors import SettingsInvalid
from acnelib.storage.files import digest_of
from acnelib.storage.trust import check_trusted
from acnelib.text.plain_reasons import plain_reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

FILE_NAME = "overrule.json"

_PARTS = ("keep", "exclude", "same", "different")


@dataclass(frozen=True, kw_only=True)
class Overrides:
    """Decisions that override curation.

    Attributes:
        keep: Photos to use despite any other finding, provided that they can be decoded.
        exclude: Photos to leave out, with reasons.
        same: Pairs of related photos, the smaller hash first.
        different: Pairs of unrelated photos; a third photo may still link them.
    """

    keep: frozenset[str] = frozenset()
    exclude: Mapping[str, str] = field(default_factory=dict)
    same: frozenset[tuple[str, str]] = frozenset()
    different: frozenset[tuple[str, str]] = frozenset()

    @property
    def digest(self) -> str:
        """Digest of all decisions, independent of their order."""
        return digest_of(
            "overrule", sorted(self.keep), sorted(self.exclude.items()), sorted(self.same), sorted(self.different)
        )

    def contradiction(self, other: Overrides) -> str | None:
        """Return a decision whose opposite is among others, in words; None: there is none."""
        if photos := sorted(self.keep & other.exclude.keys()):
            return f"photo {photos[0]} is under keep and under exclude"
        if pairs := sorted(self.same & other.different):
            return f"the pair {' and '.join(pairs[0])} is under same and under different"
        return None

    def applied(self, pairs: Iterable[Pair], *, photos: Mapping[str, object]) -> list[Pair]:
        """Return pairs without those in ``different`` and with those in ``same``."""
        by_name = {(pair.one, pair.other): pair for pair in pairs if (pair.one, pair.other) not in self.different}
        for one, other in self.same:
            if one in photos and other in photos:
                pair = Pair(one=one, other=other, kind=PairKind.OVERRULED, evidence=f"said by {FILE_NAME}")
                by_name.setdefault((one, other), pair)
        return [by_name[key] for key in sorted(by_name)]

    @classmethod
    def read_all(cls, paths: Iterable[Path]) -> Overrides:
        """Read several files, which count together; a path that is named twice is read once.

        Raises:
            SettingsInvalid: A file is invalid, or two files contradict each other.
        """
        files = {path: cls.read(path) for path in dict.fromkeys(paths)}
        for path, one in files.items():
            for place, other in files.items():
                if contradiction := one.contradiction(other):
                    where = f"{path} and {place} contradict" if path != place else f"{path} contradicts itself"
                    raise SettingsInvalid(f"{where}: {contradiction}; delete one of the two")
        reasons: defaultdict[str, set[str]] = defaultdict(set)
        for one in files.values():
            for sha256, why in one.exclude.items():
                reasons[sha256].add(why)
        return cls(
            keep=frozenset().union(*(one.keep for one in files.values())),
            exclude={sha256: "; ".join(sorted(found)) for sha256, found in reasons.items()},
            same=frozenset().union(*(one.same for one in files.values())),
            different=frozenset().union(*(one.different for one in files.values())),
        )

    @classmethod
    def read(cls, path: Path) -> Overrides:
        """Read the file; without a file there are no overrides.

        Raises:
            SettingsInvalid: The file is invalid, or another user may have written it.
        """
        check_trusted(path)
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return cls()
        except ValueError as error:
            raise SettingsInvalid(f"{path} is no JSON ({plain_reason(error)}): mend or delete it") from error
        if not isinstance(values, dict) or (unknown := sorted(values.keys() - set(_PARTS))):
            named = f"has {', '.join(unknown)}" if isinstance(values, dict) else "is no table"
            raise SettingsInvalid(f"{path} {named}: write any of {', '.join(_PARTS)}")
        exclude = values.get("exclude", {})
        if not isinstance(exclude, dict) or not all(isinstance(why, str) for why in exclude.values()):
            raise SettingsInvalid(f'{path}: exclude = {exclude!r}: write {{"<sha256>": "why"}}')
        return cls(
            keep=frozenset(_hash(path, "keep", name) for name in _list(path, "keep", values)),
            exclude={_hash(path, "exclude", name): why for name, why in exclude.items()},
            same=_pairs(path, "same", values),
            different=_pairs(path, "different", values),
        )


def _list(path: Path, part: str, values: Mapping[str, Any]) -> list[Any]:
    found = values.get(part, [])
    if not isinstance(found, list):
        raise SettingsInvalid(f"{path}: {part} = {found!r}: write a list")
    return found


def _pairs(path: Path, part: str, values: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
    pairs = set()
    for pair in _list(path, part, values):
        if not isinstance(pair, list) or len(pair) != 2:
            raise SettingsInvalid(f'{path}: {part} holds {pair!r}: write ["<sha256>", "<sha256>"]')
        one, other = sorted(_hash(path, part, name) for name in pair)
        pairs.add((one, other))
    return frozenset(pairs)


def _hash(path: Path, part: str, name: object) -> str:
    if not isinstance(name, str) or not re.fullmatch("[0-9a-f]{64}", name):
        raise SettingsInvalid(
            f"{path}: {part} names {name!r}: write the whole SHA-256 of the file, 64 digits of 0–9a–f"
        )
    return name
