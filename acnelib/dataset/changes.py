"""Changes between two versions of the data."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from acnelib.storage.assignments import Subset
from acnelib.storage.files import write_json

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from acnelib.dataset.splitting import Split


@dataclass(frozen=True, kw_only=True)
class Change:
    """A changed property of a photo.

    Attributes:
        sha256: SHA-256 of the photo.
        before: Previous value.
        after: Current value.
    """

    sha256: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Changes:
    """Changes of the data since an earlier split; photos are ordered by hash.

    Attributes:
        since: Digest of the earlier split; None for the first split, which has no changes.
        came: New photos.
        went: Removed photos.
        relabelled: Photos with changed labels.
        regrouped: Photos in both splits whose group members changed; values are the shortened hashes of the other
            members.
        moved: Photos with a changed subset, including exclusion.
    """

    since: str | None = None
    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()
    relabelled: tuple[Change, ...] = ()
    regrouped: tuple[Change, ...] = ()
    moved: tuple[Change, ...] = ()

    def __str__(self) -> str:
        """Return the numbers of changes in one line."""
        if self.since is None:
            return "the first version of these data"
        counts = (
            (len(self.came), "came"),
            (len(self.went), "went"),
            (len(self.relabelled), "changed label"),
            (len(self.regrouped), "changed group"),
            (len(self.moved), "changed subset"),
        )
        return ", ".join(f"{number} {what}" for number, what in counts if number) or "nothing changed"

    def write(self, path: Path) -> None:
        """Write as JSON."""
        write_json(path, asdict(self))

    @classmethod
    def read(cls, path: Path) -> Changes:
        """Read what :meth:`write` wrote."""
        values = json.loads(path.read_text(encoding="utf-8"))

        def changed(name: str) -> tuple[Change, ...]:
            return tuple(Change(**change) for change in values[name])

        return cls(
            since=values["since"],
            came=tuple(values["came"]),
            went=tuple(values["went"]),
            relabelled=changed("relabelled"),
            regrouped=changed("regrouped"),
            moved=changed("moved"),
        )


def changes_between(before: Split | None, after: Split) -> Changes:
    """Return the changes of the data from an earlier split to a later one."""
    if before is None:
        return Changes()
    both = [sha256 for sha256 in after.photos if sha256 in before.photos]
    mates_before, mates_after = _mates(before, both), _mates(after, both)

    def changed(pairs: Iterable[tuple[str, str, str]]) -> tuple[Change, ...]:
        return tuple(Change(sha256=sha256, before=was, after=is_now) for sha256, was, is_now in pairs if was != is_now)

    return Changes(
        since=before.digest,
        came=tuple(sorted(after.photos.keys() - before.photos.keys())),
        went=tuple(sorted(before.photos.keys() - after.photos.keys())),
        relabelled=changed(
            (sha256, ", ".join(before.photos[sha256].labels), ", ".join(after.photos[sha256].labels)) for sha256 in both
        ),
        regrouped=changed((sha256, mates_before[sha256], mates_after[sha256]) for sha256 in both),
        moved=changed((sha256, _place(before, sha256), _place(after, sha256)) for sha256 in both),
    )


def _mates(split: Split, photos: Iterable[str]) -> dict[str, str]:
    """Return the other group members of each photo; group names are not comparable between splits."""
    members: defaultdict[str, list[str]] = defaultdict(list)
    for sha256 in photos:
        members[split.photos[sha256].group].append(sha256)
    return {
        sha256: ", ".join(other[:8] for other in group if other != sha256) or "none"
        for group in members.values()
        for sha256 in group
    }


def _place(split: Split, sha256: str) -> str:
    photo = split.photos[sha256]
    return f"{photo.subset}: {photo.reason}" if photo.subset == Subset.EXCLUDED else str(photo.subset)
