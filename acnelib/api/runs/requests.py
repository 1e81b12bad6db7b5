"""Requests for runs, and the command-line options that they become."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from acnelib.runs.stage import Stage

if TYPE_CHECKING:
    from pathlib import Path


class RunRequest(BaseModel):
    """A request for a run: the options of ``acne pipeline``."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"source": "sample"}})

    source: str = Field(
        default="sample",
        min_length=1,
        max_length=4096,
        description="sample, a layout, layout@address, or a folder of class folders on the server's machine.",
    )
    accept_terms: bool = Field(default=False, description="You have read the site's terms and may use its photos.")
    backbones: list[str] = Field(default=[], max_length=16, description="Networks; each gives one candidate.")
    weights: str | None = Field(
        default=None, min_length=1, max_length=4096, description="imagenet, starter, a file or a folder."
    )
    at: str | None = Field(
        default=None, pattern=r"^\d{4}-\d{2}-\d{2}T\d{6}$", description="Resume the run that was started at this time."
    )
    until: Stage = Field(default=Stage.PROMOTE, description="The last stage to run.")
    local_scheduler: bool = Field(default=False, description="Schedule in the process of the run instead of luigid.")


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


Check: TypeAlias = Callable[[RunRequest], CheckedSource]
"""Validates a request as the command line does; raises an AcneError if the run cannot start."""


def arguments_of(request: RunRequest, source: CheckedSource, workdir: Path) -> list[str]:
    """Return the options of the command, as ``--name=value`` so that no value is taken for an option."""
    arguments = [f"--source={source.text}", f"--workdir={workdir}", f"--until={request.until}"]
    arguments += [f"--backbone={name}" for name in request.backbones]
    arguments += [f"--weights={request.weights}"] if request.weights else []
    arguments += [f"--at={request.at}"] if request.at else []
    arguments += ["--accept-terms"] if request.accept_terms else []
    arguments += ["--local-scheduler"] if request.local_scheduler else []
    return arguments
