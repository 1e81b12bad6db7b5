"""The part of the photos that is kept out for a test: a share of each class, or the photos of a test folder."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from acnelib.errors import UsageError
from acnelib.storage.assignments import Subset
from acnelib.storage.files import digest_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from acnelib.dataset.curation import CuratedPhoto
    from acnelib.storage.assignments import Assignment

TOO_SMALL = 0.5
"""Portion of the requested share below which photos that were learnt from before are kept out, too."""


def check_test_share(share: float | None, *, test_folder: bool) -> float:
    """Return the share of the photos of each class to keep out for a test; 0 for none.

    Args:
        share: More than 0 and less than 1; None for no part of the sources.
        test_folder: Whether there is a test folder.

    Raises:
        UsageError: The share is out of range, or there is a test folder, too.
    """
    if share is None:
        return 0.0
    if not 0 < share < 1:
        raise UsageError(
            f"a test share of {share:g} is out of range: give more than 0 and less than 1, such as 0.15 to keep out "
            "15 % of the photos of each class"
        )
    if test_folder:
        raise UsageError(
            "a test folder and a test share exclude each other: test on the folder (--test), or on a part of the "
            "sources (--test-share)"
        )
    return share


def test_folder_photos(photos: Sequence[CuratedPhoto]) -> set[str]:
    """Return the usable photos of a test folder; none without one."""
    return {photo.sha256 for photo in photos if photo.held_out and photo.reason is None}


def photos_kept_out(
    groups: Mapping[str, list[CuratedPhoto]], previous: Mapping[str, Assignment], share: float
) -> set[str]:
    """Return the photos that are kept out for a test: those that were, and others until each class has its share.

    Photos that are new are taken first. Of those that were learnt from before, some are taken where the test part is
    much too small otherwise, as when a share is requested for the first time. A photo that was learnt from is not taken
    just because a photo in test turns out to belong to its group.

    Args:
        groups: The usable photos of the classes, by group.
        previous: Assignment of each photo in the split that this one continues.
        share: Share of the photos of each class.
    """
    by_label: defaultdict[str, list[str]] = defaultdict(list)
    for name, members in groups.items():
        by_label[Counter(photo.labels[0] for photo in members).most_common(1)[0][0]].append(name)
    chosen = set()
    for names in by_label.values():
        chosen |= _of_class({name: groups[name] for name in names}, previous, share)
    return chosen


def _of_class(groups: Mapping[str, list[CuratedPhoto]], previous: Mapping[str, Assignment], share: float) -> set[str]:
    part = _Part(groups={name: len(members) for name, members in groups.items()}, share=share, chosen=set())
    photos = set()
    new: list[str] = []
    learnt: list[str] = []
    # In an order independent of file names and machine.
    for name in sorted(groups, key=lambda name: digest_of("test", name)):
        members = groups[name]
        before = {previous[photo.sha256].subset for photo in members if photo.sha256 in previous}
        if Subset.TEST in before:
            part.chosen.add(name)
            photos |= {photo.sha256 for photo in members if not _was_learnt(photo, previous)}
        else:
            (learnt if before else new).append(name)
    added = part.fill(new)
    if part.size < TOO_SMALL * part.requested:
        added += part.fill(learnt)
    return photos | {photo.sha256 for name in added for photo in groups[name]}


def _was_learnt(photo: CuratedPhoto, previous: Mapping[str, Assignment]) -> bool:
    before = previous.get(photo.sha256)
    return before is not None and before.subset != Subset.TEST


@dataclass(frozen=True, kw_only=True)
class _Part:
    """The groups of one class that are kept out.

    Attributes:
        groups: Number of photos of each group of the class.
        share: Share of the photos to keep out.
        chosen: Groups that are kept out.
    """

    groups: Mapping[str, int]
    share: float
    chosen: set[str]

    @property
    def requested(self) -> float:
        """Number of photos to keep out."""
        return self.share * sum(self.groups.values())

    @property
    def size(self) -> int:
        """Number of photos that are kept out."""
        return sum(self.groups[name] for name in self.chosen)

    def fill(self, candidates: Sequence[str]) -> list[str]:
        """Choose groups until the share is reached; one group at least is left to learn from."""
        added: list[str] = []
        for name in candidates:
            if self.requested - self.size < self.groups[name] / 2 and self.chosen:
                break
            if len(self.groups) - len(self.chosen) < 2:
                break
            self.chosen.add(name)
            added.append(name)
        return added
