"""Results that one stage hands to the next: flat records of paths, digests and figures, the content of targets."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict

from acnelib.dataset.reviewed_records import ReviewCounts
from acnelib.storage.results import StageResult, WorkPath


class SourcePhotos(BaseModel):
    """One of a run's sources.

    Attributes:
        name: Its name, without path.
        photos: Its photos, each once; 0 if it is missing.
        error: Reason why it is missing from the run; None if it was read.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    photos: int
    error: str | None = None


class BackgroundPhotos(BaseModel):
    """The background photos of a run.

    Attributes:
        photos: Distinct photos.
        conditions: Distinct conditions that they show.
    """

    model_config = ConfigDict(frozen=True)

    photos: int = 0
    conditions: int = 0


class HeldOutPhotos(BaseModel):
    """The photos of a run's test folder.

    Attributes:
        name: Name of the folder, without path.
        photos: Distinct photos.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    photos: int


class ReviewSummary(BaseModel):
    """The reviews of a run, as numbers of distinct photos.

    Attributes:
        files: Files of reviews.
        counts: What they change, as :class:`acnelib.dataset.reviewed_records.ReviewCounts`.
    """

    model_config = ConfigDict(frozen=True)

    files: int
    counts: dict[str, int]

    @property
    def sentences(self) -> list[str]:
        """What they change, in words, without names of people and files."""
        return ReviewCounts(**self.counts).sentences()


class SourceResult(StageResult):
    """Fields of all results about the photos of a run's sources.

    Attributes:
        source: Name of the sources together.
        sources: Each source of photos of the classes or of background.
        background: The background photos.
        test: The photos of the test folder; None without one.
        reviews: What reviews change; None without any.
        manifest: Image records, JSON lines.
        data: Digest of which photos are stored where and under which labels.
    """

    source: str
    sources: tuple[SourcePhotos, ...] = ()
    background: BackgroundPhotos = BackgroundPhotos()
    test: HeldOutPhotos | None = None
    reviews: ReviewSummary | None = None
    manifest: WorkPath
    data: str


class ScrapeResult(SourceResult):
    """Photos of a source in the image store.

    Attributes:
        photos: Number of image records.
        failures: Items that could not be fetched or read.
        downloaded: Photos that had to be fetched or read.
    """

    photos: int
    failures: int
    downloaded: int


class CurateResult(SourceResult):
    """Photos judged and grouped.

    Attributes:
        photos: Curated photos, JSON lines.
        digest: Digest of everything that was decided, and of what it was decided on.
        records: Number of image records.
        used: Photos fit for use.
        excluded: Photos per reason.
        pairs: Pairs of photos that belong together, per kind.
        warnings: What, beside the skin, gives classes away.
    """

    photos: WorkPath
    digest: str
    records: int
    used: int
    excluded: dict[str, int]
    pairs: dict[str, int]
    warnings: list[str]


class SplitFields(SourceResult):
    """Fields of all results about one split.

    Attributes:
        split: ``split.json``.
        split_digest: Digest of the subset of each photo.
        test_share: Share of the photos of each class that was to be kept out for a test; 0 for none.
        test_sha256: Digest of the test photos; None if no photo is kept out for a test.
        statements: What is weak about the split, in sentences.
    """

    split: WorkPath
    split_digest: str
    test_share: float = 0.0
    test_sha256: str | None
    statements: list[str]


class SplitResult(SplitFields):
    """Photos with their subsets and folds.

    Attributes:
        counts: Photos of the classes per subset.
        changes: What came, went or changed since the previous split, in one line.
        report: The report on the data, HTML with thumbnails.
        summary: The data in figures and sentences, without any photo or path.
    """

    counts: dict[str, int]
    changes: str
    report: WorkPath
    summary: dict[str, Any]


class AdaptResult(SplitFields):
    """Networks that were fine-tuned on the background photos of a split.

    Attributes:
        backbone: Name of the network, or of several, joined by ``+``.
        adapted: Folder of the weights and their card, for ``--weights``.
        adaptation_digest: Digest of photos, conditions, options and the weights that it started from.
        photos: Photos that were learnt from or kept out for early stopping.
        conditions: Conditions that they show.
        run_id: Its MLflow run; None without a tracking server.
        run_url: Address of the run in the MLflow UI; None without a tracking server.
        seconds: Duration of this call; 0 when the weights were there already.
    """

    backbone: str
    adapted: WorkPath
    adaptation_digest: str
    photos: int
    conditions: int
    run_id: str | None
    run_url: str | None
    seconds: float


class NetworkFeatures(BaseModel):
    """Embeddings from one network.

    Attributes:
        backbone: Name of the network.
        weights: Origin of its weights, without path.
        weights_file: The file of weights.
        weights_sha256: Its SHA-256.
        embeddings: Folder of the embeddings.
    """

    model_config = ConfigDict(frozen=True)

    backbone: str
    weights: str
    weights_file: WorkPath
    weights_sha256: str
    embeddings: WorkPath


class FeatureResult(SplitFields):
    """Embeddings of a split's photos.

    Attributes:
        backbone: Name of the network, or of several, joined by ``+``.
        networks: The embeddings of each network, the main network last.
        digest: Digest of networks, weights, views and layers.
        computed: Photos whose embeddings had to be computed.
        seconds: Duration of this call.
        summary: The data in figures and sentences, without any photo or path.
    """

    backbone: str
    networks: list[NetworkFeatures]
    digest: str
    computed: int
    seconds: float
    summary: dict[str, Any]


class TrainResult(SplitFields):
    """A candidate: a bundle that is not sealed yet.

    Attributes:
        backbone: Name of the network, or of several, joined by ``+``.
        candidate: Folder of the candidate.
        candidate_digest: Digest of everything that it was made of.
        run_id: Its MLflow run.
        run_url: Address of the run in the MLflow UI.
        seconds: Duration of this call; 0 when the candidate was there already.
        training_seconds: ``seconds`` and the duration of computing the embeddings.
    """

    backbone: str
    candidate: WorkPath
    candidate_digest: str
    run_id: str
    run_url: str
    seconds: float
    training_seconds: float


class EvaluateResult(TrainResult):
    """A candidate with its metrics.

    Attributes:
        evaluation: Folder of the evaluation.
        report: The report on the candidate, HTML with thumbnails.
        series_macro_f1: Macro-F1 with series held out; decides between the candidates of one pipeline.
        series_nll: Negative log-likelihood likewise, in nats; breaks a tie.
        out_of_fold_macro_f1: Macro-F1 with groups held out.
        unseen_source_macro_f1: Macro-F1 on photos of sources held apart; None with one source.
        test_macro_f1: Macro-F1 on the photos kept out for a test; None without any.
    """

    evaluation: WorkPath
    report: WorkPath
    series_macro_f1: float
    series_nll: float
    out_of_fold_macro_f1: float
    unseen_source_macro_f1: float | None
    test_macro_f1: float | None


class RegisterResult(EvaluateResult):
    """The best candidate of a pipeline, sealed and registered.

    Attributes:
        run_ids: Runs of all candidates of the pipeline.
        bundle, bundle_sha256: Folder of the sealed bundle, and its digest.
        version, version_url: Number of the registered version, and its address in the MLflow UI.
        comparison_url: Address of the comparison of the candidates in the MLflow UI; None if there is only one.
        runs_url: Address of the list of runs in the MLflow UI.
    """

    run_ids: list[str]
    bundle: WorkPath
    bundle_sha256: str
    version: str
    version_url: str
    comparison_url: str | None
    runs_url: str | None = None  # earlier results lack it


class PipelineDecision(StrEnum):
    """How a pipeline ended."""

    PROMOTED = "promoted"
    REJECTED = "rejected"
    UNCHANGED = "unchanged"


class PromoteResult(RegisterResult):
    """A registered version with the decision of the gate.

    Attributes:
        decision: The decision; unchanged: this candidate was judged before, and nothing was done.
        reasons: Why, in sentences.
        numbers: Figures that the decision rests on, by name.
        previous: Version that was in production; None when there was none.
        decided_at: Time of the decision, ISO 8601 in UTC.
        decided_by: Name of the account.
    """

    decision: PipelineDecision
    reasons: list[str]
    numbers: dict[str, float]
    previous: str | None
    decided_at: str
    decided_by: str
