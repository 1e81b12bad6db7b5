"""The model card: intended use, origin, performance and limits of a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acnelib.labels import display_name
from acnelib.storage.licences import warnings_of
from acnelib.text.formatting import format_bytes
from acnelib.text.markdown import code_markdown, plain_markdown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from acnelib.bundle import Adaptation, Description, QuantizedModel
    from acnelib.evaluation.intervals import Estimate
    from acnelib.evaluation.report.content import EvaluationContent


def model_card(description: Description, content: EvaluationContent) -> str:
    """Return the card as Markdown, beginning with the restrictions of the photos' licences.

    Args:
        description: The bundle's own description.
        content: Content of the evaluation.
    """
    parts = (
        _licence(description),
        _purpose(description),
        _making(description),
        _quality(description, content),
        _slices(content),
        _limits(description, content),
    )
    return "\n".join(line for part in parts for line in (*part, "")).strip() + "\n"


def _licence(description: Description) -> Iterator[str]:
    if warnings := warnings_of(description.provenance.licences):
        yield f"> **Before it is published or sold:** {plain_markdown('; '.join(warnings))}."


def _purpose(description: Description) -> Iterator[str]:
    yield "# Model card"
    yield ""
    yield (
        "**A research tool, not a diagnosis.** The model states which of "
        f"{len(description.labels)} classes a photo resembles most, and with what confidence. It uses nothing but "
        "the photo and knows no other classes."
    )
    yield ""
    if description.drawn:
        yield (
            "**Trained on drawn pictures only**, without a single photo, so the model calls no answer confident. All "
            "numbers below describe drawn pictures. The model is of no use on photos."
        )
        yield ""
    yield "## What it is for"
    yield "- Intended uses: research on photos like its training photos; sorting and searching collections; teaching."
    yield "- Not intended for: decisions about a person's care; photos of other conditions; photos without consent."
    yield f"- Classes: {plain_markdown(', '.join(display_name(label) for label in description.labels))}"


def _making(description: Description) -> Iterator[str]:
    origin = description.provenance
    yield "## How it was made"
    yield (
        f"- Network: {plain_markdown(origin.backbone)}, weights {code_markdown(origin.weights)}, "
        f"a linear head that weights all classes equally; input {description.height} × {description.width} RGB"
    )
    photos = ", ".join(f"{count} {subset}" for subset, count in origin.photos.items())
    yield (
        f"- Source: {code_markdown(origin.source)}; {photos} photos; "
        "copies and near-copies stay in one subset; trained on train and validation, never on test"
    )
    licences = ", ".join(f"{licence} ({count})" for licence, count in origin.licences.items())
    yield from _adaptation(description.adaptation)
    yield f"- Licences: {plain_markdown(licences)}"
    tested = f", test photos `{origin.test_sha256[:16]}`" if origin.test_sha256 else ""
    yield f"- Split `{origin.split[:16]}`{tested}, data `{origin.data[:16]}`"
    yield (
        f"- Made by acnelib {origin.code} at {origin.created_at}, run `{origin.run_id}`, candidate "
        f"`{origin.candidate[:16]}`"
    )
    yield from _small(description.small)


def _adaptation(adaptation: Adaptation | None) -> Iterator[str]:
    if adaptation is not None:
        yield (
            f"- The networks were fine-tuned on {adaptation.photos} photos of {adaptation.conditions} other conditions "
            f"(sources {code_markdown(', '.join(adaptation.sources))}); on these photos and conditions nothing that is "
            "measured here counts as never seen"
        )


def _small(small: QuantizedModel | None) -> Iterator[str]:
    if small is None:
        return
    agreeing = f"the same top class as the float model for {small.agreement:.1%} of {small.photos} training photos"
    if small.kind is None:
        yield f"- 8-bit model: none; the closest variant gives {agreeing}, which is too few"
        return
    yield (
        f"- 8-bit model: {small.kind}, {format_bytes(small.bytes)}; {agreeing}, and for "
        f"{small.agreement_unseen:.1%} of the {small.unseen} of them that were not used to calibrate it"
    )


def _quality(description: Description, content: EvaluationContent) -> Iterator[str]:
    found = content.metrics
    overall, calibration = found.estimates.overall, found.calibration
    yield f"## How good it is on {found.estimates.n} test photos in {found.estimates.groups} groups"
    yield "Intervals are 95 % bootstrap intervals over groups of related photos."
    yield ""
    yield "| Metric | Value | 95 % interval |"
    yield "|---|---:|---|"
    names = {"macro_f1": "Macro-F1", "balanced_accuracy": "Balanced accuracy", "accuracy": "Accuracy"}
    for name, title in names.items():
        yield f"| {title} | {_number(overall[name])} | {_interval(overall[name])} |"
    yield f"| Macro-F1 of always answering {plain_markdown(display_name(content.majority_label).lower())} | \
{content.majority_macro_f1:.3f} | |"
    yield ""
    yield (
        f"The calibration error is {calibration.ece.observed:.3f}. A perfectly calibrated model with the same scores "
        f"would have up to {calibration.ece.band[1]:.3f} on as many photos ({calibration.ece.verdict}). NLL "
        f"{calibration.nll.observed:.3f}, Brier {calibration.brier.observed:.3f}."
    )
    sure = found.selective.confident
    outcome = (
        f"{sure.coverage:.0%} of the test photos, and right on {sure.accuracy:.0%} of those "
        f"({sure.interval[0]:.0%}–{sure.interval[1]:.0%})"
        if sure
        else "none of the test photos"
    )
    called = 'would be called "confident" on photos' if description.drawn else 'are called "confident"'
    yield (
        f"Answers with a confidence of at least {description.confidence_threshold:.2f} {called}. The threshold is set "
        f"for {description.promise.level:.0%} right answers; it covers {outcome}."
    )
    yield ""
    yield "| Class | Precision | Recall | F1 | 95 % interval of F1 | Photos |"
    yield "|---|---:|---:|---:|---|---:|"
    for label, one in found.estimates.per_class.items():
        cells = (_number(one.precision), _number(one.recall), _number(one.f1), _interval(one.f1))
        yield f"| {plain_markdown(display_name(label))} | {' | '.join(cells)} | {one.photos} |"


def _slices(content: EvaluationContent) -> Iterator[str]:
    for family in content.metrics.families:
        if len(family.slices) > 1:
            yield f"### By {plain_markdown(family.name)}"
            if family.note:
                yield f"{family.note}"
            yield ""
            yield "| Slice | Photos | Accuracy | 95 % interval |"
            yield "|---|---:|---:|---|"
            for one in family.slices:
                claim = _interval(one.accuracy) if not one.has_too_few_groups else "too few photos to say"
                yield f"| {plain_markdown(one.name)} | {one.n} | {_number(one.accuracy)} | {claim} |"
            yield ""


def _limits(description: Description, content: EvaluationContent) -> Iterator[str]:
    yield "## Limits"
    yield (
        "- On photos of other cameras, skin tones, body sites or conditions than in its training photos, the model may "
        "be wrong and confident."
    )
    yield (
        f'- A photo unlike the training photos is called "out-of-scope", and so are {description.false_rejection:.0%} '
        "of the photos that are like them. A photo of skin with another condition is not detected."
    )
    for warning in content.split_warnings:
        yield f"- {plain_markdown(warning[:1].upper() + warning[1:])}."


def _number(estimate: Estimate) -> str:
    return "–" if estimate.value is None else f"{estimate.value:.3f}"


def _interval(estimate: Estimate) -> str:
    if estimate.interval is None:
        return estimate.note or "–"
    low, high = estimate.interval
    return f"{low:.3f}–{high:.3f}"
