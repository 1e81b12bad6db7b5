"""Which artifact roots are the embedded server's own."""

from __future__ import annotations

import pytest

from acnelib.guard.artifact_roots import is_own_root


@pytest.mark.parametrize(
    "root",
    [
        "mlflow-artifacts:/",
        "mlflow-artifacts:/1/abc/artifacts",
        "mlflow-artifacts:/1/a b/é",
        "s3://acne",
        "s3://acne/mlflow/1",
    ],
)
def test_the_proxied_store_and_the_own_bucket_are(root):
    assert is_own_root(root, bucket="acne")


@pytest.mark.parametrize(
    "root",
    [
        "",
        "/etc",
        "relative",
        "file:///etc",
        "FILE:/etc",
        "file:etc",
        "file://localhost/etc",
        "http://127.0.0.1:9/x",
        "https://evil.example/x",
        "ftp://h/x",
        "gs://acne/x",
        "runs:/abc/x",
        "models:/acne/1",
        "C:\\x",
        "s3:/acne/x",
        "s3://other/x",
        "s3://acne2/x",
        "s3://acne@other/x",
        "s3://acne:1/x",
        "s3://acne/../other",
        "s3://acne/%2e%2e/x",
        "s3://acne/%252e%252e/x",
        "s3://acne/a?endpoint=x",
        "s3://acne/a//b",
        "mlflow-artifacts://evil.example/x",
        "mlflow-artifacts:x",
        "mlflow-artifacts:/a/../b",
        "mlflow-artifacts:/a/..",
        "mlflow-artifacts:/a\\..\\b",
        "mlflow-artifacts:/a\n",
        "mlflow-artifacts:/a#b",
        "mlflow-artifacts:///etc",
        "http://[",
    ],
)
def test_nothing_else_is(root):
    assert not is_own_root(root, bucket="acne")
