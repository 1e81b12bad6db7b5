"""Promote: the gate, and what it decided, written down."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from acnelib.files import digest_of
from acnelib.registry.decisions import DecidedBy, Decision, DecisionRecord
from acnelib.registry.reading import RegistryReader
from acnelib.settings import Settings
from acnelib.stages.export import export_promoted
from acnelib.stages.judging import judge
from acnelib.stages.keeping import Progress, silent
from acnelib.stages.results import Outcome, Promoted, Registered
from acnelib.stages.tracked import tracking_of, user_name, written_record

if TYPE_CHECKING:
    from acnelib.registry.tracking import Tracking


def promote(registered: Registered, *, settings: Settings | None = None, progress: Progress = silent) -> Promoted:
    """Make a version production if it is better on the same test photos, else archive it; say why.

    A version that was judged before is not judged again: the outcome is then ``unchanged``.

    Args:
        registered: The version.
        settings: Where the working folder and the tracking server are, and how sure the gate is to be.
        progress: Told how far it is.

    Raises:
        TrackingFailed: The tracking server does not answer.
    """
    settings = settings or Settings.load()
    tracking = tracking_of(settings)
    written = written_record(settings, tracking, "promote", digest_of("promote", registered.bundle_sha256))
    if written.is_file():
        earlier = Promoted.read(written)
        when = earlier.decided_at[:16].replace("T", " ")
        said = [
            f"the best candidate is version {registered.version}, as before",
            f"it was {earlier.decision} at {when} UTC, because {'; '.join(earlier.reasons)}",
        ]
        return earlier.model_copy(update={"registered": registered, "decision": Outcome.UNCHANGED, "reasons": said})
    trained = registered.evaluated.trained
    with tracking.candidate_run(trained.digest, name=trained.featured.backbone, tags={}, stage="promote") as run:
        record = _decide(registered, tracking, settings, progress)
        run.log_tags({"acnelib.decision": str(record.decision), "acnelib.reasons": "; ".join(record.reasons)})
        run.log_json(asdict(record), "gate/decision.json")
    promoted = Promoted(
        registered=registered,
        decision=Outcome(record.decision),
        reasons=list(record.reasons),
        numbers=record.numbers,
        previous=record.previous,
        decided_at=record.decided_at,
        decided_by=record.user,
    )
    promoted.write(written)
    if promoted.decision == Outcome.PROMOTED:
        export_promoted(registered.version, settings)
    return promoted


def _decide(registered: Registered, tracking: Tracking, settings: Settings, progress: Progress) -> DecisionRecord:
    """Judge and carry out; what a killed process had decided is carried out as it was decided."""
    versions = tracking.versions
    if earlier := versions.decisions(registered.version):
        if versions.stage(registered.version) == "Staging":
            versions.carry_out(registered.version, earlier[-1].decision)
        return earlier[-1]
    reader = RegistryReader(tracking.server, model_name=tracking.model_name)
    try:
        production = reader.production()
        judgement = judge(registered, production, reader=reader, settings=settings, progress=progress)
    finally:
        reader.close()
    record = DecisionRecord(
        version=registered.version,
        decision=Decision.PROMOTED if judgement.promote else Decision.REJECTED,
        by=DecidedBy.GATE,
        user=user_name(),
        decided_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        previous=production.version if production else None,
        reasons=(*judgement.reasons, *([production.drift] if production and production.drift else [])),
        numbers={name: round(number, 6) for name, number in judgement.numbers.items()},
        test_sha256=registered.evaluated.trained.featured.splitted.test_sha256,
    )
    versions.decide(record)
    return record
