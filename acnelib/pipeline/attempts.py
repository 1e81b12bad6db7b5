"""Attempts of a stage: alone in a clean working folder, repeated after transient failures, the result written last."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

from acnelib.errors import TrackingFailed
from acnelib.pipeline.failures import is_transient
from acnelib.storage.results import StageResult
from acnelib.storage.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from acnelib.progress import Progress

WAITS = (2.0, 10.0)
"""Seconds before each further attempt of a stage that writes to the tracking server."""

Result = TypeVar("Result", bound=StageResult)

_cleaned: set[Path] = set()
"""Working folders that this process has cleaned; scanning a large image store once is enough."""


def attempt(
    work: Callable[[], Result], *, target: Path, workdir: Path, progress: Progress, waits: Sequence[float] = ()
) -> Result:
    """Run a stage and write its result; repeat it after failures of the network or the tracking server.

    Args:
        work: Calls the stage.
        target: File for the result.
        workdir: Working folder, locked while the stage runs.
        progress: Receives a message while the attempt waits.
        waits: Seconds before each further attempt; empty: one attempt only.

    Raises:
        AcneError: The last attempt failed.
    """
    for wait in waits:
        try:
            return _run_alone(work, target, Workspace(workdir), progress)
        except TrackingFailed as error:
            if not is_transient(error):
                raise
            progress(0, 0, f"the tracking server did not answer: tries again in {wait:g} s")
        time.sleep(wait)
    return _run_alone(work, target, Workspace(workdir), progress)


def _run_alone(work: Callable[[], Result], target: Path, workspace: Workspace, progress: Progress) -> Result:
    with workspace.alone(lambda: progress(0, 0, "waiting for another run in this working folder")):
        if workspace.root not in _cleaned:
            workspace.remove_unfinished()  # the lock is ours, so unfinished files were left by killed processes
            _cleaned.add(workspace.root)
        with workspace.temporary_files():
            result = work()
        result.write(target)
    return result
