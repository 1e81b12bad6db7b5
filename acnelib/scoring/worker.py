"""The worker of Spark: one classifier per process, names in, rows out."""

from __future__ import annotations

import contextlib
import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acnelib.bundle import open_bundle
from acnelib.errors import BundleInvalid
from acnelib.inference import Classifier
from acnelib.scoring.rows import columns, row, score
from acnelib.scoring.store import BucketReader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from acnelib.inference import ConfidenceThreshold, ModelIdentity
    from acnelib.object_store import ObjectStore

_AT_ONCE = 200  # rows of a frame


def scored(
    frames: Iterable[Any],
    *,
    archive: str,
    identity: ModelIdentity,
    threshold: ConfidenceThreshold,
    store: ObjectStore,
) -> Iterator[Any]:
    """Score the names in a column ``name`` (bytes, as the file system has them) of data frames.

    Args:
        frames: What ``mapInPandas`` hands over.
        archive: Name under which Spark unpacked the bundle.
        identity: What the rows say of the model.
        threshold: The threshold of verdicts; a worker may run where this site's is unknown.
        store: Where ``s3://`` is.

    Raises:
        BundleInvalid: What came here is not the bundle that was sent.
    """
    import pandas as pd
    from pyspark import SparkFiles

    classifier = _classifier(SparkFiles.get(archive), identity, threshold)
    names = list(columns(classifier.labels))
    with contextlib.closing(BucketReader(store)) as reader:
        for frame in frames:
            for start in range(0, len(frame), _AT_ONCE):
                pictures = map(os.fsdecode, frame["name"].iloc[start : start + _AT_ONCE])
                predictions = (score(name, classifier=classifier, reader=reader) for name in pictures)
                rows = [row(prediction, classifier.labels) for prediction in predictions]
                yield pd.DataFrame(rows, columns=names)


@lru_cache(maxsize=1)
def _classifier(folder: str, identity: ModelIdentity, threshold: ConfidenceThreshold) -> Classifier:
    """Load the bundle once a process: the identity has its digest, and Spark keeps processes between tasks."""
    bundle = open_bundle(Path(folder))
    if bundle.sha256 != identity.sha256:
        raise BundleInvalid(f"{folder} is bundle {bundle.sha256}, sent was {identity.sha256}: run again")
    return Classifier(bundle, identity=identity, threshold=threshold)
