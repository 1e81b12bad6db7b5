"""The README of an exported model, in Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acnelib import bundle as bundles
from acnelib.labels import display_name
from acnelib.storage.licences import warnings_of
from acnelib.text.formatting import format_bytes, format_score
from acnelib.text.markdown import plain_markdown
from acnelib.training.quantization import QuantizedVariant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from acnelib.inference import ModelIdentity


def export_readme(bundle: bundles.Bundle, identity: ModelIdentity) -> str:
    """Return README.md of an export; what the photos' licences forbid stands first."""
    description = bundle.description
    parts = (_licence(description), _heading(identity), _input(description), _outputs(description), _small(bundle))
    return "\n".join(line for part in (*parts, _use()) for line in (*part, "")).strip() + "\n"


def called(identity: ModelIdentity) -> str:
    """Return the name of a model in messages."""
    return f"{identity.name}, version {identity.version}" if identity.version else identity.name


def _licence(description: bundles.Description) -> Iterator[str]:
    if warnings := warnings_of(description.provenance.licences):
        yield f"> **Before it is published or sold:** {plain_markdown('; '.join(warnings))}."


def _heading(identity: ModelIdentity) -> Iterator[str]:
    yield f"# Model {plain_markdown(called(identity))}"
    yield ""
    yield "**A research tool, not a diagnosis.** `model_card.md` says what it was made of, how good it is and what it"
    yield f"is not for. Its bundle has the SHA-256 `{identity.sha256}`."


def _input(description: bundles.Description) -> Iterator[str]:
    height, width = description.height, description.width
    yield "## Input"
    yield f"`image`, float32 [1, {height}, {width}, 3]: RGB, 0–255, not scaled any further. The whole photo, upright"
    yield f"(turned as its camera says), resized to {height} × {width} by antialiased bilinear interpolation, its"
    yield "proportions given up; never cropped. Other ways to resize give other scores."


def _outputs(description: bundles.Description) -> Iterator[str]:
    yield "## Outputs of `model.tflite`"
    yield f"- `scores` [1, {len(description.labels)}]: calibrated, summing to 1, in the order of `labels.txt`:"
    yield f"  {plain_markdown(', '.join(display_name(label) for label in description.labels))}"
    yield "- `distance` [1, 1], where there is one: above 1 the photo is unlike the training photos, and"
    yield "  its scores mean nothing"
    yield "- `activation` [1, grid, grid, labels], where there is one: what each place of the photo speaks for"
    yield ""
    if description.drawn:
        yield "It was trained on drawn pictures only: every answer is uncertain, and on photos it is of no use."
    else:
        yield f"An answer whose highest score is below {description.confidence_threshold:.3f} is uncertain."


def _small(bundle: bundles.Bundle) -> Iterator[str]:
    small = bundle.description.small
    if small is None or small.kind is None or not (bundle.path / bundles.INT8).is_file():
        yield "There is no `model.int8.tflite`: none was made, or none that answers as `model.tflite` does."
        return
    yield f"## `{bundles.INT8}`"
    agreement, unseen = format_score(small.agreement), format_score(small.agreement_unseen)
    yield f"The same model ({small.kind}), {format_bytes(small.bytes)}, with `scores` alone. It gives the same top"
    yield f"label to {agreement} of {small.photos} photos that the model was trained on, and to {unseen} of the"
    yield f"{small.unseen} of them that it was not adapted to. It cannot tell that a photo is unlike those."
    if small.kind == QuantizedVariant.WHOLE:
        yield "Its input is int8, RGB − 128; a score is (its int8 value + 128) / 256."
    else:
        yield "Its input and its scores are float32, as above."


def _use() -> Iterator[str]:
    yield "## Use"
    yield "```console"
    yield "$ pip install ai-edge-litert numpy pillow"
    yield "$ python example.py photo.jpg"
    yield "$ sha256sum -c SHA256SUMS"
    yield "```"
