"""The split: what each photo serves for, and its cross-validation folds, by groups and stable as the data grow."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from acnelib.dataset.curation import Reason
from acnelib.dataset.test_part import photos_kept_out, test_folder_photos
from acnelib.errors import DataUnusable
from acnelib.folds import REPEATS, folds_of
from acnelib.labels import ordered_labels
from acnelib.storage.assignments import Assignment, Subset
from acnelib.storage.files import digest_of, write_json
from acnelib.storage.manifest import PhotoRole

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from acnelib.dataset.curation import CuratedPhoto

__all__ = ["Split", "SplitPhoto", "Subset", "forget_paths", "split"]


@dataclass(frozen=True, kw_only=True)
class SplitPhoto:
    """Assignment of one photo.

    Attributes:
        labels: All its labels; of a background photo the conditions that it shows.
        paths: All its paths in its sources.
        group: Its group, also if it is excluded.
        subset: Its subset.
        role: Whether it shows a class or is background.
        sources: Names of its sources.
        folds: Its fold in each repeat of cross-validation, the same for all photos of a group.
        reason: Reason for its exclusion; None if it is used.
        is_truth: Whether a model can be judged by its label.
    """

    labels: tuple[str, ...]
    paths: tuple[str, ...]
    group: str
    subset: Subset
    role: PhotoRole = PhotoRole.CLASS
    sources: tuple[str, ...] = ()
    folds: tuple[int, ...] = ()
    reason: Reason | None = None
    is_truth: bool = True


@dataclass(frozen=True, kw_only=True)
class Split:
    """Every photo's subset and folds, by SHA-256.

    Attributes:
        photos: The photos, ordered by hash.
        grouped_by: Grouping method.
    """

    photos: Mapping[str, SplitPhoto]
    grouped_by: str

    @property
    def test_sha256(self) -> str | None:
        """Digest of the test photos; None if no photo is kept out for a test."""
        test = self.of(Subset.TEST)
        return digest_of("test", test) if test else None

    @property
    def digest(self) -> str:
        """Digest of labels, roles, sources, groups, subsets and folds of all photos.

        Paths are ignored, and so is the name of a source that is the only one of the classes.
        """
        of_classes = {name for sha256 in self.of(Subset.TRAIN) for name in self.photos[sha256].sources}
        return digest_of(
            "split",
            [
                (
                    sha256,
                    photo.labels,
                    photo.role,
                    photo.sources if len(of_classes) > 1 and photo.role == PhotoRole.CLASS else (),
                    photo.group,
                    photo.subset,
                    photo.folds,
                    *(() if photo.is_truth else (False,)),
                )
                for sha256, photo in self.photos.items()
            ],
        )

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels of the train photos, which a model can learn."""
        return ordered_labels({self.label(sha256) for sha256 in self.of(Subset.TRAIN)})

    @property
    def used(self) -> list[str]:
        """All photos that are used for anything, ordered by hash."""
        return [sha256 for sha256, photo in self.photos.items() if photo.subset != Subset.EXCLUDED]

    @property
    def background(self) -> list[str]:
        """The background photos, ordered by hash."""
        return self.of(Subset.TRAIN, role=PhotoRole.BACKGROUND)

    @property
    def assignments(self) -> dict[str, Assignment]:
        """Assignment of each photo for a split that continues this one.

        A photo that was excluded because of its group may have been learnt from, so it counts as a train photo.
        """
        return {
            sha256: Assignment(
                subset=Subset.TRAIN if photo.subset == Subset.EXCLUDED else photo.subset,
                group=photo.group,
                folds=photo.folds,
            )
            for sha256, photo in self.photos.items()
            if photo.subset != Subset.EXCLUDED or photo.reason == Reason.JOINED_TO_TEST
        }

    def of(self, subset: Subset, *, role: PhotoRole = PhotoRole.CLASS) -> list[str]:
        """Return the photos of a subset that show a class, or are background, ordered by hash."""
        return [sha256 for sha256, photo in self.photos.items() if photo.subset == subset and photo.role == role]

    def label(self, sha256: str) -> str:
        """Return the label of a used photo; of a background photo its condition."""
        return self.photos[sha256].labels[0]

    def write(self, path: Path) -> None:
        """Write ``split.json``."""
        photos = {sha256: asdict(photo) for sha256, photo in self.photos.items()}
        write_json(path, {"photos": photos, "test_sha256": self.test_sha256, "grouped_by": self.grouped_by})

    @classmethod
    def read(cls, path: Path) -> Split:
        """Read ``split.json``."""
        values = json.loads(path.read_text(encoding="utf-8"))
        photos = {
            sha256: SplitPhoto(
                labels=tuple(photo["labels"]),
                paths=tuple(photo["paths"]),
                group=photo["group"],
                subset=Subset(photo["subset"]),
                role=PhotoRole(photo["role"]),
                sources=tuple(photo["sources"]),
                folds=tuple(photo["folds"]),
                reason=Reason(photo["reason"]) if photo["reason"] else None,
                is_truth=photo.get("is_truth", True),
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


def split(
    photos: Iterable[CuratedPhoto],
    *,
    previous: Mapping[str, Assignment],
    grouped_by: str,
    test_share: float = 0.0,
) -> Split:
    """Assign every photo to a subset and to folds.

    By default every usable photo is learnt from, and models are judged by cross-validation. A part is kept out for a
    test if a share is given, or if photos are from a test folder. Photos keep their subset and folds. A photo that may
    have been learnt from and joins a group in test is excluded. Background photos are never tested on.

    Args:
        photos: Curated photos.
        previous: Assignment of each photo in the split that this one continues; empty for a first split.
        grouped_by: Grouping method, for the record.
        test_share: Share of the photos of each class to keep out for a test; 0 for none.

    Raises:
        DataUnusable: Fewer than two classes have train photos, or a test part was requested and no photo is in it that
            shows one of them.
    """
    photos = sorted(photos, key=lambda photo: photo.sha256)
    groups: defaultdict[str, list[CuratedPhoto]] = defaultdict(list)
    for photo in photos:
        if photo.reason is None and photo.role == PhotoRole.CLASS:
            groups[photo.group].append(photo)
    own = [photo for photo in photos if photo.held_out]
    test = test_folder_photos(own) if own else photos_kept_out(groups, previous, test_share) if test_share else set()
    # Nothing learns from copies of a test folder's photos, even of those that are unfit for the test.
    test_groups = {photo.group for photo in photos if photo.sha256 in test or photo.held_out}
    folds = _folds(photos, previous)
    result = {}
    for photo in photos:
        reason = photo.reason
        if reason is None and photo.group in test_groups and photo.sha256 not in test:
            reason = Reason.JOINED_TO_TEST
        subset = Subset.TEST if photo.sha256 in test else Subset.TRAIN
        result[photo.sha256] = SplitPhoto(
            labels=photo.labels,
            paths=photo.paths,
            group=photo.group,
            subset=Subset.EXCLUDED if reason else subset,
            role=photo.role,
            sources=photo.sources,
            folds=folds[photo.group],
            reason=reason,
            is_truth=photo.is_truth,
        )
    finished = Split(photos=result, grouped_by=grouped_by)
    if len(finished.labels) < 2:
        raise DataUnusable(_too_few_classes(photos, finished, groups=len(groups)))
    if (own or test_share) and not any(finished.label(sha256) in finished.labels for sha256 in test):
        raise DataUnusable(_nothing_to_test(own, finished))
    return finished


def _too_few_classes(photos: Iterable[CuratedPhoto], finished: Split, *, groups: int) -> str:
    of_classes = [photo for photo in photos if photo.role == PhotoRole.CLASS]
    known = ", ".join(sorted({label for photo in of_classes for label in photo.labels})) or "none"
    reasons = Counter(photo.reason for photo in of_classes if photo.reason is not None)
    left_out = "".join(f"; {number} photos {reason}" for reason, number in reasons.items())
    return (
        f"{groups} usable groups of photos in {len(finished.labels)} classes (labels found: {known}{left_out}): "
        "learning needs at least two classes of readable photos, so add some to the source"
    )


def _nothing_to_test(own: Iterable[CuratedPhoto], finished: Split) -> str:
    """Return why no photo can be tested on, and what to do."""
    reasons = Counter(str(photo.reason or f"of {photo.labels[0]}, which no source teaches") for photo in own)
    if not reasons:
        return (
            "no photo can be kept out for a test: the photos of each class are one group of copies or scenes, and one "
            "group at least is left to learn from; add photos, or leave out --test-share"
        )
    listed = ", ".join(f"{number} {reason}" for reason, number in sorted(reasons.items()))
    return (
        f"the test folder has no photo to test on ({listed}): its class folders must hold readable photos of the "
        f"classes that are learnt, {', '.join(finished.labels)}"
    )


def _folds(photos: Iterable[CuratedPhoto], previous: Mapping[str, Assignment]) -> dict[str, tuple[int, ...]]:
    """Return the folds of each group: those of its first photo that has some, else those of its name."""
    folds: dict[str, tuple[int, ...]] = {}
    for photo in photos:
        before = previous.get(photo.sha256)
        if before is not None and len(before.folds) == REPEATS:
            folds.setdefault(photo.group, before.folds)
    return {photo.group: folds.get(photo.group) or folds_of(photo.group) for photo in photos}
