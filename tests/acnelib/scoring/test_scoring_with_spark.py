"""Spark's rows are the library's answers."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from acnelib.atlas.drawing import draw_pictures, encode_jpeg
from acnelib.inference import table

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("pyspark")
parquet = pytest.importorskip("pyarrow.parquet")

pytestmark = pytest.mark.system

PATIENCE = 180.0  # seconds


@pytest.fixture
def drawn(photos):
    """40 drawn pictures and two bad ones."""
    for number, picture in enumerate(draw_pictures(40, seed=1)):
        (photos / f"{number:02}.jpg").write_bytes(encode_jpeg(picture.image))
    (photos / "bad.jpg").write_bytes(b"no picture")
    (photos / "empty.jpg").write_bytes(b"")
    return photos


@pytest.fixture
def expected(drawn, classifier):
    labels = classifier.labels
    answers = classifier.predict_many(sorted(drawn.iterdir()))
    return [dict(zip(table.head(labels), table.cells(answer, labels), strict=True)) for answer in answers]


def command(photos: Path, to: Path, model: Path, master: str) -> list[str]:
    options = ["--to", str(to), "--model", str(model), "--master", master, "--partitions", "8"]
    return [sys.executable, "-m", "acnelib.cli", "score", str(photos), *options]


def rows_of(folder: Path) -> list[dict[str, object]]:
    return sorted(parquet.read_table(folder).to_pylist(), key=lambda row: row["path"])


def test_spark_on_this_machine_answers_to_the_last_digit(drawn, expected, tiny_bundle, tmp_path):
    ran = subprocess.run(
        command(drawn, tmp_path / "out", tiny_bundle, "local[2]"),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (ran.returncode, ran.stderr.count("\n")) == (1, 1), ran.stderr
    assert rows_of(tmp_path / "out") == expected
