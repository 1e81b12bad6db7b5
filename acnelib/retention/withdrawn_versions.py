"""Registered versions that used withdrawn photos, and their marks."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from acnelib.errors import ModelUnavailable, TrackingFailed
from acnelib.registry.reading import RegistryReader
from acnelib.registry.tracking.connection import tracking_of
from acnelib.storage.assignments import Subset

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from acnelib.config.settings import Settings
    from acnelib.storage.withdrawals import Withdrawal


@dataclass(frozen=True, kw_only=True)
class AffectedVersion:
    """A registered version that used withdrawn photos.

    Attributes:
        version: Its number.
        in_production: Whether it is in production.
        photos: Subset of each withdrawn photo.
        marking: Value of its tag.
        marked: Whether the tag has this value.
    """

    version: str
    in_production: bool
    photos: Mapping[str, str]
    marking: str
    marked: bool


def used_by(settings: Settings, records: Mapping[str, Withdrawal]) -> tuple[list[AffectedVersion], list[str]]:
    """Return the versions that used withdrawn photos, and the errors of versions that could not be checked."""
    server, used, failures = settings.server(), [], []
    if server is None:
        return [], []
    try:
        reader = RegistryReader(server, model_name=settings.model_name)
    except ModelUnavailable as error:
        return [], [str(error)]
    with contextlib.closing(reader):
        try:
            registered = reader.withdrawal_tags()
            production = reader.production() if registered else None
        except (ModelUnavailable, TrackingFailed) as error:
            return [], [str(error)]
        for number, marking in registered.items():
            try:
                assignments = reader.assignments(reader.find(number))
            except (ModelUnavailable, TrackingFailed) as error:
                failures.append(str(error))
                continue
            if photos := {sha256: str(assignments[sha256].subset) for sha256 in records if sha256 in assignments}:
                marking_now = _marking(photos, records)
                in_production = production is not None and production.version == number
                used.append(
                    AffectedVersion(
                        version=number,
                        in_production=in_production,
                        photos=photos,
                        marking=marking_now,
                        marked=marking == marking_now,
                    )
                )
    return used, failures


def _marking(photos: Mapping[str, str], records: Mapping[str, Withdrawal]) -> str:
    numbers = Counter(photos.values())
    last = max(records[sha256].withdrawn_at for sha256 in photos)
    return json.dumps({**{str(subset): numbers[subset] for subset in (Subset.TRAIN, Subset.TEST)}, "at": last})


def mark(settings: Settings, used: Sequence[AffectedVersion]) -> tuple[list[AffectedVersion], list[str]]:
    """Mark versions with the withdrawn photos that they used; return them, and the errors."""
    if all(one.marked for one in used):
        return list(used), []
    marked = []
    try:
        tracking = tracking_of(settings)
        with tracking.failing_clearly():
            for one in used:
                if not one.marked:
                    tracking.versions.mark_withdrawn(one.version, one.marking)
                marked.append(replace(one, marked=True))
    except TrackingFailed as error:
        return [*marked, *used[len(marked) :]], [str(error)]
    return marked, []


def with_versions(
    records: Mapping[str, Withdrawal], server: str, used: Sequence[AffectedVersion]
) -> dict[str, Withdrawal]:
    """Return the records with the versions of a server that used the photos."""

    def completed(record: Withdrawal) -> Withdrawal:
        subsets = {one.version: one.photos[record.sha256] for one in used if record.sha256 in one.photos}
        return replace(record, versions={**record.versions, server: subsets}) if subsets else record

    return {sha256: completed(record) for sha256, record in records.items()}
