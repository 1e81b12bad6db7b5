"""Scrape: the photos of a run's sources into the image store, with one manifest of where each came from."""

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
from acnelib.dataset.reviewed_records import with_reviews
from acnelib.errors import DataUnusable, SourceUnknown, UsageError
from acnelib.folders.structure import check_level
from acnelib.progress import Progress, no_progress
from acnelib.retention.withdraw import finish_withdrawals
from acnelib.reviews import decide, read_reviews
from acnelib.scraping.collected import FailureKind, counted
from acnelib.scraping.crawler import base_of, check_contact, crawl
from acnelib.scraping.folder import read_folder
from acnelib.scraping.sources import LAYOUTS, SAMPLE, Source, Sources
from acnelib.scraping.terms import check_terms
from acnelib.stages.results import ReviewSummary, ScrapeResult
from acnelib.stages.source_readings import (
    FAILURES,
    SourceReading,
    background_of,
    check_readings,
    failure_of,
    held_out_of,
    photos_of_sources,
)
from acnelib.storage.files import digest_of
from acnelib.storage.manifest import PhotoRole, content_digest, write_manifest
from acnelib.storage.results import References, build_once
from acnelib.storage.workspace import MEMORY, Workspace

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from acnelib.reviews import PhotoDecision
    from acnelib.scraping.collected import Collected, Failure
    from acnelib.scraping.layout import Layout
    from acnelib.scraping.sources import SomeSources
    from acnelib.storage.manifest import ImageRecord
    from acnelib.storage.workspace import ImageStore

logger = logging.getLogger(__name__)

FAILURES_SHOWN = 5
"""Failures that are logged one by one; the others are counted."""

_VOLATILE = ("url", "page", "fetched_at")  # a site that moves to another host shows the same photos


def scrape(
    source: SomeSources | Sources,
    *,
    background: SomeSources = (),
    test: Source | str | None = None,
    reviews: Iterable[Path | str] = (),
    allow_missing: bool = False,
    settings: Settings | None = None,
    accept_terms: bool = False,
    progress: Progress = no_progress,
) -> ScrapeResult:
    """Read sources and keep the photos that are new.

    What a source gave is kept and remembered when another one fails.

    Args:
        source: One or several, in any order: ``sample``, a layout, ``layout@address``, or a folder of class folders.
        background: Sources of photos that show none of the classes: a folder with one folder per condition, or a
            layout, all of whose topics are background.
        test: A folder of class folders whose photos are tested on; neither they nor their copies are learnt from.
        reviews: Files of reviews, whose labels overrule those of the sources (:mod:`acnelib.reviews`).
        allow_missing: Go on without sources that fail, as long as one source of the classes is left. The test folder
            must not fail.
        settings: Where the working folder is.
        accept_terms: The user has read the terms of the sites and may use their photos under them.
        progress: Called with the progress.

    Raises:
        SourceUnknown: There is no such source.
        UsageError: The terms of a site were not accepted, or it wants to know a contact.
        ScrapeFailed: A site as a whole cannot be read.
        DataUnusable: A source holds no photo, background photos are named like a class, or a file of reviews is
            damaged.
    """
    settings = settings or Settings.load()
    if not isinstance(source, Sources):
        source = Sources.parse(
            source, background=background, test=test, reviews=reviews, settings=settings, missing_folder=allow_missing
        )
    elif background or test or reviews:
        raise TypeError("the sources name their background, test folder and reviews already")
    decisions = decide(read_reviews(source.reviews))
    workspace = Workspace(settings.workdir)
    finish_withdrawals(workspace)
    check_permissions(source, settings=settings, accept_terms=accept_terms, allow_missing=allow_missing)
    readings = []
    for one in source.all:
        reading = _read(
            one, source, workspace, settings, reviewed=decisions.keys(), accept_terms=accept_terms, progress=progress
        )
        if reading.error is not None:
            error = failure_of(reading.error, one, source)
            if not allow_missing or one == source.test:
                raise error from reading.error
            logger.warning("%s is left out of this run: %s", one.name, reading.error)
        readings.append(reading)
    check_readings(readings, source)
    return _result(readings, source, decisions, workspace, settings)


def check_permissions(sources: Sources, *, settings: Settings, accept_terms: bool, allow_missing: bool = False) -> None:
    """Check that every source may be read, before anything is started for any of them.

    All sources are checked before the first fault is raised, so that a user reads the terms of all sites before
    confirming them.

    Args:
        sources: The sources of a run.
        settings: Whose home remembers what was confirmed.
        accept_terms: The user has read the terms of the sites and may use their photos under them.
        allow_missing: Sources that are gone are left to the reading.

    Raises:
        UsageError: As :func:`check_permission` raises it, for one or several sources.
    """
    faults: list[UsageError] = []
    for source in sources.all:
        try:
            check_permission(source, settings=settings, accept_terms=accept_terms, option=sources.option(source))
        except SourceUnknown as error:
            faults += [] if allow_missing else [error]
        except UsageError as error:
            faults.append(error)
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise UsageError("; ".join(str(fault) for fault in faults))


def check_permission(source: Source, *, settings: Settings, accept_terms: bool, option: str = "--source") -> None:
    """Check that a source may be read, before anything is started for it; a confirmation is remembered.

    Args:
        source: Any source; folders and sites on this machine have no terms.
        settings: Whose home remembers what was confirmed.
        accept_terms: The user has read the site's terms and may use its photos under them.
        option: The option that names it on the command line.

    Raises:
        UsageError: The site's terms were not accepted, it wants to know a contact, or its address is none; the classes
            of a folder lie at another level.
    """
    if source.folder is not None:
        check_level(source.folder, option=option)
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


def _read(
    source: Source,
    sources: Sources,
    workspace: Workspace,
    settings: Settings,
    *,
    reviewed: Collection[str],
    accept_terms: bool,
    progress: Progress,
) -> SourceReading:
    """Read one source; its failure is part of the reading."""
    prefix = f"{source.name}: " if len(sources.all) > 1 else ""
    role = PhotoRole.CLASS if source in sources.classes or source == sources.test else PhotoRole.BACKGROUND

    def named(done: int, total: int, what: str) -> None:
        progress(done, total, f"{prefix}{what}")

    try:
        collected = _collect(
            source, workspace, settings, role=role, reviewed=reviewed, accept_terms=accept_terms, progress=named
        )
        if not collected.records:
            raise DataUnusable(f"{source.name} holds no photo: name a source with one folder or topic per class")
    except FAILURES as error:
        return SourceReading(source=source, error=error)
    _log_failures(collected.failures, prefix)
    for note in collected.notes:
        logger.warning("%s%s", prefix, note)
    named(0, 0, collected.summary)
    if source == sources.test:
        collected = replace(collected, records=tuple(replace(one, held_out=True) for one in collected.records))
    return SourceReading(source=source, collected=collected)


def _result(
    readings: list[SourceReading],
    sources: Sources,
    decisions: Mapping[str, PhotoDecision],
    workspace: Workspace,
    settings: Settings,
) -> ScrapeResult:
    records, counts = with_reviews((record for one in readings for record in one.records), decisions)
    for sentence in counts.sentences():
        logger.info("reviews: %s", sentence)
    records = _with_marks(records, workspace.images)
    manifest = workspace.result("scrape", _manifest_digest(records)) / "manifest.jsonl"

    def make(folder: Path) -> Iterable[str]:
        write_manifest(folder / manifest.name, records)
        return (record.sha256 for record in records)

    build_once(manifest.parent, make)
    collected = [one.collected for one in readings if one.collected is not None]
    return ScrapeResult(
        references=References(folders=(workspace.name_of(manifest.parent),)),
        source=sources.name,
        sources=photos_of_sources(readings, sources, settings),
        background=background_of(records),
        test=held_out_of(records, sources),
        reviews=ReviewSummary(files=len(sources.reviews), counts=asdict(counts)) if sources.reviews else None,
        manifest=manifest,
        data=content_digest(records),
        photos=len(records),
        failures=sum(len(one.failures) for one in collected),
        downloaded=sum(one.downloaded for one in collected),
    )


def _collect(
    source: Source,
    workspace: Workspace,
    settings: Settings,
    *,
    role: PhotoRole,
    reviewed: Collection[str],
    accept_terms: bool,
    progress: Progress,
) -> Collected:
    memory = workspace.source(source.name) / MEMORY
    if source.folder is not None:
        return read_folder(
            source.folder, images=workspace.images, memory=memory, role=role, reviewed=reviewed, progress=progress
        )
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
    if role == PhotoRole.BACKGROUND:
        return replace(collected, records=tuple(replace(record, role=role) for record in collected.records))
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
    classes = {(record.label, record.sha256) for record in records if record.role == PhotoRole.CLASS}
    photos = Counter(label for label, _ in classes)
    small = {label: number for label, number in photos.items() if number < layout.minimum}
    if not small:
        return records
    counts = ", ".join(f"{label} ({number})" for label, number in sorted(small.items()))
    remedy = f"to keep such classes, set minimum in ACNE_HOME/{LAYOUTS}/{layout.name}.toml"
    if len(small) == len(photos):
        raise DataUnusable(f"{layout.title}: no class has {layout.minimum} photos: {counts}; {remedy}")
    logger.warning("left out, with fewer than %d photos: %s; %s", layout.minimum, counts, remedy)
    return tuple(record for record in records if record.role != PhotoRole.CLASS or record.label not in small)


def _log_failures(failures: tuple[Failure, ...], prefix: str) -> None:
    if number := sum(failure.kind == FailureKind.WITHDRAWN for failure in failures):
        logger.warning("%sphotos that were withdrawn and are left out: %d", prefix, number)
    others = tuple(failure for failure in failures if failure.kind != FailureKind.WITHDRAWN)
    for failure in others[:FAILURES_SHOWN]:
        logger.warning("%s%s", prefix, failure)
    if rest := others[FAILURES_SHOWN:]:
        logger.warning("%sand %s more", prefix, counted(rest))


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
