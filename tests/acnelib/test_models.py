"""A name → a verified bundle → a classifier."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tiny_bundles import evaluation, sealed
from werkzeug import Response

import acnelib
from acnelib.bundle import EVALUATION, LITERT
from acnelib.config.settings import Settings
from acnelib.errors import BundleInvalid, ModelUnavailable
from acnelib.models import cached_model, find_model, list_versions, load_classifier
from acnelib.registry.version_facts import VersionFacts
from acnelib.storage.files import write_json


@pytest.fixture
def settings():
    return Settings.load()


@pytest.fixture
def online(settings, registry):
    return replace(settings, tracking_uri=registry.url)


class TestFolders:
    def test_a_folder_is_a_model_without_a_version(self, tiny_bundle):
        found = find_model(tiny_bundle)
        assert (found.identity.name, found.identity.version) == ("tiny", None)
        assert found.identity.sha256 == found.bundle.sha256
        assert (found.asked_at, found.offline) == (None, None)

    @pytest.mark.parametrize("name", [".", "../tiny", "../tiny/"])
    def test_a_relative_folder_has_its_own_name(self, tiny_bundle, monkeypatch, name):
        monkeypatch.chdir(tiny_bundle)
        assert find_model(name).identity.name == "tiny"

    def test_a_path_is_a_folder_whatever_its_name(self, settings, tiny_bundle, tmp_path):
        (tmp_path / "production").symlink_to(tiny_bundle)
        assert load_classifier(tmp_path / "production", settings=settings).identity.version is None

    def test_a_name_that_is_nothing_says_what_may_be_named(self):
        with pytest.raises(ModelUnavailable, match="no model 'Production': name production, staging, a version's"):
            find_model("Production")

    def test_a_damaged_folder_is_refused(self, own_bundle):
        (own_bundle / "labels.txt").write_text("red\ngreen\nblue\n")
        with pytest.raises(BundleInvalid, match=r"labels\.txt was altered"):
            load_classifier(own_bundle)


class TestRegistry:
    @pytest.mark.parametrize(("name", "version"), [("production", "2"), ("staging", "1"), ("1", "1"), (2, "2")])
    def test_a_registered_model_is_found_by_name_or_number(self, online, registry, tiny_bundle, name, version):
        registry.register(tiny_bundle, alias="staging")
        registry.register(tiny_bundle, alias="production")
        found = find_model(name, settings=online)
        assert (found.identity.name, found.identity.version, found.offline) == ("acne", version, None)

    def test_the_servers_address_is_mlflows_own_variable(self, registry, tiny_bundle, monkeypatch):
        monkeypatch.setenv("MLFLOW_TRACKING_URI", registry.url)
        registry.register(tiny_bundle, alias="production")
        assert acnelib.load_classifier().identity.version == "1"

    def test_the_embedded_stacks_server_is_asked_where_none_is_configured(self, settings, registry, tiny_bundle):
        registry.register(tiny_bundle, alias="production")
        write_json(settings.stack_file, {"services": {"mlflow": {"url": registry.url}}})
        assert find_model(settings=settings).identity.version == "1"

    def test_drift_between_alias_and_stage_is_a_warning(self, online, registry, tiny_bundle, caplog):
        registry.register(tiny_bundle, stage="Archived", alias="production")
        assert load_classifier(settings=online).identity.version == "1"
        assert "the alias counts" in caplog.text

    def test_a_production_that_somebody_deleted_is_told_with_where_it_still_lies(self, online, registry, tiny_bundle):
        registry.register(tiny_bundle, alias="production")
        cached = find_model(settings=online).bundle.path
        registry.versions.clear()
        with pytest.raises(ModelUnavailable, match="Version 1 was the production model when last asked") as raised:
            find_model(settings=online)
        assert f"--model {cached} still has it" in str(raised.value)

    def test_a_server_that_went_down_is_answered_from_the_cache_with_a_warning(
        self, online, registry, tiny_bundle, caplog
    ):
        registry.register(tiny_bundle, alias="production")
        asked_at = find_model(settings=online).asked_at
        registry.go_down()
        assert load_classifier(settings=online).identity.version == "1"
        (warning,) = (record.getMessage() for record in caplog.records if record.name == "acnelib.models")
        assert warning == (
            f"the tracking server {registry.url} does not answer (Connection refused): start it (`acne up` for the "
            f"embedded one) or check the address; using cached version 1, last asked {asked_at}"
        )

    def test_an_artifact_store_that_went_down_is_answered_from_the_cache_too(
        self, online, registry, tiny_bundle, own_bundle
    ):
        registry.register(tiny_bundle, alias="production")
        find_model(settings=online)
        registry.register(own_bundle, alias="production", tag="0" * 64)
        registry.instead["artifacts/models/2/artifacts/bundle/SHA256SUMS"] = Response("", status=500)
        found = find_model(settings=online)
        assert found.identity.version == "1"
        assert "SHA256SUMS cannot be downloaded (HTTP 500)" in found.offline

    def test_a_server_that_never_was_asked_has_no_cached_production(self, online, registry, tiny_bundle):
        registry.register(tiny_bundle, alias="production")
        find_model(settings=online)
        other = replace(online, tracking_uri="http://127.0.0.1:9")
        with pytest.raises(
            ModelUnavailable, match=r"no production model of http://127\.0\.0\.1:9 is cached, and .* does not answer"
        ):
            find_model(settings=other)

    def test_where_no_server_was_ever_named_one_line_says_what_to_do(self, settings):
        with pytest.raises(
            ModelUnavailable, match="run `acne demo`, set MLFLOW_TRACKING_URI, or name a bundle's folder"
        ):
            find_model(settings=settings)

    def test_an_address_that_is_no_http_says_so(self, settings):
        with pytest.raises(ModelUnavailable, match=r"the tracking server sqlite:///mlflow\.db has no HTTP address"):
            find_model(settings=replace(settings, tracking_uri="sqlite:///mlflow.db"))


class TestCached:
    """What can be had without any server."""

    def test_what_was_never_asked_for_is_not_cached(self, settings, online):
        assert cached_model("production", settings=settings) is None
        assert cached_model("production", settings=online) is None

    @pytest.mark.parametrize("name", ["production", "1"])
    def test_what_was_asked_for_is_cached_with_its_stage_and_nobody_is_asked(self, online, registry, tiny_bundle, name):
        registry.register(tiny_bundle, alias="production")
        found = find_model("production", settings=online)
        asked = len(registry.requests)
        cached = cached_model(name, settings=online)
        assert cached == found
        assert cached.stage == "Production"
        assert len(registry.requests) == asked

    def test_a_damaged_copy_counts_as_none_and_is_fetched_again(self, online, registry, tiny_bundle):
        registry.register(tiny_bundle, alias="production")
        found = find_model(settings=online)
        (found.bundle.path / LITERT).write_bytes(b"evil")
        assert cached_model("production", settings=online) is None
        assert find_model(settings=online).bundle == found.bundle
        assert cached_model("production", settings=online).bundle == found.bundle

    def test_a_damaged_copy_whose_server_is_down_is_one_clear_reason(self, online, registry, tiny_bundle):
        registry.register(tiny_bundle, alias="production")
        (find_model(settings=online).bundle.path / LITERT).write_bytes(b"evil")
        registry.go_down()
        with pytest.raises(ModelUnavailable, match=r"the cached production model of .* is damaged, and .* not answer"):
            find_model(settings=online)

    def test_a_folder_is_what_it_is_now(self, tiny_bundle, tmp_path):
        assert cached_model(str(tiny_bundle)).stage is None
        with pytest.raises(ModelUnavailable, match="no model"):
            cached_model(str(tmp_path / "nothing"))


class TestListing:
    def test_the_server_says_which_versions_there_are(self, online, registry, tiny_bundle):
        registry.register(tiny_bundle, alias="production")
        find_model(settings=online)
        registry.instead["registered-models/get"] = Response('{"registered_model": {"name": "acne"}}')
        registry.instead["model-versions/search"] = Response('{"model_versions": [{"version": "2"}, {"version": "1"}]}')
        listing = list_versions(settings=online)
        assert [one.version for one in listing.versions] == ["2", "1"]
        assert (listing.offline, listing.cached) == (None, {"production", "1"})

    def test_a_server_that_is_down_leaves_those_that_are_cached(self, online, registry, tiny_bundle):
        registry.register(tiny_bundle, alias="production")
        find_model(settings=online)
        registry.go_down()
        listing = list_versions(settings=online)
        assert [(one.version, one.stage) for one in listing.versions] == [("1", "Production")]
        assert "does not answer" in listing.offline

    @pytest.mark.parametrize("down", [False, True], ids=["server", "no server"])
    def test_versions_on_this_computer_say_what_their_bundles_record(self, online, registry, tmp_path, down):
        files = {EVALUATION: json.dumps(evaluation(macro_f1=0.83).as_json())}
        registry.register(sealed(tmp_path / "measured", files=files), alias="production")
        find_model(settings=online)
        registry.instead["registered-models/get"] = Response('{"registered_model": {"name": "acne"}}')
        registry.instead["model-versions/search"] = Response('{"model_versions": [{"version": "2"}, {"version": "1"}]}')
        if down:
            registry.go_down()
        facts = {one.version: one.facts for one in list_versions(settings=online).versions}
        assert facts.pop("1") == VersionFacts(macro_f1=0.83, sources="painted")
        assert all(one == VersionFacts() for one in facts.values())

    def test_tags_say_it_of_versions_that_are_elsewhere(self, online, registry):
        tags = '[{"key": "acnelib.macro_f1", "value": "0.7149"}, {"key": "acnelib.sources", "value": "dermnet"}]'
        registry.instead["registered-models/get"] = Response('{"registered_model": {"name": "acne"}}')
        registry.instead["model-versions/search"] = Response(
            f'{{"model_versions": [{{"version": "2", "tags": {tags}}}]}}'
        )
        (listed,) = list_versions(settings=online).versions
        assert listed.facts == VersionFacts(macro_f1=0.7149, sources="dermnet")

    @pytest.mark.parametrize("value", ["", "good", "nan", "1.5", "-0.1"])
    def test_a_tag_that_is_no_macro_f1_says_nothing(self, value):
        assert VersionFacts.of_tags({"acnelib.macro_f1": value}) == VersionFacts()

    def test_without_a_server_there_is_nothing_to_list(self, settings):
        with pytest.raises(ModelUnavailable, match="no tracking server is known here"):
            list_versions(settings=settings)
