"""People's decisions on versions: promotion against the gate, rollback, and the history of decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from acnelib.config.settings import Settings
from acnelib.errors import ModelUnavailable, UsageError
from acnelib.export.model_export import export_promoted
from acnelib.models import check_model
from acnelib.registry.cache import BundleCache
from acnelib.registry.decisions import DecidedBy, Decision, DecisionRecord
from acnelib.registry.tracking.connection import signature, tracking_of

if TYPE_CHECKING:
    from acnelib.registry.tracking import Tracking


@dataclass(frozen=True, kw_only=True)
class ProductionChange:
    """A change of the production version.

    Attributes:
        previous: Version that was in production; None when there was none.
        version: Version that is in production now.
    """

    previous: str | None
    version: str


def promote_version(version: str, *, reason: str, settings: Settings | None = None) -> ProductionChange:
    """Make a version production in spite of the gate, and record the reason.

    A version that is in production already is exported again before the error, since its export may have been killed.

    Args:
        version: Number of the version.
        reason: The reason.
        settings: Where the tracking server is.

    Raises:
        UsageError: No reason is given, or it is in production already.
        ModelUnavailable: There is no such version, or its bundle was deleted to make room.
        BundleInvalid: It holds no bundle, or a damaged one.
        TrackingFailed: The server does not answer.
    """
    if not reason.strip():
        raise UsageError("promoting a version in spite of the gate needs a reason: --reason 'why'")
    settings = settings or Settings.load()
    return _change_over(version, DecidedBy.PERSON, reason.strip(), tracking_of(settings), settings)


def roll_back(*, reason: str | None = None, settings: Settings | None = None) -> ProductionChange:
    """Return to the version that was in production before the present one.

    Args:
        reason: The reason.
        settings: Where the tracking server is.

    Raises:
        UsageError: There is no earlier production version.
        ModelUnavailable: The bundle of the earlier one was deleted to make room.
        TrackingFailed: The server does not answer.
    """
    settings = settings or Settings.load()
    tracking = tracking_of(settings)
    present = _production(tracking)
    if present is None:
        raise UsageError("there is no production version to go back from: run `acne pipeline`")
    records = [record for record in tracking.versions.decisions(present) if record.by != DecidedBy.ROLLBACK]
    before = next((record.previous for record in reversed(records) if record.decision == Decision.PROMOTED), None)
    if before is None:
        raise UsageError(f"version {present} is the first that was in production: there is none to go back to")
    why = f"went back from version {present}" + (f": {reason.strip()}" if reason and reason.strip() else "")
    return _change_over(before, DecidedBy.ROLLBACK, why, tracking, settings)


def history(*, settings: Settings | None = None) -> tuple[DecisionRecord, ...]:
    """Return every decision on every version, the latest first.

    Raises:
        TrackingFailed: The server does not answer.
    """
    with tracking_of(settings or Settings.load()).reader() as reader:
        records = reader.decisions()
    return tuple(sorted(records, key=lambda record: (record.decided_at, int(record.version)), reverse=True))


def _change_over(version: str, by: DecidedBy, reason: str, tracking: Tracking, settings: Settings) -> ProductionChange:
    with tracking.reader() as reader:
        if reader.find(version).pruned:  # other programs could not load it, even if it is cached
            raise ModelUnavailable(_deleted(version, tracking))
        bundle, _ = BundleCache(settings.cache).fetch(reader, version)
        check_model(bundle)  # a production version must be loadable
    previous = _production(tracking)
    if previous == version:
        export_promoted(version, settings)  # a killed promotion may not have exported it
        raise UsageError(f"version {version} is in production already")
    record = DecisionRecord(
        version=version,
        decision=Decision.PROMOTED,
        by=by,
        user=signature(),
        decided_at=_now(),
        previous=previous,
        reasons=(reason,),
    )
    tracking.versions.decide(record)
    # `acne prune` marks a version, then looks whether it is in use; of the two, at least one sees the other.
    if tracking.versions.is_pruned(version):
        why = "its bundle was deleted by `acne prune` at that moment"
        tracking.versions.take_back(record, why=why, at=_now())
        raise ModelUnavailable(_deleted(version, tracking))
    export_promoted(version, settings)
    return ProductionChange(previous=previous, version=version)


def _deleted(version: str, tracking: Tracking) -> str:
    where = f"version {version} of {tracking.model_name} at {tracking.server}"
    return f"the bundle of {where} was deleted by `acne prune`: name another version"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _production(tracking: Tracking) -> str | None:
    with tracking.reader() as reader:
        production = reader.production()
    return production.version if production else None
