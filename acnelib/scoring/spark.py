"""Scoring with Spark: a manifest of names, spread over workers that fetch and classify the pictures themselves."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import warnings
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acnelib.errors import ServiceFailed
from acnelib.scoring.folder import filled_whole
from acnelib.scoring.java import check_java
from acnelib.scoring.rows import columns
from acnelib.scoring.worker import scored

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from acnelib.bundle import Bundle
    from acnelib.inference import ConfidenceThreshold, ModelIdentity
    from acnelib.object_store import ObjectStore

LOCAL = re.compile(r"local(\[(\d+|\*)\])?")
_TRIES = 4  # of each task, as Spark does on a cluster
_PER_PARTITION = 500  # pictures; fewer, so that every core has some
_PATIENCE = 30.0  # seconds that Java has to end


def score_with_spark(
    names: Sequence[str],
    *,
    to: Path,
    bundle: Bundle,
    identity: ModelIdentity,
    threshold: ConfidenceThreshold,
    store: ObjectStore,
    overwrite: bool = False,
    master: str = "local[2]",
    partitions: int | None = None,
) -> None:
    """Score pictures into Parquet files of a folder, as many as there are partitions, in no order.

    Every worker needs this package installed, and must see the pictures and the folder under the same paths.

    Args:
        names: Paths and ``s3://BUCKET/KEY``.
        to: Folder for the results.
        bundle: The model.
        identity: Its identity in the rows.
        threshold: The threshold of verdicts.
        store: The store of ``s3://`` names.
        overwrite: Whether earlier results may be replaced.
        master: The Spark master: ``local[2]``, ``local[*]`` or ``spark://HOST:PORT``.
        partitions: Number of parts; default: by the number of pictures and cores.

    Raises:
        UsageError: The folder must not be written to.
        ServiceFailed: There is no Java, Spark does not start, or it fails.
    """
    import pyspark  # noqa: F401 - imported before the check for Java, to report it first

    check_java()
    with (
        filled_whole(to, overwrite=overwrite) as part,
        tempfile.TemporaryDirectory(prefix="acne-score-") as folder,
        _session(master, scratch=Path(folder)) as spark,
        _clear_failures(master),
        warnings.catch_warnings(),
    ):
        warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas", category=FutureWarning)
        archive = f"bundle-{identity.sha256}.zip"
        packed = shutil.make_archive(str(Path(folder, archive).with_suffix("")), "zip", bundle.path)
        spark.sparkContext.addArchive(packed)
        work = partial(scored, archive=archive, identity=identity, threshold=threshold, store=store)
        manifest = spark.createDataFrame([(os.fsencode(name),) for name in names], "name binary")
        parts = partitions or _partitions(len(names), spark.sparkContext.defaultParallelism)
        results = manifest.repartition(parts).mapInPandas(work, _schema(bundle.description.labels))
        results.write.parquet(part.as_uri())


def _partitions(pictures: int, cores: int) -> int:
    return max(1, min(pictures, max(cores, -(-pictures // _PER_PARTITION))))


def _schema(labels: Sequence[str]) -> Any:
    from pyspark.sql import types

    kinds = {str: types.StringType(), float: types.DoubleType()}
    return types.StructType([types.StructField(name, kinds[kind]) for name, kind in columns(labels).items()])


@contextlib.contextmanager
def _session(master: str, *, scratch: Path) -> Iterator[Any]:
    """Yield a Spark session, and stop all of its processes afterwards."""
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    local = LOCAL.fullmatch(master)
    if local:  # without a number of tries, a worker that the system kills takes all the work with it
        master = f"local[{local[2] or 1},{_TRIES}]"
    options = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "OFF",
        "spark.local.dir": str(scratch),
        "spark.sql.warehouse.dir": str(scratch / "warehouse"),
        "spark.sql.execution.arrow.pyspark.enabled": "true",
    }
    if local or "//127.0.0.1:" in master:  # else every interface is listened on, and the machine's name must resolve
        options |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    builder = SparkSession.builder.master(master).appName("acne score")
    for name, value in options.items():
        builder = builder.config(name, value)
    try:
        with _standard_error_kept() as output, _this_python():
            spark = _started(builder, master, output)
        try:
            yield spark
        finally:
            spark.stop()
    finally:
        _end_java(SparkContext)


def _started(builder: Any, master: str, output: Any) -> Any:
    try:
        return builder.getOrCreate()
    except Exception as error:  # py4j's and pyspark's errors have no common base
        output.seek(0)
        lines = output.read().decode(errors="replace").splitlines()
        reason = next((line.strip() for line in lines if "rror" in line or "xception" in line), _reason(error))
        raise ServiceFailed(
            f"Spark does not start with master {master!r} ({reason}): check --master and Java"
        ) from error


@contextlib.contextmanager
def _this_python() -> Iterator[None]:
    """Let workers run this Python unless PYSPARK_PYTHON is set; the default would be the first ``python3`` on PATH."""
    name = "PYSPARK_PYTHON"
    if name in os.environ:
        yield
        return
    os.environ[name] = sys.executable
    try:
        yield
    finally:
        del os.environ[name]


@contextlib.contextmanager
def _standard_error_kept() -> Iterator[Any]:
    """Redirect what Java writes to standard error while it runs, mostly start-up messages."""
    with tempfile.TemporaryFile() as sink:
        sys.stderr.flush()
        saved = os.dup(2)
        os.dup2(sink.fileno(), 2)
        try:
            yield sink
        finally:
            os.dup2(saved, 2)
            os.close(saved)


def _end_java(context: Any) -> None:
    """End the Java process, which would otherwise run as long as this process."""
    gateway = context._gateway  # noqa: SLF001 - pyspark has no public way
    if gateway is None:
        return
    gateway.shutdown()
    gateway.proc.stdin.close()
    try:
        gateway.proc.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        gateway.proc.kill()
    context._gateway = context._jvm = None  # noqa: SLF001


@contextlib.contextmanager
def _clear_failures(master: str) -> Iterator[None]:
    """Convert errors of Spark into one line."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (Py4JError, PySparkException) as error:
        raise ServiceFailed(f"Spark ({master}) failed ({_reason(error)}): correct that, and run again") from error


def _reason(error: BaseException) -> str:
    """Return the error of a worker, if the traceback has it; else the first line."""
    lines = str(error).splitlines()
    ours = [line.strip() for line in lines if line.strip().startswith(("acnelib.errors.", "ModuleNotFoundError"))]
    text = ours[0].partition(": ")[2] if ours else next(filter(None, map(str.strip, lines)), type(error).__name__)
    return text[:300]
