"""Spark's rows are the library's answers, on this machine and on a cluster, whatever happens to a worker."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from acnelib.atlas.drawing import draw_pictures, encode_jpeg
from acnelib.inference import table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

parquet = pytest.importorskip("pyarrow.parquet")

pytestmark = pytest.mark.system

PATIENCE = 180.0  # seconds
PICTURES = 200
PARTS = 200  # so small that some are left when the first is done


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    from spark_cluster import cluster

    with cluster(tmp_path_factory.mktemp("cluster"), workers=2) as two_workers:
        yield two_workers


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """A folder of drawn pictures, one that is no picture and one that is empty."""
    folder = tmp_path_factory.mktemp("drawn")
    for index, picture in enumerate(draw_pictures(PICTURES, seed=1)):
        (folder / f"{index:03}.jpg").write_bytes(encode_jpeg(picture.image))
    (folder / "bad.jpg").write_bytes(b"no picture")
    (folder / "empty.jpg").write_bytes(b"")
    return folder


@pytest.fixture(scope="module")
def expected(drawn, classifier):
    labels = classifier.labels
    answers = classifier.predict_many(sorted(drawn.iterdir()))
    return [dict(zip(table.head(labels), table.cells(answer, labels), strict=True)) for answer in answers]


def started(photos: Path, *, to: Path, model: Path, master: str, parts: int) -> subprocess.Popen[str]:
    options = ["--to", to, "--model", model, "--engine", "spark", "--master", master, "--partitions", parts]
    command = [sys.executable, "-m", "acnelib.cli", "score", photos, *options]
    return subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def rows_of(folder: Path) -> list[dict[str, object]]:
    return sorted(parquet.read_table(folder).to_pylist(), key=lambda row: row["path"])


def parts_below(folder: Path) -> Iterator[Path]:
    """Yield the finished parts, of results that are not whole yet as well."""
    return (path for path in folder.rglob("part-*.parquet") if not path.name.startswith("."))


def test_spark_on_this_machine_answers_to_the_last_digit(drawn, expected, tiny_bundle, tmp_path):
    scoring = started(drawn, to=tmp_path / "out", model=tiny_bundle, master="local[2]", parts=8)
    _, err = scoring.communicate(timeout=PATIENCE)
    assert (scoring.returncode, err.count("\n")) == (1, 1), err
    assert rows_of(tmp_path / "out") == expected


def test_a_cluster_answers_the_same_though_a_worker_is_killed_on_the_way(
    cluster, drawn, expected, tiny_bundle, tmp_path
):
    scoring = started(drawn, to=tmp_path / "out", model=tiny_bundle, master=cluster.url, parts=PARTS)
    deadline = time.monotonic() + PATIENCE
    while not any(parts_below(tmp_path)) and scoring.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    assert (scoring.poll(), cluster.alive()) == (None, len(cluster.workers))
    cluster.kill_a_worker()
    _, err = scoring.communicate(timeout=PATIENCE)
    assert scoring.returncode == 1, err
    assert rows_of(tmp_path / "out") == expected
