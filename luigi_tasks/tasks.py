"""The walk from an atlas page to a promoted model, one thin task per stage."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import luigi
from luigi.util import inherits, requires

from acnelib import stages
from acnelib.stages import results
from acnelib.stages.features import default_weights
from acnelib.training.recipes import choose_recipe
from luigi_tasks.parameters import WeightsParameter
from luigi_tasks.stage_task import StageTask

if TYPE_CHECKING:
    from acnelib.stages.results import StageResult

_NOW = datetime.now().replace(microsecond=0)  # noqa: DTZ005 - people read run names, in their own time


class Scrape(StageTask):
    """Photos of the source into the image store, with a manifest."""

    accept_terms = luigi.BoolParameter(
        significant=False, description="the site's terms were read, and its photos may be used under them"
    )
    result_type = results.Scraped

    def work(self) -> StageResult:
        """Look at the source anew."""
        return stages.scrape(
            self.source, settings=self.settings, accept_terms=self.accept_terms, progress=self.progress
        )


@requires(Scrape)
class Curate(StageTask):
    """Photos judged, equal and near-equal ones tied together."""

    result_type = results.Curated

    def work(self) -> StageResult:
        """Judge the photos that are not known yet."""
        return stages.curate(self.requires().result(), settings=self.settings, progress=self.progress)


@requires(Curate)
class Split(StageTask):
    """Train, validation and test, going on from the previous split."""

    result_type = results.Splitted

    def work(self) -> StageResult:
        """Give every photo a subset."""
        return stages.split(self.requires().result(), settings=self.settings)


class CandidateTask(StageTask):
    """A task of one candidate."""

    backbone = luigi.Parameter(description="network, such as mobilenet_v2_0.35_224, or several joined by +")
    weights = WeightsParameter(default="", description="imagenet, starter, a file or a folder")

    @property
    def target_name(self) -> str:
        """Name of the target among the run's."""
        return f"{super().target_name}-{self.backbone}"

    @property
    def display_name(self) -> str:
        """Name that people read."""
        return f"{super().display_name} {self.backbone}"


@inherits(Split)
class Features(CandidateTask):
    """Vectors of the photos, by network."""

    result_type = results.Featured

    def requires(self) -> Any:
        """Return the split."""
        return self.clone(Split)

    def work(self) -> StageResult:
        """Compute the vectors that are not there yet."""
        return stages.features(
            self.requires().result(),
            backbone=self.backbone,
            weights=self.weights,
            settings=self.settings,
            progress=self.progress,
        )


@requires(Features)
class Train(CandidateTask):
    """A calibrated candidate and its run."""

    result_type = results.Trained

    def work(self) -> StageResult:
        """Fit the head."""
        trained = stages.train(self.requires().result(), settings=self.settings, progress=self.progress)
        self.set_tracking_url(trained.run_url)
        return trained


@requires(Train)
class Evaluate(CandidateTask):
    """The candidate's metrics."""

    result_type = results.Evaluated

    def work(self) -> StageResult:
        """Score test photos and write the report."""
        evaluated = stages.evaluate(self.requires().result(), settings=self.settings, progress=self.progress)
        self.set_tracking_url(evaluated.trained.run_url)
        return evaluated


@inherits(Scrape)
class PipelineTask(StageTask):
    """A task of all the candidates of a run."""

    at = luigi.DateSecondParameter(default=_NOW, description="default: now")
    backbones = luigi.ListParameter(default=(), description="networks, one candidate each; default: by weights")
    weights = WeightsParameter(default="", description="imagenet, starter, a file or a folder; default: by source")

    def candidates(self) -> tuple[str, ...]:
        """Return the networks, the default where none is named."""
        weights = self.weights or default_weights(self.source.name)
        return tuple(self.backbones) or (str(choose_recipe(weights)),)


class Register(PipelineTask):
    """The best candidate: sealed, uploaded, a version in Staging."""

    result_type = results.Registered

    def requires(self) -> Any:
        """Return the evaluated candidates."""
        return [
            self.clone(Evaluate, backbone=backbone, weights=self.weights or default_weights(self.source.name))
            for backbone in self.candidates()
        ]

    def work(self) -> StageResult:
        """Choose, seal, upload, load back and check."""
        registered = stages.register(
            [task.result() for task in self.requires()], settings=self.settings, progress=self.progress
        )
        self.set_tracking_url(registered.version_url)
        return registered


@requires(Register)
class Promote(PipelineTask):
    """The gate's decision, carried out."""

    result_type = results.Promoted

    def work(self) -> StageResult:
        """Judge and decide."""
        promoted = stages.promote(self.requires().result(), settings=self.settings, progress=self.progress)
        self.set_tracking_url(promoted.registered.version_url)
        self.set_status_message("; ".join([str(promoted.decision), *promoted.reasons]))
        return promoted


@requires(Promote)
class Pipeline(PipelineTask):
    """The whole walk; complete when the gate has decided."""

    result_type = results.Promoted

    def output(self) -> luigi.LocalTarget:
        """Return the decision's target: the walk has none of its own."""
        return self.requires().output()

    def run(self) -> None:
        """Do nothing: all is done."""
