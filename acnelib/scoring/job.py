"""Score many pictures with a registered model into a table of Parquet files."""

from __future__ import annotations

import contextlib
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acnelib.config.settings import Settings
from acnelib.errors import StorageFailed, UsageError
from acnelib.inference.promise import promise_line
from acnelib.models import find_model, threshold_of
from acnelib.object_store import ObjectStore
from acnelib.progress import Progress, no_progress
from acnelib.scoring.engine import Engine
from acnelib.scoring.folder import check_free
from acnelib.scoring.local import score_locally
from acnelib.scoring.pictures import pictures_of
from acnelib.scoring.spark import score_with_spark
from acnelib.scoring.store import BucketReader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acnelib.inference import ConfidenceThreshold, ModelIdentity


@dataclass(frozen=True, kw_only=True)
class ScoringResult:
    """A table of results.

    Attributes:
        folder: The folder of the table.
        engine: The engine that wrote it.
        rows: Number of pictures, unreadable ones included.
        errors: Pictures that could not be classified.
        seconds: Duration, including the start of Spark.
        model: The model.
        threshold: The threshold of verdicts.
        promise: The sources on whose photos “confident” was measured; None where the site's own threshold applies.
        notes: Cautions: a server that did not answer, a model trained on drawn pictures, unreadable folders.
    """

    folder: Path
    engine: Engine
    rows: int
    errors: int
    seconds: float
    model: ModelIdentity
    threshold: ConfidenceThreshold
    promise: str | None = None
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the fields of the JSON output."""
        return asdict(self) | {"folder": str(self.folder)}


def score(
    sources: Sequence[str],
    *,
    to: str | Path,
    model: str = "production",
    engine: Engine | str = Engine.SPARK,
    master: str = "local[2]",
    partitions: int | None = None,
    overwrite: bool = False,
    settings: Settings | None = None,
    progress: Progress = no_progress,
) -> ScoringResult:
    """Score pictures into one row each, unreadable ones with an error; the folder is written atomically.

    Args:
        sources: Photos, folders, manifest tables and ``s3://BUCKET/PREFIX``.
        to: Folder for the results.
        model: As for :func:`acnelib.models.find_model`.
        engine: Spark, or this machine only.
        master: The Spark master.
        partitions: Number of files that Spark writes; default: by the number of pictures.
        overwrite: Whether earlier results may be replaced.
        settings: Default: this process' settings.
        progress: Called with the progress of the engine on this machine; Spark reports its own to its web page.

    Raises:
        UsageError: The folder must not be written to, or a source cannot be understood.
        DataUnusable: There is no picture.
        ModelUnavailable: There is no such model.
        ServiceFailed: Spark does not start, or fails.
    """
    if "://" in str(to):
        raise UsageError(f"{to!r} is not a folder: name a folder that all workers can access")
    started = time.monotonic()
    settings, engine = settings or Settings.load(), Engine(engine)
    folder = Path(to).expanduser().absolute()
    check_free(folder, overwrite=overwrite)
    found = find_model(model, settings=settings)
    threshold = threshold_of(found.bundle, settings=settings)
    store = ObjectStore.of(settings)
    with contextlib.closing(BucketReader(store)) as reader:
        pictures = pictures_of(sources, reader=reader)
    if engine == Engine.SPARK:
        score_with_spark(
            pictures.names,
            to=folder,
            bundle=found.bundle,
            identity=found.identity,
            threshold=threshold,
            store=store,
            overwrite=overwrite,
            master=master,
            partitions=partitions,
        )
    else:
        score_locally(
            pictures.names,
            to=folder,
            bundle=found.bundle,
            identity=found.identity,
            threshold=threshold,
            store=store,
            overwrite=overwrite,
            progress=progress,
        )
    rows, errors = _counted(folder)
    if rows != len(pictures.names):
        raise StorageFailed(f"{folder} has {rows} rows for {len(pictures.names)} pictures: can all workers access it?")
    notes = (*filter(None, (found.offline, found.drift, found.identity.note)), *pictures.problems)
    seconds = round(time.monotonic() - started, 3)
    return ScoringResult(
        folder=folder,
        engine=engine,
        rows=rows,
        errors=errors,
        seconds=seconds,
        model=found.identity,
        threshold=threshold,
        promise=promise_line(found.bundle.description, threshold),
        notes=notes,
    )


def _counted(folder: Path) -> tuple[int, int]:
    """Return the rows of a folder of results, and those with an error."""
    from pyarrow import parquet

    rows = errors = 0
    for file in folder.glob("part-*.parquet"):
        column = parquet.ParquetFile(file).read(columns=["error"]).column(0)
        rows, errors = rows + len(column), errors + len(column) - column.null_count
    return rows, errors
