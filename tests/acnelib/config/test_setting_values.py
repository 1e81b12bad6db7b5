"""Settings that cannot be used are refused when they are read, all at once, and each with the place it comes from."""

from __future__ import annotations

from pathlib import Path

import pytest

from acnelib.config.setting_values import checked_model_name, checked_server_address, checked_webhook
from acnelib.config.settings import Settings
from acnelib.config.tls import TlsOptions
from acnelib.errors import SettingsInvalid


@pytest.fixture
def load(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    return lambda **environ: Settings.load(environ={"ACNE_HOME": str(home), **environ}, cwd=tmp_path)


@pytest.mark.parametrize("name", ["a/b", "a:b", "..", " a", "a\nb", "a\u202eb", "both ' and \"", "x" * 300])
def test_a_name_that_no_mlflow_server_takes_is_refused(load, name):
    with pytest.raises(SettingsInvalid, match=r"ACNE_MODEL_NAME .*: .*(choose|leave)"):
        load(ACNE_MODEL_NAME=name)


@pytest.mark.parametrize("name", ["acne", "l'été", 'the "best"', "100 %", "a\\b", "😀"])
def test_a_name_that_mlflow_takes_is_kept(load, name):
    assert load(ACNE_MODEL_NAME=name).model_name == name == checked_model_name(name)


@pytest.mark.parametrize(
    "address",
    [
        "mlflow.example",
        "127.0.0.1:5000",
        "http://",
        "http://a b",
        "http://host:x",
        "http://host:99999",
        "http://[::1",
        "https://mlflow.example?x=1",
        "http://a..b",
        "ftp://mlflow.example",
        "sqlite:///mlflow.db",
        "databricks",
    ],
)
@pytest.mark.parametrize("variable", ["MLFLOW_TRACKING_URI", "ACNE_TRACKING_URI", "ACNE_LUIGID_URL"])
def test_an_address_that_is_none_is_refused_under_the_name_of_its_variable(load, variable, address):
    with pytest.raises(SettingsInvalid, match=f"{variable} = .*: "):
        load(**{variable: address})


def test_a_login_in_an_address_is_used_but_never_shown(load):
    assert load(MLFLOW_TRACKING_URI="https://anna:pa@ss@mlflow.example/").tracking_uri == (
        "https://anna:pa@ss@mlflow.example"
    )
    with pytest.raises(SettingsInvalid) as refused:
        checked_server_address("https://anna:pa@ss@mlflow.example?x", called="x", example="y")
    assert "mlflow.example" in str(refused.value)
    assert "anna" not in str(refused.value)
    assert "ss@" not in str(refused.value)


@pytest.mark.parametrize("address", ["ftp://x", "hooks.example", "http://hooks.example/token", "https://h/a b"])
def test_a_webhook_that_cannot_be_used_is_refused_without_its_token(load, address):
    with pytest.raises(SettingsInvalid, match="ACNE_WEBHOOK") as refused:
        load(ACNE_WEBHOOK=address)
    assert "token" not in str(refused.value)
    assert checked_webhook("https://hooks.example/token", plain=False) == "https://hooks.example/token"


def test_everything_that_is_wrong_is_in_one_list_each_with_its_place(load, tmp_path):
    (tmp_path / "home" / "settings.toml").write_text('contact = 3\ngate_margin = 7\nexport_to = "gs://bucket"\n')
    (tmp_path / "luigi.cfg").write_text("[acne]\nluigid_url = luigid\n")
    with pytest.raises(SettingsInvalid) as refused:
        load(ACNE_MODEL_NAME="a/b", MLFLOW_TRACKING_URI="host", ACNE_WORKDIR="~nobody-at-all/x")
    places = ["contact", "settings.toml: gate_margin", "settings.toml: export_to", "luigi.cfg: luigid_url"]
    places += ["ACNE_MODEL_NAME", "MLFLOW_TRACKING_URI", "ACNE_WORKDIR"]
    assert len(refused.value.problems) == len(places)
    assert [place for place in places if place not in str(refused.value)] == []
    assert str(refused.value).startswith("7 problems: (1) ")
    assert "\n" not in str(refused.value)


def test_a_file_that_cannot_be_read_does_not_hide_the_other_problems(load, tmp_path):
    (tmp_path / "home" / "settings.toml").write_text("contact = ")
    with pytest.raises(SettingsInvalid) as refused:
        load(ACNE_MODEL_NAME="a/b")
    assert len(refused.value.problems) == 2


class TestTls:
    """The variables of MLflow come before those of requests, as in MLflow's own client."""

    @pytest.fixture
    def file(self, tmp_path):
        (tmp_path / "ca.pem").touch()
        return str(tmp_path / "ca.pem")

    def test_without_variables_certificates_are_checked(self):
        assert TlsOptions.of({}) == TlsOptions(verify=True, client=None)

    def test_an_own_authority_may_be_named_by_either_variable(self, file):
        assert TlsOptions.of({"REQUESTS_CA_BUNDLE": file}).verify == file
        both = {"REQUESTS_CA_BUNDLE": str(Path(file).parent), "MLFLOW_TRACKING_SERVER_CERT_PATH": file}
        assert TlsOptions.of(both).verify == file

    def test_no_check_goes_before_a_bundle_of_requests(self, file):
        assert TlsOptions.of({"MLFLOW_TRACKING_INSECURE_TLS": "true", "REQUESTS_CA_BUNDLE": file}).verify is False

    @pytest.mark.parametrize(
        "wrong",
        [
            {"MLFLOW_TRACKING_SERVER_CERT_PATH": "/no/such/file"},
            {"MLFLOW_TRACKING_CLIENT_CERT_PATH": "/no/such/file"},
            {"REQUESTS_CA_BUNDLE": "/no/such/file"},
            {"MLFLOW_TRACKING_INSECURE_TLS": "perhaps"},
            {"MLFLOW_TRACKING_INSECURE_TLS": "true", "MLFLOW_TRACKING_SERVER_CERT_PATH": "/tmp"},
        ],
    )
    def test_what_is_wrong_is_known_when_the_settings_are_read(self, load, wrong):
        assert load(MLFLOW_TRACKING_URI="http://mlflow", **wrong).tracking_uri
        with pytest.raises(SettingsInvalid, match=next(iter(wrong))):
            load(MLFLOW_TRACKING_URI="https://mlflow", **wrong)
