"""Promote: the gate, and what it decided, written down."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from acnelib.config.settings import Settings
from acnelib.errors import TrackingFailed
from acnelib.export.model_export import export_promoted
from acnelib.progress import Progress, no_progress
from acnelib.registry.decisions import DecidedBy, Decision, DecisionRecord
from acnelib.registry.tracking.connection import tracking_of, user_name, written_record
from acnelib.stages.judging import judge
from acnelib.stages.results import PipelineDecision, PromoteResult, RegisterResult
from acnelib.storage.files import digest_of

if TYPE_CHECKING:
    from pathlib import Path

    from acnelib.evaluation.gate import Judgement
    from acnelib.registry.reading import RegisteredVersion, RegistryReader
    from acnelib.registry.tracking import Tracking

_MOST_JUDGEMENTS = 3


def promote(
    registered: RegisterResult, *, settings: Settings | None = None, progress: Progress = no_progress
) -> PromoteResult:
    """Make a version production if it is better on the same test photos, else archive it; say why.

    A version that was judged before is not judged again: the outcome is then ``unchanged``.

    Args:
        registered: The version.
        settings: Where the working folder and the tracking server are, and how sure the gate is to be.
        progress: Told how far it is.

    Raises:
        TrackingFailed: The tracking server does not answer, or production keeps changing while it is judged.
    """
    settings = settings or Settings.load()
    tracking = tracking_of(settings)
    written = written_record(settings, tracking, "promote", digest_of("promote", registered.bundle_sha256))
    with tracking.reader() as reader:
        if earlier := _known(written, registered, reader):
            return _unchanged(earlier, registered)
        trained = registered.evaluated.trained
        with tracking.candidate_run(trained.digest, name=trained.featured.backbone, tags={}, stage="promote") as run:
            record = _decide(registered, reader, tracking, settings, progress)
            run.log_tags({"acnelib.decision": str(record.decision), "acnelib.reasons": "; ".join(record.reasons)})
            run.log_json(asdict(record), "gate/decision.json")
        promoted = PromoteResult(
            registered=registered,
            decision=PipelineDecision(record.decision),
            reasons=list(record.reasons),
            numbers=record.numbers,
            previous=record.previous,
            decided_at=record.decided_at,
            decided_by=record.user,
        )
        # What was decided before may be in production no longer, and the export is to be of what is.
        if promoted.decision == PipelineDecision.PROMOTED and _number(reader.production()) == registered.version:
            export_promoted(registered.version, settings)
    promoted.write(written)  # last of all: a run that is killed before is gone on with, and exports again
    return promoted


def _known(written: Path, registered: RegisterResult, reader: RegistryReader) -> PromoteResult | None:
    """Return what was decided about a version; None where it was decided about another one with the same bundle.

    That one was pruned or deleted, and where the whole model was, its numbers are given again.
    """
    if not written.is_file():
        return None
    earlier = PromoteResult.read(written)
    if earlier.registered.version != registered.version:
        return None
    return earlier if any(record.version == registered.version for record in reader.decisions()) else None


def _unchanged(earlier: PromoteResult, registered: RegisterResult) -> PromoteResult:
    when = earlier.decided_at[:16].replace("T", " ")
    said = [
        f"the best candidate is version {registered.version}, as before",
        f"it was {earlier.decision} at {when} UTC, because {'; '.join(earlier.reasons)}",
    ]
    return earlier.model_copy(
        update={"registered": registered, "decision": PipelineDecision.UNCHANGED, "reasons": said}
    )


def _decide(
    registered: RegisterResult, reader: RegistryReader, tracking: Tracking, settings: Settings, progress: Progress
) -> DecisionRecord:
    """Judge and carry out; what a killed process had decided is carried out as it was decided, if it still holds.

    Somebody may change production meanwhile: a judgement holds only while what it compared with is in production.
    """
    for _ in range(_MOST_JUDGEMENTS):
        if earlier := _carried_out(registered, reader, tracking):
            return earlier
        production = reader.production()
        judgement = judge(registered, production, reader=reader, settings=settings, progress=progress)
        if _number(reader.production()) == _number(production):
            record = _recorded(registered, production, judgement)
            tracking.versions.decide(record)
            return record
    raise TrackingFailed(
        f"the production version of {tracking.model_name} at {tracking.server} changed {_MOST_JUDGEMENTS} times while "
        f"version {registered.version} was judged against it: run again when nobody promotes versions"
    )


def _carried_out(registered: RegisterResult, reader: RegistryReader, tracking: Tracking) -> DecisionRecord | None:
    """Carry out what was decided before and return it; None where nothing was, or where it holds no longer."""
    versions = tracking.versions
    earlier = versions.decisions(registered.version)
    if not earlier:
        return None
    if versions.stage(registered.version) == "Staging":
        if _number(reader.production()) not in {earlier[-1].previous, registered.version}:
            return None
        versions.carry_out(registered.version, earlier[-1].decision)
    return earlier[-1]


def _recorded(registered: RegisterResult, production: RegisteredVersion | None, judgement: Judgement) -> DecisionRecord:
    return DecisionRecord(
        version=registered.version,
        decision=Decision.PROMOTED if judgement.promote else Decision.REJECTED,
        by=DecidedBy.GATE,
        user=user_name(),
        decided_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        previous=_number(production),
        reasons=(*judgement.reasons, *([production.drift] if production and production.drift else [])),
        numbers={name: round(number, 6) for name, number in judgement.numbers.items()},
        test_sha256=registered.evaluated.trained.featured.splitted.test_sha256,
    )


def _number(version: RegisteredVersion | None) -> str | None:
    return version.version if version else None
