"""Cached bundles that go: whenever the removal is killed, the next one ends it."""

from __future__ import annotations

import shutil

import pytest

from acnelib.registry.cache import BundleCache
from acnelib.storage.files import digest_of, write_json

SERVER, SHA256 = "http://server", "a" * 64


@pytest.fixture
def cache(tmp_path):
    """A cache that holds the bundle of version 1."""
    bundle = tmp_path / "bundles" / SHA256
    bundle.mkdir(parents=True)
    (bundle / "model.tflite").write_bytes(b"model")
    write_json(
        tmp_path / "servers" / digest_of(SERVER, "acne")[:16] / "1.json",
        {"version": "1", "sha256": SHA256, "asked_at": ""},
    )
    return tmp_path


def remove(cache):
    BundleCache(cache).unused(SERVER, "acne", versions={"1"}, kept=()).remove()


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


def test_the_cache_keeps_bundles_that_other_servers_or_an_offline_answer_need(tmp_path):
    def remember(server, name, sha256):
        path = tmp_path / "servers" / digest_of(server, "acne")[:16] / f"{name}.json"
        write_json(path, {"version": "1", "sha256": sha256, "asked_at": ""})
        (tmp_path / "bundles" / sha256).mkdir(parents=True, exist_ok=True)

    remember("http://here", "1", "one")
    remember("http://here", "2", "two")
    remember("http://here", "production", "two")
    remember("http://here", "3", "three")
    remember("http://elsewhere", "7", "one")
    remember("http://here", "4", "four")
    unused = BundleCache(tmp_path).unused("http://here/", "acne", versions=["1", "2", "4"], kept=["three"])
    assert [path.name for path in unused.bundles] == ["four"]
    assert sorted(path.stem for path in unused.memories) == ["1", "2", "4"]
    unused.remove()
    assert sorted(path.name for path in (tmp_path / "bundles").iterdir()) == ["one", "three", "two"]
