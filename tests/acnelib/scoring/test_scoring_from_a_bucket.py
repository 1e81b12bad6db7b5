"""Pictures of a bucket are scored like files; a key that is gone is a row that says so."""

from __future__ import annotations

import boto3
import pytest

from acnelib.atlas.drawing import draw_picture

parquet = pytest.importorskip("pyarrow.parquet")

NUMBER = 12
PREFIX = "s3://acne/to-score"


@pytest.fixture(scope="module")
def pictures(walked, tmp_path_factory):
    """A folder whose pictures lie in the embedded store as well."""
    from acnelib.services import Stack

    stack = Stack(walked.settings)
    keys = stack.credentials()
    store = boto3.client(
        "s3",
        endpoint_url=stack.status()["s3"].url,
        region_name="us-east-1",
        aws_access_key_id=keys.access_key,
        aws_secret_access_key=keys.secret_key,
    )
    folder = tmp_path_factory.mktemp("pictures")
    for index in range(NUMBER):
        (folder / f"{index:02}.jpg").write_bytes(draw_picture(index, seed=7).jpeg())
    (folder / "bad.jpg").write_bytes(b"no picture")
    (folder / "empty.jpg").write_bytes(b"")
    for path in folder.iterdir():
        store.put_object(Bucket="acne", Key=f"to-score/{path.name}", Body=path.read_bytes())
    store.close()
    return folder


def rows_of(folder):
    """Return the rows by the names of their files, without where these were."""
    rows = parquet.read_table(folder).to_pylist()
    return {row.pop("path").rpartition("/")[2]: row for row in rows}


@pytest.mark.parametrize("engine", ["local", pytest.param("spark", marks=pytest.mark.system)])
def test_a_prefix_is_scored_like_a_folder(walked, pictures, tmp_path, engine):
    from_bucket = walked.acne("score", PREFIX, "--to", tmp_path / "bucket", "--engine", engine)
    from_folder = walked.acne("score", pictures, "--to", tmp_path / "folder", "--engine", "local")
    assert (from_bucket.returncode, from_folder.returncode) == (1, 1), from_bucket.stderr
    assert len(rows_of(tmp_path / "bucket")) == NUMBER + 2
    assert _without_names_in_errors(rows_of(tmp_path / "bucket")) == _without_names_in_errors(
        rows_of(tmp_path / "folder")
    )


@pytest.mark.parametrize("engine", ["local", pytest.param("spark", marks=pytest.mark.system)])
def test_a_key_that_is_gone_is_a_row(walked, pictures, tmp_path, engine):
    (tmp_path / "list.csv").write_text(f"path\n{PREFIX}/00.jpg\n{PREFIX}/gone.jpg\n{pictures}/01.jpg\n")
    ran = walked.acne("score", tmp_path / "list.csv", "--to", tmp_path / "out", "--engine", engine)
    assert ran.returncode == 1, ran.stderr
    errors = {name: row["error"] for name, row in rows_of(tmp_path / "out").items()}
    assert errors.pop("gone.jpg") == f"{PREFIX}/gone.jpg does not exist: check the key"
    assert errors == {"00.jpg": None, "01.jpg": None}


def test_a_bucket_that_is_not_there_is_one_line(walked, tmp_path):
    ran = walked.acne("score", "s3://nobodys/photos", "--to", tmp_path / "out", "--engine", "local")
    assert (ran.returncode, len(ran.stderr.splitlines())) == (1, 1)
    assert "NoSuchBucket" in ran.stderr
    assert not (tmp_path / "out").exists()


def _without_names_in_errors(rows):
    return {name: row | {"error": bool(row["error"])} for name, row in rows.items()}
