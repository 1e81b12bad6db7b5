"""Image records of the photos of a run's sources, one line of JSON each."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from acnelib.storage.files import digest_of, write_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path


class PhotoRole(StrEnum):
    """What a photo teaches."""

    CLASS = "class"
    BACKGROUND = "background"


class RecordReview(StrEnum):
    """What reviews say about the label of a photo."""

    BLIND = "blind"
    NOT_BLIND = "not-blind"
    NONE = "none"
    UNSURE = "unsure"
    CONFLICT = "conflict"


@dataclass(frozen=True, kw_only=True)
class ImageRecord:
    """One photo in one place of a source; the same photo may be in several places.

    Attributes:
        sha256: Hexadecimal SHA-256 of the file's bytes, its name in the image store.
        label: Class label that the place gives it; of a background photo the condition that it shows.
        path: Its path in the source: relative to a folder, or the path of the URL.
        url: Where it was fetched; None from a folder.
        page: Page that shows it; None from a folder.
        title: Title of that page.
        caption: Caption or alternative text.
        licence: Licence that the source states; None: not known.
        fetched_at: When it was first fetched, ISO 8601 in UTC.
        drawn: Whether it is a picture that the project drew, by the mark in its file.
        source: Name of its source.
        role: Whether it shows a class, or is background: known to show none of the classes.
        held_out: Whether it is from a test folder, so that nothing learns from it or its copies.
        reviewed: Where the label comes from if reviewers gave it, with or without a model's answer in sight, or why
            they leave the photo out; None where no review counts.
        filed_as: Label that the place gives it, where reviewers gave another one; else empty.
        opinions: Opinions of the reviewers, by pseudonym, in words; else empty.
    """

    sha256: str
    label: str
    path: str
    url: str | None = None
    page: str | None = None
    title: str | None = None
    caption: str | None = None
    licence: str | None = None
    fetched_at: str | None = None
    drawn: bool = False
    source: str = ""
    role: PhotoRole = PhotoRole.CLASS
    held_out: bool = False
    reviewed: RecordReview | None = None
    filed_as: str = ""
    opinions: str = ""


def write_manifest(path: Path, records: Iterable[ImageRecord]) -> None:
    """Write records as JSON lines, ordered by source, path and label so that equal sources give equal files."""
    lines = (
        json.dumps(asdict(record), ensure_ascii=False, sort_keys=True)
        for record in sorted(records, key=lambda record: (record.source, record.path, record.label))
    )
    write_text(path, "".join(f"{line}\n" for line in lines))


def read_manifest(path: Path) -> Iterator[ImageRecord]:
    """Yield the records of a manifest, one by one."""
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            values = json.loads(line)
            reviewed = values.get("reviewed")
            enums = {"role": PhotoRole(values["role"]), "reviewed": RecordReview(reviewed) if reviewed else None}
            yield ImageRecord(**values | enums)


def forget_records(path: Path, photos: Collection[str]) -> bool:
    """Remove the records of some photos from a manifest; return False when it has none."""
    records = list(read_manifest(path))
    kept = [record for record in records if record.sha256 not in photos]
    if len(kept) < len(records):
        write_manifest(path, kept)
    return len(kept) < len(records)


def content_digest(records: Iterable[ImageRecord]) -> str:
    """Return a digest of the places, labels and licences of photos; addresses do not count."""
    return digest_of(
        "manifest",
        sorted(
            {
                (
                    record.sha256,
                    record.label,
                    record.path,
                    record.licence or "",
                    record.source,
                    record.role,
                    record.held_out,
                    *((record.reviewed,) if record.reviewed else ()),
                )
                for record in records
            }
        ),
    )


def all_drawn(photos: Collection[str], records: Iterable[ImageRecord]) -> bool:
    """Say whether every one of some photos, by hash, is a drawn picture; of none, they are not."""
    return bool(photos) and set(photos) <= {record.sha256 for record in records if record.drawn}


def licences_of(photos: Collection[str], records: Iterable[ImageRecord]) -> dict[str, str | None]:
    """Return the licence of each photo, ordered by hash; None where no source states one."""
    licences: dict[str, str | None] = dict.fromkeys(sorted(photos))
    for record in records:
        if record.sha256 in licences and record.licence:
            licences[record.sha256] = licences[record.sha256] or record.licence
    return licences
