"""Logins that the user gave: for one address, in a file that only the user can read, in no message."""

from __future__ import annotations

import json

import pytest

from acnelib.config.credentials import Credentials, CredentialStore, checked_address, is_readable_on_the_way
from acnelib.errors import UsageError

SERVER = "https://mlflow.example.org/team"
SECRET = "tok-3n"


@pytest.fixture
def store(tmp_path):
    return CredentialStore(tmp_path / "home")


class TestKeeping:
    def test_what_is_kept_is_found_again_for_that_address(self, store):
        store.keep(SERVER, Credentials(username="Zoë", password="pass: ω"))
        assert store.of(SERVER) == Credentials(username="Zoë", password="pass: ω")

    @pytest.mark.parametrize("same", ["https://mlflow.example.org/team/", "HTTPS://MLflow.example.org/team"])
    def test_another_way_to_write_the_address_is_the_same(self, store, same):
        store.keep(SERVER, Credentials(token=SECRET))
        assert store.of(same) == Credentials(token=SECRET)

    @pytest.mark.parametrize(
        "other",
        [
            "http://mlflow.example.org/team",
            "https://mlflow.example.org",
            "https://mlflow.example.org/other",
            "https://mlflow.example.org:8443/team",
            "https://mlflow.example.org.evil.net/team",
            "https://mlflow.example.org@evil.net/team",
        ],
    )
    def test_no_other_address_gets_it(self, store, other):
        store.keep(SERVER, Credentials(token=SECRET))
        assert store.of(other) is None

    def test_only_the_user_can_read_the_file(self, store):
        store.keep(SERVER, Credentials(token=SECRET))
        assert store.path.stat().st_mode & 0o777 == 0o600
        assert [path.name for path in store.path.parent.iterdir()] == ["server.json"]

    def test_a_new_login_replaces_the_old_one_and_none_deletes_it(self, store):
        store.keep(SERVER, Credentials(token=SECRET))
        store.keep("https://other", Credentials(username="me"))
        assert store.of(SERVER) is None
        store.keep("https://other", Credentials())
        assert not store.path.exists()

    def test_deleting_takes_what_a_killed_process_left_too(self, store):
        store.keep(SERVER, Credentials(token=SECRET))
        (store.path.parent / ".server.json.0a1b.part").write_text(SECRET)
        store.delete()
        store.delete()
        assert list(store.path.parent.iterdir()) == []

    @pytest.mark.parametrize(
        "content",
        ["{damaged", "[]", '{"server": 3}', json.dumps({"server": SERVER, "token": "tok 3n\n"})],
    )
    def test_a_damaged_file_is_no_login_and_its_content_is_not_logged(self, store, caplog, content):
        store.path.parent.mkdir()
        store.path.write_text(content)
        assert store.of(SERVER) is None
        assert "tok" not in caplog.text


class TestSecrets:
    def test_they_are_in_no_representation(self):
        assert repr(Credentials(token=SECRET, username="me", password="pass")) == "Credentials()"

    @pytest.mark.parametrize(
        ("entered", "said"),
        [
            ({"token": "two words"}, "the token has spaces"),
            ({"token": "line\nbreak"}, "the token has spaces"),
            ({"token": "ω"}, "the token has spaces, line breaks or letters"),
            ({"username": "me:pass"}, "cannot have a colon"),
            ({"password": "pass"}, "a password but no user name"),
        ],
    )
    def test_what_no_server_could_understand_is_refused_without_repeating_it(self, entered, said):
        with pytest.raises(UsageError, match=said) as caught:
            Credentials(**entered)
        assert not any(value in str(caught.value) for value in entered.values() if value != "pass")

    def test_mlflows_variables_are_a_login(self):
        assert Credentials.of_environment({"MLFLOW_TRACKING_TOKEN": SECRET}) == Credentials(token=SECRET)
        assert Credentials.of_environment({"MLFLOW_TRACKING_URI": SERVER}) is None


class TestAddresses:
    @pytest.mark.parametrize("entered", ["http://127.0.0.1:5000", " https://mlflow.example.org/team/ "])
    def test_an_address_is_taken_without_what_surrounds_it(self, entered):
        assert checked_address(entered) == entered.strip().rstrip("/")

    @pytest.mark.parametrize(
        "entered",
        ["", "mlflow.example.org", "127.0.0.1:5000", "sqlite:///mlflow.db", "http://", "http://host:x", "http://[::1"],
    )
    def test_what_is_no_address_says_how_one_looks(self, entered):
        with pytest.raises(UsageError, match=r"such as https://mlflow\.example\.org"):
            checked_address(entered)

    @pytest.mark.parametrize("entered", ["https://me:s3cret@host", "https://host?token=s3cret", "https://host#s3cret"])
    def test_an_address_with_a_secret_in_it_is_refused_without_repeating_it(self, entered):
        with pytest.raises(UsageError) as caught:
            checked_address(entered)
        assert "s3cret" not in str(caught.value)

    @pytest.mark.parametrize(
        ("address", "readable"),
        [
            ("http://mlflow.example.org", True),
            ("http://192.168.0.7:5000", True),
            ("http://127.0.0.1.evil.net", True),
            ("https://mlflow.example.org", False),
            ("http://127.0.0.1:5000", False),
            ("http://localhost:5000", False),
            ("http://[::1]:5000", False),
        ],
    )
    def test_plain_http_to_another_machine_can_be_read_on_the_way(self, address, readable):
        assert is_readable_on_the_way(address) is readable
