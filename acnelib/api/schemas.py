"""Schemas of the responses."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from acnelib.inference import Quality, ThresholdOrigin, Verdict

SHA256 = "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"


class ErrorSchema(BaseModel):
    """An error."""

    code: str = Field(description="An identifier for programs.", examples=["invalid-request"])
    message: str = Field(description="What failed, where, and what to do.")
    details: Any = Field(default=None, description="Details for programs.")


class ErrorAnswer(BaseModel):
    """The format of every error."""

    error: ErrorSchema


class ModelSchema(BaseModel):
    """The model that made a prediction."""

    name: str = Field(examples=["acne"])
    version: str | None = Field(examples=["3"], description="Null for the folder of a bundle.")
    sha256: str = Field(examples=[SHA256], description="Digest of the bundle's SHA256SUMS.")
    drawn: bool = Field(
        examples=[False],
        description="Whether it was trained on drawn pictures only; its predictions are then never confident.",
    )


class ThresholdSchema(BaseModel):
    """The threshold of verdicts."""

    value: float = Field(examples=[0.8], description="Lowest confidence of a confident answer; 1: none is confident.")
    origin: ThresholdOrigin = Field(
        description="The model's own, or fitted on photos of this site (`acne validate --apply`)."
    )


class UnseenSourcesSchema(BaseModel):
    """Confident answers on photos of sources that were held apart."""

    level: float = Field(examples=[0.8])
    accuracy: float | None = Field(examples=[0.74], description="Share that was right; null if none was confident.")
    coverage: float = Field(examples=[0.4], description="Share of the photos with a confident answer.")
    photos: int = Field(examples=[119])
    reached: bool = Field(description="Whether the level was shown.")


class PromiseSchema(BaseModel):
    """How often confident answers are right, and on photos of which sources that was measured."""

    level: float = Field(examples=[0.9], description="Share of confident answers that should be right.")
    sources: list[str] = Field(examples=[["dermnet"]], description="Sources on whose photos it was measured.")
    accuracy: float | None = Field(examples=[0.92], description="Share that was right; null if none was confident.")
    coverage: float = Field(examples=[0.6], description="Share of these photos with a confident answer.")
    reached: bool = Field(description="Whether the level was shown; otherwise no answer is confident.")
    unseen: UnseenSourcesSchema | None = Field(
        description="The same on photos of sources that were held apart; null with one source only."
    )
    statement: str | None = Field(
        description="The same in a sentence; null where this site's own threshold applies, and for drawn pictures."
    )


class PredictionRow(BaseModel):
    """The scores of one photo, or an error. A research result, not a diagnosis."""

    path: str = Field(examples=["cheek.jpg"], description="The file's name without folders, or the URL.")
    sha256: str | None = Field(examples=[SHA256])
    label: str | None = Field(examples=["acne-vulgaris"], description="The label with the highest score.")
    confidence: float | None = Field(examples=[0.91], description="That score, calibrated.")
    verdict: Verdict | None = Field(
        description="The verdict; never confident for a photo that curation would exclude from training."
    )
    threshold: ThresholdSchema | None = Field(description="The threshold that the verdict was given with.")
    quality: list[Quality] = Field(
        examples=[["dark"]], description="Properties of the photo that make its scores less reliable."
    )
    scores: dict[str, float] = Field(examples=[{"acne-vulgaris": 0.91, "rosacea": 0.09}], description="They sum to 1.")
    model: ModelSchema
    error: str | None = Field(examples=[None], description="Why there is no prediction.")


class ModelAnswer(BaseModel):
    """The model in service."""

    name: str
    version: str | None
    stage: str | None = Field(examples=["production"], description="The alias that is followed; null: none.")
    sha256: str
    drawn: bool = Field(description="Whether it was trained on drawn pictures only.")
    note: str | None = Field(
        examples=[None], description="A caution for readers of predictions; null if there is none."
    )
    labels: list[str]
    input: dict[str, int] = Field(examples=[{"height": 264, "width": 264}])
    thresholds: dict[str, float] = Field(
        examples=[{"confidence_threshold": 0.8, "confident_accuracy": 0.9, "false_rejection": 0.02, "temperature": 1.3}]
    )
    threshold: ThresholdSchema
    promise: PromiseSchema
    provenance: dict[str, Any]
    metrics: dict[str, Any] | None = Field(description="evaluation.json of the bundle.")
    card: str | None = Field(description="The model card, Markdown.")
    asked_at: str | None = Field(description="Time of the last successful query of the registry.")
    trouble: str | None = Field(description="Why the last query of the registry failed.")
    drift: str | None = Field(description="Where the registry's alias and stage differ.")


class HealthModel(BaseModel):
    """The model in service, in short."""

    name: str
    version: str | None


class HealthRegistry(BaseModel):
    """The result of the last query of the registry."""

    answers: bool | None = Field(description="Null if no registry is used.")
    refused: bool = Field(
        description="Whether its present version is no usable model; the one before stays in service."
    )
    asked_at: str | None


class HealthAnswer(BaseModel):
    """The health of the API."""

    status: str = Field(
        examples=["ok"],
        description="ok; degraded: the registry does not answer, or its version is refused; unavailable: no model.",
    )
    api: str = Field(examples=["0.1.0"], description="Version of acnelib.")
    model: HealthModel | None
    registry: HealthRegistry


class ServiceSchema(BaseModel):
    """The status of one service of the embedded stack."""

    url: str | None
    healthy: bool


class ServicesAnswer(BaseModel):
    """The status of the embedded stack."""

    services: dict[str, ServiceSchema]


class RunAnswer(BaseModel):
    """A run of the pipeline."""

    model_config = ConfigDict(json_schema_extra={"title": "Run"})

    id: str = Field(examples=["20261128T031500-1f3c9a"])
    state: str = Field(examples=["done"], description="running, done, failed or interrupted.")
    sources: list[str] = Field(
        examples=[["dermnet", "clinic-1f3c9a5e"]], description="Names of the sources of the classes, never paths."
    )
    background: list[str] = Field(
        examples=[["other-5b20d1c7"]], description="Names of the sources of background photos; empty without any."
    )
    test: str | None = Field(examples=[None], description="Name of the test folder; null without one.")
    test_share: float | None = Field(
        examples=[None], description="Share of the photos that is kept out for a test; null for no share."
    )
    started_at: str
    ended_at: str | None
    decision: str | None = Field(examples=["promoted"], description="promoted, rejected or unchanged.")
    reasons: list[str]
    version: str | None
    run_id: str | None = Field(description="The MLflow run of the chosen candidate.")
    seconds: float | None
    training_seconds: float | None
    error: str | None = Field(description="Why the run failed or was interrupted.")


class RunsAnswer(BaseModel):
    """The runs of this working folder, newest first."""

    runs: list[RunAnswer]
