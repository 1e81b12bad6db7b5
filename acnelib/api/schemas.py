"""What answers look like."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from acnelib.inference import Quality, Verdict

SHA256 = "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"


class ErrorSchema(BaseModel):
    """What went wrong."""

    code: str = Field(description="A word for programs.", examples=["invalid-request"])
    message: str = Field(description="What, where and what to do.")
    details: Any = Field(default=None, description="More for programs.")


class ErrorAnswer(BaseModel):
    """The one form of every failure."""

    error: ErrorSchema


class ModelSchema(BaseModel):
    """Which model answered."""

    name: str = Field(examples=["acne"])
    version: str | None = Field(examples=["3"], description="Null for a bundle's folder.")
    sha256: str = Field(examples=[SHA256], description="Digest of the bundle's SHA256SUMS.")
    drawn: bool = Field(
        examples=[False],
        description="Whether it learnt from drawn pictures alone, and therefore calls no answer confident.",
    )


class PredictionRow(BaseModel):
    """One photo's scores, or why there are none. A research result, not a diagnosis."""

    path: str = Field(examples=["cheek.jpg"], description="The file's name without folders, or the URL.")
    sha256: str | None = Field(examples=[SHA256])
    label: str | None = Field(examples=["acne-vulgaris"], description="The label with the highest score.")
    confidence: float | None = Field(examples=[0.91], description="That score, calibrated.")
    verdict: Verdict | None = Field(
        description="How the answer is meant; never confident of a photo that curation would leave out of training."
    )
    quality: list[Quality] = Field(
        examples=[["small", "blurred"]], description="What makes the scores of this photo less reliable."
    )
    scores: dict[str, float] = Field(examples=[{"acne-vulgaris": 0.91, "rosacea": 0.09}], description="They sum to 1.")
    model: ModelSchema
    error: str | None = Field(examples=[None], description="Why there is no answer.")


class ModelAnswer(BaseModel):
    """The model in service."""

    name: str
    version: str | None
    stage: str | None = Field(examples=["production"], description="The name it is followed by; null for a fixed one.")
    sha256: str
    drawn: bool = Field(description="Whether it learnt from drawn pictures alone.")
    note: str | None = Field(
        examples=[None], description="What people should know before they trust an answer; null: nothing."
    )
    labels: list[str]
    input: dict[str, int] = Field(examples=[{"height": 264, "width": 264}])
    thresholds: dict[str, float] = Field(
        examples=[{"confidence_threshold": 0.8, "confident_accuracy": 0.9, "false_rejection": 0.02, "temperature": 1.3}]
    )
    provenance: dict[str, Any]
    metrics: dict[str, Any] | None = Field(description="evaluation.json of the bundle.")
    card: str | None = Field(description="The model card, Markdown.")
    asked_at: str | None = Field(description="When the registry last said that this is the version.")
    trouble: str | None = Field(description="Why there is no newer word from the registry.")
    drift: str | None = Field(description="Where the registry's alias and stage differ.")


class HealthModel(BaseModel):
    """The model in service, in short."""

    name: str
    version: str | None


class HealthRegistry(BaseModel):
    """How the last look for the model went."""

    answers: bool | None = Field(description="Null where no registry is asked.")
    asked_at: str | None


class HealthAnswer(BaseModel):
    """How the API is."""

    status: str = Field(
        examples=["ok"], description="ok; degraded: the registry does not answer; unavailable: no model."
    )
    api: str = Field(examples=["0.1.0"], description="Version of acnelib.")
    model: HealthModel | None
    registry: HealthRegistry


class ServiceSchema(BaseModel):
    """How one service of the embedded stack is."""

    url: str | None
    healthy: bool


class ServicesAnswer(BaseModel):
    """How the embedded stack is."""

    services: dict[str, ServiceSchema]


class RunAnswer(BaseModel):
    """A run of the pipeline."""

    model_config = ConfigDict(json_schema_extra={"title": "Run"})

    id: str = Field(examples=["20261128T031500-1f3c9a"])
    state: str = Field(examples=["done"], description="running, done, failed or interrupted.")
    source: str = Field(examples=["sample"], description="The source's name, never a path.")
    started_at: str
    ended_at: str | None
    decision: str | None = Field(examples=["promoted"], description="promoted, rejected or unchanged.")
    reasons: list[str]
    version: str | None
    run_id: str | None = Field(description="The MLflow run of the chosen candidate.")
    seconds: float | None
    training_seconds: float | None
    error: str | None = Field(description="Why it failed or was interrupted.")


class RunsAnswer(BaseModel):
    """Runs of this working folder, the newest first."""

    runs: list[RunAnswer]
