"""The registered model as a column of Spark, as MLflow's own users apply it: nothing of acnelib but the address."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from acnelib.atlas.drawing import draw_picture
from acnelib.models import load_classifier

pytestmark = pytest.mark.system

SCRIPT = """
import base64, json, sys
import mlflow
from pyspark.sql import SparkSession
from pyspark.sql.functions import struct

builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
for name in ("spark.driver.host", "spark.driver.bindAddress"):
    builder = builder.config(name, "127.0.0.1")
spark = builder.getOrCreate()
classify = mlflow.pyfunc.spark_udf(
    spark,
    "models:/acne@production",
    result_type="label string, confidence double, verdict string, quality string, error string",
    env_manager="local",
)
rows = [(path, base64.b64encode(open(path, "rb").read()).decode()) for path in sys.argv[1:]]
pictures = spark.createDataFrame(rows, "path string, image string").repartition(4)
told = pictures.select("path", classify(struct("image")).alias("told")).select("path", "told.*").collect()
print(json.dumps([row.asDict() for row in told]))
spark.stop()
"""
PICTURES = 20


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    for index in range(PICTURES):
        (folder / f"{index:02}.jpg").write_bytes(draw_picture(index, seed=9).jpeg())
    (folder / "bad.jpg").write_bytes(b"garbage")
    (folder / "empty.jpg").write_bytes(b"")
    return sorted(folder.iterdir())


def test_a_column_of_spark_has_the_answers_of_the_library(walked, pictures, tmp_path):
    environment = {name: value for name, value in walked.environment.items() if not name.startswith("ACNE_")}
    environment |= walked.server_environment | {"TMPDIR": str(tmp_path)}
    environment |= {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_DIRS": str(tmp_path)}
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT, *map(str, pictures)],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    rows = {row.pop("path"): row for row in json.loads(ran.stdout.splitlines()[-1])}
    classifier = load_classifier("production", settings=walked.settings)
    for path, prediction in zip(pictures, classifier.predict_many(pictures), strict=True):
        row = rows[str(path)]
        assert bool(row["error"]) == bool(prediction.error)
        assert (row["label"] or None, row["verdict"] or None) == (prediction.label, prediction.verdict)
        assert row["quality"] == ";".join(prediction.quality)
        if prediction.confidence is not None:
            assert row["confidence"] == pytest.approx(prediction.confidence, abs=1e-3)
