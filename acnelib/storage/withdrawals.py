"""Records of withdrawn photos, which hold only their hashes and keep them from coming back."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from acnelib.errors import DataUnusable
from acnelib.storage.files import write_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Withdrawal:
    """The withdrawal of a photo; of its place, only the name of the source is kept.

    Attributes:
        sha256: Hexadecimal SHA-256 of its bytes.
        withdrawn_at: When, ISO 8601 in UTC.
        reason: Why, in the user's words; None: not stated.
        sources: Names of the sources that had it.
        versions: By tracking server, the versions that used the photo, and the subset that it was in.
    """

    sha256: str
    withdrawn_at: str
    reason: str | None = None
    sources: tuple[str, ...] = ()
    versions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Withdrawals:
    """All withdrawals of a working folder: JSON lines, ordered by time, always rewritten whole."""

    path: Path

    @property
    def photos(self) -> frozenset[str]:
        """Hashes of the withdrawn photos."""
        return frozenset(self.read())

    def read(self) -> dict[str, Withdrawal]:
        """Return the withdrawals by photo; without a file there are none.

        Raises:
            DataUnusable: A line is damaged, so that the photo that must not be used is unknown.
        """
        try:
            with self.path.open(encoding="utf-8") as stream:
                lines = list(stream)
        except FileNotFoundError:
            return {}
        found = {}
        for number, line in enumerate(lines, start=1):
            try:
                values = json.loads(line)
                withdrawal = Withdrawal(**values | {"sources": tuple(values["sources"])})
            except (ValueError, TypeError, KeyError) as error:
                raise DataUnusable(
                    f"{self.path}, line {number} is no record of a withdrawal: mend it, for the photo that it names "
                    "must not be used"
                ) from error
            found[withdrawal.sha256] = withdrawal
        return found

    def write(self, withdrawals: Iterable[Withdrawal]) -> None:
        """Replace the file, at once."""
        ordered = sorted(withdrawals, key=lambda one: (one.withdrawn_at, one.sha256))
        lines = (json.dumps(asdict(one), ensure_ascii=False) for one in ordered)
        write_text(self.path, "".join(f"{line}\n" for line in lines), mode=0o600)


def withdrawal_notice(sha256: str) -> tuple[str, str]:
    """Return the short name of a withdrawn photo and the notice that it is left out, without its path."""
    return sha256[:12], f"photo {sha256[:12]} was withdrawn and is left out"
