"""The photos of the last evaluation whose labels look wrong, for a person to review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acnelib.errors import DataUnusable
from acnelib.runs.history import run_folders
from acnelib.stages.artifacts import EvaluationFolder
from acnelib.storage.results import JsonRecord, WorkPath
from acnelib.storage.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path


def suspected_photos(workdir: Path) -> tuple[Path, ...]:
    """Return the stored files of photos with suspected label errors, the most obvious first.

    The evaluation is that of the registered candidate of the last run that has one; before the registration, of the
    candidate with the best macro-F1 with series held out.

    Args:
        workdir: The working folder. Photos that were withdrawn from it are left out.

    Raises:
        DataUnusable: There is no evaluation, or it is damaged.
    """
    for folder in run_folders(workdir):
        registered = folder / "register.json"
        targets = [registered] if registered.exists() else sorted(folder.glob("evaluate*.json"))
        if targets:
            best = max(map(_Evaluation.read, targets), key=lambda result: result.series_macro_f1)
            images = Workspace(workdir).images
            suspects = (one.sha256 for one in EvaluationFolder(best.evaluation).label_errors())
            return tuple(images.path(sha256) for sha256 in suspects if sha256 in images)
    raise DataUnusable(f"{workdir} holds no evaluation: run `acne pipeline` first, or name its folder by --workdir")


class _Evaluation(JsonRecord):
    """The fields of the result of an evaluation, or of a later stage, that matter here."""

    evaluation: WorkPath
    series_macro_f1: float
