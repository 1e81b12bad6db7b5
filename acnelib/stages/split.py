"""Split: what each photo serves for, and its folds, based on the previous split of the same sources."""

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
from acnelib.dataset.split_warnings import small_class_warnings, split_warnings
from acnelib.dataset.splitting import Split
from acnelib.dataset.test_part import check_test_share
from acnelib.errors import TrackingFailed
from acnelib.registry.reading import RegistryReader
from acnelib.stages.curate import FINDINGS, PAIRS
from acnelib.stages.results import CurateResult, SplitResult
from acnelib.storage import licences
from acnelib.storage.assignments import Assignment, assignments_as_json, assignments_from_json
from acnelib.storage.files import digest_of, write_json
from acnelib.storage.latest_split import LatestSplit
from acnelib.storage.manifest import PhotoRole, licences_of, read_manifest
from acnelib.storage.results import References, build_once
from acnelib.storage.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from acnelib.storage.manifest import ImageRecord
    from acnelib.storage.workspace import ImageStore

logger = logging.getLogger(__name__)

GONE = "gone.json"
"""File beside ``split.json``: assignments of photos that have left the source, in case they return."""

CHANGES = "changes.json"
"""File beside it: the changes since the previous split."""

REPORT = "data_report.html"
"""File beside it: the report, with thumbnails."""

CACHE_VERSION = 5
"""Increase it when splits are made differently."""


def split(curate_result: CurateResult, *, test_share: float = 0.0, settings: Settings | None = None) -> SplitResult:
    """Assign every photo to a subset and to folds; photos keep those that the previous split gave them.

    The previous split is that of the same sources in the working folder, else that of the production version.

    Args:
        curate_result: The photos.
        test_share: Share of the photos of each class to keep out for a test, at least 0 and below 1. By default, and if
            there is a test folder, 0: every other photo is learnt from. Without a test part, models are judged by
            cross-validation.
        settings: Where the working folder is.

    Raises:
        UsageError: The share is out of range, or there is a test folder, too.
        DataUnusable: Fewer than two classes have photos to learn from, or none of these has photos to test on.
        TrackingFailed: There is no previous split here, and the tracking server cannot be asked for production's.
    """
    check_test_share(test_share or None, test_folder=curate_result.test is not None)
    settings = settings or Settings.load()
    workspace = Workspace(settings.workdir)
    source = workspace.source(curate_result.source)
    latest = LatestSplit.of(source)
    before = latest.path(workspace) if latest else None
    is_current = latest is not None and before is not None and latest.curated == _key(curate_result, test_share)
    path = before if before and is_current else _made(curate_result, before, test_share, settings)
    result = Split.read(path)
    changes = Changes.read(path.parent / CHANGES)
    serious = split_warnings(result, learnt_before=len(changes.learnt_before))
    for statement in serious:
        logger.warning("%s", statement)
    warnings = (*serious, *small_class_warnings(result))
    report = path.parent / REPORT
    if not report.is_file():  # new, or removed because it showed a withdrawn photo
        write_data_report(report, _report(curate_result, result, changes, warnings), picture=workspace.images.path)
    counts = dict(Counter(str(photo.subset) for photo in result.photos.values() if photo.role == PhotoRole.CLASS))
    split_result = SplitResult.following(
        curate_result,
        References(folders=(workspace.name_of(path.parent),)),
        split=path,
        split_digest=result.digest,
        test_share=test_share,
        test_sha256=result.test_sha256,
        counts=counts,
        statements=list(warnings),
        changes=str(changes),
        report=report,
        summary={
            "records": curate_result.records,
            "used": curate_result.used,
            "left_out": curate_result.excluded,
            "pairs": curate_result.pairs,
            "gives_classes_away": curate_result.warnings,
            "subsets": counts,
            "statements": list(warnings),
            "changes": str(changes),
            "test_sha256": result.test_sha256,
            **({"reviews": curate_result.reviews.counts} if curate_result.reviews else {}),
        },
    )
    name = workspace.name_of(path)
    LatestSplit(
        curated=_key(curate_result, test_share),
        split=name,
        sources=_read_sources(curate_result),
        references=split_result.references,
    ).save(source)
    return split_result


def _read_sources(curate_result: CurateResult) -> tuple[str, ...]:
    """Return the names of the sources that were read; photos of a missing one are kept for the next run."""
    learnt = [source.name for source in curate_result.sources if source.error is None]
    return (*learnt, *([curate_result.test.name] if curate_result.test else []))


def _key(curate_result: CurateResult, test_share: float) -> str:
    """Return a digest of what is split and how; increased versions make a new split of the same photos."""
    return digest_of("split", CACHE_VERSION, curate_result.digest, test_share)


def _made(curate_result: CurateResult, before: Path | None, test_share: float, settings: Settings) -> Path:
    """Return the path of a new split, based on an earlier one."""
    photos = read_curated(curate_result.photos)
    splitting.split(
        photos, previous={}, grouped_by=GROUPED_BY, test_share=test_share
    )  # unusable photos fail before a server is asked
    previous = _assignments_before(before) if before else _of_production(settings)
    earlier = Split.read(before) if before else None
    digest = digest_of(
        "split", _key(curate_result, test_share), assignments_as_json(previous), earlier.digest if earlier else None
    )
    workspace = Workspace(settings.workdir)
    path = workspace.result("split", digest) / "split.json"
    finished = splitting.split(photos, previous=previous, grouped_by=GROUPED_BY, test_share=test_share)
    gone = {sha256: one for sha256, one in previous.items() if sha256 not in finished.photos}
    changes = changes_between(earlier, finished, previous=previous)
    build_once(path.parent, lambda folder: _write(folder, finished, gone, changes, images=workspace.images))
    return path


def _write(
    folder: Path, finished: Split, gone: Mapping[str, Assignment], changes: Changes, *, images: ImageStore
) -> Iterable[str]:
    finished.write(folder / "split.json")
    write_json(folder / GONE, assignments_as_json(gone))
    changes.write(folder / CHANGES)
    return (*finished.photos, *(sha256 for sha256 in changes.went if sha256 in images))  # the report shows both


def _report(curate_result: CurateResult, result: Split, changes: Changes, warnings: tuple[str, ...]) -> ReportContent:
    records = tuple(read_manifest(curate_result.manifest))
    origins: defaultdict[str, list[ImageRecord]] = defaultdict(list)
    for record in records:
        origins[record.sha256].append(record)
    return ReportContent(
        source=curate_result.source,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        split=result,
        photos=read_curated(curate_result.photos),
        pairs=read_pairs(curate_result.photos.parent / PAIRS),
        findings=read_shortcuts(curate_result.photos.parent / FINDINGS),
        licences=licences.counted(licences_of(origins, records).values()),
        origins={sha256: tuple(places) for sha256, places in origins.items()},
        changes=changes,
        split_warnings=warnings,
        reviews=tuple(curate_result.reviews.sentences) if curate_result.reviews else (),
        missing_sources={source.name: source.error for source in curate_result.sources if source.error},
    )


def _assignments_before(path: Path) -> dict[str, Assignment]:
    """Return the assignment of each photo, including photos that have left the source."""
    gone = json.loads((path.parent / GONE).read_text(encoding="utf-8"))
    return assignments_from_json(gone) | Split.read(path).assignments


def _of_production(settings: Settings) -> dict[str, Assignment]:
    """Return the assignments of the production version's photos, from which an empty working folder continues."""
    registry = RegistryReader.of(settings)
    if registry is None:
        return {}
    with registry as reader:
        try:
            production = reader.production()
            return reader.assignments(production) if production else {}
        except TrackingFailed as error:
            raise TrackingFailed(f"{error}; the new split is based on that of the production version") from error
