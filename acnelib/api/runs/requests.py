"""What a run is asked to do, and what the command line is given for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from acnelib.runs.stage import Stage

if TYPE_CHECKING:
    from pathlib import Path


class RunRequest(BaseModel):
    """What a run is asked to do: the options of ``acne pipeline``."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"source": "sample"}})

    source: str = Field(
        default="sample",
        min_length=1,
        max_length=4096,
        description="sample, a layout, layout@address, or a folder of class folders on the server's machine.",
    )
    accept_terms: bool = Field(default=False, description="You read the site's terms and may use its photos.")
    backbones: list[str] = Field(default=[], max_length=16, description="Networks, one candidate each.")
    weights: str | None = Field(
        default=None, min_length=1, max_length=4096, description="imagenet, starter, a file or a folder."
    )
    at: str | None = Field(
        default=None, pattern=r"^\d{4}-\d{2}-\d{2}T\d{6}$", description="Go on with the run of this time."
    )
    until: Stage = Field(default=Stage.PROMOTE, description="The last stage to run.")
    local_scheduler: bool = Field(default=False, description="Schedule in the run's own process, not through luigid.")


@dataclass(frozen=True)
class CheckedSource:
    """A source that there is.

    Attributes:
        name: What records call it: never a path.
        text: What the command is given.
        folder: The folder, for a folder of class folders.
    """

    name: str
    text: str
    folder: Path | None


Check: TypeAlias = Callable[[RunRequest], CheckedSource]
"""Says whether a run can begin, as the command line does; raises an error of acnelib when it cannot."""


def arguments_of(request: RunRequest, source: CheckedSource, workdir: Path) -> list[str]:
    """Return the options of the command; each holds its value, so that none passes for another option."""
    arguments = [f"--source={source.text}", f"--workdir={workdir}", f"--until={request.until}"]
    arguments += [f"--backbone={name}" for name in request.backbones]
    arguments += [f"--weights={request.weights}"] if request.weights else []
    arguments += [f"--at={request.at}"] if request.at else []
    arguments += ["--accept-terms"] if request.accept_terms else []
    arguments += ["--local-scheduler"] if request.local_scheduler else []
    return arguments
