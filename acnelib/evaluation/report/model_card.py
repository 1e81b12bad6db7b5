"""The model card: what a model is for, what it was made of, how good it is and what it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acnelib.labels import display_name
from acnelib.storage.licences import warnings_of
from acnelib.text.formatting import format_bytes
from acnelib.text.markdown import code_markdown, plain_markdown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from acnelib.bundle import Description, SmallModel
    from acnelib.evaluation.intervals import Estimate
    from acnelib.evaluation.report.content import EvaluationContent


def model_card(description: Description, content: EvaluationContent) -> str:
    """Return the card as Markdown; what the photos' licences forbid stands first.

    Args:
        description: What the bundle says of itself.
        content: What was measured.
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
        f"**A research tool, not a diagnosis.** It says which of {len(description.labels)} classes a photo resembles "
        "most, and how sure it is; it knows nothing else and sees nothing but the photo."
    )
    yield ""
    if description.drawn:
        yield (
            "**It learnt from drawn pictures only**, no photo of anybody, so it calls no answer confident. All numbers "
            "below are of drawn pictures; on photos it is of no use."
        )
        yield ""
    yield "## What it is for"
    yield "- Meant for: research on photos like those it was made of; sorting and searching collections; teaching."
    yield "- Not meant for: deciding about a person's care, photos of other conditions, photos taken without consent."
    yield f"- Classes: {plain_markdown(', '.join(display_name(label) for label in description.labels))}"


def _making(description: Description) -> Iterator[str]:
    origin = description.provenance
    yield "## What it was made of"
    yield (
        f"- Network: {plain_markdown(origin.backbone)}, weights {code_markdown(origin.weights)}, "
        f"a linear head in which every class has the same say; input {description.height} × {description.width} RGB"
    )
    photos = ", ".join(f"{count} {subset}" for subset, count in origin.photos.items())
    yield (
        f"- Source: {code_markdown(origin.source)}; {photos} photos; "
        "equal and near-equal photos stay on one side; learnt from train and validation, never from test"
    )
    licences = ", ".join(f"{licence} ({count})" for licence, count in origin.licences.items())
    yield f"- Licences: {plain_markdown(licences)}"
    yield f"- Split `{origin.split[:16]}`, test photos `{origin.test_sha256[:16]}`, data `{origin.data[:16]}`"
    yield (
        f"- Made by acnelib {origin.code} at {origin.created_at}, run `{origin.run_id}`, candidate "
        f"`{origin.candidate[:16]}`"
    )
    yield from _small(description.small)


def _small(small: SmallModel | None) -> Iterator[str]:
    if small is None:
        return
    agreeing = f"the same top class as the float model for {small.agreement:.1%} of {small.photos} photos learnt from"
    if small.kind is None:
        yield f"- Small model: none; the closest one gives {agreeing}, which is too few"
        return
    yield (
        f"- Small model: {small.kind}, {format_bytes(small.bytes)}; {agreeing}, and for "
        f"{small.agreement_unseen:.1%} of the {small.unseen} of them that it was not adapted to"
    )


def _quality(description: Description, content: EvaluationContent) -> Iterator[str]:
    found = content.measurements
    overall, calibration = found.estimates.overall, found.calibration
    yield f"## How good it is on {found.estimates.n} test photos in {found.estimates.groups} groups"
    yield "Intervals are 95 %, by bootstrap over groups of photos that belong together."
    yield ""
    yield "| | | interval |"
    yield "|---|---:|---|"
    names = {"macro_f1": "Macro-F1", "balanced_accuracy": "Balanced accuracy", "accuracy": "Accuracy"}
    for name, title in names.items():
        yield f"| {title} | {_number(overall[name])} | {_interval(overall[name])} |"
    yield f"| Macro-F1 of always answering {plain_markdown(display_name(content.majority_label).lower())} | \
{content.majority_macro_f1:.3f} | |"
    yield ""
    yield (
        f"Calibration error {calibration.ece.observed:.3f}; a perfectly calibrated model with the same scores would "
        f"show up to {calibration.ece.band[1]:.3f} on as many photos ({calibration.ece.verdict}). NLL "
        f"{calibration.nll.observed:.3f}, Brier {calibration.brier.observed:.3f}."
    )
    sure = found.selective.confident
    told = (
        f"{sure.coverage:.0%} of the test photos, right in {sure.accuracy:.0%} of them "
        f"({sure.interval[0]:.0%}–{sure.interval[1]:.0%})"
        if sure
        else "none of the test photos"
    )
    called = 'would be "confident", were they of photos' if description.drawn else 'are "confident"'
    yield (
        f"Answers from a confidence of {description.confidence_threshold:.2f} on {called}, meant to be right in "
        f"{description.confident_accuracy:.0%}: {told}."
    )
    yield ""
    yield "| Class | Precision | Recall | F1 | interval of F1 | Photos |"
    yield "|---|---:|---:|---:|---|---:|"
    for label, one in found.estimates.per_class.items():
        cells = (_number(one.precision), _number(one.recall), _number(one.f1), _interval(one.f1))
        yield f"| {plain_markdown(display_name(label))} | {' | '.join(cells)} | {one.photos} |"


def _slices(content: EvaluationContent) -> Iterator[str]:
    for family in content.measurements.families:
        if len(family.slices) > 1:
            yield f"### By {plain_markdown(family.name)}"
            if family.note:
                yield f"{family.note}"
            yield ""
            yield "| | Photos | Accuracy | interval |"
            yield "|---|---:|---:|---|"
            for one in family.slices:
                claim = _interval(one.accuracy) if not one.few else "too few photos to say"
                yield f"| {plain_markdown(one.name)} | {one.n} | {_number(one.accuracy)} | {claim} |"
            yield ""


def _limits(description: Description, content: EvaluationContent) -> Iterator[str]:
    yield "## Limits"
    yield (
        "- Photos of other cameras, skin tones, body sites or conditions than those it was made of may be answered "
        "wrongly and confidently."
    )
    yield (
        f'- A photo unlike those it was made of is called "out-of-scope"; {description.false_rejection:.0%} of those '
        "like them are, too. What looks like skin and shows another condition is not noticed."
    )
    for statement in content.statements:
        yield f"- {plain_markdown(statement[:1].upper() + statement[1:])}."


def _number(estimate: Estimate) -> str:
    return "–" if estimate.value is None else f"{estimate.value:.3f}"


def _interval(estimate: Estimate) -> str:
    if estimate.interval is None:
        return estimate.note or "–"
    low, high = estimate.interval
    return f"{low:.3f}–{high:.3f}"
