"""Scrape: a source's photos into the image store, with a manifest of where each came from."""

from __future__ import annotations

import contextlib
import logging
from dataclasses import asdict
from typing import TYPE_CHECKING

from acnelib.atlas.server import serve_atlas
from acnelib.errors import DataUnusable, UsageError
from acnelib.files import digest_of
from acnelib.manifest import content_digest, write_manifest
from acnelib.scraping.crawler import crawl
from acnelib.scraping.folder import read_folder
from acnelib.scraping.layout import load_layout
from acnelib.settings import Settings
from acnelib.stages.keeping import Progress, kept_folder, silent
from acnelib.stages.results import Scraped
from acnelib.stages.sources import SAMPLE, Source
from acnelib.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from acnelib.manifest import ImageRecord
    from acnelib.scraping.collected import Collected

logger = logging.getLogger(__name__)

_VOLATILE = ("url", "page", "fetched_at")  # a site that moves to another host shows the same photos


def scrape(
    source: Source | str,
    *,
    settings: Settings | None = None,
    accept_terms: bool = False,
    progress: Progress = silent,
) -> Scraped:
    """Look at a source anew and keep the photos that are not known yet.

    Args:
        source: ``sample``, a layout, ``layout@address``, or a folder of class folders.
        settings: Where the working folder is.
        accept_terms: The user has read the site's terms and may use its photos under them.
        progress: Told how far it is.

    Raises:
        SourceUnknown: There is no such source.
        UsageError: The site's terms were not accepted.
        ScrapeFailed: The site as a whole cannot be read.
        DataUnusable: It holds no photo.
    """
    settings = settings or Settings.load()
    source = Source.parse(source) if isinstance(source, str) else source
    workspace = Workspace(settings.workdir)
    collected = _collect(source, workspace, settings, accept_terms=accept_terms, progress=progress)
    for failure in collected.failures:
        logger.warning("%s: %s", failure.url, failure.reason)
    if not collected.records:
        raise DataUnusable(f"{source.name} holds no photo: name a source with one folder or topic per class")
    manifest = workspace.result("scrape", _manifest_digest(collected.records)) / "manifest.jsonl"
    kept_folder(manifest.parent, lambda folder: write_manifest(folder / manifest.name, collected.records))
    return Scraped(
        source=source.name,
        manifest=manifest,
        digest=content_digest(collected.records),
        photos=len(collected.records),
        failures=len(collected.failures),
        downloaded=collected.downloaded,
    )


def _collect(
    source: Source, workspace: Workspace, settings: Settings, *, accept_terms: bool, progress: Progress
) -> Collected:
    memory = workspace.source(source.name) / "seen.jsonl"
    if source.folder is not None:
        return read_folder(source.folder, images=workspace.images, memory=memory, progress=progress)
    layout = load_layout(str(source.layout))
    if layout.terms and not accept_terms:
        raise UsageError(f"{layout.title}: {layout.terms} Read its terms, then run again with --accept-terms")
    with _address(source) as address:
        return crawl(
            layout,
            address=address,
            images=workspace.images,
            memory=memory,
            contact=settings.contact,
            progress=progress,
        )


@contextlib.contextmanager
def _address(source: Source) -> Iterator[str | None]:
    if source.name == SAMPLE:
        with serve_atlas() as address:
            yield address
    else:
        yield source.address


def _manifest_digest(records: tuple[ImageRecord, ...]) -> str:
    stable = [{key: value for key, value in asdict(record).items() if key not in _VOLATILE} for record in records]
    return digest_of("manifest", sorted(digest_of(record) for record in stable))
