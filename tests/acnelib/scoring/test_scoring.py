"""What is scored, by whom and into which folder; nothing here needs Java."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from acnelib.config.settings import Settings
from acnelib.errors import DataUnusable, ServiceFailed, UsageError
from acnelib.inference import Classifier, table
from acnelib.object_store import ObjectStore
from acnelib.scoring.java import check_java
from acnelib.scoring.pictures import pictures_of
from acnelib.scoring.store import BucketReader
from acnelib.site_threshold import SiteThreshold, SiteThresholds

if TYPE_CHECKING:
    from pathlib import Path

parquet = pytest.importorskip("pyarrow.parquet")

READER = BucketReader(ObjectStore())


@pytest.fixture
def bad(photos):
    (photos / "bad.jpg").write_bytes(b"no picture")
    (photos / "empty.jpg").write_bytes(b"")
    return photos


@pytest.fixture
def score_locally(run_acne, tiny_bundle, tmp_path):
    return lambda *arguments: run_acne(
        "score", *arguments, "--to", tmp_path / "out", "--model", tiny_bundle, "--engine", "local"
    )


def rows_of(folder: Path) -> list[dict[str, object]]:
    return parquet.read_table(folder).to_pylist()


def test_a_row_is_what_the_library_answers_to_the_last_digit(score_locally, paint, bad, classifier, tmp_path):
    for colour in ("red", "green", "grey"):
        paint(f"{colour}.png", colour)
    Image.new("RGB", (60, 60), "black").save(bad / "small.png")
    ran = score_locally(bad)
    labels = classifier.labels
    answers = list(classifier.predict_many(sorted(bad.iterdir())))
    expected = [dict(zip(table.head(labels), table.cells(answer, labels), strict=True)) for answer in answers]
    assert rows_of(tmp_path / "out") == expected
    assert [row["quality"] for row in expected if row["path"].endswith("small.png")] == ["small;dark"]
    assert (ran.code, [row["error"] is None for row in expected].count(False)) == (1, 2)


def test_whatever_one_picture_fails_with_is_an_error_of_its_row(score_locally, paint, tmp_path, monkeypatch):
    paint("a.png", "red")
    paint("b.png", "green")
    predict = Classifier.predict

    def failing(self, source):
        if source.name == "a.png":
            raise MemoryError
        return predict(self, source)

    monkeypatch.setattr(Classifier, "predict", failing)
    assert score_locally(tmp_path / "photos").code == 1
    first, second = rows_of(tmp_path / "out")
    assert ("more memory" in first["error"], second["label"]) == (True, "green")


def test_what_was_done_is_told_as_json(score_locally, paint, tmp_path):
    paint("a.png", "red")
    reported = json.loads(score_locally(tmp_path / "photos", "--format", "json").out)
    assert (reported["rows"], reported["errors"], reported["engine"]) == (1, 0, "local")
    assert reported["folder"] == str(tmp_path / "out")


def test_the_threshold_of_the_site_applies_to_tables_and_is_in_each_row(score_locally, paint, tmp_path, classifier):
    threshold = SiteThreshold.fitted_now(0.99, level=0.9, photos=40, groups=40)
    SiteThresholds(Settings.load().home).keep(classifier.identity.sha256, threshold)
    paint("a.png", "red")
    reported = json.loads(score_locally(tmp_path / "photos", "--format", "json").out)
    (row,) = rows_of(tmp_path / "out")
    assert (reported["threshold"], reported["promise"]) == ({"value": 0.99, "origin": "site"}, None)
    assert (row["verdict"], row["threshold"], row["threshold_from"]) == ("uncertain", 0.99, "site")


def test_without_one_the_sources_of_the_promise_are_named(score_locally, paint):
    reported = score_locally(paint("a.png", "red")).err
    assert "confident from 0.80 (the model's own)" in reported
    assert "was measured on photos of sample" in reported


def test_earlier_results_are_replaced_only_when_asked(score_locally, paint, tmp_path):
    path = paint("a.png", "red")
    score_locally(path)
    again = score_locally(path)
    assert (again.code, "--overwrite" in again.err) == (2, True)
    assert score_locally(path, path, "--overwrite").code == 0
    assert len(rows_of(tmp_path / "out")) == 2


def test_other_things_are_never_overwritten(score_locally, paint, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("mine")
    ran = score_locally(paint("a.png", "red"), "--overwrite")
    assert (ran.code, "thesis.txt" in ran.err) == (2, True)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["thesis.txt"]


def test_a_failure_leaves_no_folder(score_locally, photos, tmp_path):
    assert score_locally(photos).code == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("column", ["path", "file"])
def test_a_csv_manifest_counts_from_its_own_folder(tmp_path, column):
    manifest = tmp_path / "list.csv"
    manifest.write_text(f"{column}\na.png\n/b.png\ns3://photos/c.png\n")
    assert pictures_of([str(manifest)], reader=READER).names == (f"{tmp_path}/a.png", "/b.png", "s3://photos/c.png")


def test_a_parquet_manifest_may_have_other_columns(tmp_path):
    import pyarrow as pa

    parquet.write_table(pa.table({"who": ["x"], "path": ["a.png"]}), tmp_path / "list.parquet")
    assert pictures_of([str(tmp_path / "list.parquet")], reader=READER).names == (f"{tmp_path}/a.png",)


def test_a_manifest_without_a_column_of_paths_is_refused(tmp_path):
    (tmp_path / "list.csv").write_text("who,when\na,b\n")
    with pytest.raises(UsageError, match="who, when"):
        pictures_of([str(tmp_path / "list.csv")], reader=READER)


@pytest.mark.parametrize("content", [None, 'path\n""\n', "path\n"])
def test_a_manifest_without_pictures_is_told(tmp_path, content):
    if content is not None:
        (tmp_path / "list.csv").write_text(content)
    with pytest.raises(DataUnusable):
        pictures_of([str(tmp_path / "list.csv")], reader=READER)


def test_a_missing_java_is_one_line_that_says_what_to_install(tmp_path):
    with pytest.raises(ServiceFailed, match="openjdk-17-jre-headless"):
        check_java({"PATH": str(tmp_path)})


def test_an_old_java_is_refused(tmp_path):
    java = tmp_path / "java"
    java.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\"' >&2\n")
    java.chmod(0o755)
    with pytest.raises(ServiceFailed, match="is 11"):
        check_java({"PATH": str(tmp_path)})


def test_an_unknown_model_is_told_before_anything_starts(run_acne, paint, tmp_path):
    ran = run_acne("score", paint("a.png", "red"), "--to", tmp_path / "out", "--model", tmp_path / "none")
    assert (ran.code, "no model" in ran.err) == (1, True)


def test_the_task_writes_its_target_last(tiny_bundle, paint, tmp_path):
    luigi = pytest.importorskip("luigi")
    from luigi_tasks import Score

    paint("a.png", "red")
    task = Score(pictures=str(tmp_path / "photos"), to=str(tmp_path / "out"), model=str(tiny_bundle), engine="local")
    assert not task.complete()
    assert luigi.build([task], local_scheduler=True, log_level="ERROR")
    assert (task.complete(), task.result()["rows"]) == (True, 1)
    assert str(tmp_path) not in task.to_str_params()["to"]
