"""Content of the report on a candidate, gathered from the results of the stages."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from acnelib.dataset.appearance.facts import FactStore
from acnelib.dataset.splitting import Split
from acnelib.evaluation import skin_tone
from acnelib.evaluation.report.content import EvaluationContent
from acnelib.stages.artifacts import OUT_OF_FOLD, SERIES, TEST, UNSEEN, CandidateFolder, EvaluationFolder
from acnelib.storage.licences import warnings_of
from acnelib.storage.manifest import read_manifest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from acnelib.evaluation.scored_photos import ScoredPhotos
    from acnelib.evaluation_record import EvaluationRecord
    from acnelib.stages.results import EvaluateResult
    from acnelib.storage.workspace import Workspace

_SIZES = ((480, "up to 480 pixels"), (1024, "up to 1024 pixels"), (10**9, "above 1024 pixels"))
_DRAWN = (
    "the candidate was trained on drawn pictures only and calls no answer confident: figures about confident answers "
    "describe its threshold on drawn pictures"
)
_SMALLEST_SCORE = 1e-30


def report_content(
    evaluate_result: EvaluateResult, evaluation: EvaluationRecord, workspace: Workspace
) -> EvaluationContent:
    """Return the content of the report on a candidate; equal results give equal content."""
    description = CandidateFolder(evaluate_result.candidate).open().description
    files = EvaluationFolder(evaluate_result.evaluation)
    answers, origin = files.all_scores(), description.provenance
    split = Split.read(evaluate_result.split)
    described = answers.get(TEST) or answers[SERIES]
    sources = {photo.sha256: split.photos[photo.sha256].sources for photo in described.photos}
    images, measured = workspace.images, files.angles()
    angles = {sha256: measured.get(sha256) for sha256 in sources if sha256 in images}
    return EvaluationContent(
        name=origin.backbone,
        source=origin.source,
        made_at=origin.created_at,
        series=answers[SERIES],
        out_of_fold=answers[OUT_OF_FOLD],
        unseen_sources={name.removeprefix(UNSEEN): some for name, some in answers.items() if name.startswith(UNSEEN)},
        test=answers.get(TEST),
        uncalibrated=_before_calibration(described, temperature=description.temperature),
        sources=sources,
        angles=angles,
        background=description.background,
        label_errors=files.label_errors(),
        slices=_slices(evaluate_result, angles, workspace),
        licence_warnings=warnings_of(origin.licences),
        split_warnings=(*([_DRAWN] if description.drawn else []), *evaluate_result.statements),
        majority_label=evaluation.majority_label,
        majority_macro_f1=evaluation.majority_macro_f1,
        seconds=round(evaluate_result.training_seconds, 1),
        parameters={
            "network": origin.backbone,
            "weights": origin.weights,
            "input": f"{description.height} × {description.width}",
            "temperature": f"{description.temperature:.3f}",
            "confident from": f"{description.confidence_threshold:.3f}",
            "photos": ", ".join(f"{number} {subset}" for subset, number in origin.photos.items() if number),
            "split": origin.split[:16],
            **({"test photos": origin.test_sha256[:16]} if origin.test_sha256 else {}),
            "candidate": origin.candidate[:16],
        },
        reviews=tuple(evaluate_result.reviews.sentences) if evaluate_result.reviews else (),
        drawn=description.drawn,
    )


def file_names(evaluate_result: EvaluateResult) -> dict[str, list[str]]:
    """Return the names of each photo's files in its sources, by its SHA-256; for reports that stay on this machine."""
    records = list(read_manifest(evaluate_result.manifest))
    several = len({record.source for record in records}) > 1
    names: dict[str, list[str]] = {}
    for record in records:
        names.setdefault(record.sha256, []).append(f"{record.source}: {record.path}" if several else record.path)
    return names


def _before_calibration(answers: ScoredPhotos, *, temperature: float) -> ScoredPhotos:
    """Undo the temperature: scores to its power, made to sum to 1."""
    logits = temperature * np.log(np.maximum(answers.scores, _SMALLEST_SCORE))
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    scores = (powers / powers.sum(axis=1, keepdims=True)).tolist()
    photos = (replace(photo, scores=tuple(row)) for photo, row in zip(answers.photos, scores, strict=True))
    return replace(answers, photos=tuple(photos))


def _slices(
    evaluate_result: EvaluateResult, angles: Mapping[str, float | None], workspace: Workspace
) -> dict[str, Mapping[str, str]]:
    photos = list(angles)
    facts = FactStore(workspace.root / "facts").facts(photos, path_of=workspace.images.path)
    sizes = {
        sha256: next(name for most, name in _SIZES if max(fact.width, fact.height) <= most)
        for sha256, fact in facts.items()
    }
    places: dict[str, str] = {}
    for record in read_manifest(evaluate_result.manifest):
        places.setdefault(record.sha256, record.page or evaluate_result.source)
    slices: dict[str, Mapping[str, str]] = {
        skin_tone.FAMILY: skin_tone.tone_slices(angles),
        "size": sizes,
    }
    by_place = {sha256: places.get(sha256, evaluate_result.source) for sha256 in photos}
    return slices if len(set(by_place.values())) == 1 else {**slices, "page": by_place}
