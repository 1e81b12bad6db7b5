"""The embedded stack's own login counts at its servers, and nowhere else."""

from __future__ import annotations

import contextlib

import pytest

from acnelib.config.credentials import AddressLogin, Credentials, CredentialStore
from acnelib.config.settings import Settings
from acnelib.config.stack_login import own_login, with_login
from acnelib.errors import TrackingFailed
from acnelib.registry.login import credentials_for
from acnelib.registry.rest import MlflowRest
from acnelib.storage.files import write_json

OWN = Credentials(username="acne", password="own")


@pytest.fixture
def own(own_home, registry, tmp_path):
    """The address of an embedded MLflow server; the settings of this process know it."""
    folder = tmp_path / "stack"
    write_json(folder / "credentials.json", {"username": "acne", "password": "own"}, mode=0o600)
    services = {"mlflow": {"url": registry.url}, "luigid": {"url": "http://127.0.0.1:8"}}
    for place in (own_home, folder):
        write_json(place / "stack.json", {"directory": str(folder), "services": services})
    yield registry.url
    (folder / "credentials.json").unlink()  # the server of the test keeps its address


def test_it_is_known_by_the_address_alone(own):
    assert own_login(own) == own_login(f"{own}/") == own_login(own.replace("127.0.0.1", "localhost")) == OWN
    assert own_login("http://127.0.0.1:8") == OWN


def test_an_address_that_the_stack_has_left_is_not_its_own_any_more(own, tmp_path):
    assert own_login(own) == OWN
    services = {"mlflow": {"url": "http://127.0.0.1:7"}}
    write_json(tmp_path / "stack" / "stack.json", {"directory": str(tmp_path / "stack"), "services": services})
    assert own_login(own) is None


@pytest.mark.parametrize(
    "other",
    ["http://127.0.0.1:61509", "https://127.0.0.1:8", "http://mlflow.example.org:8", "http://127.0.0.1.example:8"],
)
def test_it_is_sent_to_no_other_address(own, other):
    assert own_login(other) is None
    assert with_login(other) == AddressLogin(address=other)


def test_settings_that_a_program_made_itself_are_enough(own, own_home, monkeypatch, tmp_path):
    settings = Settings(home=own_home, cache=tmp_path, stack=tmp_path / "stack", workdir=tmp_path)
    server = settings.server()
    monkeypatch.setenv("ACNE_HOME", str(tmp_path / "elsewhere"))
    assert own_login(server) == OWN


def test_nothing_that_is_set_or_stored_takes_its_place(own, own_home, monkeypatch):
    CredentialStore(own_home).keep(own, Credentials(username="other", password="other"))
    environ = {
        "ACNE_HOME": str(own_home),
        "MLFLOW_TRACKING_TOKEN": "token",
        "MLFLOW_TRACKING_USERNAME": "other",
        "MLFLOW_TRACKING_PASSWORD": "other",
    }
    assert credentials_for(own, environ) == OWN
    assert with_login(own.replace("://", "://other:other@")).auth == (b"acne", b"own")


def test_requests_send_it_whatever_netrc_and_the_variables_have(own, registry, monkeypatch, tmp_path):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login other password other\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "token")
    rest = MlflowRest(own, credentials=Credentials(username="typed", password="typed"))
    with contextlib.closing(rest), contextlib.suppress(TrackingFailed):
        rest.get("experiments/search", gives="experiments")
    sent = registry.requests[-1].authorization
    assert (sent.username, sent.password) == ("acne", "own")


def test_a_login_is_written_into_an_address_so_that_it_can_be_read_again():
    login = AddressLogin(address="http://127.0.0.1:8082/x", username="an@n", password="p:/ω%")
    assert AddressLogin.of(login.joined) == login
    assert AddressLogin(address="http://127.0.0.1:8082").joined == "http://127.0.0.1:8082"
