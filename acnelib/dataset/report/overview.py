"""The summary of the data report: photos and groups by class and subset, and permissions by licence."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from acnelib.dataset.splitting import Subset
from acnelib.labels import ordered_labels
from acnelib.storage.licences import counted, permission_of
from acnelib.storage.manifest import PhotoRole, licences_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from acnelib.dataset.report.by_source import BackgroundSummary
    from acnelib.dataset.report.sections import ReportContent
    from acnelib.dataset.splitting import SplitPhoto
    from acnelib.storage.licences import Permission


@dataclass(frozen=True, kw_only=True)
class Cell:
    """The number of photos, and of their groups."""

    photos: int
    groups: int


@dataclass(frozen=True, kw_only=True)
class ClassRow:
    """One class, or the total.

    Attributes:
        label: Its label.
        of: Photos and groups of each subset.
        licences: Photos per licence.
    """

    label: str
    of: Mapping[Subset, Cell]
    licences: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class LicenceRow:
    """One licence with the number of its photos and its permissions."""

    name: str
    photos: int
    allows: Permission


@dataclass(frozen=True, kw_only=True)
class Overview:
    """The photos of the classes in numbers; groups are counted over the used photos.

    Attributes:
        photos: Distinct photos.
        used: Photos in train or test.
        left_out: Excluded photos.
        groups: Groups.
        largest_group: Photos in the largest group.
        classes: A row per class; a photo under two labels counts in both.
        total: The total; such a photo counts once.
        doubled: Photos that count in more than one class.
        used_classes: Classes with a used photo.
        reasons: Number of excluded photos by reason, most frequent first.
        licences: A row per licence.
    """

    photos: int
    used: int
    left_out: int
    groups: int
    largest_group: int
    classes: tuple[ClassRow, ...]
    total: ClassRow
    doubled: int
    used_classes: int
    reasons: Mapping[str | None, int]
    licences: tuple[LicenceRow, ...]

    @property
    def subsets(self) -> tuple[Subset, ...]:
        """The subsets of the table: without a test part there is none of test."""
        return tuple(subset for subset in Subset if subset != Subset.TEST or self.total.of[subset].photos)


def overview_of(content: ReportContent) -> Overview:
    """Count photos of the classes, their groups and licences; background photos are counted apart."""
    background = {photo.sha256 for photo in content.photos if photo.role == PhotoRole.BACKGROUND}
    placed = {sha256: photo for sha256, photo in content.split.photos.items() if sha256 not in background}
    sizes = Counter(photo.group for photo in placed.values() if photo.subset != Subset.EXCLUDED)
    records = (record for records in content.origins.values() for record in records)
    licences = licences_of(placed, records)
    members: defaultdict[str, dict[str, SplitPhoto]] = defaultdict(dict)
    for sha256, photo in placed.items():
        for label in photo.labels:
            members[label][sha256] = photo

    def row(label: str, photos: Mapping[str, SplitPhoto]) -> ClassRow:
        of_class = counted(licences[sha256] for sha256 in photos)
        return ClassRow(label=label, of=_cells(photos.values()), licences=of_class)

    return Overview(
        photos=len(placed),
        used=sum(sizes.values()),
        left_out=len(placed) - sum(sizes.values()),
        groups=len(sizes),
        largest_group=max(sizes.values(), default=0),
        classes=tuple(row(label, members[label]) for label in ordered_labels(set(members))),
        total=row("all", placed),
        doubled=sum(len(photo.labels) > 1 for photo in placed.values()),
        used_classes=len({photo.labels[0] for photo in placed.values() if photo.subset != Subset.EXCLUDED}),
        reasons=dict(
            Counter(photo.reason for photo in placed.values() if photo.subset == Subset.EXCLUDED).most_common()
        ),
        licences=tuple(
            LicenceRow(name=name, photos=photos, allows=permission_of(name))
            for name, photos in content.licences.items()
        ),
    )


def headline(overview: Overview, background: BackgroundSummary, *, reviews: Sequence[str] = ()) -> str:
    """Return the outcome in a few sentences: photos that are used or left out, background, and reviews.

    Args:
        overview: The photos of the classes.
        background: The background photos.
        reviews: What reviewers changed, in words.
    """
    parts = [_outcome(overview), _background(background) if background.count.photos else ""]
    reviewed = f"Of the reviewed photos: {'; '.join(reviews)}." if reviews else ""
    return " ".join(filter(None, [*parts, reviewed]))


def _outcome(overview: Overview) -> str:
    used = (
        f"{overview.used:,} of {_counted(overview.photos, 'photo')} {'is' if overview.used == 1 else 'are'} used, "
        f"in {_counted(overview.groups, 'group')} and {_counted(overview.used_classes, 'class', 'classes')}."
    )
    left_out = "None is left out."
    if overview.left_out:
        details = ", ".join(f"{number:,} {_in_words(reason)}" for reason, number in overview.reasons.items())
        left_out = f"{overview.left_out:,} {'is' if overview.left_out == 1 else 'are'} left out: {details}."
    return f"{used} {left_out}"


def _background(background: BackgroundSummary) -> str:
    return (
        f"{background.count.used:,} of {_counted(background.count.photos, 'background photo')} "
        f"of {_counted(background.condition_count, 'condition')} {'is' if background.count.used == 1 else 'are'} used."
    )


def _in_words(reason: str | None) -> str:
    if reason is None:
        return "without a subset"
    return {"two-labels": "under two labels", "not-a-photo": "not photos"}.get(reason, reason.replace("-", " "))


def _counted(number: int, singular: str, plural: str | None = None) -> str:
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def _cells(photos: Iterable[SplitPhoto]) -> dict[Subset, Cell]:
    numbers: Counter[Subset] = Counter()
    groups: defaultdict[Subset, set[str]] = defaultdict(set)
    for photo in photos:
        numbers[photo.subset] += 1
        groups[photo.subset].add(photo.group)
    return {subset: Cell(photos=numbers[subset], groups=len(groups[subset])) for subset in Subset}
