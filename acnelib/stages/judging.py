"""Judgement of a version against production, on the same photos for both."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from acnelib.bundle import LITERT, TrainingHashes, open_bundle, read_candidate
from acnelib.dataset.splitting import Split, Subset
from acnelib.evaluation import gate
from acnelib.evaluation.paired_comparison import compare_paired
from acnelib.evaluation.refusal_comparison import compare_refusals
from acnelib.inference import Classifier, ModelIdentity
from acnelib.metrics import macro_f1
from acnelib.registry.cache import BundleCache
from acnelib.registry.decisions import CANDIDATES, judged_since_promotion
from acnelib.stages.artifacts import CONDITIONS, EvaluationFolder
from acnelib.stages.evaluate import classify_photos
from acnelib.stages.fair_answers import fair_answers
from acnelib.stages.production_answers import lacked_photos, production_answers
from acnelib.storage.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from acnelib.bundle import Bundle
    from acnelib.config.settings import Settings
    from acnelib.evaluation.refusal_comparison import RefusalComparison
    from acnelib.evaluation.scored_photos import ScoredPhotos
    from acnelib.progress import Progress
    from acnelib.registry.reading import RegisteredVersion, RegistryReader
    from acnelib.stages.results import RegisterResult

_TIMED = 15  # answers
_CLASSIFIED = 300  # background photos, at most


def judge(
    register_result: RegisterResult,
    production: RegisteredVersion | None,
    *,
    reader: RegistryReader,
    settings: Settings,
    progress: Progress,
) -> gate.Judgement:
    """Judge a version by answers about photos that neither it nor production has seen.

    Args:
        register_result: The version.
        production: The version in production; None: there is none.
        reader: Reads the registry: production's bundle, answers and photos, and the decisions since its promotion.
        settings: Where the working folder is, and the confidence of the gate.
        progress: Called with the progress.

    Raises:
        TrackingFailed: The tracking server or its artifact store does not answer.
    """
    judgement = _judge(register_result, production, reader, settings, progress)
    # Later judgements count the candidates of this run.
    return replace(judgement, numbers={**judgement.numbers, CANDIDATES: len(register_result.run_ids)})


def _judge(
    register_result: RegisterResult,
    production: RegisteredVersion | None,
    reader: RegistryReader,
    settings: Settings,
    progress: Progress,
) -> gate.Judgement:
    judged, split = EvaluationFolder(register_result.evaluation).judged(), Split.read(register_result.split)
    # Agreeing with an answer in sight would make the model its own judge.
    candidate = replace(judged, photos=tuple(photo for photo in judged.photos if split.photos[photo.sha256].is_truth))
    if production is None:
        return _first(register_result, candidate, "there is no production version yet")
    version = production.version
    if version == register_result.version:
        return gate.Judgement(promote=True, reasons=(f"version {version} is production already",), numbers={})
    bundle, _ = BundleCache(settings.cache).fetch(reader, version)
    if judgement := _without_comparison(register_result, candidate, bundle, version):
        return judgement
    tested = EvaluationFolder(register_result.evaluation).evaluation().test is not None
    workspace = Workspace(settings.workdir)
    answers = production_answers(reader, production, bundle, photos=split.photos, held_out=not tested)
    if answers is None:
        return gate.judge_without_records(version=version)
    identity = ModelIdentity(name=reader.model_name, version=version, sha256=str(bundle.sha256))
    incumbent = Classifier(bundle, identity=identity)
    fair = fair_answers(
        candidate,
        groups={sha256: photo.group for sha256, photo in split.photos.items()},
        production=answers,
        classify=lambda photos: classify_photos(incumbent, photos, split, workspace, progress),
    )
    photos = gate.JudgedPhotos(
        known=fair.known,
        new=fair.new,
        left_out=fair.left_out,
        not_blind=judged.distinct - candidate.distinct,
        tested=tested,
        lost=answers.lost,
    )
    if not fair.candidate.photos:
        return gate.judge_without_photos(version=version, photos=photos)
    challenger = Classifier(open_bundle(register_result.bundle), identity=identity)
    ours, theirs = _traits(challenger, incumbent, withdrawn=production.withdrawn)
    others = judged_since_promotion(reader.decisions(), but=register_result.version)
    return gate.judge_against_production(
        compare_paired(fair.candidate, fair.production),
        version=version,
        candidate=ours,
        production=theirs,
        photos=photos,
        refusals=_refusals(register_result, bundle, lambda some: classify_photos(incumbent, some, split, workspace)),
        lacked=lacked_photos(bundle, split, withdrawn=production.withdrawn),
        other_candidates=others + len(register_result.run_ids) - 1,
        rules=gate.GateRules(confidence=settings.gate_confidence, margin=settings.gate_margin),
    )


def _refusals(
    register_result: RegisterResult, production: Bundle, classify: Callable[[Sequence[str]], ScoredPhotos]
) -> RefusalComparison | None:
    """Compare refusals of background photos whose conditions neither knows; None without any.

    The candidate's are those of scopes that never saw the condition, production's its own. A candidate whose networks
    were adapted to these conditions has seen them.
    """
    answers = EvaluationFolder(register_result.evaluation).all_scores().get(CONDITIONS)
    learnt = TrainingHashes.read(production.path)
    adapted = read_candidate(register_result.bundle).description.adaptation is not None
    if answers is None or learnt is None or adapted:
        return None
    known = {photo.group for photo in answers.photos if photo.sha256 in learnt}
    fair = sorted((photo for photo in answers.photos if photo.group not in known), key=lambda photo: photo.sha256)
    chosen = replace(answers, photos=tuple(fair[:_CLASSIFIED]))  # in the order of their hashes, which is a random one
    return compare_refusals(chosen, classify([photo.sha256 for photo in chosen.photos]))


def _traits(challenger: Classifier, incumbent: Classifier, *, withdrawn: int) -> tuple[gate.Traits, gate.Traits]:
    """Return the traits of candidate and production."""
    ours, theirs = (
        gate.Traits(
            train_photos=classifier.bundle.description.provenance.photos[Subset.TRAIN],
            size=(classifier.bundle.path / LITERT).stat().st_size,
            milliseconds=milliseconds,
        )
        for classifier, milliseconds in zip((challenger, incumbent), _milliseconds(challenger, incumbent), strict=True)
    )
    relicensed = _is_relicensed(challenger.bundle, incumbent.bundle)
    return replace(ours, relicensed=relicensed), replace(theirs, withdrawn=withdrawn)


def _is_relicensed(candidate: Bundle, production: Bundle) -> bool:
    ours, theirs = candidate.description.provenance, production.description.provenance
    return ours.split == theirs.split and ours.licences != theirs.licences


def _milliseconds(*classifiers: Classifier) -> list[float]:
    """Return the shortest time of one answer of each: others count what else the machine did."""
    times: list[list[float]] = [[] for _ in classifiers]
    for _ in range(_TIMED):
        for classifier, took in zip(classifiers, times, strict=True):
            description = classifier.bundle.description
            pixels = np.full((description.height, description.width, 3), 128, np.uint8)
            began = time.perf_counter()
            classifier.scores(pixels)
            took.append(1000 * (time.perf_counter() - began))
    return [min(took) for took in times]


def _without_comparison(
    register_result: RegisterResult, candidate: ScoredPhotos, production: Bundle, version: str
) -> gate.Judgement | None:
    """Judge where there is nothing to compare: one knows drawn pictures only, or other classes; None: there is."""
    is_drawn, was_drawn = read_candidate(register_result.bundle).description.drawn, production.description.drawn
    if was_drawn and not is_drawn:
        why = f"production (version {version}) only knows drawn pictures and gives way to a model of photos"
        return _first(register_result, candidate, why)
    if is_drawn and not was_drawn:
        return gate.judge_drawn(version=version)
    labels = production.description.labels
    if set(labels) != set(candidate.labels):
        return gate.judge_other_classes(candidate=candidate.labels, production=labels, version=version)
    return None


def _first(register_result: RegisterResult, candidate: ScoredPhotos, why: str) -> gate.Judgement:
    majority = EvaluationFolder(register_result.evaluation).evaluation().majority_macro_f1
    return gate.judge_first(candidate=_macro_f1(candidate), majority=majority, n=candidate.distinct, why_first=why)


def _macro_f1(answers: ScoredPhotos) -> float:
    return macro_f1(answers.true_labels, answers.predicted_labels) if answers.photos else 0.0
