"""Descriptions of runs, versions, the experiment and the model for the MLflow UI, in Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acnelib.bundle import CARD
from acnelib.stages.artifacts import CandidateFolder
from acnelib.storage.licences import warnings_of
from acnelib.text.markdown import code_markdown, plain_markdown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from acnelib.evaluation_record import EvaluationRecord
    from acnelib.stages.results import EvaluateResult

_ROWS = (
    ("macro-F1", "macro_f1"),
    ("balanced accuracy", "balanced_accuracy"),
    ("calibration error (ECE)", "ece"),
    ("negative log-likelihood", "nll"),
    ("share that is confident", "coverage"),
    ("right when confident", "selective_accuracy"),
)

_TITLES = {
    "unseen_source": "sources held out",
    "series": "series held out",
    "out_of_fold": "groups held out",
    "test": "test",
}
"""What each set of answers holds apart."""

_GAP = "&emsp;"
"""The UI draws tables without any space between columns."""

_PLOTS = "plots and tables: the artifacts under `evaluation/`"
_CARD = f"model card: *Source Model* above, then *Artifacts*, `artifacts/bundle/{CARD}`"

NOT_A_DIAGNOSIS = "*A research tool, not a diagnosis.*"

EXPERIMENT = f"""\
Candidates of acnelib: one run for each, found again when nothing has changed.

- **At a glance:** the view *Candidates*, under *Views*, shows macro-F1, how many answers are right when confident, the
  calibration error, the size and the decision.
- **Compare** those that one pipeline compared last: filter by `tags.acnelib.pipeline`, or open the address that
  `acne pipeline` prints.
- **What candidates are chosen by:** `series_macro_f1`, then `series_nll`: photos of one patient are held out together.
  The gate judges by the answers behind `out_of_fold_`, or by `test_` where photos were kept out for a test. Every
  metric is about answers by models that never saw the photo; `unseen_source_` is about sources that were held apart.
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


def run_note(evaluate_result: EvaluateResult, evaluation: EvaluationRecord, *, chosen: bool, of: int) -> str:
    """Return the description of a run: metrics, origin and weaknesses of the candidate.

    Args:
        evaluate_result: The candidate.
        evaluation: Its evaluation.
        chosen: Whether it was the best of its pipeline.
        of: How many candidates the pipeline had.
    """
    verdict = "the best" if chosen else "not the best"
    rank = "the only candidate" if of == 1 else f"{verdict} of {of} candidates by series held out"
    heading = f"**{plain_markdown(evaluate_result.backbone)}** on {code_markdown(evaluate_result.source)}: {rank}"
    return "\n".join(
        (heading, "", *_metrics(evaluation), "", *_making(evaluate_result, more=_PLOTS), "", NOT_A_DIAGNOSIS)
    )


def version_note(evaluate_result: EvaluateResult, evaluation: EvaluationRecord) -> str:
    """Return the description of a version below its decisions: metrics, origin and weaknesses, short enough to read.

    Args:
        evaluate_result: The candidate.
        evaluation: Its evaluation.
    """
    return "\n".join((*_metrics(evaluation), "", *_making(evaluate_result, more=_CARD), "", NOT_A_DIAGNOSIS))


def _metrics(evaluation: EvaluationRecord) -> Iterator[str]:
    subsets = evaluation.subsets()
    titles = [f"{_GAP}{_TITLES[name]} ({one.metrics.n} photos)" for name, one in subsets.items()]
    yield f"| | {' | '.join(titles)} |"
    yield f"|---|{'---|' * len(titles)}"
    for title, name in _ROWS:
        cells = (_GAP + _number(getattr(one.metrics, name)) for one in subsets.values())
        yield f"| {title} | {' | '.join(cells)} |"
    yield f"| share that is refused | {' | '.join(_GAP + _number(one.refused) for one in subsets.values())} |"
    yield ""
    if (unseen := evaluation.unseen_condition) is None:
        yield "Other skin conditions were never seen."
    else:
        yield (
            f"Of {unseen.photos} photos of other conditions, held apart: {unseen.refused:.0%} refused, "
            f"{unseen.confident:.0%} confident."
        )


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _making(evaluate_result: EvaluateResult, *, more: str) -> Iterator[str]:
    description = CandidateFolder(evaluate_result.candidate).open().description
    origin = description.provenance
    photos = ", ".join(f"{number} {subset}" for subset, number in origin.photos.items() if number)
    if description.drawn:
        yield "- **trained on drawn pictures only:** it calls no answer confident"
    weights = code_markdown(origin.weights)
    networks = plain_markdown(evaluate_result.backbone)
    yield f"- {networks}, weights {weights}; photos: {photos}; split `{origin.split[:16]}`; acnelib {origin.code}"
    yield from (f"- {plain_markdown(statement)}" for statement in evaluate_result.statements)
    yield from (
        f"- **before it is published or sold:** {plain_markdown(warning)}" for warning in warnings_of(origin.licences)
    )
    yield f"- {more}"
