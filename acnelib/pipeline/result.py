"""Result of a run of the pipeline, collected from the results of its stages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acnelib.stages.results import (
        BackgroundPhotos,
        FeatureResult,
        HeldOutPhotos,
        PromoteResult,
        RegisterResult,
        ReviewSummary,
        ScrapeResult,
        SourcePhotos,
        SplitResult,
        TrainResult,
    )


@dataclass(frozen=True, kw_only=True)
class PipelineResult:
    """Result of a run; fields of stages that were not reached are None.

    Attributes:
        decision: ``promoted``, ``rejected`` or ``unchanged``.
        reasons: Reasons for the decision, in sentences.
        version: The registered version.
        run_id: The run of the chosen candidate.
        bundle: Folder of the sealed bundle, promoted or not.
        split: ``split.json``.
        seconds: Duration of the whole run.
        training_seconds: Duration from photos without embeddings to written candidates, conversion included; 0 if
            nothing was trained.
        at: The run's time, to resume it.
        run_url: Address of the run of the chosen candidate in the MLflow UI.
        comparison_url: Address of the comparison of the candidates in the MLflow UI; None if there is only one.
        runs_url: Address of the list of runs in the MLflow UI.
        version_url: Address of the version in the MLflow UI.
        graph_url: Address of the run's tasks in luigid.
        data_report: The report on the data, HTML with thumbnails.
        changes: Photos added, removed or changed since the previous data, in one line.
        evaluation_report: The report on the chosen candidate, HTML with thumbnails.
        sources: Each source of the run, and why it is missing if it is.
        background: The background photos.
        test: The photos of the test folder; None without one.
        reviews: What reviewers changed; None without reviews.
    """

    decision: str | None = None
    reasons: tuple[str, ...] | None = None
    version: str | None = None
    run_id: str | None = None
    bundle: str | None = None
    split: str | None = None
    seconds: float
    training_seconds: float | None = None
    at: str
    run_url: str | None = None
    comparison_url: str | None = None
    runs_url: str | None = None
    version_url: str | None = None
    graph_url: str | None = None
    data_report: str | None = None
    changes: str | None = None
    evaluation_report: str | None = None
    sources: tuple[SourcePhotos, ...] = ()
    background: BackgroundPhotos | None = None
    test: HeldOutPhotos | None = None
    reviews: ReviewSummary | None = None

    def with_photos(self, scraped: ScrapeResult) -> PipelineResult:
        """Return a copy with the fields of the scraped photos."""
        return replace(
            self,
            sources=scraped.sources,
            background=scraped.background,
            test=scraped.test,
            reviews=scraped.reviews,
        )

    def with_split(self, split: SplitResult) -> PipelineResult:
        """Return a copy with the fields of the split."""
        return replace(self, split=str(split.split), data_report=str(split.report), changes=split.changes)

    def with_training(self, features: Sequence[FeatureResult], trained: Sequence[TrainResult]) -> PipelineResult:
        """Return a copy with the fields of the trained candidates."""
        seconds = sum(one.seconds for one in features) + sum(one.seconds for one in trained)
        return replace(self, training_seconds=round(seconds, 2), run_id=trained[0].run_id)

    def with_version(self, registered: RegisterResult) -> PipelineResult:
        """Return a copy with the fields of the registered version."""
        return replace(
            self,
            version=registered.version,
            run_id=registered.run_id,
            bundle=str(registered.bundle),
            evaluation_report=str(registered.report),
            run_url=registered.run_url,
            comparison_url=registered.comparison_url,
            runs_url=registered.runs_url,
            version_url=registered.version_url,
        )

    def with_decision(self, promoted: PromoteResult) -> PipelineResult:
        """Return a copy with the gate's decision."""
        return replace(self, decision=str(promoted.decision), reasons=tuple(promoted.reasons))
