"""The model card: what a model is for, what it was made of, how good it is and what it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acnelib.labels import display_name
from acnelib.licences import warnings_of

if TYPE_CHECKING:
    from acnelib.bundle import Description
    from acnelib.metrics import Metrics


def model_card(description: Description, metrics: Metrics) -> str:
    """Return the card as Markdown; what the photos' licences forbid stands first.

    Args:
        description: What the bundle says of itself.
        metrics: Metrics on the test photos.
    """
    origin = description.provenance
    low, high = metrics.macro_f1_interval
    selective = "–" if metrics.selective_accuracy is None else f"{metrics.selective_accuracy:.3f}"
    rows = "\n".join(
        f"| {display_name(label)} | {values.precision:.3f} | {values.recall:.3f} | {values.f1:.3f} | {values.support} |"
        for label, values in metrics.per_class.items()
    )
    warnings = warnings_of(origin.licences)
    licence = f"> **Before it is published or sold:** {'; '.join(warnings)}.\n\n" if warnings else ""
    return f"""{licence}# Model card

**A research tool, not a diagnosis.** It says which of {len(description.labels)} classes a photo resembles most, and
how sure it is; it knows nothing else and sees nothing but the photo.

## What it is
- Classes: {", ".join(display_name(label) for label in description.labels)}
- Network: {origin.backbone}, weights `{origin.weights}`, a balanced linear head; input {description.height} × \
{description.width} RGB
- Made by acnelib {origin.code} at {origin.created_at}, run `{origin.run_id}`, candidate `{origin.candidate[:16]}`

## What it was made of
- Source: `{origin.source}`; {", ".join(f"{count} {subset}" for subset, count in origin.photos.items())} photos;
  equal and near-equal photos stay on one side
- Licences: {", ".join(f"{licence} ({count})" for licence, count in origin.licences.items())}
- Split `{origin.split[:16]}`, test photos `{origin.test_sha256[:16]}`

## How good it is on {metrics.n} test photos
Macro-F1 {metrics.macro_f1:.3f} (95 % interval {low:.3f}–{high:.3f}), balanced accuracy \
{metrics.balanced_accuracy:.3f}, accuracy {metrics.accuracy:.3f}. Calibration error {metrics.ece:.3f}, NLL \
{metrics.nll:.3f}, Brier {metrics.brier:.3f}. Answers with a confidence of {description.confident_at:.2f} or more are
"confident": {metrics.coverage:.0%} of the photos, right in {selective} of them.

| Class | Precision | Recall | F1 | Photos |
|---|---|---|---|---|
{rows}

## Limits
Photos of other cameras, skin tones, body sites or conditions than those it was trained on may be answered wrongly and
confidently. Every photo is given one of the classes above, even one that shows none of them.
"""
