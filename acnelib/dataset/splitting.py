"""The split into train, validation and test: by groups, stratified, reproducible, and stable as the data grow."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from acnelib.dataset.curation import Reason
from acnelib.errors import DataUnusable
from acnelib.labels import ordered_labels
from acnelib.storage.files import digest_of, write_json

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from acnelib.dataset.curation import CuratedPhoto


class Subset(StrEnum):
    """What a photo is used for."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"
    EXCLUDED = "excluded"


USED = (Subset.TRAIN, Subset.VALIDATION, Subset.TEST)
"""Subsets of used photos."""

SHARES = {Subset.TRAIN: 0.70, Subset.TEST: 0.15, Subset.VALIDATION: 0.15}
"""Target share of the photos of each class; on a tie the earlier subset is filled first."""


@dataclass(frozen=True, kw_only=True)
class SplitPhoto:
    """Assignment of one photo.

    Attributes:
        labels: All its labels.
        paths: All its paths in the source.
        group: Its group, also if it is excluded.
        subset: Its subset.
        reason: Reason for its exclusion; None if it is used.
    """

    labels: tuple[str, ...]
    paths: tuple[str, ...]
    group: str
    subset: Subset
    reason: Reason | None = None


@dataclass(frozen=True, kw_only=True)
class Split:
    """Every photo's subset, by SHA-256.

    Attributes:
        photos: The photos, ordered by hash.
        grouped_by: Grouping method.
    """

    photos: Mapping[str, SplitPhoto]
    grouped_by: str

    @property
    def test_sha256(self) -> str:
        """Digest of the test photos, on which the gate compares models."""
        return digest_of("test", self.of(Subset.TEST))

    @property
    def digest(self) -> str:
        """Digest of labels, groups and subsets of all photos; paths are ignored."""
        return digest_of(
            "split", [(sha256, photo.labels, photo.group, photo.subset) for sha256, photo in self.photos.items()]
        )

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels of the train photos, which a model can learn."""
        return ordered_labels({self.label(sha256) for sha256 in self.of(Subset.TRAIN)})

    @property
    def previous_subsets(self) -> dict[str, Subset]:
        """Subset of each photo for a split that continues this one.

        A photo excluded because of its group may have been trained on, so it counts as a train photo.
        """
        return {
            sha256: Subset.TRAIN if photo.subset == Subset.EXCLUDED else photo.subset
            for sha256, photo in self.photos.items()
            if photo.subset != Subset.EXCLUDED or photo.reason in _JOINED.values()
        }

    def of(self, subset: Subset) -> list[str]:
        """Return the photos of a subset, ordered by hash."""
        return [sha256 for sha256, photo in self.photos.items() if photo.subset == subset]

    def label(self, sha256: str) -> str:
        """Return the label of a used photo."""
        return self.photos[sha256].labels[0]

    def write(self, path: Path) -> None:
        """Write ``split.json``."""
        photos = {sha256: asdict(photo) for sha256, photo in self.photos.items()}
        write_json(path, {"photos": photos, "test_sha256": self.test_sha256, "grouped_by": self.grouped_by})

    @classmethod
    def read(cls, path: Path) -> Split:
        """Read ``split.json``."""
        values = json.loads(path.read_text())
        photos = {
            sha256: SplitPhoto(
                labels=tuple(photo["labels"]),
                paths=tuple(photo["paths"]),
                group=photo["group"],
                subset=Subset(photo["subset"]),
                reason=Reason(photo["reason"]) if photo["reason"] else None,
            )
            for sha256, photo in values["photos"].items()
        }
        return cls(photos=photos, grouped_by=values["grouped_by"])


def forget_paths(path: Path, photos: Collection[str]) -> bool:
    """Remove the paths of some photos from ``split.json``; return False if there are none."""
    before = Split.read(path)
    found = {
        sha256: replace(photo, paths=()) for sha256, photo in before.photos.items() if sha256 in photos and photo.paths
    }
    if found:
        replace(before, photos={**before.photos, **found}).write(path)
    return bool(found)


def split(photos: Iterable[CuratedPhoto], *, previous: Mapping[str, Subset], grouped_by: str) -> Split:
    """Assign every photo to a subset.

    Test and validation photos keep their subset. A train photo that joins a group in test is excluded rather than
    moved, because a model may have been trained on it.

    Args:
        photos: Curated photos.
        previous: Subset of each photo in the split that this one continues; empty for a first split.
        grouped_by: Grouping method, for the record.

    Raises:
        DataUnusable: Fewer than two classes have train photos.
    """
    photos = sorted(photos, key=lambda photo: photo.sha256)
    groups: defaultdict[str, list[CuratedPhoto]] = defaultdict(list)
    for photo in photos:
        if photo.reason is None:
            groups[photo.group].append(photo)
    subset_of = _assigned(groups, previous)
    result = {photo.sha256: _placed(photo, subset_of.get(photo.group), previous) for photo in photos}
    finished = Split(photos=result, grouped_by=grouped_by)
    if len(finished.labels) < 2:
        known = ", ".join(sorted({label for photo in photos for label in photo.labels})) or "none"
        reasons = Counter(photo.reason for photo in photos if photo.reason is not None)
        left_out = "".join(f"; {number} photos {reason}" for reason, number in reasons.items())
        raise DataUnusable(
            f"{len(groups)} usable groups of photos in {len(finished.labels)} classes "
            f"(labels found: {known}{left_out}): "
            "learning needs at least two classes of readable photos, so add some to the source"
        )
    return finished


def _placed(photo: CuratedPhoto, subset: Subset | None, previous: Mapping[str, Subset]) -> SplitPhoto:
    reason, place = photo.reason, subset
    if reason is None and place in _JOINED and previous.get(photo.sha256, place) != place:
        reason = _JOINED[place]
    return SplitPhoto(
        labels=photo.labels,
        paths=photo.paths,
        group=photo.group,
        subset=Subset.EXCLUDED if reason or place is None else place,
        reason=reason,
    )


_JOINED = {Subset.TEST: Reason.JOINED_TO_TEST, Subset.VALIDATION: Reason.JOINED_TO_VALIDATION}


def _assigned(groups: Mapping[str, list[CuratedPhoto]], previous: Mapping[str, Subset]) -> dict[str, Subset]:
    assigned: dict[str, Subset] = {}
    by_label: defaultdict[str, list[str]] = defaultdict(list)
    for name, members in groups.items():
        label = Counter(photo.labels[0] for photo in members).most_common(1)[0][0]
        by_label[label].append(name)
        before = {previous.get(photo.sha256) for photo in members}
        for subset in (Subset.TEST, Subset.VALIDATION, Subset.TRAIN):
            if subset in before:
                assigned[name] = subset
                break
    for names in by_label.values():
        _assign_class({name: len(groups[name]) for name in names}, assigned)
    return assigned


def _assign_class(sizes: Mapping[str, int], assigned: dict[str, Subset]) -> None:
    """Assign each new group of a class to the subset with the largest deficit; fill empty subsets if possible."""
    total = sum(sizes.values())
    lacking = {subset: share * total for subset, share in SHARES.items()}
    empty = set(SHARES)
    for name, size in sizes.items():
        if name in assigned:
            lacking[assigned[name]] -= size
            empty.discard(assigned[name])
    # Large groups first, so that they fit; ties in an order independent of file names and machine.
    new = sorted((name for name in sizes if name not in assigned), key=lambda name: (-sizes[name], digest_of(name)))
    for position, name in enumerate(new):
        allowed = (
            [subset for subset in SHARES if subset in empty] if len(new) - position <= len(empty) else list(SHARES)
        )
        subset = max(allowed, key=lambda subset: lacking[subset])
        assigned[name] = subset
        lacking[subset] -= sizes[name]
        empty.discard(subset)
