"""Promote: the gate, and what it decided, written down."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from acnelib.dataset.splitting import Split, Subset
from acnelib.evaluation import gate
from acnelib.files import digest_of
from acnelib.inference import Classifier, ModelIdentity
from acnelib.metrics import macro_f1
from acnelib.registry.cache import BundleCache
from acnelib.registry.reading import RegistryReader
from acnelib.registry.tracking import Decision
from acnelib.settings import Settings
from acnelib.stages.evaluate import answers_of, classify_photos
from acnelib.stages.keeping import Progress, silent
from acnelib.stages.results import Outcome, Promoted, Registered
from acnelib.stages.sources import SAMPLE
from acnelib.stages.tracked import tracking_of, written_record
from acnelib.workspace import Workspace

if TYPE_CHECKING:
    from acnelib.bundle import Bundle
    from acnelib.evaluation.answers import Answers
    from acnelib.registry.reading import RegisteredVersion
    from acnelib.registry.tracking import Tracking


def promote(registered: Registered, *, settings: Settings | None = None, progress: Progress = silent) -> Promoted:
    """Make a version production if it is better on the same test photos, else archive it; say why.

    A version that was judged before is not judged again: the outcome is then ``unchanged``.

    Args:
        registered: The version.
        settings: Where the working folder and the tracking server are.
        progress: Told how far it is.

    Raises:
        TrackingFailed: The tracking server does not answer.
    """
    settings = settings or Settings.load()
    tracking = tracking_of(settings)
    record = written_record(settings, tracking, "promote", digest_of("promote", registered.bundle_sha256))
    if record.is_file():
        earlier = Promoted.read(record)
        when = earlier.decided_at[:16].replace("T", " ")
        said = [
            f"the best candidate is version {registered.version}, as before",
            f"it was {earlier.decision} at {when} UTC, because {'; '.join(earlier.reasons)}",
        ]
        return earlier.model_copy(update={"registered": registered, "decision": Outcome.UNCHANGED, "reasons": said})
    trained = registered.evaluated.trained
    with tracking.candidate_run(trained.digest, name=trained.featured.backbone, tags={}, stage="promote") as run:
        decision, reasons = _decide(registered, tracking, settings, progress)
        run.log_tags({"acnelib.decision": str(decision), "acnelib.reasons": "; ".join(reasons)})
    promoted = Promoted(
        registered=registered,
        decision=Outcome(decision),
        reasons=list(reasons),
        decided_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    promoted.write(record)
    return promoted


def _decide(
    registered: Registered, tracking: Tracking, settings: Settings, progress: Progress
) -> tuple[Decision, tuple[str, ...]]:
    """Judge and carry out; what a killed process had decided is carried out as it was decided."""
    versions = tracking.versions
    if earlier := versions.decision(registered.version):
        if versions.stage(registered.version) == "Staging":
            versions.carry_out(registered.version, earlier[0])
        return earlier
    reader = RegistryReader(tracking.server, model_name=tracking.model_name)
    try:
        production = reader.production()
        judgement = _judge(registered, production, reader, settings, progress)
    finally:
        reader.close()
    decision = Decision.PROMOTED if judgement.promote else Decision.REJECTED
    reasons = (*judgement.reasons, *([production.drift] if production and production.drift else []))
    versions.decide(registered.version, decision, reasons, previous=production.version if production else None)
    return decision, reasons


def _judge(
    registered: Registered,
    production: RegisteredVersion | None,
    reader: RegistryReader,
    settings: Settings,
    progress: Progress,
) -> gate.Judgement:
    candidate = answers_of(registered.evaluated, Subset.TEST)
    if production is None:
        return _first(registered, candidate, "there is no production version yet")
    version = production.version
    if version == registered.version:
        return gate.Judgement(promote=True, reasons=(f"version {version} is production already",))
    bundle, _ = BundleCache(settings.cache).fetch(reader, version)
    identity = ModelIdentity(name=reader.model_name, version=version, sha256=str(bundle.sha256))
    if set(bundle.description.labels) != set(candidate.labels):
        return _other_classes(registered, candidate, bundle, version)
    trained_on = {
        sha256 for sha256, subset in reader.subsets(production).items() if subset in {Subset.TRAIN, Subset.VALIDATION}
    }
    fair = [sha256 for sha256 in (photo.sha256 for photo in candidate.photos) if sha256 not in trained_on]
    split = Split.read(registered.evaluated.trained.featured.splitted.split)
    answers = classify_photos(Classifier(bundle, identity=identity), fair, split, Workspace(settings.workdir), progress)
    compared = candidate.only(set(fair))
    return gate.judge_against_production(
        gate.Comparison(
            n=len(fair),
            left_out=len(candidate.photos) - len(fair),
            candidate=_macro_f1(compared),
            production=_macro_f1(answers),
            version=version,
        )
    )


def _other_classes(registered: Registered, candidate: Answers, bundle: Bundle, production: str) -> gate.Judgement:
    own_source = registered.evaluated.trained.featured.splitted.curated.scraped.source
    if bundle.description.provenance.source == SAMPLE and own_source != SAMPLE:
        return _first(
            registered,
            candidate,
            f"production (version {production}) only knows drawn pictures and gives way to a model of photos",
        )
    return gate.judge_other_classes(
        candidate=candidate.labels, production=bundle.description.labels, version=production
    )


def _first(registered: Registered, candidate: Answers, why: str) -> gate.Judgement:
    majority = json.loads(registered.evaluated.evaluation.read_text())["majority"]["test_macro_f1"]
    return gate.judge_first(candidate=_macro_f1(candidate), majority=majority, n=len(candidate.photos), why_first=why)


def _macro_f1(answers: Answers) -> float:
    return macro_f1(answers.truth, answers.given) if answers.photos else 0.0
