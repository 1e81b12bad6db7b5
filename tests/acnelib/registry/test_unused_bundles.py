"""Cached bundles that go: whenever the removal is killed, the next one ends it."""

from __future__ import annotations

import shutil

import pytest

from acnelib.registry.unused_bundles import unused_bundles
from acnelib.storage.files import digest_of, write_json

SERVER, SHA256 = "http://server", "a" * 64


@pytest.fixture
def cache(tmp_path):
    """A cache that holds the bundle of version 1."""
    bundle = tmp_path / "bundles" / SHA256
    bundle.mkdir(parents=True)
    (bundle / "model.tflite").write_bytes(b"model")
    write_json(tmp_path / "servers" / digest_of(SERVER, "acne")[:16] / "1.json", {"sha256": SHA256})
    return tmp_path


def remove(cache):
    unused_bundles(cache, server=SERVER, model_name="acne", versions={"1"}, kept=()).remove()


def left(cache):
    return sorted(path.name for path in cache.rglob("*") if path.is_file() and path.name != "cache.lock")


def test_a_bundle_goes_with_what_is_remembered_of_it(cache):
    remove(cache)
    assert left(cache) == []


@pytest.mark.parametrize("killed_in", ["unlink", "rename", "rmtree"])
def test_what_a_killed_removal_left_goes_with_the_next(cache, monkeypatch, killed_in):
    def kill(*_arguments, **_options):
        raise KeyboardInterrupt

    with monkeypatch.context() as killing:
        killing.setattr(shutil if killed_in == "rmtree" else type(cache), killed_in, kill)
        with pytest.raises(KeyboardInterrupt):
            remove(cache)
    remove(cache)
    assert left(cache) == []


def test_a_bundle_that_came_and_went_before_goes_again(cache):
    shutil.copytree(cache / "bundles" / SHA256, cache / "bundles" / f".bundle.{SHA256[:16]}.part")
    remove(cache)
    assert left(cache) == []
