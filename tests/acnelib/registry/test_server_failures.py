"""Failures of a tracking server: each kind with the server's own words and the remedy that helps."""

from __future__ import annotations

import contextlib
import json
import re

import pytest
from pytest_httpserver import HTTPServer
from tls_servers import OwnAuthority
from werkzeug import Response

from acnelib.errors import ModelUnavailable, TrackingFailed
from acnelib.pipeline.failures import is_transient
from acnelib.registry.experiments import check_artifacts, check_experiment
from acnelib.registry.rest import MlflowRest
from acnelib.registry.tracking.connection import tracking_of
from acnelib.registry.tracking.removal import VersionRemover

CALL = "experiments/search"
JSON = {"mimetype": "application/json"}


def ask(server, **environ):
    with contextlib.closing(MlflowRest(server, environ=environ)) as rest:
        return rest.get(CALL, max_results="1", gives="experiments", absent=[])


def failure_of(server, **environ) -> TrackingFailed:
    with pytest.raises(TrackingFailed) as failed:
        ask(server, **environ)
    return failed.value


LOGIN = {"MLFLOW_TRACKING_USERNAME": "anna", "MLFLOW_TRACKING_PASSWORD": "hunter22"}


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return OwnAuthority.made_in(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def server(authority):
    with HTTPServer(host="127.0.0.1", ssl_context=authority.context()) as server:
        server.expect_request(re.compile(".*")).respond_with_json({"experiments": [{"name": "Default"}]})
        yield f"https://127.0.0.1:{server.port}"


class TestAnswers:
    @pytest.mark.parametrize(
        ("answered", "environ", "expected"),
        [
            (
                ("Invalid Host header - possible DNS rebinding attack detected", 403),
                {},
                ("DNS rebinding", "--allowed-hosts"),
            ),
            (("Invalid Host header", 403), LOGIN, ("Invalid Host header", "a login does not help")),
            (("You are not authenticated.", 401), {}, ("You are not authenticated", "set MLFLOW_TRACKING_USERNAME")),
            (("Wrong password", 401), LOGIN, ("Wrong password", "check MLFLOW_TRACKING_USERNAME")),
            (("Permission denied", 403), LOGIN, ("Permission denied", "administrator give this login")),
            (('{"error_code": "PERMISSION_DENIED", "message": "no"}', 403), {}, ('"no"', "MLFLOW_TRACKING_TOKEN")),
            (("<title>502 Bad Gateway</title>", 502), {}, ("502 Bad Gateway", "MLflow itself does not: start it")),
            (("The plain HTTP request was sent to HTTPS port", 400), {}, ("HTTPS port", "write https://")),
            (("slow down", 429), {}, ("slow down", "try again later")),
            (('{"error_code": "INTERNAL_ERROR", "message": "disk I/O error"}', 500), {}, ("disk I/O error", "its log")),
            (
                ('{"error_code": "X", "message": "(ExpiredToken)"}', 500),
                {},
                ("has ended (ExpiredToken", "AWS_SESSION_TOKEN"),
            ),
        ],
    )
    def test_are_passed_on_with_the_remedy_of_their_kind(self, registry, answered, environ, expected):
        answer, status = answered
        registry.instead[CALL] = Response(answer, status=status)
        failure = failure_of(registry.url, **environ)
        words, remedy = expected
        assert words in failure.reason
        assert f"HTTP {status}" in failure.reason
        assert remedy in failure.remedy
        assert str(failure) == f"{failure.reason}: {failure.remedy}"

    def test_show_no_login_even_where_the_server_repeats_it(self, registry):
        registry.instead[CALL] = Response("anna with hunter22 at http://a:hunter22@x/ may not", status=403)
        failure = failure_of(registry.url.replace("://", "://anna:hunter22@"), **LOGIN)
        assert "hunter22" not in str(failure)
        assert registry.url in str(failure)

    def test_are_one_line_whatever_they_contain(self, registry):
        message = "bad\n\x1b[2Jname " + "x" * 5000
        answer = json.dumps({"error_code": "INVALID_PARAMETER_VALUE", "message": message})
        registry.instead[CALL] = Response(answer, status=400)
        with pytest.raises(ModelUnavailable) as failed:
            ask(registry.url)
        assert "\x1b" not in str(failed.value)
        assert "\n" not in str(failed.value)
        assert len(str(failed.value)) < 400

    def test_of_the_store_behind_the_server_name_its_trouble(self, registry):
        message = "An error occurred (RequestTimeTooSkewed) when calling PutObject"
        registry.instead["artifacts/x"] = Response(json.dumps({"error_code": "X", "message": message}), status=500)
        failing = pytest.raises(TrackingFailed, match=r"PUT: HTTP 500\), saying .*RequestTimeTooSkewed.*clock")
        with contextlib.closing(MlflowRest(registry.url, environ={})) as rest, failing:
            rest.try_store("x", b"y")


class TestTls:
    @pytest.fixture(autouse=True)
    def _no_bundle(self, monkeypatch):
        for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
            monkeypatch.delenv(name, raising=False)

    @pytest.mark.parametrize("variable", ["MLFLOW_TRACKING_SERVER_CERT_PATH", "REQUESTS_CA_BUNDLE"])
    def test_an_own_authority_is_trusted_where_a_variable_names_it(self, server, authority, variable):
        assert ask(server, **{variable: str(authority.authority)}) == [{"name": "Default"}]

    def test_mlflows_variable_goes_before_the_one_of_requests(self, server, authority, monkeypatch):
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.key.parent))
        assert ask(server, MLFLOW_TRACKING_SERVER_CERT_PATH=str(authority.authority))

    def test_no_check_is_made_where_none_is_asked_for(self, server):
        assert ask(server, MLFLOW_TRACKING_INSECURE_TLS="true")

    def test_an_unknown_authority_is_no_server_that_is_down(self, server):
        failure = failure_of(server)
        assert "its certificate is not trusted" in failure.reason
        assert "set MLFLOW_TRACKING_SERVER_CERT_PATH" in failure.remedy
        assert "start it" not in str(failure)
        assert not is_transient(failure)

    def test_another_name_than_the_certificates_is_told_apart(self, server, authority):
        other = server.replace("127.0.0.1", "localhost")
        failure = failure_of(other, MLFLOW_TRACKING_SERVER_CERT_PATH=str(authority.authority))
        assert "ask it by a name" in failure.remedy

    def test_the_wrong_scheme_is_named(self, server, registry):
        assert "write http://" in failure_of(registry.url.replace("http:", "https:")).remedy
        assert "write https://" in failure_of(server.replace("https:", "http:")).remedy


class TestBlame:
    """A variable is blamed only for the address that it names."""

    @pytest.mark.parametrize(
        ("variable", "blamed"),
        [("http://127.0.0.1:9", True), ("http://127.0.0.1:9/", True), ("http://elsewhere:5000", False), ("", False)],
    )
    def test_of_the_address(self, variable, blamed):
        failure = failure_of("http://127.0.0.1:9", MLFLOW_TRACKING_URI=variable)
        assert ("MLFLOW_TRACKING_URI" in failure.remedy) is blamed
        assert "check the address" in failure.remedy

    def test_of_the_variable_that_names_it(self):
        assert "ACNE_TRACKING_URI" in failure_of("http://127.0.0.1:9", ACNE_TRACKING_URI="http://127.0.0.1:9").remedy


class TestARealServer:
    """What MLflow itself answers."""

    def test_that_does_not_know_its_name_says_so(self, workplace):
        failure = failure_of(workplace.settings.server().replace("127.0.0.1", "2130706433"), **LOGIN)
        assert "Invalid Host header" in failure.reason
        assert "--allowed-hosts 2130706433" in failure.remedy

    def test_whose_experiment_was_deleted_says_how_to_restore_it(self, workplace):
        made = workplace.ask("experiments/create", {"name": "deleted one"})["experiment_id"]
        workplace.ask("experiments/delete", {"experiment_id": made})
        restore = f"mlflow experiments restore --experiment-id {made}"
        with contextlib.closing(MlflowRest(workplace.settings.server())) as rest:
            check_experiment(rest, "one that is made later")
            check_artifacts(rest, "one that is made later")
        failing = pytest.raises(TrackingFailed, match=restore)
        with contextlib.closing(MlflowRest(workplace.settings.server())) as rest, failing:
            check_experiment(rest, "deleted one")
        with pytest.raises(TrackingFailed, match=restore):
            _ = tracking_of(workplace.settings_of("deleted one")).experiment_id

    @pytest.mark.parametrize("name", ["l'été", 'the "best"', "100 % \\ `x`"])
    def test_finds_the_versions_of_every_name_that_the_settings_take(self, workplace, name):
        tracking = tracking_of(workplace.settings_of(name))
        tracking.client.create_registered_model(name)
        assert tracking.versions._holding("0") is None
        assert VersionRemover(tracking).versions() == []
        with tracking.reader() as reader:
            assert reader.versions() == ()
