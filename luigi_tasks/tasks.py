"""Tasks of the pipeline from an atlas page to a promoted model, one thin task per stage."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

import luigi
from luigi.util import inherits, requires

from acnelib import stages
from acnelib.errors import UsageError
from acnelib.pipeline.attempts import WAITS
from acnelib.pipeline.run import default_network
from acnelib.stages import results
from acnelib.stages.adapt import adaptation_options
from acnelib.stages.features import default_weights
from acnelib.training.networks.recipes import Recipe
from luigi_tasks.parameters import ShareParameter, WeightsParameter
from luigi_tasks.stage_task import TRAINING, StageTask

if TYPE_CHECKING:
    from acnelib.stages.results import StageResult

_NOW = datetime.now().replace(microsecond=0)  # noqa: DTZ005 - people read run names, in their own time


class Scrape(StageTask):
    """Photos of the sources into the image store, with a manifest."""

    accept_terms = luigi.BoolParameter(
        significant=False,
        visibility=luigi.parameter.ParameterVisibility.PRIVATE,
        description="you have read the terms of the sites and accept them",
    )
    allow_missing_source = luigi.BoolParameter(
        significant=False,
        visibility=luigi.parameter.ParameterVisibility.PRIVATE,
        description="go on without sources that fail",
    )
    result_type = results.ScrapeResult

    def work(self) -> StageResult:
        """Read the sources."""
        return stages.scrape(
            self.sources,
            allow_missing=self.allow_missing_source,
            settings=self.settings,
            accept_terms=self.accept_terms,
            progress=self.progress,
        )


@requires(Scrape)
class Curate(StageTask):
    """Photos curated; copies and photos of one scene grouped."""

    result_type = results.CurateResult

    def work(self) -> StageResult:
        """Curate the photos that are new."""
        return stages.curate(self.requires().result(), settings=self.settings, progress=self.progress)

    def summary(self, result: results.CurateResult) -> str:
        """Return the number of photos used and left out."""
        return f"{result.used} photos used, {sum(result.excluded.values())} left out"


@requires(Curate)
class Split(StageTask):
    """Photos to learn from and to test on; extends the previous split."""

    test_share = ShareParameter(
        default=0.0, description="share of the photos of each class to keep out for a test, not with test; 0: none"
    )
    result_type = results.SplitResult

    def work(self) -> StageResult:
        """Assign every photo to a subset."""
        return stages.split(self.requires().result(), test_share=self.test_share, settings=self.settings)

    def summary(self, result: results.SplitResult) -> str:
        """Return the number of photos per subset."""
        return ", ".join(f"{number} {subset}" for subset, number in result.counts.items())


class CandidateTask(StageTask):
    """A task of one candidate."""

    backbone = luigi.Parameter(description="network, such as mobilenet_v2_0.35_224, or several joined by +")
    weights = WeightsParameter(default="", description="imagenet, starter, a file or a folder")
    adapt = luigi.BoolParameter(description="fine-tune the networks on the background photos first")
    epochs = luigi.IntParameter(default=0, description="most epochs of this; 0: the default")

    @property
    def task_family(self) -> str:
        """Label in luigid's graph, such as ``Train v1+v2``: workers send it as the name of the task.

        The id of the task, sections of ``luigi.cfg`` and the command line go by the class and keep its name.
        """
        family = str(self.get_task_family())
        try:
            return f"{family} {Recipe.parse(str(self.backbone)).short_name}"
        except UsageError:  # the task itself reports it
            return family

    @property
    def target_name(self) -> str:
        """File name of the target, without suffix."""
        adapted = "-adapted" if self.adapt else ""
        return f"{super().target_name}-{self.backbone}{adapted}"

    @property
    def display_name(self) -> str:
        """Name for people."""
        return f"{super().display_name} {self.backbone}"


@requires(Split)
class Adapt(CandidateTask):
    """Networks fine-tuned on the background photos, and their MLflow run."""

    result_type = results.AdaptResult
    resources: ClassVar[dict[str, int]] = {TRAINING: 1}
    waits = WAITS

    def work(self) -> StageResult:
        """Fine-tune the networks."""
        adapted = stages.adapt(
            self.requires().result(),
            backbone=self.backbone,
            weights=self.weights,
            options=adaptation_options(epochs=self.epochs or None),
            settings=self.settings,
            progress=self.progress,
        )
        if adapted.run_url:
            self.set_tracking_url(adapted.run_url)
        return adapted

    def summary(self, result: results.AdaptResult) -> str:
        """Return the number of photos and conditions."""
        return f"adapted to {result.photos} photos of {result.conditions} other conditions"


@inherits(Split)
class Features(CandidateTask):
    """Embeddings of the photos from each network."""

    result_type = results.FeatureResult
    resources: ClassVar[dict[str, int]] = {TRAINING: 1}

    def requires(self) -> Any:
        """Return the split, and the adaptation of the networks if there is one."""
        return [self.clone(Split), *([self.clone(Adapt)] if self.adapt else [])]

    def work(self) -> StageResult:
        """Compute the missing embeddings."""
        split, *adapted = self.requires()
        return stages.features(
            split.result(),
            backbone=self.backbone,
            weights=str(adapted[0].result().adapted) if adapted else self.weights,
            settings=self.settings,
            progress=self.progress,
        )


@requires(Features)
class Train(CandidateTask):
    """A calibrated candidate and its MLflow run."""

    result_type = results.TrainResult
    resources: ClassVar[dict[str, int]] = {TRAINING: 1}
    waits = WAITS

    def work(self) -> StageResult:
        """Fit the head."""
        trained = stages.train(self.requires().result(), settings=self.settings, progress=self.progress)
        self.set_tracking_url(trained.run_url)
        return trained

    def summary(self, result: results.TrainResult) -> str:
        """Return the duration of the training."""
        return f"trained in {result.seconds:.1f} s" if result.seconds else "trained before"


@requires(Train)
class Evaluate(CandidateTask):
    """The candidate's metrics."""

    result_type = results.EvaluateResult
    waits = WAITS

    def work(self) -> StageResult:
        """Measure on photos that the candidate never saw, and write the report."""
        evaluated = stages.evaluate(self.requires().result(), settings=self.settings, progress=self.progress)
        self.set_tracking_url(evaluated.run_url)
        return evaluated

    def summary(self, result: results.EvaluateResult) -> str:
        """Return the candidate's macro-F1."""
        tested = "" if result.test_macro_f1 is None else f", {result.test_macro_f1:.3f} on test photos"
        return f"macro-F1 {result.out_of_fold_macro_f1:.3f} out of fold, {result.series_macro_f1:.3f} by series{tested}"


@inherits(Split)
class PipelineTask(StageTask):
    """A task about all candidates of a run."""

    at = luigi.DateSecondParameter(default=_NOW, description="default: now")
    backbones = luigi.ListParameter(default=(), description="networks, one candidate each; default: by weights")
    weights = WeightsParameter(default="", description="imagenet, starter, a file or a folder; default: by source")
    adapt = luigi.BoolParameter(description="fine-tune the networks on the background photos first")
    epochs = luigi.IntParameter(default=0, description="most epochs of this; 0: the default")

    def candidates(self) -> tuple[str, ...]:
        """Return the networks; the default if none is named."""
        weights = self.weights or default_weights(self.sources.name)
        return tuple(self.backbones) or (default_network(weights, adapt=self.adapt),)


class Register(PipelineTask):
    """The best candidate, sealed and uploaded as a version in Staging."""

    result_type = results.RegisterResult
    waits = WAITS

    def requires(self) -> Any:
        """Return the evaluated candidates."""
        return [
            self.clone(Evaluate, backbone=backbone, weights=self.weights or default_weights(self.sources.name))
            for backbone in self.candidates()
        ]

    def work(self) -> StageResult:
        """Choose a candidate, seal and upload it, and check it as downloaded."""
        registered = stages.register(
            [task.result() for task in self.requires()], settings=self.settings, progress=self.progress
        )
        self.set_tracking_url(registered.version_url)
        return registered

    def summary(self, result: results.RegisterResult) -> str:
        """Return the chosen candidate and its version."""
        return f"{result.backbone} is version {result.version}"


@requires(Register)
class Promote(PipelineTask):
    """The gate's decision, carried out."""

    result_type = results.PromoteResult
    waits = WAITS

    def work(self) -> StageResult:
        """Compare with production and decide."""
        promoted = stages.promote(self.requires().result(), settings=self.settings, progress=self.progress)
        self.set_tracking_url(promoted.version_url)
        return promoted

    def summary(self, result: results.PromoteResult) -> str:
        """Return the decision and its reasons."""
        return f"{result.decision}: {'; '.join(result.reasons)}"


@requires(Promote)
class Pipeline(PipelineTask):
    """The whole pipeline; complete when the gate has decided."""

    result_type = results.PromoteResult

    def output(self) -> luigi.LocalTarget:
        """Return the decision's target: the pipeline has no other."""
        return self.requires().output()

    def run(self) -> None:
        """Do nothing: the required tasks did everything."""


@Promote.event_handler(luigi.Event.SUCCESS)
def _record_decision(task: Promote) -> None:
    if not StageTask.accompanied:
        task.ending().decided(task.result(), seconds=0.0)
