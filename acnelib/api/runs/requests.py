"""Requests for runs, and the command-line options that they become."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

from acnelib.runs.stage import Stage

if TYPE_CHECKING:
    from pathlib import Path


MOST_SOURCES = 16
_MOST_MEMBERS = 100
SourceText: TypeAlias = Annotated[str, Field(min_length=1, max_length=4096)]


class RunRequest(BaseModel):
    """A request for a run: the options of ``acne pipeline``."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"sources": ["sample"], "background": []}})

    sources: list[SourceText] = Field(
        default=["sample"],
        min_length=1,
        max_length=MOST_SOURCES,
        fail_fast=True,
        examples=[["dermnet", "/photos/clinic"]],
        description="Each is sample, a layout, layout@address, or a folder of class folders on the server's machine; "
        "their order does not matter.",
    )
    background: list[SourceText] = Field(
        default=[],
        max_length=MOST_SOURCES,
        fail_fast=True,
        examples=[["/photos/other-conditions"]],
        description="Sources of photos of other conditions, none of the classes: a layout or a folder, as above.",
    )
    test: SourceText | None = Field(
        default=None,
        examples=["/photos/test"],
        description="A folder of class folders to test on; neither its photos nor copies of them are learnt from.",
    )
    test_share: float | None = Field(
        default=None,
        gt=0,
        lt=1,
        examples=[None],
        description="Share of the photos of each class to keep out for a test; not with test.",
    )
    reviews: list[SourceText] = Field(
        default=[],
        max_length=MOST_SOURCES,
        examples=[["/photos/reviews.jsonl"]],
        description="Files of reviews on the server's machine, whose labels overrule those of the sources.",
    )
    allow_missing_source: bool = Field(
        default=False, description="Train on the other sources if one cannot be read; otherwise the run fails."
    )
    accept_terms: bool = Field(default=False, description="You have read the site's terms and may use its photos.")
    backbones: list[str] = Field(
        default=[], max_length=16, fail_fast=True, description="Networks; each gives one candidate."
    )
    weights: str | None = Field(
        default=None, min_length=1, max_length=4096, description="imagenet, starter, a file or a folder."
    )
    adapt: bool = Field(default=False, description="Fine-tune the networks on the background photos first.")
    epochs: int | None = Field(
        default=None, ge=1, le=10_000, description="Most passes over the photos of an adaptation; default: 14."
    )
    at: str | None = Field(
        default=None, pattern=r"^\d{4}-\d{2}-\d{2}T\d{6}$", description="Resume the run that was started at this time."
    )
    until: Stage = Field(default=Stage.PROMOTE, description="The last stage to run.")
    local_scheduler: bool = Field(default=False, description="Schedule in the process of the run instead of luigid.")

    @model_validator(mode="before")
    @classmethod
    def _names_sources_in_a_list(cls, values: Any) -> Any:
        if isinstance(values, dict) and len(values) > _MOST_MEMBERS:
            raise ValueError(f"it has {len(values)} members, more than there are")
        if isinstance(values, dict) and "source" in values:
            raise ValueError('"source" does not exist: write "sources", a list such as ["sample"]')
        return values


@dataclass(frozen=True)
class CheckedSource:
    """A source that exists.

    Attributes:
        name: The name in records; never a path.
        text: The value of the command's option.
        folder: The folder, for a folder of class folders.
    """

    name: str
    text: str
    folder: Path | None


@dataclass(frozen=True, kw_only=True)
class CheckedSources:
    """The sources of a run, which exist.

    Attributes:
        classes: Sources of photos of the classes.
        background: Sources of background photos.
        test: The test folder; None without one.
        reviews: Paths of the files of reviews.
    """

    classes: tuple[CheckedSource, ...]
    background: tuple[CheckedSource, ...] = ()
    test: CheckedSource | None = None
    reviews: tuple[str, ...] = ()

    @property
    def folders(self) -> tuple[str, ...]:
        """Paths of the sources that are folders, and of the files of reviews."""
        tested = (self.test,) if self.test else ()
        sources = (*self.classes, *self.background, *tested)
        return tuple(dict.fromkeys([*(str(source.folder) for source in sources if source.folder), *self.reviews]))


Check: TypeAlias = Callable[[RunRequest], CheckedSources]
"""Validates a request as the command line does; raises an AcneError if the run cannot start."""


def arguments_of(request: RunRequest, sources: CheckedSources, workdir: Path) -> list[str]:
    """Return the options of the command, as ``--name=value`` so that no value is taken for an option."""
    arguments = [f"--source={source.text}" for source in sources.classes]
    arguments += [f"--background={source.text}" for source in sources.background]
    arguments += [f"--test={sources.test.text}"] if sources.test else []
    arguments += [f"--test-share={request.test_share}"] if request.test_share else []
    arguments += [f"--reviews={path}" for path in sources.reviews]
    arguments += ["--allow-missing-source"] if request.allow_missing_source else []
    arguments += [f"--workdir={workdir}", f"--until={request.until}"]
    arguments += [f"--backbone={name}" for name in request.backbones]
    arguments += [f"--weights={request.weights}"] if request.weights else []
    arguments += ["--adapt"] if request.adapt else []
    arguments += [f"--epochs={request.epochs}"] if request.epochs else []
    arguments += [f"--at={request.at}"] if request.at else []
    arguments += ["--accept-terms"] if request.accept_terms else []
    arguments += ["--local-scheduler"] if request.local_scheduler else []
    return arguments
