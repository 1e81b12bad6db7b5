"""Split: train, validation and test, going on from the source's previous split."""

from __future__ import annotations

import json
import logging
from collections import Counter, defaultdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from acnelib.config.settings import Settings
from acnelib.dataset import splitting
from acnelib.dataset.changes import Changes, changes_between
from acnelib.dataset.curation import GROUPED_BY, read_curated
from acnelib.dataset.duplicates.pairs import read_pairs
from acnelib.dataset.report.data_report import ReportContent, write_data_report
from acnelib.dataset.shortcuts import read_shortcuts
from acnelib.dataset.split_warnings import hardly_tested, split_warnings
from acnelib.dataset.splitting import Split, Subset
from acnelib.errors import TrackingFailed
from acnelib.registry.reading import RegistryReader
from acnelib.stages.curate import FINDINGS, PAIRS
from acnelib.stages.results import CurateResult, SplitResult
from acnelib.storage import licences
from acnelib.storage.files import digest_of, write_json
from acnelib.storage.manifest import licences_of, read_manifest
from acnelib.storage.results import build_once
from acnelib.storage.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from acnelib.storage.manifest import ImageRecord

logger = logging.getLogger(__name__)

GONE = "gone.json"
"""Beside ``split.json``: photos that have left the source, and what they served for, in case they come back."""

CHANGES = "changes.json"
"""Beside it, too: what came, went or changed since the split that this one goes on from."""

REPORT = "data_report.html"
"""And the report that people look at; it holds thumbnails."""

CACHE_VERSION = 2
"""To be counted up when splits are made otherwise."""


def split(curated: CurateResult, *, settings: Settings | None = None) -> SplitResult:
    """Give every photo a subset; photos keep the one that the previous split gave them.

    The previous split is this source's in the working folder, else that of the production version.

    Args:
        curated: The photos.
        settings: Where the working folder is.

    Raises:
        DataUnusable: Fewer than two classes have photos to learn from.
        TrackingFailed: There is no previous split here, and the tracking server cannot be asked for production's.
    """
    settings = settings or Settings.load()
    workspace = Workspace(settings.workdir)
    latest = workspace.source(curated.scraped.source) / "latest_split.json"
    path = _latest(latest, curated.digest)
    if path is None:
        before = _latest(latest)
        photos = read_curated(curated.photos)
        splitting.split(photos, previous={}, grouped_by=GROUPED_BY)  # unusable photos are told before a server is asked
        previous = _seen(before) if before else _of_production(settings)
        earlier = Split.read(before) if before else None
        digest = digest_of(
            "split", CACHE_VERSION, curated.digest, sorted(previous.items()), earlier.digest if earlier else None
        )
        path = workspace.result("split", digest) / "split.json"
        finished = splitting.split(photos, previous=previous, grouped_by=GROUPED_BY)
        gone = {sha256: subset for sha256, subset in previous.items() if sha256 not in finished.photos}
        changes = changes_between(earlier, finished)
        build_once(path.parent, lambda folder: _write(folder, finished, gone, changes))
        write_json(latest, {"curated": curated.digest, "split": str(path.relative_to(workspace.root))})
    result = Split.read(path)
    changes = Changes.read(path.parent / CHANGES)
    for statement in split_warnings(result):
        logger.warning("%s", statement)
    statements = (*split_warnings(result), *hardly_tested(result))
    report = path.parent / REPORT
    if not report.is_file():  # new, or removed since it showed a photo that was withdrawn
        write_data_report(report, _report(curated, result, changes, statements), picture=workspace.images.path)
    return SplitResult(
        curated=curated,
        split=path,
        digest=result.digest,
        test_sha256=result.test_sha256,
        counts=dict(Counter(str(photo.subset) for photo in result.photos.values())),
        statements=list(statements),
        changes=str(changes),
        report=report,
    )


def _write(folder: Path, finished: Split, gone: Mapping[str, Subset], changes: Changes) -> None:
    finished.write(folder / "split.json")
    write_json(folder / GONE, gone)
    changes.write(folder / CHANGES)


def _report(curated: CurateResult, result: Split, changes: Changes, statements: tuple[str, ...]) -> ReportContent:
    records = tuple(read_manifest(curated.scraped.manifest))
    origins: defaultdict[str, list[ImageRecord]] = defaultdict(list)
    for record in records:
        origins[record.sha256].append(record)
    return ReportContent(
        source=curated.scraped.source,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        split=result,
        photos=read_curated(curated.photos),
        pairs=read_pairs(curated.photos.parent / PAIRS),
        findings=read_shortcuts(curated.photos.parent / FINDINGS),
        licences=licences.counted(licences_of(origins, records).values()),
        origins={sha256: tuple(places) for sha256, places in origins.items()},
        changes=changes,
        statements=statements,
    )


def _seen(path: Path) -> dict[str, Subset]:
    """Return what each photo has served for, those included that the source does not have at present."""
    gone = json.loads((path.parent / GONE).read_text())
    return {sha256: Subset(subset) for sha256, subset in gone.items()} | Split.read(path).subsets_seen


def _of_production(settings: Settings) -> dict[str, Subset]:
    """Return how the production version used its photos: a wiped folder, or another machine, goes on from there."""
    registry = RegistryReader.of(settings)
    if registry is None:
        return {}
    with registry as reader:
        try:
            production = reader.production()
            seen = reader.subsets(production) if production else {}
        except TrackingFailed as error:
            raise TrackingFailed(
                f"{error}; the split goes on from the production version's, so it must be asked"
            ) from error
    return {sha256: Subset(subset) for sha256, subset in seen.items()}


def _latest(pointer: Path, curated: str | None = None) -> Path | None:
    """Return the source's latest split, or None when there is none, or none of these curated photos."""
    try:
        values = json.loads(pointer.read_text())
    except FileNotFoundError:
        return None
    path: Path = pointer.parent.parent / values["split"]
    return path if path.is_file() and curated in {None, values["curated"]} else None
