"""Scoring on all cores of this machine, without Spark."""

from __future__ import annotations

import contextlib
import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from acnelib.inference import Classifier
from acnelib.progress import no_progress
from acnelib.scoring.folder import DONE, filled_whole
from acnelib.scoring.rows import columns, row, score
from acnelib.scoring.store import BucketReader

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from acnelib.bundle import Bundle
    from acnelib.inference import ConfidenceThreshold, ModelIdentity
    from acnelib.object_store import ObjectStore
    from acnelib.progress import Progress

_AT_ONCE = 1000  # rows that are written together


def score_locally(
    names: Sequence[str],
    *,
    to: Path,
    bundle: Bundle,
    identity: ModelIdentity,
    threshold: ConfidenceThreshold,
    store: ObjectStore,
    overwrite: bool = False,
    progress: Progress = no_progress,
) -> None:
    """Score pictures into one Parquet file of a folder, in their order.

    Args:
        names: Paths and ``s3://BUCKET/KEY``.
        to: Folder for the results.
        bundle: The model.
        identity: Its identity in the rows.
        threshold: The threshold of verdicts.
        store: The store of ``s3://`` names.
        overwrite: Whether earlier results may be replaced.
        progress: Called with the progress.

    Raises:
        UsageError: The folder must not be written to.
        StorageFailed: The store does not answer as it should.
    """
    from pyarrow import parquet

    classifier = Classifier(bundle, identity=identity, threshold=threshold)
    schema = _schema(classifier.labels)
    with filled_whole(to, overwrite=overwrite) as part:
        part.mkdir()
        with parquet.ParquetWriter(part / "part-00000.parquet", schema) as writer:
            for table in _tables(names, classifier=classifier, schema=schema, store=store, progress=progress):
                writer.write_table(table)
        (part / DONE).touch()


def _tables(
    names: Sequence[str], *, classifier: Classifier, schema: Any, store: ObjectStore, progress: Progress
) -> Iterator[Any]:
    import pyarrow as pa

    with contextlib.closing(BucketReader(store)) as reader, ThreadPoolExecutor(os.cpu_count(), "acne-score") as pool:

        def cells(name: str) -> tuple[Any, ...]:
            return row(score(name, classifier=classifier, reader=reader), classifier.labels)

        for start in range(0, len(names), _AT_ONCE):
            rows = []
            for one in pool.map(cells, names[start : start + _AT_ONCE]):
                rows.append(one)
                progress(start + len(rows), len(names), "photos")
            yield pa.table(list(map(list, zip(*rows, strict=True))), schema=schema)


def _schema(labels: Sequence[str]) -> Any:
    import pyarrow as pa

    types = {str: pa.string(), float: pa.float64()}
    return pa.schema([(name, types[kind]) for name, kind in columns(labels).items()])
