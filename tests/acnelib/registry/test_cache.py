"""Downloaded bundles, kept by digest, and what each server last said."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from werkzeug import Response

from acnelib import bundle as bundles
from acnelib.errors import BundleInvalid, ModelUnavailable, TrackingFailed
from acnelib.registry.cache import BundleCache
from acnelib.registry.decisions import DECISIONS_TAG
from acnelib.registry.reading import RegistryReader

OLD_MEMORY = {"version", "sha256", "asked_at", "drift"}


@pytest.fixture
def cache(tmp_path):
    return BundleCache(tmp_path / "cache")


@pytest.fixture
def reader(registry):
    reader = RegistryReader(registry.url, model_name="acne", environ={})
    yield reader
    reader.close()


@pytest.fixture
def another_bundle(own_bundle):
    (own_bundle / bundles.SUMS).unlink()
    (own_bundle / bundles.CARD).write_text("Another.")
    bundles.seal(own_bundle)
    return own_bundle


def kept(cache):
    return {path.name for path in (cache.root / "bundles").iterdir()}


class TestFetching:
    def test_a_bundle_is_kept_by_its_digest_and_says_when_it_was_asked_for(self, cache, reader, registry, tiny_bundle):
        registry.register(tiny_bundle, alias="production")
        bundle, remembered = cache.fetch(reader, "production")
        assert bundle.sha256 == remembered.sha256 == bundles.open_bundle(tiny_bundle).sha256
        assert bundle.path.name == bundle.sha256
        assert remembered.version == "1"
        assert datetime.now(UTC) - datetime.fromisoformat(remembered.asked_at) < timedelta(minutes=1)

    def test_what_is_here_is_not_downloaded_again(self, cache, reader, registry, tiny_bundle):
        registry.register(tiny_bundle, alias="production")
        for name in ("production", "1", "production"):
            cache.fetch(reader, name)
        assert registry.downloads == 1

    def test_two_at_once_download_once(self, cache, registry, tiny_bundle):
        registry.register(tiny_bundle, alias="production")
        readers = [RegistryReader(registry.url, model_name="acne", environ={}) for _ in range(3)]
        with ThreadPoolExecutor(3) as pool:
            fetched = list(pool.map(lambda reader: cache.fetch(reader, "production"), readers))
        assert len({bundle.path for bundle, _ in fetched}) == 1
        assert kept(cache) == {fetched[0][0].sha256}
        assert registry.downloads == 1
        for reader in readers:
            reader.close()

    def test_a_new_production_version_is_downloaded_beside_the_old_one(
        self, cache, reader, registry, tiny_bundle, another_bundle
    ):
        registry.register(tiny_bundle, alias="production")
        old, _ = cache.fetch(reader, "production")
        registry.register(another_bundle, alias="production")
        new, remembered = cache.fetch(reader, "production")
        assert remembered.version == "2"
        assert kept(cache) == {old.sha256, new.sha256}

    def test_a_tampered_copy_is_fetched_again(self, cache, reader, registry, tiny_bundle):
        registry.register(tiny_bundle, alias="production")
        bundle, _ = cache.fetch(reader, "production")
        (bundle.path / bundles.LITERT).write_bytes(b"evil")
        again, _ = cache.fetch(reader, "production")
        assert (again.path / bundles.LITERT).read_bytes() == (tiny_bundle / bundles.LITERT).read_bytes()
        assert registry.downloads == 2

    def test_another_intact_bundle_in_its_place_is_fetched_again(
        self, cache, reader, registry, tiny_bundle, another_bundle
    ):
        registry.register(tiny_bundle, alias="production")
        bundle, _ = cache.fetch(reader, "production")
        shutil.rmtree(bundle.path)
        shutil.copytree(another_bundle, bundle.path)
        again, _ = cache.fetch(reader, "production")
        assert bundles.open_bundle(again.path).sha256 == bundle.sha256

    def test_what_another_program_writes_beside_a_download_is_left_alone(self, cache, reader, registry, tiny_bundle):
        beside = cache.root / "servers" / "0123" / ".production.json.0a1b.part"
        beside.parent.mkdir(parents=True)
        beside.touch()
        registry.register(tiny_bundle, alias="production")
        cache.fetch(reader, "production")
        assert beside.exists()

    def test_an_altered_download_is_refused_and_not_kept(self, cache, reader, registry, tiny_bundle):
        registry.register(tiny_bundle, alias="production")
        registry.instead["artifacts/models/1/artifacts/bundle/model.tflite"] = Response(b"evil")
        with pytest.raises(BundleInvalid, match=r"model\.tflite was altered"):
            cache.fetch(reader, "production")
        assert [path.name for path in cache.root.iterdir()] == ["cache.lock"]
        with pytest.raises(ModelUnavailable):
            cache.recall(reader, "production")

    def test_what_a_killed_download_left_is_swept_by_the_next(self, cache, reader, registry, tiny_bundle):
        (cache.root / ".bundle.killed.part").mkdir(parents=True)
        registry.register(tiny_bundle, alias="production")
        cache.fetch(reader, "production")
        assert {path.name for path in cache.root.iterdir()} == {"bundles", "servers", "cache.lock"}


class TestRecalling:
    @pytest.fixture
    def asked(self, cache, reader, registry, tiny_bundle):
        """A reader whose server was asked for production once."""
        registry.register(tiny_bundle, alias="production")
        cache.fetch(reader, "production")
        return reader

    def test_a_server_that_went_down_is_remembered(self, cache, reader, registry, tiny_bundle):
        registry.register(tiny_bundle, alias="production")
        fetched = cache.fetch(reader, "production")
        registry.go_down()
        with pytest.raises(TrackingFailed):
            cache.fetch(reader, "production")
        assert cache.recall(reader, "production") == fetched

    def test_what_production_was_is_remembered_not_what_it_became(self, cache, asked, registry, another_bundle):
        registry.register(another_bundle, alias="production")
        assert cache.recall(asked, "production")[1].version == "1"

    @pytest.mark.parametrize(
        ("server", "model_name", "name"),
        [(None, "acne", "staging"), (None, "another", "production"), ("http://127.0.0.1:9", "acne", "production")],
    )
    def test_nothing_is_recalled_for_what_was_never_asked(self, cache, asked, server, model_name, name):
        other = RegistryReader(server or asked.server, model_name=model_name, environ={})
        with pytest.raises(ModelUnavailable, match=f"no {name} model of {other.server} is cached"):
            cache.recall(other, name)
        other.close()

    def test_a_tampered_copy_is_not_recalled(self, cache, asked):
        bundle, _ = cache.recall(asked, "production")
        (bundle.path / bundles.LABELS).write_text("evil\n")
        with pytest.raises(ModelUnavailable, match=r"the cached production model of .* is damaged"):
            cache.recall(asked, "production")

    def test_a_tampered_copy_is_fetched_again_after_that(self, cache, asked):
        bundle, _ = cache.recall(asked, "production")
        (bundle.path / bundles.LABELS).write_text("evil\n")
        cache.fetch(asked, "production")
        assert cache.recall(asked, "production")[0].sha256 == bundle.sha256

    def test_the_stage_and_the_time_of_its_promotion_are_remembered(self, cache, reader, registry, tiny_bundle):
        number = registry.register(tiny_bundle, alias="staging")
        decided = {"version": number, "decision": "promoted", "by": "gate", "user": "me", "previous": None}
        record = {
            **decided,
            "decided_at": "2026-11-20T08:00:00+00:00",
            "reasons": [],
            "numbers": {},
            "test_sha256": None,
        }
        registry.versions[number]["tags"].append({"key": DECISIONS_TAG, "value": json.dumps([record])})
        cache.fetch(reader, "staging")
        remembered = cache.recall(reader, "staging")[1]
        assert (remembered.stage, remembered.promoted_at) == ("Staging", "2026-11-20T08:00:00+00:00")

    def test_the_stage_of_production_is_what_the_alias_says(self, cache, reader, registry, tiny_bundle):
        registry.register(tiny_bundle, stage="Archived", alias="production")
        assert cache.fetch(reader, "production")[1].stage == "Production"

    def test_a_version_without_a_stage_has_none(self, cache, reader, registry, tiny_bundle):
        registry.register(tiny_bundle)
        assert cache.fetch(reader, "1")[1].stage is None

    def test_a_memory_that_an_earlier_program_wrote_is_understood(self, cache, asked):
        memory = next((cache.root / "servers").rglob("production.json"))
        old = {key: value for key, value in json.loads(memory.read_text()).items() if key in OLD_MEMORY}
        memory.write_text(json.dumps(old))
        assert set(old) == OLD_MEMORY
        remembered = cache.recall(asked, "production")[1]
        assert (remembered.version, remembered.stage) == ("1", "Production")

    def test_a_version_that_was_fetched_as_production_is_recalled_by_its_number(self, cache, asked):
        assert cache.recall(asked, "1")[1].version == "1"
        assert set(cache.known(asked)) == {"production"}

    @pytest.mark.parametrize("content", ["{damaged", "[]", '{"version": "1"}'])
    def test_a_damaged_memory_remembers_nothing(self, cache, asked, content):
        next((cache.root / "servers").rglob("production.json")).write_text(content)
        with pytest.raises(ModelUnavailable, match=r"no production model of .* is cached"):
            cache.recall(asked, "production")


def test_a_real_server_hands_out_the_bundle_that_its_pipeline_sealed(cache, walked):
    reader = RegistryReader(walked.settings.server(), model_name="acne", environ={})
    bundle, remembered = cache.fetch(reader, "production")
    assert cache.recall(reader, "production") == (bundle, remembered)
    sealed = [bundles.open_bundle(path.parent) for path in walked.workdir.rglob(bundles.SUMS)]
    assert bundle.sha256 in {sealed_bundle.sha256 for sealed_bundle in sealed}
    reader.close()
