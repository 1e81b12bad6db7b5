"""Judgement of a version against production, on the same photos for both."""

from __future__ import annotations

import time
from dataclasses import replace
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
from acnelib.registry.decisions import judged_on
from acnelib.stages.artifacts import EvaluationFolder
from acnelib.stages.evaluate import classify_photos
from acnelib.storage.workspace import Workspace

if TYPE_CHECKING:
    from acnelib.bundle import Bundle
    from acnelib.config.settings import Settings
    from acnelib.evaluation.scored_photos import ScoredPhotos
    from acnelib.progress import Progress
    from acnelib.registry.decisions import DecisionRecord
    from acnelib.registry.reading import RegisteredVersion, RegistryReader
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
    """Judge a version, on the test photos of its split that production was not trained on.

    Args:
        register_result: The version.
        production: The version in production; None: there is none.
        reader: Reads the registry: production's bundle, and earlier decisions on these test photos.
        settings: Where the working folder is, and the confidence of the gate.
        progress: Called with the progress.
    """
    candidate = EvaluationFolder(register_result.evaluation).scores()
    if production is None:
        return _first(register_result, candidate, "there is no production version yet")
    version = production.version
    if version == register_result.version:
        return gate.Judgement(promote=True, reasons=(f"version {version} is production already",), numbers={})
    bundle, _ = BundleCache(settings.cache).fetch(reader, version)
    if judgement := _without_comparison(register_result, candidate, bundle, version):
        return judgement
    trained_on = {
        sha256 for sha256, subset in reader.subsets(production).items() if subset in {Subset.TRAIN, Subset.VALIDATION}
    }
    fair = [photo.sha256 for photo in candidate.photos if photo.sha256 not in trained_on]
    left_out = len(candidate.photos) - len(fair)
    if not fair:
        return gate.judge_without_test_photos(version=version, left_out=left_out)
    identity = ModelIdentity(name=reader.model_name, version=version, sha256=str(bundle.sha256))
    classifier = Classifier(bundle, identity=identity)
    workspace = Workspace(settings.workdir)
    answers = classify_photos(classifier, fair, Split.read(register_result.split), workspace, progress)
    challenger = Classifier(open_bundle(register_result.bundle), identity=identity)
    milliseconds = _milliseconds(challenger, classifier)
    return gate.judge_against_production(
        compare_paired(candidate.subset(set(fair)), _in_order(answers, candidate.labels)),
        version=version,
        candidate=_traits(challenger, milliseconds[0], relicensed=_is_relicensed(challenger.bundle, bundle)),
        production=_traits(classifier, milliseconds[1], withdrawn=production.withdrawn),
        left_out=left_out,
        judged=judged_on(_others(reader, register_result.version), register_result.test_sha256),
        same_test=bundle.description.provenance.test_sha256 == register_result.test_sha256,
        rules=gate.GateRules(confidence=settings.gate_confidence, margin=settings.gate_margin),
    )


def _in_order(answers: ScoredPhotos, labels: tuple[str, ...]) -> ScoredPhotos:
    """Return answers with their scores in the order of these labels."""
    columns = [answers.labels.index(label) for label in labels]
    photos = tuple(replace(photo, scores=tuple(photo.scores[column] for column in columns)) for photo in answers.photos)
    return replace(answers, labels=labels, photos=photos)


def _others(reader: RegistryReader, version: str) -> list[DecisionRecord]:
    """Return the decisions on other versions: a version that is judged again does not count as another candidate."""
    return [record for record in reader.decisions() if record.version != version]


def _is_relicensed(candidate: Bundle, production: Bundle) -> bool:
    ours, theirs = candidate.description.provenance, production.description.provenance
    return ours.split == theirs.split and ours.licences != theirs.licences


def _traits(
    classifier: Classifier, milliseconds: float, *, withdrawn: int = 0, relicensed: bool = False
) -> gate.Traits:
    bundle = classifier.bundle
    return gate.Traits(
        train_photos=sum(bundle.description.provenance.photos[subset] for subset in (Subset.TRAIN, Subset.VALIDATION)),
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
    return gate.judge_first(candidate=_macro_f1(candidate), majority=majority, n=len(candidate.photos), why_first=why)


def _macro_f1(answers: ScoredPhotos) -> float:
    return macro_f1(answers.true_labels, answers.predicted_labels) if answers.photos else 0.0
