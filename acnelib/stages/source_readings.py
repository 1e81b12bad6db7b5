"""Readings of a run's sources, combined: one manifest of all, and the sources that are missing from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from acnelib.errors import DataUnusable, ScrapeFailed, SourceUnknown
from acnelib.scraping.redaction import redaction_of
from acnelib.scraping.sources import LAYOUTS
from acnelib.stages.results import BackgroundPhotos, HeldOutPhotos, SourcePhotos
from acnelib.storage.manifest import PhotoRole

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from acnelib.config.settings import Settings
    from acnelib.errors import AcneError
    from acnelib.scraping.collected import Collected
    from acnelib.scraping.sources import Source, Sources
    from acnelib.storage.manifest import ImageRecord

FAILURES = (ScrapeFailed, DataUnusable, SourceUnknown)
"""Failures of a single source, without which a run may go on; a wrong command ends every run."""

_NAMED = 5


@dataclass(frozen=True, kw_only=True)
class SourceReading:
    """One source, read or missing.

    Attributes:
        source: The source.
        collected: Its photos; None if it failed.
        error: Its failure.
    """

    source: Source
    collected: Collected | None = None
    error: AcneError | None = None

    @property
    def records(self) -> tuple[ImageRecord, ...]:
        """The image records, which name the source."""
        records = self.collected.records if self.collected else ()
        return tuple(replace(record, source=self.source.name) for record in records)


def failure_of(error: AcneError, source: Source, sources: Sources) -> AcneError:
    """Return the error that ends a run because one of its sources failed: it names the source."""
    if len(sources.all) == 1:
        return error
    if source == sources.test:
        return type(error)(f"the test folder {source.name} failed: {error}")
    others = [one for one in sources.classes if one != source]
    remedy = "; --allow-missing-source goes on without it" if others else ""
    message = f"source {source.name} failed: {error}{remedy}"
    return ScrapeFailed(message, kind=error.kind) if isinstance(error, ScrapeFailed) else type(error)(message)


def check_readings(readings: Sequence[SourceReading], sources: Sources) -> None:
    """Check that there is something to learn from, and that no background photo is named like a class.

    Raises:
        DataUnusable: All sources of the classes are missing, or a condition of the background is one of the classes.
    """
    missing = [reading for reading in readings if reading.collected is None and reading.source in sources.classes]
    if len(missing) == len(sources.classes):
        reasons = "; ".join(f"{reading.source.name}: {reading.error}" for reading in missing)
        raise DataUnusable(f"all sources of the classes are missing: {reasons}")
    for reading in readings:
        named_twice = reading.source in sources.classes and reading.source in sources.background
        if (
            named_twice
            and not any(record.role == PhotoRole.BACKGROUND for record in reading.records)
            and not reading.error
        ):
            raise DataUnusable(
                f"{reading.source.name} is named as background, too, but its layout names no topics of background: "
                "name another source of background photos"
            )
    _check_conditions([record for reading in readings for record in reading.records])


def _check_conditions(records: Iterable[ImageRecord]) -> None:
    """Check that no condition of the background is named like a class; one that is only tested on is not learnt."""
    classes: dict[str, str] = {}
    conditions: dict[str, str] = {}
    for record in records:
        if record.held_out:
            continue
        (classes if record.role == PhotoRole.CLASS else conditions).setdefault(record.label, record.source)
    both = sorted(classes.keys() & conditions.keys())
    if both:
        listed = ", ".join(f"{label} of {conditions[label]} is a class of {classes[label]}" for label in both[:_NAMED])
        more = f" and {len(both) - _NAMED} more" if len(both) > _NAMED else ""
        raise DataUnusable(
            f"background photos must show none of the classes, but {listed}{more}: take these photos out of the "
            f"background (for a site, the topic in ACNE_HOME/{LAYOUTS}), or add them to the class with --source"
        )


def photos_of_sources(
    readings: Iterable[SourceReading], sources: Sources, settings: Settings
) -> tuple[SourcePhotos, ...]:
    """Return the number of photos of each source to learn from, and without any path why it is missing."""
    redact = redaction_of(sources, settings)
    return tuple(
        SourcePhotos(
            name=reading.source.name,
            photos=len({record.sha256 for record in reading.records}),
            error=redact(str(reading.error)) if reading.error else None,
        )
        for reading in readings
        if reading.source != sources.test
    )


def held_out_of(records: Iterable[ImageRecord], sources: Sources) -> HeldOutPhotos | None:
    """Return the number of photos of the test folder; None without one."""
    if sources.test is None:
        return None
    return HeldOutPhotos(name=sources.test.name, photos=len({record.sha256 for record in records if record.held_out}))


def background_of(records: Iterable[ImageRecord]) -> BackgroundPhotos:
    """Return the number of background photos and of the conditions that they show."""
    background = [record for record in records if record.role == PhotoRole.BACKGROUND]
    return BackgroundPhotos(
        photos=len({record.sha256 for record in background}), conditions=len({record.label for record in background})
    )
