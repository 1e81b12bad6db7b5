"""The decisions that the data report shows, with the way to override each; the template only renders them."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from acnelib.dataset.curation import Reason
from acnelib.dataset.duplicates.pairs import PairKind
from acnelib.dataset.report.by_source import SourceCounts
from acnelib.dataset.report.entries import (
    Advice,
    PhotoLocation,
    ReportPart,
    Sections,
    SharedClass,
    ShownChange,
    ShownPair,
    ShownPhoto,
)
from acnelib.storage.manifest import PhotoRole

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from acnelib.dataset.changes import Changes
    from acnelib.dataset.curation import CuratedPhoto
    from acnelib.dataset.duplicates.pairs import Pair
    from acnelib.dataset.shortcuts import Shortcut
    from acnelib.dataset.splitting import Split
    from acnelib.storage.manifest import ImageRecord

MOST_PHOTOS = 400
"""Most photos shown per section; the others are counted."""

MOST_GROUPS = 20
"""Most groups shown, the largest first."""

FEWEST_OF_GROUP = 3
"""Fewest photos of a group in "Largest groups": smaller groups appear as pairs."""

MOST_PLACES = 6
"""Most locations shown of one photo."""

_Shown = TypeVar("_Shown")
_Item = TypeVar("_Item")


@dataclass(frozen=True, kw_only=True)
class ReportContent:
    """The content of a data report.

    Attributes:
        source: Name of the source.
        made_at: Time of the split, ISO 8601 in UTC.
        split: The subset of each photo.
        photos: The curated photos.
        pairs: Related photos.
        findings: Shortcuts that were checked.
        licences: Photos per licence.
        origins: Manifest records of each photo, by SHA-256.
        changes: Changes since the last version.
        split_warnings: Weaknesses of small classes and subsets, in sentences.
        reviews: What reviewers changed, in words.
        missing_sources: Reason why a source could not be read, by its name.
    """

    source: str
    made_at: str
    split: Split
    photos: tuple[CuratedPhoto, ...]
    pairs: tuple[Pair, ...]
    findings: tuple[Shortcut, ...]
    licences: Mapping[str, int]
    origins: Mapping[str, tuple[ImageRecord, ...]]
    changes: Changes
    split_warnings: tuple[str, ...]
    reviews: tuple[str, ...] = ()
    missing_sources: Mapping[str, str] = field(default_factory=dict)


def sections_of(content: ReportContent) -> Sections:
    """Choose the entries to show."""
    return _Chooser(content).sections()


def fair_shares(requested: Sequence[int], limit: int) -> list[int]:
    """Divide a limit fairly: small requests in full, equal shares of the rest for the others."""
    shares = [0] * len(requested)
    for position, place in enumerate(sorted(range(len(requested)), key=lambda place: requested[place])):
        shares[place] = min(requested[place], (limit - sum(shares)) // (len(requested) - position))
    return shares


class _Chooser:
    """Builder of the sections, which looks photos up by their hashes."""

    def __init__(self, content: ReportContent) -> None:
        self._content = content
        self._placed = content.split.photos
        self._curated = {photo.sha256: photo for photo in content.photos}
        self._has_several_sources = len({name for photo in content.photos for name in photo.sources}) > 1

    def sections(self) -> Sections:
        pairs = (self._pair(pair) for pair in self._content.pairs)
        large = self._large_groups()
        return Sections(
            alike=self._alike(),
            changes=self._changes(),
            pairs=self._pairs(),
            conflicting_pairs=sum(pair.conflict for pair in pairs),
            two_labels=self._two_labels(),
            left_out=self._left_out(),
            groups=_parts(dict(large[:MOST_GROUPS]), self._photo, file="split.json"),
            group_count=len(large),
        )

    def _alike(self) -> tuple[SharedClass, ...]:
        by_class = SourceCounts(self._content).side_by_side()
        return tuple(
            SharedClass(label=label, sources=_parts(sources, self._photo, file="photos.jsonl"))
            for label, sources in by_class.items()
        )

    def _changes(self) -> tuple[ReportPart[ShownChange], ...]:
        changes = self._content.changes
        changed: dict[str, list[tuple[str, str, str]]] = {
            "Added": [(sha256, "", "") for sha256 in changes.came],
            "Removed": [(sha256, "", "") for sha256 in changes.went],
            "Changed label": [(change.sha256, change.before, change.after) for change in changes.relabelled],
            "Changed group": [(change.sha256, change.before, change.after) for change in changes.regrouped],
            "Changed subset": [(change.sha256, change.before, change.after) for change in changes.moved],
        }

        def shown(change: tuple[str, str, str]) -> ShownChange:
            sha256, before, after = change
            return ShownChange(photo=self._photo(sha256), before=before, after=after)

        return _parts(changed, shown, file="changes.json")

    def _pairs(self) -> tuple[ReportPart[ShownPair], ...]:
        by_kind: dict[str, list[Pair]] = {kind: [] for kind in PairKind}
        for pair in sorted(self._content.pairs, key=lambda pair: (pair.one, pair.other)):
            by_kind[pair.kind].append(pair)

        return _parts(by_kind, self._pair, file="pairs.jsonl", limit=MOST_PHOTOS // 2)

    def _pair(self, pair: Pair) -> ShownPair:
        one, other = self._photo(pair.one), self._photo(pair.other)
        return ShownPair(one=one, other=other, evidence=pair.evidence, advice=_parting(pair))

    def _two_labels(self) -> ReportPart[ShownPhoto]:
        of = [
            sha256
            for sha256, photo in self._placed.items()
            if (len(photo.labels) > 1 and not self._is_background(sha256)) or photo.reason == Reason.TWO_LABELS
        ]
        of.sort(key=lambda sha256: (self._placed[sha256].group, sha256))  # copies side by side
        shown = tuple(self._photo(sha256) for sha256 in of[:MOST_PHOTOS])
        return ReportPart(name="Two labels", total=len(of), shown=shown, file="photos.jsonl")

    def _left_out(self) -> tuple[ReportPart[ShownPhoto], ...]:
        """Return the photos left out, by reason; without those with two labels."""
        by_reason: dict[str, list[str]] = {reason: [] for reason in Reason if reason != Reason.TWO_LABELS}
        for sha256, photo in self._placed.items():
            if photo.reason is not None and photo.reason != Reason.TWO_LABELS:
                by_reason[photo.reason].append(sha256)
        return _parts(by_reason, self._photo, file="split.json")

    def _large_groups(self) -> list[tuple[str, list[str]]]:
        members: defaultdict[str, list[str]] = defaultdict(list)
        for sha256, photo in self._placed.items():
            members[photo.group].append(sha256)
        large = [(name, photos) for name, photos in members.items() if len(photos) >= FEWEST_OF_GROUP]
        return sorted(large, key=lambda group: (-len(group[1]), group[0]))

    def _is_background(self, sha256: str) -> bool:
        return sha256 in self._curated and self._curated[sha256].role == PhotoRole.BACKGROUND

    def _photo(self, sha256: str) -> ShownPhoto:
        if sha256 not in self._placed:
            return ShownPhoto(sha256=sha256)
        photo = self._placed[sha256]
        curated = self._curated.get(sha256)
        records = self._content.origins.get(sha256, ())
        return ShownPhoto(
            sha256=sha256,
            is_background=self._is_background(sha256),
            sources=curated.sources if curated and self._has_several_sources else (),
            labels=photo.labels,
            subset=photo.subset,
            reason=photo.reason,
            detail=curated.detail if curated else "",
            places=tuple(_place(record) for record in records[:MOST_PLACES]),
            more_places=max(0, len(records) - MOST_PLACES),
            advice=_keeping(sha256, photo.labels, photo.reason) if photo.reason else None,
        )


def _parts(
    lists: Mapping[str, Sequence[_Item]], shown: Callable[[_Item], _Shown], *, file: str, limit: int = MOST_PHOTOS
) -> tuple[ReportPart[_Shown], ...]:
    """Return a part for each non-empty list; together they show at most ``limit`` entries."""
    lists = {name: items for name, items in lists.items() if items}
    shares = fair_shares([len(items) for items in lists.values()], limit)
    return tuple(
        ReportPart(name=str(name), total=len(items), shown=tuple(map(shown, items[:share])), file=file)
        for (name, items), share in zip(lists.items(), shares, strict=True)
    )


def _place(record: ImageRecord) -> PhotoLocation:
    known = {"page": record.page, "photo": record.url}
    return PhotoLocation(
        label=record.label, path=record.path, addresses={name: value for name, value in known.items() if value}
    )


def _parting(pair: Pair) -> Advice:
    if pair.kind == PairKind.OVERRULED:
        return Advice(text="To separate them, remove them from “same”.")
    return Advice(text="To separate them, add to “different”:", line=json.dumps([pair.one, pair.other]))


_TO_USE_IT = {
    Reason.UNREADABLE: "A photo that cannot be decoded cannot be kept: replace the file.",
    Reason.TRUNCATED: "A photo that cannot be decoded cannot be kept: replace the file.",
    Reason.OVERRULED: "To use it, remove it from “exclude”.",
    Reason.JOINED_TO_TEST: "To use it, separate the pair that links it to them: see Related photos.",
    Reason.COPY_OF_CLASS: "To use it, separate the pair that links it to a photo of a class: see Related photos.",
    Reason.CANNOT_TELL: "To use it, review it again.",
    Reason.REVIEWERS_DISAGREE: "To use it, agree on a label and review it again.",
    Reason.SHOWS_NONE: "To use it, review it again.",
}


def _keeping(sha256: str, labels: tuple[str, ...], reason: Reason) -> Advice:
    """Return how to include a photo that is left out."""
    if reason in _TO_USE_IT:
        return Advice(text=_TO_USE_IT[reason])
    if len(labels) > 1:
        return Advice(text="To use it, keep it under only one label in the source, or review it.")
    return Advice(text="To use it, add to “keep”:", line=json.dumps(sha256))
