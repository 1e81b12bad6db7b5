"""Scrape: a source's photos into the image store, with a manifest of where each came from."""

from __future__ import annotations

import contextlib
import logging
from collections import Counter
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from acnelib.atlas.mark import is_drawn
from acnelib.atlas.server import serve_atlas
from acnelib.config.settings import Settings
from acnelib.errors import DataUnusable
from acnelib.folders.structure import check_level
from acnelib.progress import Progress, no_progress
from acnelib.retention.withdraw import finish_withdrawals
from acnelib.scraping.collected import FailureKind, counted
from acnelib.scraping.crawler import base_of, check_contact, crawl
from acnelib.scraping.folder import read_folder
from acnelib.scraping.sources import LAYOUTS, SAMPLE, Source
from acnelib.scraping.terms import check_terms
from acnelib.stages.results import ScrapeResult
from acnelib.storage.files import digest_of
from acnelib.storage.manifest import content_digest, write_manifest
from acnelib.storage.results import References, build_once
from acnelib.storage.workspace import MEMORY, Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from acnelib.scraping.collected import Collected, Failure
    from acnelib.scraping.layout import Layout
    from acnelib.storage.manifest import ImageRecord
    from acnelib.storage.workspace import ImageStore

logger = logging.getLogger(__name__)

FAILURES_SHOWN = 5
"""Failures that are logged one by one; the others are counted."""

_VOLATILE = ("url", "page", "fetched_at")  # a site that moves to another host shows the same photos


def scrape(
    source: Source | str,
    *,
    settings: Settings | None = None,
    accept_terms: bool = False,
    progress: Progress = no_progress,
) -> ScrapeResult:
    """Read a source and keep the photos that are new.

    Args:
        source: ``sample``, a layout, ``layout@address``, or a folder of class folders.
        settings: Where the working folder is.
        accept_terms: The user has read the site's terms and may use its photos under them.
        progress: Called with the progress.

    Raises:
        SourceUnknown: There is no such source.
        UsageError: The site's terms were not accepted, or it wants to know a contact.
        ScrapeFailed: The site as a whole cannot be read.
        DataUnusable: It holds no photo.
    """
    settings = settings or Settings.load()
    source = Source.parse(source, settings=settings) if isinstance(source, str) else source
    workspace = Workspace(settings.workdir)
    finish_withdrawals(workspace)
    collected = _collect(source, workspace, settings, accept_terms=accept_terms, progress=progress)
    _log_failures(collected.failures)
    for note in collected.notes:
        logger.warning("%s", note)
    progress(0, 0, collected.summary)
    if not collected.records:
        raise DataUnusable(f"{source.name} holds no photo: name a source with one folder or topic per class")
    records = tuple(replace(record, source=source.name) for record in _with_marks(collected.records, workspace.images))
    manifest = workspace.result("scrape", _manifest_digest(records)) / "manifest.jsonl"

    def make(folder: Path) -> Iterable[str]:
        write_manifest(folder / manifest.name, records)
        return (record.sha256 for record in records)

    build_once(manifest.parent, make)
    return ScrapeResult(
        references=References(folders=(workspace.name_of(manifest.parent),)),
        source=source.name,
        manifest=manifest,
        data=content_digest(records),
        photos=len(records),
        failures=len(collected.failures),
        downloaded=collected.downloaded,
    )


def check_permission(source: Source, *, settings: Settings, accept_terms: bool) -> None:
    """Check that a source may be read, before anything is started for it; a confirmation is remembered.

    Args:
        source: Any source; folders and sites on this machine have no terms.
        settings: Whose home remembers what was confirmed.
        accept_terms: The user has read the site's terms and may use its photos under them.

    Raises:
        UsageError: The site's terms were not accepted, it wants to know a contact, or its address is none; the classes
            of a folder lie at another level.
    """
    if source.folder is not None:
        check_level(source.folder)
    if source.layout is None or (source.name == SAMPLE and source.address is None):
        return
    layout = source.described(settings)
    base_of(layout, address=source.address)
    check_contact(layout, settings.contact)
    check_terms(
        layout,
        address=source.address,
        accepted=accept_terms,
        settings_toml=settings.toml_file,
        today=datetime.now(tz=UTC).date(),
    )


def _collect(
    source: Source, workspace: Workspace, settings: Settings, *, accept_terms: bool, progress: Progress
) -> Collected:
    memory = workspace.source(source.name) / MEMORY
    if source.folder is not None:
        return read_folder(source.folder, images=workspace.images, memory=memory, progress=progress)
    check_permission(source, settings=settings, accept_terms=accept_terms)
    layout = source.described(settings)
    with _address(source) as address:
        collected = crawl(
            layout,
            address=address,
            images=workspace.images,
            memory=memory,
            contact=settings.contact,
            progress=progress,
        )
    return replace(collected, records=_of_large_classes(collected.records, layout))


def _with_marks(records: tuple[ImageRecord, ...], images: ImageStore) -> tuple[ImageRecord, ...]:
    """Return records that say which photos are drawn pictures: a few bytes of each file, wherever it came from."""
    photos = {record.sha256 for record in records}
    drawn = {sha256 for sha256 in photos if sha256 in images and is_drawn(images.path(sha256))}
    return tuple(replace(record, drawn=record.sha256 in drawn) for record in records)


def _of_large_classes(records: tuple[ImageRecord, ...], layout: Layout) -> tuple[ImageRecord, ...]:
    """Return the records of classes that have the least number of photos that the layout asks for.

    Raises:
        DataUnusable: No class has as many.
    """
    photos = Counter(label for label, _ in {(record.label, record.sha256) for record in records})
    small = {label: number for label, number in photos.items() if number < layout.minimum}
    if not small:
        return records
    counts = ", ".join(f"{label} ({number})" for label, number in sorted(small.items()))
    remedy = f"to keep such classes, set minimum in ACNE_HOME/{LAYOUTS}/{layout.name}.toml"
    if len(small) == len(photos):
        raise DataUnusable(f"{layout.title}: no class has {layout.minimum} photos: {counts}; {remedy}")
    logger.warning("left out, with fewer than %d photos: %s; %s", layout.minimum, counts, remedy)
    return tuple(record for record in records if record.label not in small)


def _log_failures(failures: tuple[Failure, ...]) -> None:
    if number := sum(failure.kind == FailureKind.WITHDRAWN for failure in failures):
        logger.warning("photos that were withdrawn and are left out: %d", number)
    others = tuple(failure for failure in failures if failure.kind != FailureKind.WITHDRAWN)
    for failure in others[:FAILURES_SHOWN]:
        logger.warning("%s", failure)
    if rest := others[FAILURES_SHOWN:]:
        logger.warning("and %s more", counted(rest))


@contextlib.contextmanager
def _address(source: Source) -> Iterator[str | None]:
    if source.name == SAMPLE and source.address is None:
        with serve_atlas() as address:
            yield address
    else:
        yield source.address


def _manifest_digest(records: tuple[ImageRecord, ...]) -> str:
    stable = [{key: value for key, value in asdict(record).items() if key not in _VOLATILE} for record in records]
    return digest_of("manifest", sorted(digest_of(record) for record in stable))
