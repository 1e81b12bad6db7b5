"""Curate: the choice of photos that are fit for use, and the groups that belong together."""

from __future__ import annotations

import logging
from collections import Counter
from typing import TYPE_CHECKING

from acnelib.config.settings import Settings
from acnelib.dataset import curation
from acnelib.dataset.appearance.facts import FactStore
from acnelib.dataset.curation import GROUPED_BY, read_curated, write_curated
from acnelib.dataset.duplicates.detection import find_pairs
from acnelib.dataset.duplicates.pairs import PairStore, read_pairs, write_pairs
from acnelib.dataset.overrides import FILE_NAME, Overrides
from acnelib.dataset.shortcuts import find_shortcuts, read_shortcuts, write_shortcuts
from acnelib.progress import Progress, no_progress
from acnelib.stages.results import CurateResult, ScrapeResult
from acnelib.storage.files import digest_of
from acnelib.storage.manifest import read_manifest
from acnelib.storage.results import References, build_once
from acnelib.storage.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

logger = logging.getLogger(__name__)

CACHE_VERSION = 3
"""Increase it when curation judges differently, so that old judgements are not reused."""

PHOTOS, PAIRS, FINDINGS = "photos.jsonl", "pairs.jsonl", "findings.json"


def curate(
    scrape_result: ScrapeResult, *, settings: Settings | None = None, progress: Progress = no_progress
) -> CurateResult:
    """Judge every photo of a manifest and tie those together that belong together.

    ``overrule.json`` in the folder of the run's sources, and in that of each single source, overrules the result.

    Args:
        scrape_result: The photos.
        settings: Where the working folder is.
        progress: Called with the progress.

    Raises:
        SettingsInvalid: An ``overrule.json`` is damaged, or two contradict each other.
    """
    settings = settings or Settings.load()
    workspace = Workspace(settings.workdir)
    tested = [scrape_result.test.name] if scrape_result.test else []
    names = (scrape_result.source, *(source.name for source in scrape_result.sources), *tested)
    overrule = Overrides.read_all(workspace.source(name) / FILE_NAME for name in names)
    digest = digest_of("curate", CACHE_VERSION, GROUPED_BY, scrape_result.data, overrule.digest)
    folder = workspace.result("curate", digest)
    build_once(folder, lambda part: _judge(part, scrape_result, workspace, overrule, progress))
    photos = read_curated(folder / PHOTOS)
    warnings = [finding.text for finding in read_shortcuts(folder / FINDINGS) if finding.warns]
    for warning in warnings:
        logger.info("%s", warning)
    return CurateResult.following(
        scrape_result,
        References(folders=(workspace.name_of(folder),)),
        photos=folder / PHOTOS,
        digest=digest,
        records=scrape_result.photos,
        used=sum(photo.reason is None for photo in photos),
        excluded=dict(Counter(str(photo.reason) for photo in photos if photo.reason is not None)),
        pairs=dict(Counter(str(pair.kind) for pair in read_pairs(folder / PAIRS))),
        warnings=warnings,
    )


def _judge(
    folder: Path, scrape_result: ScrapeResult, workspace: Workspace, overrule: Overrides, progress: Progress
) -> Iterable[str]:
    records = list(read_manifest(scrape_result.manifest))
    store = FactStore(workspace.root / "facts")
    facts = store.facts(
        {record.sha256 for record in records},
        path_of=workspace.images.path,
        progress=lambda done, total: progress(done, total, "photos looked at"),
    )
    readable = {sha256: fact for sha256, fact in facts.items() if fact.error is None}
    judged = PairStore(workspace.root / "pairs")
    judged.load(readable)
    pairs = find_pairs(
        readable,
        store.key_points(readable),
        store=judged,
        progress=lambda done, total: progress(done, total, "photos compared"),
    )
    pairs = overrule.applied(pairs, photos=facts)
    photos = curation.curate(records, facts, pairs, overrule=overrule)
    write_curated(folder / PHOTOS, photos)
    write_pairs(folder / PAIRS, pairs)
    write_shortcuts(folder / FINDINGS, find_shortcuts(photos, facts))
    return facts
