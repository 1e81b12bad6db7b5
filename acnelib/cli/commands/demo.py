"""``acne demo``: the whole pipeline on the embedded stack, and the addresses of its results."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from acnelib.atlas.drawing import draw_pictures, encode_jpeg
from acnelib.cli.commands.operate import IN_A_BROWSER
from acnelib.cli.output import show
from acnelib.cli.shown_run import run_shown
from acnelib.labels import display_name
from acnelib.models import classifier_of, find_model
from acnelib.pipeline.run import PipelineRun, new_run_time
from acnelib.registry.reading import RegistryReader
from acnelib.registry.tracking.connection import tracking_of
from acnelib.scraping.sources import SAMPLE, Sources
from acnelib.storage.files import write_bytes
from acnelib.text.formatting import format_score

if TYPE_CHECKING:
    from pathlib import Path

    from acnelib.config.settings import Settings
    from acnelib.pipeline.result import PipelineResult

BACKBONES = ("mobilenet_v1_0.25_96", "mobilenet_v1_0.25_128")
PHOTO_SEED = 2026
PHOTOS = 3


def run_demo(settings: Settings) -> None:
    """Run the pipeline with two candidates, classify three new pictures and show the next steps."""
    sources = Sources.parse(SAMPLE)
    run = PipelineRun(
        sources=sources,
        at=new_run_time(sources, settings),
        backbones=BACKBONES,
    )
    result = run_shown(run, settings=settings)
    _show_decision(result)
    classify_new_pictures(settings, result, settings.workdir / "demo")
    _show_addresses(settings, result)


def _show_decision(result: PipelineResult) -> None:
    show("")
    if result.decision == "unchanged" and not result.training_seconds:
        show(f"Nothing has changed since the last run: nothing was trained or registered ({result.seconds:.1f} s).")
    else:
        show(f"Version {result.version} was {result.decision} in {result.seconds:.1f} s:")
    for reason in result.reasons or ():
        show(f"  · {reason}")


def classify_new_pictures(settings: Settings, result: PipelineResult, folder: Path) -> None:
    """Classify with the demo's own model, because production may be a model of photos."""
    found = find_model(str(result.version), settings=settings)
    classifier = classifier_of(found, settings=settings)
    show("")
    show(f"Three new pictures, classified by {_whose(result, settings)} (research, not a diagnosis):")
    for picture in draw_pictures(PHOTOS, seed=PHOTO_SEED):
        path = folder / f"{picture.name}.jpg"
        write_bytes(path, encode_jpeg(picture.image))
        prediction = classifier.predict(path)
        drawn = display_name(picture.label).lower()
        right = "right" if prediction.label == picture.label else f"wrong: it was drawn as {drawn}"
        answer = f"{display_name(str(prediction.label))} {format_score(prediction.confidence or 0.0)}"
        show(f"  {path.name}: {answer}, {prediction.verdict} ({right})")
    if found.identity.drawn:
        show("It was trained on drawn pictures only, so it calls no answer confident and is useless on photos.")


def _whose(result: PipelineResult, settings: Settings) -> str:
    """Return a description of the demo's model, and of the version in production if that is another one."""
    server = str(settings.server())  # there is one: a pipeline has just run with it
    with contextlib.closing(RegistryReader(server, model_name=settings.model_name)) as reader:
        production = reader.production()
    if production is not None and production.version == result.version:
        return f"production, version {result.version}"
    stands = "nothing is in production" if production is None else f"version {production.version} is in production"
    return f"the demo's model, version {result.version}; {stands}"


def _show_addresses(settings: Settings, result: PipelineResult) -> None:
    show("")
    show("Look at")
    show(f"  the tasks, in luigid's visualiser   {result.graph_url}")
    show(f"  the two runs compared, in MLflow    {result.comparison_url}")
    show(f"  all runs with their figures         {result.runs_url}")
    show(f"  the registered model                {tracking_of(settings).model_url()}")
    show(f"  the evaluation of the model         {result.evaluation_report}")
    show(f"  the report on the data              {result.data_report}")
    if settings.uses_embedded:
        show(IN_A_BROWSER)
    show("")
    show("Next")
    show("  acne pipeline --source DIR                 train on your own photos: in DIR, a folder for each class")
    show("  acne predict PHOTO…                        then classify photos with the new model")
    show("  make app                                   the same in the desktop app")
    show("The servers stay up until `acne down`; .venv/bin/acne is the command.")
