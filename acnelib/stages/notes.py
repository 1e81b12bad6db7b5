"""What the MLflow UI says of runs, versions, the experiment and the model, in Markdown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from acnelib.bundle import CARD, read_candidate
from acnelib.stages.reporting import CROSS_VALIDATED, TEST
from acnelib.storage.licences import warnings_of
from acnelib.text.markdown import code_markdown, plain_markdown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from acnelib.stages.results import EvaluateResult

_ROWS = (
    ("macro-F1", "macro_f1"),
    ("balanced accuracy", "balanced_accuracy"),
    ("calibration error (ECE)", "ece"),
    ("negative log-likelihood", "nll"),
    ("share that is confident", "coverage"),
    ("accuracy of those", "selective_accuracy"),
)

_GAP = "&emsp;"
"""The UI draws tables without any space between columns."""

NOT_A_DIAGNOSIS = "*A research tool, not a diagnosis.*"

EXPERIMENT = f"""\
Candidates of acnelib: one run for each, found again when nothing has changed.

- **Compare** those that one pipeline compared last: filter by `tags.acnelib.pipeline`, or open the address that
  `acne pipeline` prints.
- **What candidates are chosen by:** `cross_validated_macro_f1`, then `cross_validated_nll`. The `test_` metrics are
  what the gate judges by, on photos that no candidate has learnt from.
- **Data:** data sets are hashes and labels of photos; equal digests mean equal photos. No photo and no path is here.

{NOT_A_DIAGNOSIS}
"""

MODEL = f"""\
The classifier of acne and rosacea types that acnelib trains.

- **`production`** is the version that apps load: `acnelib.load_classifier("production")`. Only the gate, `acne promote`
  and `acne rollback` set it; the stage mirrors it.
- **Why** a version was promoted or rejected stands in its description; `acne history` lists all decisions.
- Every version holds a sealed bundle with its model card, metrics and checksums.

{NOT_A_DIAGNOSIS}
"""


def run_note(evaluated: EvaluateResult, *, chosen: bool, of: int) -> str:
    """Return what a run's page says: how good the candidate is, what it was made of, what is weak.

    Args:
        evaluated: The candidate.
        chosen: Whether it was the best of its pipeline.
        of: How many candidates the pipeline had.
    """
    trained = evaluated.trained
    verdict = "the best" if chosen else "not the best"
    rank = "the only candidate" if of == 1 else f"{verdict} of {of} candidates by cross-validation"
    source = code_markdown(trained.featured.splitted.curated.scraped.source)
    heading = f"**{plain_markdown(trained.featured.backbone)}** on {source}: {rank}"
    return "\n".join((heading, "", *_metrics(evaluated), "", *_making(evaluated), "", NOT_A_DIAGNOSIS))


def version_note(evaluated: EvaluateResult, bundle: Path) -> str:
    """Return what a version's page says below its decisions: how good it is, and its card."""
    card = (bundle / CARD).read_text(encoding="utf-8")
    return "\n".join((*_metrics(evaluated), "", "---", "", card))


def _metrics(evaluated: EvaluateResult) -> Iterator[str]:
    evaluation: dict[str, dict[str, Any]] = json.loads(evaluated.evaluation.read_text())
    sets = [evaluation.get(name, {}) for name in (TEST, CROSS_VALIDATED)]
    photos = [f" ({numbers['n']} photos)" if "n" in numbers else "" for numbers in sets]
    yield f"| | {_GAP}test{photos[0]} | {_GAP}cross-validated{photos[1]} |"
    yield "|---|---|---|"
    for title, name in _ROWS:
        yield f"| {title} | {' | '.join(_GAP + _number(numbers.get(name)) for numbers in sets)} |"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _making(evaluated: EvaluateResult) -> Iterator[str]:
    description = read_candidate(evaluated.trained.candidate).description
    origin = description.provenance
    photos = ", ".join(f"{number} {subset}" for subset, number in origin.photos.items())
    if description.drawn:
        yield "- **learnt from drawn pictures only:** it calls no answer confident"
    weights = code_markdown(origin.weights)
    yield f"- weights {weights}; photos: {photos}; split `{origin.split[:16]}`; acnelib {origin.code}"
    yield from (f"- {plain_markdown(statement)}" for statement in evaluated.trained.featured.splitted.statements)
    yield from (
        f"- **before it is published or sold:** {plain_markdown(warning)}" for warning in warnings_of(origin.licences)
    )
    yield "- plots and tables: the artifacts under `evaluation/`"
