"""Changes between two versions of the data."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from acnelib.storage.assignments import Subset
from acnelib.storage.files import write_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from acnelib.dataset.splitting import Split
    from acnelib.storage.assignments import Assignment


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
        learnt_before: Test photos that served for training before, themselves or by a copy; also in the first split,
            which may follow that of the production version.
    """

    since: str | None = None
    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()
    relabelled: tuple[Change, ...] = ()
    regrouped: tuple[Change, ...] = ()
    moved: tuple[Change, ...] = ()
    learnt_before: tuple[str, ...] = ()

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
            learnt_before=tuple(values["learnt_before"]),
        )


def changes_between(before: Split | None, after: Split, *, previous: Mapping[str, Assignment] | None = None) -> Changes:
    """Return the changes of the data from an earlier split to a later one.

    Args:
        before: The earlier split; None for the first one in this working folder.
        after: The later split.
        previous: Assignment of each photo in the split that the later one continues, which may be that of the
            production version; None for that of the earlier split.
    """
    learnt_before = _learnt_before(before, after, previous or (before.assignments if before else {}))
    if before is None:
        return Changes(learnt_before=learnt_before)
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
        learnt_before=learnt_before,
    )


def _learnt_before(before: Split | None, after: Split, previous: Mapping[str, Assignment]) -> tuple[str, ...]:
    """Return the test photos whose group has a photo that served for training before."""
    excluded = {sha256 for sha256, photo in (before.photos if before else {}).items() if photo.reason}
    groups = {
        after.photos[sha256].group
        for sha256, assignment in previous.items()
        if assignment.subset == Subset.TRAIN and sha256 in after.photos and sha256 not in excluded
    }
    return tuple(sha256 for sha256 in after.of(Subset.TEST) if after.photos[sha256].group in groups)


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
