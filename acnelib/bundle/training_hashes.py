"""Hashes of a model's training photos, in the file ``learnt_from.txt`` of its bundle."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from acnelib.errors import BundleInvalid
from acnelib.storage.files import write_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LEARNT_FROM = "learnt_from.txt"

_PREFIX = 16  # hexadecimal digits of a SHA-256, enough to be unique
_PREFIX_LINE = re.compile(rf"[0-9a-f]{{{_PREFIX}}}")


@dataclass(frozen=True)
class TrainingHashes:
    """Hashes of a model's training photos, which identify exact files but reveal no photo.

    Attributes:
        prefixes: First 16 hexadecimal digits of the SHA-256 of each file.
    """

    prefixes: frozenset[str]

    @classmethod
    def of(cls, photos: Iterable[str]) -> TrainingHashes:
        """Return the hashes of photos from the SHA-256 of their files."""
        return cls(frozenset(sha256[:_PREFIX] for sha256 in photos))

    @classmethod
    def read(cls, directory: Path) -> TrainingHashes | None:
        """Read the hashes from a bundle; None without the file.

        Raises:
            BundleInvalid: A line of the file is malformed.
        """
        path = directory / LEARNT_FROM
        if not path.is_file():
            return None
        lines = path.read_text(encoding="ascii", errors="replace").splitlines()
        if wrong := [line for line in lines if _PREFIX_LINE.fullmatch(line) is None]:
            raise BundleInvalid(f"{path}: {wrong[0][:80]!r} is no beginning of a SHA-256: fetch the bundle again")
        return cls(frozenset(lines))

    def write(self, directory: Path) -> None:
        """Write the hashes into a candidate, one photo per line, sorted."""
        write_text(directory / LEARNT_FROM, "".join(f"{prefix}\n" for prefix in sorted(self.prefixes)))

    def __contains__(self, sha256: object) -> bool:
        return isinstance(sha256, str) and sha256[:_PREFIX] in self.prefixes

    def __len__(self) -> int:
        return len(self.prefixes)
