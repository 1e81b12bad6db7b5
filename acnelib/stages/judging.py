"""Judgement of a version against production, on the same photos for both."""

from __future__ import annotations

import time
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from acnelib.bundle import LITERT, open_bundle, read_candidate
from acnelib.dataset.splitting import Split, Subset
from acnelib.evaluation import gate
from acnelib.evaluation.paired_comparison import compare_paired
from acnelib.inference import Classifier, ModelIdentity
from acnelib.metrics import macro_f1
from acnelib.registry.cache import BundleCache
from acnelib.registry.decisions import judged_since_promotion
from acnelib.stages.artifacts import EvaluationFolder
from acnelib.stages.evaluate import classify_photos
from acnelib.stages.fair_answers import fair_answers, held_out_answers
from acnelib.storage.workspace import Workspace

if TYPE_CHECKING:
    from acnelib.bundle import Bundle
    from acnelib.config.settings import Settings
    from acnelib.evaluation.scored_photos import ScoredPhotos
    from acnelib.progress import Progress
    from acnelib.registry.reading import RegisteredVersion, RegistryReader
    from acnelib.stages.fair_answers import FairAnswers
    from acnelib.stages.results import RegisterResult

_TIMED = 10  # answers


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
    """
    candidate = EvaluationFolder(register_result.evaluation).judged()
    if production is None:
        return _first(register_result, candidate, "there is no production version yet")
    version = production.version
    if version == register_result.version:
        return gate.Judgement(promote=True, reasons=(f"version {version} is production already",), numbers={})
    bundle, _ = BundleCache(settings.cache).fetch(reader, version)
    if judgement := _without_comparison(register_result, candidate, bundle, version):
        return judgement
    identity = ModelIdentity(name=reader.model_name, version=version, sha256=str(bundle.sha256))
    classifier = Classifier(bundle, identity=identity)
    answers = _fair_answers(register_result, candidate, production, classifier, reader, settings, progress)
    if not answers.candidate.photos:
        return gate.judge_without_photos(version=version, left_out=answers.left_out)
    challenger = Classifier(open_bundle(register_result.bundle), identity=identity)
    milliseconds = _milliseconds(challenger, classifier)
    return gate.judge_against_production(
        compare_paired(answers.candidate, answers.production),
        version=version,
        candidate=_traits(challenger, milliseconds[0], relicensed=_is_relicensed(challenger.bundle, bundle)),
        production=_traits(classifier, milliseconds[1], withdrawn=production.withdrawn),
        photos=gate.JudgedPhotos(
            known=answers.known,
            new=answers.new,
            left_out=answers.left_out,
            tested=register_result.test_sha256 is not None,
        ),
        judged=judged_since_promotion(reader.decisions(), but=register_result.version)
        + len(register_result.run_ids)
        - 1,
        rules=gate.GateRules(confidence=settings.gate_confidence, margin=settings.gate_margin),
    )


def _fair_answers(  # noqa: PLR0917
    register_result: RegisterResult,
    candidate: ScoredPhotos,
    production: RegisteredVersion,
    classifier: Classifier,
    reader: RegistryReader,
    settings: Settings,
    progress: Progress,
) -> FairAnswers:
    workspace, split = Workspace(settings.workdir), Split.read(register_result.split)
    where = f"version {production.version} of {reader.model_name} at {reader.server}"
    return fair_answers(
        candidate,
        assignments=reader.assignments(production),
        # Photos kept out for a test are classified by production itself.
        held_out=None if register_result.test_sha256 else held_out_answers(reader.out_of_fold(production), where=where),
        classify=lambda photos: classify_photos(classifier, photos, split, workspace, progress),
    )


def _is_relicensed(candidate: Bundle, production: Bundle) -> bool:
    ours, theirs = candidate.description.provenance, production.description.provenance
    return ours.split == theirs.split and ours.licences != theirs.licences


def _traits(
    classifier: Classifier, milliseconds: float, *, withdrawn: int = 0, relicensed: bool = False
) -> gate.Traits:
    bundle = classifier.bundle
    return gate.Traits(
        train_photos=bundle.description.provenance.photos[Subset.TRAIN],
        size=(bundle.path / LITERT).stat().st_size,
        milliseconds=milliseconds,
        withdrawn=withdrawn,
        relicensed=relicensed,
    )


def _milliseconds(*classifiers: Classifier) -> list[float]:
    """Return the median time of one answer of each, taken by turns so that a busy machine slows all of them alike."""
    times: list[list[float]] = [[] for _ in classifiers]
    for _ in range(_TIMED):
        for classifier, took in zip(classifiers, times, strict=True):
            description = classifier.bundle.description
            pixels = np.full((description.height, description.width, 3), 128, np.uint8)
            began = time.perf_counter()
            classifier.scores(pixels)
            took.append(1000 * (time.perf_counter() - began))
    return [median(took[1:]) for took in times]  # the first answer loads the model


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
