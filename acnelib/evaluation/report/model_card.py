"""The model card: intended use, origin, performance and limits of a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acnelib.evaluation.refusals import tone_sentence
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
        _making(description, content),
        _promise(description),
        _measured(content),
        _quality(content),
        _sources(content),
        _slices(content),
        _refusals(description, content),
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


def _making(description: Description, content: EvaluationContent) -> Iterator[str]:
    origin = description.provenance
    yield "## How it was made"
    yield (
        f"- Network: {plain_markdown(origin.backbone)}, weights {code_markdown(origin.weights)}, "
        f"a linear head that weights all classes equally; input {description.height} × {description.width} RGB"
    )
    learnt, tested = origin.photos.get("train", 0), origin.photos.get("test", 0)
    apart = f"; {tested} others were kept out for a test and never learnt from" if tested else ""
    sources = ", ".join(code_markdown(name) for name in description.promise.sources)
    yield f"- Photos: {learnt} of {sources} were learnt from{apart}"
    if (background := description.background) is not None:
        yield (
            f"- Background: {background.photos} photos of {background.conditions} other conditions, from "
            f"{', '.join(code_markdown(name) for name in background.sources)}"
        )
    licences = ", ".join(f"{licence} ({count})" for licence, count in origin.licences.items())
    yield from _adaptation(description.adaptation)
    if content.reviews:
        yield f"- Photos that people reviewed: {plain_markdown('; '.join(content.reviews))}"
    yield f"- Licences: {plain_markdown(licences)}"
    kept_out = f", test photos `{origin.test_sha256[:16]}`" if origin.test_sha256 else ""
    yield f"- Split `{origin.split[:16]}`{kept_out}, data `{origin.data[:16]}`"
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


def _promise(description: Description) -> Iterator[str]:
    promise = description.promise
    sources = ", ".join(code_markdown(name) for name in promise.sources)
    yield '## What "confident" means'
    if description.drawn:
        yield "No answer is confident, since the model was trained on drawn pictures only."
        return
    if not promise.reached:
        yield (
            f"No answer is confident: that {promise.level:.0%} of such answers are right could not be shown on photos "
            f"of other patients from {sources}."
        )
    else:
        right = "" if promise.accuracy is None else f"; {promise.accuracy:.0%} of those were right"
        yield (
            f"Answers with a confidence of at least {description.confidence_threshold:.2f} are called confident. On "
            f"photos of other patients from {sources}, {promise.level:.0%} of them should be right: "
            f"{promise.coverage:.0%} of the photos got one{right}."
        )
    yield ""
    yield _unseen_promise(description)


def _unseen_promise(description: Description) -> str:
    unseen = description.promise.unseen
    if unseen is None:
        (only, *more) = description.promise.sources or ("one source",)
        if more:
            return (
                "**No source could be held apart**, since the others do not teach its classes. How often answers are "
                "right on photos of another origin is unknown."
            )
        return (
            f"**Only photos of {code_markdown(only)} were measured.** How often answers are right on photos of another "
            "origin is unknown, also if they are confident. Measure it on photos of your own: `acne validate DIR`."
        )
    outcome = (
        "none of them got a confident answer"
        if unseen.accuracy is None
        else f"{unseen.coverage:.0%} of them got a confident answer, and {unseen.accuracy:.0%} of those were right"
    )
    reached = (
        f"The {unseen.level:.0%} that should be right were reached."
        if unseen.reached
        else f"**That {unseen.level:.0%} of them are right was not shown**, so photos of another origin get no "
        "such promise."
    )
    return (
        f"On photos of sources that it never saw (each source held apart in turn, {unseen.photos} photos): {outcome}. "
        f"{reached}"
    )


def _measured(content: EvaluationContent) -> Iterator[str]:
    yield "## How it was measured"
    yield (
        "Every answer below is by a head that never saw the photo. The rows differ in what else was held apart; trust "
        "the one that comes closest to your own photos. Intervals are 95 % bootstrap intervals over groups of related "
        "photos."
    )
    yield ""
    yield "| Held apart | Photos | Macro-F1 | Accuracy | Confident | Right when confident | Refused |"
    yield "|---|---:|---|---|---|---|---|"
    for one in content.metrics.measurements:
        names = ("macro_f1", "accuracy", "coverage", "selective_accuracy", "refused")
        cells = " | ".join(_both(one.estimates.overall[name]) for name in names)
        yield f"| {plain_markdown(': '.join(filter(None, (one.name, one.about))))} | {one.estimates.n} | {cells} |"


def _quality(content: EvaluationContent) -> Iterator[str]:
    found = content.metrics
    overall, calibration = found.estimates.overall, found.calibration
    yield f"## How good it is on {found.estimates.n} {content.photos_described} in {found.estimates.groups} groups"
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
    yield ""
    yield "| Class | Precision | Recall | F1 | 95 % interval of F1 | Photos |"
    yield "|---|---:|---:|---:|---|---:|"
    for label, one in found.estimates.per_class.items():
        cells = (_number(one.precision), _number(one.recall), _number(one.f1), _interval(one.f1))
        yield f"| {plain_markdown(display_name(label))} | {' | '.join(cells)} | {one.photos} |"


def _slices(content: EvaluationContent) -> Iterator[str]:
    for family in content.metrics.families:
        if len(family.slices) > 1:
            yield f"### By {plain_markdown(family.name[:1].lower() + family.name[1:])}"
            if family.note:
                yield f"{family.note}"
            yield ""
            yield "| Slice | Photos | Accuracy | 95 % interval |"
            yield "|---|---:|---:|---|"
            for one in family.slices:
                claim = _interval(one.accuracy) if not one.has_too_few_groups else "too few photos to say"
                yield f"| {plain_markdown(one.name)} | {one.n} | {_number(one.accuracy)} | {claim} |"
            yield ""


def _sources(content: EvaluationContent) -> Iterator[str]:
    if not content.metrics.sources:
        return
    yield "### By source"
    yield "Two sources may define a class differently: compare its recall in each."
    yield ""
    yield "| Source | Class | Photos | Recall | Recall, source held apart |"
    yield "|---|---|---:|---|---|"
    for name, (known, unseen) in content.metrics.sources.items():
        for label, one in known.per_class.items():
            if one.photos:
                apart = "–" if unseen is None else _both(unseen.per_class[label].recall)
                title = plain_markdown(display_name(label))
                yield f"| {plain_markdown(name)} | {title} | {one.photos} | {_both(one.recall)} | {apart} |"


def _refusals(description: Description, content: EvaluationContent) -> Iterator[str]:
    refusals, background = content.metrics.refusals, description.background
    yield "## What it refuses"
    if background is None:
        yield (
            "- **Other skin conditions were never seen:** a photo of one gets the most similar class as its answer, "
            "possibly a confident one."
        )
    else:
        yield (
            f"- Photos of other skin conditions, none of which the scope had seen: "
            f"{_with_interval(background.refused, background.refused_interval)} are out-of-scope, and "
            f"{_with_interval(background.confident, background.confident_interval)} get a confident answer"
        )
        if background.unlike and not any(background.unlike[0] in warning for warning in background.warnings):
            names = ", ".join(code_markdown(name) for name in background.unlike)
            yield f"- Other skin conditions were never seen in photos like those of {names}"
        yield from (f"- {plain_markdown(warning)}" for warning in background.warnings)
    for name, one in refusals.by_source.items():
        apart = one.source_held_out
        alone = "" if apart is None else f", and {_percent(apart)} when the whole source was held apart"
        yield f"- Photos of its own classes from {code_markdown(name)}: {_percent(one.series_held_out)} refused{alone}"
    if refusals.by_tone is not None:
        yield f"- {tone_sentence(refusals.by_tone)}"


def _limits(description: Description, content: EvaluationContent) -> Iterator[str]:
    yield "## Limits"
    yield (
        "- On photos of other cameras, skin tones, body sites or conditions than in its training photos, the model may "
        "be wrong and confident."
    )
    yield (
        f'- A photo unlike the training photos is called "out-of-scope", and so are {description.false_rejection:.0%} '
        "of the photos that are like them."
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


def _both(estimate: Estimate) -> str:
    if estimate.value is None:
        return "–"
    interval = "" if estimate.interval is None else f" ({_interval(estimate)})"
    return f"{estimate.value:.3f}{interval}"


def _percent(estimate: Estimate) -> str:
    return _with_interval(estimate.value or 0.0, estimate.interval)


def _with_interval(share: float, interval: tuple[float, float] | None) -> str:
    return f"{share:.0%}" if interval is None else f"{share:.0%} ({interval[0]:.0%}–{interval[1]:.0%})"
