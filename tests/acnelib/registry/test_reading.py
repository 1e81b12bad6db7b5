"""Reading a registry by REST, without MLflow."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import pytest
from werkzeug import Response

from acnelib import bundle as bundles
from acnelib.config.credentials import Credentials, CredentialStore
from acnelib.errors import BundleInvalid, ModelUnavailable, RunRecordLost, TrackingFailed
from acnelib.evaluation.scored_photos import ScoredPhotos
from acnelib.folds import REPEATS
from acnelib.registry.reading import ASSIGNMENTS_ARTIFACT, BUNDLE_IN_VERSION, RegistryReader
from acnelib.storage.assignments import Assignment, Subset, assignments_as_json
from acnelib.storage.files import sha256_of_file

ALIAS = "registered-models/alias"
LATEST = "registered-models/get-latest-versions"
DOWNLOAD_URI = "model-versions/get-download-uri"


@pytest.fixture
def read():
    """Open readers, and close them after the test."""
    readers = []

    def read(server, *, model_name="acne", **environ):
        readers.append(RegistryReader(server, model_name=model_name, environ=environ))
        return readers[-1]

    yield read
    for reader in readers:
        reader.close()


@pytest.fixture
def reader(read, registry):
    return read(registry.url)


class TestFinding:
    def test_the_alias_says_which_version_is_in_production(self, reader, registry, tiny_bundle):
        registry.register(tiny_bundle, alias="production", stage="Staging")
        registry.register(tiny_bundle, alias="staging", stage="Production")
        assert reader.find("production").version == "1"
        assert reader.find("staging").version == "2"

    def test_the_stage_counts_where_a_server_has_no_alias(self, reader, registry, tiny_bundle):
        for stage in ("Archived", "Production", "Staging"):
            registry.register(tiny_bundle, stage=stage)
        assert reader.find("production").version == "2"

    def test_of_several_versions_in_one_stage_the_newest_counts(self, reader, registry, tiny_bundle):
        for _ in range(11):
            registry.register(tiny_bundle, stage="Production")
        assert reader.find("production").version == "11"

    def test_a_number_is_a_version_whatever_its_stage(self, reader, registry, tiny_bundle):
        registry.register(tiny_bundle, stage="Archived")
        found = reader.find("1")
        assert (found.version, found.stage, found.run_id) == ("1", "Archived", "r" * 32)
        assert found.bundle_sha256 == bundles.open_bundle(tiny_bundle).sha256

    def test_a_version_that_somebody_else_registered_has_no_bundle(self, reader, registry, tiny_bundle):
        registry.register(tiny_bundle)
        del registry.versions["1"]["tags"], registry.versions["1"]["run_id"]
        assert (reader.find("1").bundle_sha256, reader.find("1").run_id) == (None, None)

    def test_an_unknown_version_is_unavailable(self, reader, registry):
        with pytest.raises(ModelUnavailable, match=f"Model Version 7 not found \\(asked {registry.url}\\): check the"):
            reader.find("7")

    def test_without_a_production_version_the_line_says_how_to_get_one(self, reader, registry, tiny_bundle):
        registry.register(tiny_bundle, stage="Staging")
        with pytest.raises(ModelUnavailable, match=r"acne has no production version at .*: run `acne pipeline`"):
            reader.find("production")

    def test_the_model_that_was_asked_for_is_the_one_in_the_settings(self, reader, registry, tiny_bundle):
        registry.register(tiny_bundle, alias="production")
        reader.find("production")
        assert registry.requests[0].args.to_dict() == {"name": "acne", "alias": "production"}


class TestDownloading:
    def test_the_bundle_arrives_whole(self, reader, registry, tiny_bundle, tmp_path):
        registry.register(tiny_bundle)
        reader.download(reader.find("1"), tmp_path)
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
            path.name: path.read_bytes() for path in tiny_bundle.iterdir()
        }

    def test_an_altered_file_is_refused(self, reader, registry, tiny_bundle, tmp_path):
        registry.register(tiny_bundle)
        registry.instead["artifacts/models/1/artifacts/bundle/model.tflite"] = Response(b"another model")
        with pytest.raises(BundleInvalid, match=r"model\.tflite was altered after sealing: fetch the bundle again"):
            reader.download(reader.find("1"), tmp_path)

    def test_another_bundle_than_the_tag_says_is_refused(self, reader, registry, tiny_bundle, tmp_path):
        registry.register(tiny_bundle, tag="0" * 64)
        with pytest.raises(BundleInvalid, match=r"version 1 of acne at .* holds another bundle than its tag"):
            reader.download(reader.find("1"), tmp_path)

    def test_checksums_that_name_a_path_write_nothing_there(self, reader, registry, tiny_bundle, tmp_path):
        registry.register(tiny_bundle)
        sums = f"{'0' * 64}  ../evil\n".encode()
        registry.instead["artifacts/models/1/artifacts/bundle/SHA256SUMS"] = Response(sums)
        (tmp_path / "into").mkdir()
        with pytest.raises(BundleInvalid, match=r"version 1 of acne at .*'.*\.\./evil' is no line of checksums"):
            reader.download(reader.find("1"), tmp_path / "into")
        assert list(tmp_path.rglob("*")) == [tmp_path / "into"]

    def test_a_version_without_a_bundle_says_which_file_cannot_be_had(self, reader, registry, tiny_bundle, tmp_path):
        registry.register(tiny_bundle)
        registry.instead["artifacts/models/1/artifacts/bundle/SHA256SUMS"] = Response("", status=404)
        with pytest.raises(TrackingFailed, match=r"version 1 .*: SHA256SUMS cannot be downloaded \(HTTP 404\)"):
            reader.download(reader.find("1"), tmp_path)

    @pytest.mark.parametrize("uri", ["file:///models/1", "http://elsewhere/models/1"])
    def test_artifacts_that_the_server_does_not_hand_out_are_not_looked_for(
        self, reader, registry, tiny_bundle, tmp_path, uri
    ):
        registry.register(tiny_bundle)
        registry.instead[DOWNLOAD_URI] = Response(json.dumps({"artifact_uri": uri}))
        with pytest.raises(TrackingFailed, match=f"lies at {uri}, which only its own machine can read"):
            reader.download(reader.find("1"), tmp_path)


class TestListing:
    @pytest.fixture
    def listed(self, registry):
        """Let the registry list some versions, and say which one has the alias."""

        def listed(*versions, production=None):
            aliases = [{"alias": "production", "version": production}] if production else []
            model = {"registered_model": {"name": "acne", "aliases": aliases}}
            registry.instead["registered-models/get"] = Response(json.dumps(model))
            found = {"model_versions": list(versions)} if versions else {}
            registry.instead["model-versions/search"] = Response(json.dumps(found))

        return listed

    def test_versions_come_newest_first_with_stage_and_time(self, reader, listed):
        listed(
            {"version": "9", "current_stage": "Archived", "creation_timestamp": "1767225600000"},
            {"version": "10", "current_stage": "None", "creation_timestamp": 1767225600000},
            {"version": "11", "current_stage": "Staging"},
        )
        made = "2026-01-01T00:00:00+00:00"
        reported = [(one.version, one.stage, one.made_at) for one in reader.versions()]
        assert reported == [("11", "Staging", None), ("10", None, made), ("9", "Archived", made)]

    def test_the_alias_says_which_one_is_in_production(self, reader, listed):
        listed(
            {"version": "1", "current_stage": "Production"}, {"version": "2", "current_stage": "None"}, production="2"
        )
        assert [(one.version, one.stage) for one in reader.versions()] == [("2", "Production"), ("1", None)]

    def test_a_model_without_versions_lists_none(self, reader, listed):
        listed()
        assert reader.versions() == ()

    def test_nothing_but_the_own_model_is_asked_for(self, reader, listed, registry):
        listed()
        reader.versions()
        assert [request.method for request in registry.requests] == ["GET", "GET"]
        assert registry.requests[1].args["filter"] == "name = 'acne'"

    def test_a_model_that_is_not_there_says_so(self, reader, registry):
        absent = {"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "not found"}
        registry.instead["registered-models/get"] = Response(json.dumps(absent), status=404)
        registry.instead["registered-models/search"] = Response("{}")
        with pytest.raises(ModelUnavailable, match="no registered model 'acne'"):
            reader.versions()


class TestDrift:
    def test_alias_and_stage_that_agree_are_no_drift(self, reader, registry, tiny_bundle):
        registry.register(tiny_bundle, alias="production")
        assert reader.find("production").drift is None

    def test_an_alias_whose_version_has_another_stage_counts_and_is_told(self, reader, registry, tiny_bundle):
        registry.register(tiny_bundle, stage="Archived", alias="production")
        found = reader.find("production")
        assert found.version == "1"
        assert "has the alias production but the stage Archived; the alias counts" in found.drift

    def test_a_stage_without_an_alias_counts_and_is_told(self, reader, registry, tiny_bundle):
        registry.register(tiny_bundle, stage="Production")
        assert "nothing has the alias production; the stage counts" in reader.find("production").drift


class TestServers:
    @pytest.mark.parametrize("status", [401, 403])
    def test_a_server_that_refuses_names_the_variables_to_set(self, reader, registry, status):
        # MLflow's own basic-auth answers in words, not in JSON.
        registry.instead[ALIAS] = Response("You are not authenticated.", status=status)
        with pytest.raises(
            TrackingFailed,
            match=r'refuses to answer \(HTTP 40\d\), saying "You are not authenticated": set MLFLOW_TRACKING_USERNAME',
        ):
            reader.find("production")

    @pytest.mark.parametrize(
        ("environ", "sent"),
        [
            ({}, None),
            ({"MLFLOW_TRACKING_TOKEN": "t"}, "Bearer t"),
            (
                {"MLFLOW_TRACKING_USERNAME": "me", "MLFLOW_TRACKING_PASSWORD": "pass"},
                f"Basic {base64.b64encode(b'me:pass').decode()}",
            ),
        ],
    )
    def test_credentials_are_those_of_mlflows_variables(self, read, registry, tiny_bundle, environ, sent):
        registry.register(tiny_bundle, alias="production")
        read(registry.url, **environ).find("production")
        assert registry.requests[0].headers.get("Authorization") == sent

    @pytest.fixture
    def stored(self, registry, own_home):
        CredentialStore(own_home).keep(registry.url, Credentials(username="Zoë", password="ω"))
        return {"ACNE_HOME": str(own_home)}

    def test_where_no_variable_is_set_the_stored_login_is_sent(self, read, registry, tiny_bundle, stored):
        registry.register(tiny_bundle, alias="production")
        read(registry.url, **stored).find("production")
        basic = base64.b64encode("Zoë:ω".encode()).decode()
        assert registry.requests[0].headers["Authorization"] == f"Basic {basic}"

    def test_mlflows_variables_go_before_the_stored_login(self, read, registry, tiny_bundle, stored):
        registry.register(tiny_bundle, alias="production")
        read(registry.url, **stored, MLFLOW_TRACKING_TOKEN="t").find("production")
        assert registry.requests[0].headers["Authorization"] == "Bearer t"

    def test_a_stored_login_is_sent_to_no_other_address(self, read, registry, tiny_bundle, stored):
        registry.register(tiny_bundle, alias="production")
        read(registry.url.replace("127.0.0.1", "localhost"), **stored).find("production")
        assert "Authorization" not in registry.requests[0].headers

    @pytest.mark.parametrize(
        ("answer", "status"),
        [
            ("<html>Welcome to nginx</html>", 200),
            ("<html>Not found</html>", 404),
            ('{"detail": "Not Found"}', 404),
            ('{"hello": "world"}', 200),
            ("[1, 2]", 200),
            ("null", 200),
        ],
    )
    def test_another_kind_of_server_is_no_mlflow_server(self, reader, registry, answer, status):
        registry.instead[ALIAS] = Response(answer, status=status)
        with pytest.raises(
            TrackingFailed, match=rf"{registry.url} is no MLflow server \(.* gave HTTP {status}\).*: check the address"
        ):
            reader.find("production")

    def test_a_failing_server_says_where_to_look(self, reader, registry):
        registry.instead[ALIAS] = Response('{"error_code": "INTERNAL_ERROR"}', status=500)
        with pytest.raises(TrackingFailed, match="answered HTTP 500 to registered-models/alias: look at its log"):
            reader.find("production")

    def test_a_server_that_is_down_says_how_to_start_it(self, read):
        with pytest.raises(
            TrackingFailed, match=r"127\.0\.0\.1:9 does not answer \(Connection refused\): start it \(`acne up`"
        ):
            read("http://127.0.0.1:9").find("production")

    @pytest.mark.parametrize("server", ["sqlite:///mlflow.db", "mlruns", "databricks", "127.0.0.1:5000"])
    def test_a_server_has_an_http_address(self, read, server):
        with pytest.raises(ModelUnavailable, match=f"{server} has no HTTP address: set MLFLOW_TRACKING_URI to one"):
            read(server)


class TestRecordsOfARun:
    """A record that is gone is one error, a server that does not hand it out another."""

    ASSIGNMENTS = f"artifacts/runs/1/{ASSIGNMENTS_ARTIFACT}"

    @pytest.fixture
    def version(self, registry, tiny_bundle, reader):
        """A version whose run has a split without assignments."""
        registry.register(tiny_bundle)
        run = {"info": {"artifact_uri": "mlflow-artifacts:/runs/1"}}
        registry.instead["runs/get"] = Response(json.dumps({"run": run}))
        registry.instead["artifacts/list"] = Response(json.dumps({"files": [{"path": "split/summary.json"}]}))
        registry.instead[self.ASSIGNMENTS] = Response("", status=500)  # as MLflow answers about a file it lacks in S3
        return reader.find("1")

    def test_what_was_logged_comes_back(self, reader, registry, version):
        assignments = {"0" * 64: Assignment(subset=Subset.TRAIN, group="g", folds=(0, 4))}
        registry.instead[self.ASSIGNMENTS] = Response(json.dumps(assignments_as_json(assignments)))
        assert reader.assignments(version) == assignments

    def test_a_run_that_was_deleted_is_lost(self, reader, registry, version):
        registry.instead["runs/get"] = Response('{"error_code": "RESOURCE_DOES_NOT_EXIST"}', status=404)
        with pytest.raises(RunRecordLost, match=r"the run of version 1 .* was deleted: restore run r"):
            reader.assignments(version)

    def test_a_version_that_names_no_run_has_lost_it(self, reader, version):
        with pytest.raises(RunRecordLost, match="not named by the version"):
            reader.assignments(replace(version, run_id=None))

    def test_a_record_that_the_run_does_not_list_is_lost(self, reader, version):
        with pytest.raises(RunRecordLost, match=rf"has no {ASSIGNMENTS_ARTIFACT}: train it again"):
            reader.assignments(version)

    @pytest.mark.parametrize("content", ["not JSON", "[]", '{"a": {"subset": "validation"}}', "null"])
    def test_a_record_that_cannot_be_understood_is_lost(self, reader, registry, version, content):
        registry.instead[self.ASSIGNMENTS] = Response(content)
        with pytest.raises(RunRecordLost, match="cannot be understood: train it again"):
            reader.assignments(version)

    def test_a_record_that_is_listed_but_not_handed_out_is_not_lost(self, reader, registry, version):
        registry.instead["artifacts/list"] = Response(json.dumps({"files": [{"path": ASSIGNMENTS_ARTIFACT}]}))
        with pytest.raises(TrackingFailed, match="artifact store is down") as failed:
            reader.assignments(version)
        assert not isinstance(failed.value, RunRecordLost)

    def test_a_store_that_is_down_altogether_loses_nothing(self, reader, registry, version):
        registry.instead["artifacts/list"] = Response('{"error_code": "INTERNAL_ERROR"}', status=500)
        with pytest.raises(TrackingFailed, match="artifact store is down") as failed:
            reader.assignments(version)
        assert not isinstance(failed.value, RunRecordLost)


class TestRealServer:
    """The same questions to MLflow itself."""

    @pytest.fixture
    def reader(self, read, walked):
        return read(walked.settings.server())

    def test_production_is_found_by_name_and_number_with_its_bundle(self, reader, tmp_path):
        production = reader.find("production")
        assert reader.find(production.version) == production
        assert production.stage == "Production"
        reader.download(production, tmp_path)
        assert bundles.open_bundle(tmp_path).sha256 == production.bundle_sha256

    def test_it_lists_production_and_when_it_was_promoted(self, reader):
        production = reader.find("production")
        listed = next(one for one in reader.versions() if one.version == production.version)
        assert listed.stage == "Production"
        assert production.promoted_at is not None
        assert listed.made_at <= production.promoted_at

    def test_its_stage_would_say_the_same_without_an_alias(self, reader):
        assert reader._by_stage("production").version == reader.find("production").version

    def test_a_version_that_it_does_not_have_is_unavailable(self, reader):
        with pytest.raises(ModelUnavailable, match=r"999.* not found \(asked http"):
            reader.find("999")

    def test_a_model_that_it_does_not_have_is_unavailable_and_it_says_which_it_has(self, read, walked):
        with pytest.raises(ModelUnavailable, match=r"no registered model 'nobody' at http.*: it has .*acne"):
            read(walked.settings.server(), model_name="nobody").find("production")

    def test_a_bundle_at_an_s3_address_is_read_from_s3_itself(self, read, registry, walked, tmp_path, monkeypatch):
        production = read(walked.settings.server()).find("production")
        (sums,) = [
            path
            for path in (walked.stack / "s3" / "acne" / "mlflow").rglob(f"bundle/{bundles.SUMS}")
            if sha256_of_file(path) == production.bundle_sha256
        ]
        key = sums.relative_to(walked.stack / "s3").as_posix().removesuffix(f"/{BUNDLE_IN_VERSION}/{bundles.SUMS}")
        registry.versions["1"] = {"version": "1", "current_stage": "Production"}
        registry.instead[DOWNLOAD_URI] = Response(json.dumps({"artifact_uri": f"s3://{key}"}))
        from acnelib.services import Stack  # no part of the core

        keys = Stack(walked.settings).credentials()
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", keys.access_key)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", keys.secret_key)
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        reader = read(registry.url, MLFLOW_S3_ENDPOINT_URL=walked.settings.embedded_url("s3"))
        reader.download(reader.find("1"), tmp_path)
        assert bundles.open_bundle(tmp_path).sha256 == production.bundle_sha256

    def test_it_knows_which_photos_production_was_trained_on(self, reader):
        assignments = reader.assignments(reader.find("production"))
        assert {one.subset for one in assignments.values()} == {Subset.TRAIN}
        assert {len(one.folds) for one in assignments.values()} == {REPEATS}

    def test_it_knows_the_answers_of_heads_that_never_saw_the_photo(self, reader):
        production = reader.find("production")
        answers = ScoredPhotos.from_json(reader.out_of_fold(production))
        assert {photo.sha256 for photo in answers.photos} == reader.assignments(production).keys()
        assert answers.repeats == REPEATS
