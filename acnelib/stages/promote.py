"""Promote: the decision of the gate on a registered version, carried out and recorded."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from acnelib.config.settings import Settings
from acnelib.errors import TrackingFailed
from acnelib.export.model_export import export_promoted
from acnelib.progress import Progress, no_progress
from acnelib.registry.decisions import DecidedBy, Decision, DecisionRecord
from acnelib.registry.tracking.connection import tracking_of, written_record
from acnelib.registry.tracking.run_context import PROGRAM
from acnelib.stages.judging import judge
from acnelib.stages.results import PipelineDecision, PromoteResult, RegisterResult
from acnelib.stages.run_names import run_name
from acnelib.storage.files import digest_of
from acnelib.storage.results import References

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from acnelib.evaluation.gate import Judgement
    from acnelib.registry.reading import RegisteredVersion, RegistryReader
    from acnelib.registry.tracking import Tracking

_OWN = PromoteResult.model_fields.keys() - RegisterResult.model_fields.keys()
_MOST_JUDGEMENTS = 3


def promote(
    register_result: RegisterResult, *, settings: Settings | None = None, progress: Progress = no_progress
) -> PromoteResult:
    """Make a version production if the gate finds it better on photos that neither saw, else archive it; say why.

    A version that was judged before is judged again only if it was rejected and another version is in production since;
    otherwise the outcome is ``unchanged``.

    Args:
        register_result: The version.
        settings: Where the working folder and the tracking server are, and how sure the gate is to be.
        progress: Called with the progress.

    Raises:
        TrackingFailed: The tracking server does not answer, or production keeps changing while it is judged.
    """
    settings = settings or Settings.load()
    tracking = tracking_of(settings)
    written = written_record(settings, tracking, "promote", digest_of("promote", register_result.bundle_sha256))
    with tracking.reader() as reader:
        if (earlier := _known(written, register_result, reader)) and not _is_open(earlier, reader):
            return _unchanged(earlier, register_result, latest=_latest(earlier.version, reader))
        digest = register_result.candidate_digest
        name = run_name(register_result.backbone, digest)
        with tracking.candidate_run(digest, name=name, tags={}, stage="promote") as run:
            record = _decide(register_result, reader, tracking, settings, progress)
            run.log_tags({"acnelib.decision": str(record.decision), "acnelib.reasons": "; ".join(record.reasons)})
            run.log_json(record.as_json(), "gate/decision.json")
        promote_result = PromoteResult.following(
            register_result,
            References(),
            decision=PipelineDecision(record.decision),
            reasons=list(record.reasons),
            numbers=record.numbers,
            previous=record.previous,
            decided_at=record.decided_at,
            decided_by=record.user,
        )
        # What was decided before may be in production no longer, and the export is to be of what is.
        if (
            promote_result.decision == PipelineDecision.PROMOTED
            and _number(reader.production()) == register_result.version
        ):
            export_promoted(register_result.version, settings)
    promote_result.write(written)  # last of all: a run that is killed before is gone on with, and exports again
    return promote_result


def _known(written: Path, register_result: RegisterResult, reader: RegistryReader) -> PromoteResult | None:
    """Return what was decided about a version; None where it was decided about another one with the same bundle.

    That one was pruned or deleted, and where the whole model was, its numbers are given again.
    """
    if not written.is_file():
        return None
    earlier = PromoteResult.read(written)
    if earlier.version != register_result.version:
        return None
    return earlier if any(record.version == register_result.version for record in reader.decisions()) else None


def _latest(version: str, reader: RegistryReader) -> DecisionRecord:
    return max((one for one in reader.decisions() if one.version == version), key=lambda one: one.decided_at)


def _is_open(earlier: PromoteResult, reader: RegistryReader) -> bool:
    """Tell whether a version that was judged is to be decided about once more: a person's decision stays."""
    latest = _latest(earlier.version, reader)
    if latest.by != DecidedBy.GATE:
        return False
    return latest.decided_at != earlier.decided_at or _is_outdated(latest, _number(reader.production()))


def _is_outdated(record: DecisionRecord, production: str | None) -> bool:
    """Tell whether a version was rejected beside another production version than the present one."""
    rejected = record.by == DecidedBy.GATE and record.decision == Decision.REJECTED
    return rejected and production not in {None, record.previous, record.version}


def _unchanged(earlier: PromoteResult, register_result: RegisterResult, *, latest: DecisionRecord) -> PromoteResult:
    when = latest.decided_at[:16].replace("T", " ")
    reasons = [
        f"the best candidate is version {latest.version}, as before",
        f"it was {latest.decision} at {when} UTC, because {'; '.join(latest.reasons)}",
    ]
    return PromoteResult.following(
        register_result,
        earlier.references,
        **earlier.model_dump(include=_OWN) | {"decision": PipelineDecision.UNCHANGED, "reasons": reasons},
    )


def _decide(
    register_result: RegisterResult, reader: RegistryReader, tracking: Tracking, settings: Settings, progress: Progress
) -> DecisionRecord:
    """Judge and carry out; what a killed process had decided is carried out as it was decided, if it still holds.

    Production may change in the meantime: a judgement holds only while the version that it compared with is there.
    """
    for _ in range(_MOST_JUDGEMENTS):
        if earlier := _carried_out(register_result, reader, tracking):
            return earlier
        production = reader.production()
        judgement = judge(register_result, production, reader=reader, settings=settings, progress=progress)
        if _number(reader.production()) == _number(production):
            record = _recorded(register_result, production, judgement)
            tracking.versions.decide(record)
            return record
    raise TrackingFailed(
        f"the production version of {tracking.model_name} at {tracking.server} changed {_MOST_JUDGEMENTS} times while "
        f"version {register_result.version} was judged against it: run again when no versions are being promoted"
    )


def _carried_out(register_result: RegisterResult, reader: RegistryReader, tracking: Tracking) -> DecisionRecord | None:
    """Carry out what was decided before and return it; None where nothing was, or where it holds no longer."""
    versions = tracking.versions
    earlier = versions.decisions(register_result.version)
    if not earlier:
        return None
    latest, production = earlier[-1], _number(reader.production())
    stage = versions.stage(register_result.version)
    if stage == "Staging" and production not in {latest.previous, register_result.version}:
        return None
    if stage == "Staging" or (stage == "Archived" and _is_unfinished(earlier, production, reader)):
        versions.carry_out(register_result.version, latest.decision)
    elif _is_outdated(latest, production):
        return None
    return latest


def _is_unfinished(records: Sequence[DecisionRecord], production: str | None, reader: RegistryReader) -> bool:
    """Tell whether a process was killed between the promotion of a version that was rejected before and its stage."""
    *before, record = records
    if not before or before[-1].decision != Decision.REJECTED:
        return False  # its first decision is carried out from Staging; a person archived it since
    promoted = record.by == DecidedBy.GATE and record.decision == Decision.PROMOTED
    newest = max(one.decided_at for one in reader.decisions())
    return promoted and production in {record.previous, record.version} and record.decided_at == newest


def _recorded(
    register_result: RegisterResult, production: RegisteredVersion | None, judgement: Judgement
) -> DecisionRecord:
    return DecisionRecord(
        version=register_result.version,
        decision=Decision.PROMOTED if judgement.promote else Decision.REJECTED,
        by=DecidedBy.GATE,
        user=PROGRAM,
        decided_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        previous=_number(production),
        reasons=(*judgement.reasons, *([production.drift] if production and production.drift else [])),
        numbers={name: round(number, 6) for name, number in judgement.numbers.items()},
        test_sha256=register_result.test_sha256,
    )


def _number(version: RegisteredVersion | None) -> str | None:
    return version.version if version else None
