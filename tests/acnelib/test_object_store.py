"""Which store ``s3://`` means."""

from __future__ import annotations

import pickle

import pytest

from acnelib.config.settings import Settings
from acnelib.object_store import ENDPOINT, ObjectStore
from acnelib.services.credentials import StackCredentials
from acnelib.storage.files import write_json

MLFLOW, S3 = "http://127.0.0.1:5000", "http://127.0.0.1:9000"


@pytest.fixture
def home(tmp_path):
    """A home whose embedded stack was started once."""
    stack, home = tmp_path / "stack", tmp_path / "home"
    StackCredentials.load_or_make(stack)
    services = {"mlflow": {"url": MLFLOW}, "s3": {"url": S3}}
    write_json(home / "stack.json", {"directory": str(stack), "services": services})
    return home


def store_of(home, **environ):
    settings = Settings.load(environ={"ACNE_HOME": str(home), **environ}, cwd=home)
    return ObjectStore.of(settings, environ=environ)


def test_it_is_the_embedded_one_with_its_keys(home, tmp_path):
    keys = StackCredentials.load(tmp_path / "stack")
    assert store_of(home) == ObjectStore(endpoint=S3, keys=(keys.access_key, keys.secret_key))
    assert store_of(home).is_embedded
    assert store_of(home, AWS_CA_BUNDLE="/etc/ssl/ca.pem", AWS_REGION="eu-west-1").is_embedded


@pytest.mark.parametrize(
    ("environ", "endpoint"),
    [
        ({ENDPOINT: "http://minio:9000"}, "http://minio:9000"),
        ({"AWS_PROFILE": "research"}, None),
        ({"MLFLOW_TRACKING_URI": "https://mlflow.example.org"}, None),
    ],
)
def test_whoever_names_another_store_or_tracking_server_means_that_ones(home, environ, endpoint):
    assert store_of(home, **environ) == ObjectStore(endpoint=endpoint)


def test_where_no_stack_was_ever_started_it_is_amazons(tmp_path):
    store = store_of(tmp_path)
    assert store == ObjectStore()
    assert not store.is_embedded


def test_it_travels_to_workers_with_its_keys_and_shows_them_nowhere(home):
    store = store_of(home)
    assert pickle.loads(pickle.dumps(store)) == store
    assert store.keys is not None
    assert store.keys[1] not in repr(store) + store.where
