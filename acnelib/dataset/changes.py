"""What came, went or changed between one version of the data and the next."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from acnelib.dataset.splitting import Subset
from acnelib.storage.files import write_json

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from acnelib.dataset.splitting import Split


@dataclass(frozen=True, kw_only=True)
class Change:
    """A photo that is not what it was.

    Attributes:
        sha256: Which photo.
        before: What it was.
        after: What it is.
    """

    sha256: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Changes:
    """How the data differ from those of an earlier split; photos are ordered by hash.

    Attributes:
        since: Digest of the earlier split; None when there is none, and then nothing has changed.
        came: Photos that are new.
        went: Photos that have left.
        relabelled: Photos whose labels changed.
        regrouped: Photos, there before and now, that belong together with others than before; what is told are the
            hashes, shortened, of those that they belong together with.
        moved: Photos that serve for something else, or for nothing, or again.
    """

    since: str | None = None
    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()
    relabelled: tuple[Change, ...] = ()
    regrouped: tuple[Change, ...] = ()
    moved: tuple[Change, ...] = ()

    def __str__(self) -> str:
        """Return the numbers in one line."""
        if self.since is None:
            return "the first version of these data"
        told = (
            (len(self.came), "came"),
            (len(self.went), "went"),
            (len(self.relabelled), "changed label"),
            (len(self.regrouped), "changed group"),
            (len(self.moved), "changed subset"),
        )
        return ", ".join(f"{number} {what}" for number, what in told if number) or "nothing changed"

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
    """Return how the data of one split differ from those of an earlier one."""
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
    """Return with which of some photos each of them belongs together; a group's name will not do, for it changes."""
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
