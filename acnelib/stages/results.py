"""What each stage hands to the next: small records that point at files, and are the content of targets."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    SerializationInfo,
    ValidationInfo,
)

from acnelib.errors import DataUnusable
from acnelib.storage.files import write_text

_ROOT = "root"


def _told(path: Path, info: SerializationInfo) -> str:
    root = (info.context or {}).get(_ROOT)
    return str(path.relative_to(root)) if root and path.is_relative_to(root) else str(path)


def _understood(path: str | Path, info: ValidationInfo) -> str:
    return str(Path((info.context or {}).get(_ROOT, ""), path))


WorkPath = Annotated[Path, BeforeValidator(_understood), PlainSerializer(_told, return_type=str)]
"""A path; written relative to the working folder where it lies in it, so that the folder can be moved."""


class StageResult(BaseModel):
    """A frozen record that is kept as JSON, three folders below the working folder."""

    model_config = ConfigDict(frozen=True)

    def write(self, path: Path) -> None:
        """Write the record, at once."""
        write_text(path, self.model_dump_json(indent=1, context={_ROOT: path.parents[2]}) + "\n")

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a record.

        Raises:
            DataUnusable: The file holds no such record.
        """
        try:
            return cls.model_validate_json(path.read_text(), context={_ROOT: path.parents[2]})
        except ValueError as error:
            raise DataUnusable(f"{path} is no record of this version of acnelib: delete it and run again") from error


class ScrapeResult(StageResult):
    """Photos of a source in the image store.

    Attributes:
        source: Name of the source.
        manifest: Image records, JSON lines.
        digest: Digest of which photos stand where under which labels.
        photos: Image records.
        failures: Items that could not be had.
        downloaded: Photos that had to be fetched or read.
    """

    source: str
    manifest: WorkPath
    digest: str
    photos: int
    failures: int
    downloaded: int


class CurateResult(StageResult):
    """Photos judged and grouped.

    Attributes:
        scraped: Where they came from.
        photos: CurateResult photos, JSON lines.
        digest: Digest of everything that was decided, and of what it was decided on.
        used: Photos fit for use.
        excluded: Photos per reason.
        pairs: Pairs of photos that belong together, per kind.
        warnings: What, beside the skin, gives classes away.
    """

    scraped: ScrapeResult
    photos: WorkPath
    digest: str
    used: int
    excluded: dict[str, int]
    pairs: dict[str, int]
    warnings: list[str]


class SplitResult(StageResult):
    """Photos in train, validation and test.

    Attributes:
        curated: Where they came from.
        split: ``split.json``.
        digest: Digest of which photo serves for what.
        test_sha256: Digest of the test photos.
        counts: Photos per subset.
        statements: What is weak about it, in sentences.
        changes: What came, went or changed since the split before, in one line.
        report: The report on the data, HTML with thumbnails.
    """

    curated: CurateResult
    split: WorkPath
    digest: str
    test_sha256: str
    counts: dict[str, int]
    statements: list[str]
    changes: str
    report: WorkPath


class NetworkFeatures(StageResult):
    """Vectors that one network gave.

    Attributes:
        backbone: Name of the network.
        weights: Where its weights came from, without path.
        weights_file: The file of weights.
        weights_sha256: Its SHA-256.
        vectors: Folder of the vectors.
    """

    backbone: str
    weights: str
    weights_file: WorkPath
    weights_sha256: str
    vectors: WorkPath


class FeatureResult(StageResult):
    """Vectors of a split's photos.

    Attributes:
        splitted: Whose photos.
        backbone: Name of the network, or of several, joined by ``+``.
        networks: What each network gave, the main one last.
        digest: Digest of networks, weights, views and layers.
        computed: Photos that no vectors were there for yet.
        seconds: How long it took, this time.
    """

    splitted: SplitResult
    backbone: str
    networks: list[NetworkFeatures]
    digest: str
    computed: int
    seconds: float


class TrainResult(StageResult):
    """A candidate: a bundle that is not sealed yet.

    Attributes:
        featured: What it was trained on.
        candidate: Folder of the candidate.
        out_of_fold: Scores of what it was trained on by heads that never saw it, JSON.
        digest: Digest of everything it was made of.
        run_id: Its run.
        run_url: Where the MLflow UI shows the run.
        seconds: How long it took, this time; 0 when it was there already.
    """

    featured: FeatureResult
    candidate: WorkPath
    out_of_fold: WorkPath
    digest: str
    run_id: str
    run_url: str
    seconds: float


class EvaluateResult(StageResult):
    """A candidate with its metrics.

    Attributes:
        trained: The candidate.
        evaluation: ``evaluation.json``: metrics on test photos, and cross-validated on those it was trained on.
        answers: Scores of those photos, JSON.
        suspicions: Photos that may stand under the wrong label, JSON.
        report: The report on the candidate, HTML with thumbnails.
        cross_validated_macro_f1: What candidates of one pipeline are chosen by; None where it could not be had.
        cross_validated_nll: What breaks a tie; in nats.
        test_macro_f1: Macro-F1 on the test photos.
    """

    trained: TrainResult
    evaluation: WorkPath
    answers: WorkPath
    suspicions: WorkPath
    report: WorkPath
    cross_validated_macro_f1: float | None
    cross_validated_nll: float | None
    test_macro_f1: float


class RegisterResult(StageResult):
    """The best candidate, sealed and registered.

    Attributes:
        evaluated: The candidate that was chosen.
        run_ids: Runs of all candidates of the pipeline.
        bundle: Folder of the sealed bundle.
        bundle_sha256: Its digest.
        version: RegisterResult version.
        version_url: Where the MLflow UI shows it.
        comparison_url: Where the MLflow UI compares the candidates.
    """

    evaluated: EvaluateResult
    run_ids: list[str]
    bundle: WorkPath
    bundle_sha256: str
    version: str
    version_url: str
    comparison_url: str


class PipelineDecision(StrEnum):
    """How a pipeline ended."""

    PROMOTED = "promoted"
    REJECTED = "rejected"
    UNCHANGED = "unchanged"


class PromoteResult(StageResult):
    """The gate's decision.

    Attributes:
        registered: Which version.
        decision: What was decided; unchanged: this candidate was judged before, nothing was done.
        reasons: Why, in sentences.
        numbers: What it rests on, by name.
        previous: Version that was in production; None when there was none.
        decided_at: When, ISO 8601 in UTC.
        decided_by: Name of the account.
    """

    registered: RegisterResult
    decision: PipelineDecision
    reasons: list[str]
    numbers: dict[str, float]
    previous: str | None
    decided_at: str
    decided_by: str
