"""The page on which a server is named, tested and stored; asked over real HTTP."""

from __future__ import annotations

import base64
import json
import re
import tomllib
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit
from werkzeug import Response

from acnelib.config.credentials import Credentials, CredentialStore
from acnelib.config.settings import Settings
from acnelib.registry.rest import MlflowRest
from gui.background import Worker
from gui.model import texts
from gui.model.first_run import FirstRunPage, ServerDialog
from gui.model.server_choice import ServerChoice, forget_server, store_server, stored_server
from gui.model.server_form import Login

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_httpserver import HTTPServer
    from pytestqt.qtbot import QtBot

ALIAS = "/api/2.0/mlflow/registered-models/alias"
SECRET = "s3cret-ω"


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = Worker("acne-test")
    yield worker
    assert worker.close()


@pytest.fixture
def page(qtbot: QtBot, worker: Worker) -> FirstRunPage:
    page = FirstRunPage(worker)
    qtbot.addWidget(page)
    page.show()
    return page


@pytest.fixture
def server(httpserver_ipv4: HTTPServer) -> HTTPServer:
    """A server with version 3 in production."""
    production = {"model_version": {"version": "3", "current_stage": "Production"}}
    httpserver_ipv4.expect_request(ALIAS).respond_with_json(production)
    return httpserver_ipv4


def address(server: HTTPServer) -> str:
    return f"http://127.0.0.1:{server.port}"


def log_in(page: FirstRunPage, login: Login, **typed: str) -> None:
    page.server.login.setCurrentText(login)
    for name, value in typed.items():
        getattr(page.server, name).setText(value)


def reported(page: FirstRunPage, qtbot: QtBot) -> str:
    page.test.click()
    qtbot.waitUntil(page.test.isEnabled, timeout=20_000)
    return page.result.accessibleName()


class TestTesting:
    def test_a_server_is_really_asked_and_says_what_it_has(
        self, page: FirstRunPage, server: HTTPServer, qtbot: QtBot, home: Path
    ) -> None:
        page.server.address.setText(address(server))
        assert reported(page, qtbot) == texts.found_in_production("acne", "3")
        assert list(home.iterdir()) == []

    def test_the_login_that_was_typed_is_sent(self, page: FirstRunPage, server: HTTPServer, qtbot: QtBot) -> None:
        page.server.address.setText(address(server))
        log_in(page, Login.PASSWORD, username="Zoë", password=SECRET)
        reported(page, qtbot)
        basic = base64.b64encode(f"Zoë:{SECRET}".encode()).decode()
        assert server.log[0][0].headers["Authorization"] == f"Basic {basic}"

    def test_a_server_that_refuses_says_so(self, page: FirstRunPage, httpserver_ipv4: HTTPServer, qtbot: QtBot) -> None:
        httpserver_ipv4.expect_request(ALIAS).respond_with_response(Response("no", status=401))
        page.server.address.setText(address(httpserver_ipv4))
        assert "refuses to answer (HTTP 401)" in reported(page, qtbot)

    def test_a_server_without_a_model_says_so(
        self, page: FirstRunPage, httpserver_ipv4: HTTPServer, qtbot: QtBot
    ) -> None:
        absent = json.dumps({"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "not found"})
        httpserver_ipv4.expect_request(re.compile(".*")).respond_with_response(Response(absent, status=404))
        page.server.address.setText(address(httpserver_ipv4))
        assert reported(page, qtbot).startswith(texts.nothing_to_use("no registered model 'acne'").rstrip("."))

    def test_a_server_that_is_down_says_so(self, page: FirstRunPage, qtbot: QtBot) -> None:
        page.server.address.setText("http://127.0.0.1:9")
        assert "does not answer" in reported(page, qtbot)

    @pytest.mark.parametrize("variable", [None, "http://elsewhere:5000"])
    def test_a_typed_address_is_not_blamed_on_a_variable(
        self, page: FirstRunPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, variable: str | None
    ) -> None:
        if variable is not None:
            monkeypatch.setenv("MLFLOW_TRACKING_URI", variable)
        page.server.address.setText("http://127.0.0.1:9")
        assert "MLFLOW_TRACKING_URI" not in reported(page, qtbot)
        assert "check the address" in page.result.accessibleName()

    def test_a_login_that_was_typed_is_to_be_typed_again(
        self, page: FirstRunPage, httpserver_ipv4: HTTPServer, qtbot: QtBot
    ) -> None:
        httpserver_ipv4.expect_request(ALIAS).respond_with_response(Response("no", status=401))
        page.server.address.setText(address(httpserver_ipv4))
        log_in(page, Login.TOKEN, token="wr0ng")
        assert "MLFLOW_" not in reported(page, qtbot)
        assert "enter the user name and password, or the token" in page.result.accessibleName()

    def test_nothing_moves_when_a_message_comes_and_goes(self, page: FirstRunPage, qtbot: QtBot) -> None:
        page.resize(800, 640)
        page.server.address.setText("http://127.0.0.1:9")
        QApplication.processEvents()
        parts = (page.title, page.test, page.folder)
        before = [part.mapTo(page, QPoint(0, 0)) for part in parts]
        assert len(reported(page, qtbot)) > 100
        QApplication.processEvents()
        assert [part.mapTo(page, QPoint(0, 0)) for part in parts] == before
        page.server.address.setText("http://h")
        QApplication.processEvents()
        assert [part.mapTo(page, QPoint(0, 0)) for part in parts] == before

    @pytest.mark.parametrize("entered", ["", "mlflow.example.org", "http://me:s3cret@host"])
    def test_what_is_no_address_is_not_asked(self, page: FirstRunPage, entered: str) -> None:
        page.server.address.setText(entered)
        page.test.click()
        assert page.test.isEnabled()
        assert page.result.isVisible()
        assert "s3cret" not in page.result.accessibleName()

    def test_the_result_goes_when_something_else_is_typed(self, page: FirstRunPage) -> None:
        page.test.click()
        page.server.address.setText("http://h")
        assert not page.result.isVisible()


class TestStoring:
    def test_the_address_is_stored_beside_what_stands_there_and_the_login_in_a_file_of_its_own(
        self, page: FirstRunPage, home: Path, qtbot: QtBot, caplog: pytest.LogCaptureFixture
    ) -> None:
        (home / "settings.toml").write_text('contact = "me"\n')
        page.server.address.setText("https://mlflow.example.org/")
        log_in(page, Login.PASSWORD, username="me", password=SECRET)
        with qtbot.waitSignal(page.server_stored):
            page.use.click()
        toml = (home / "settings.toml").read_text()
        assert tomllib.loads(toml) == {"contact": "me", "tracking_uri": "https://mlflow.example.org"}
        assert (home / "server.json").stat().st_mode & 0o777 == 0o600
        assert SECRET not in toml + caplog.text

    def test_a_stored_login_is_named_and_never_shown_again(
        self, page: FirstRunPage, worker: Worker, qtbot: QtBot
    ) -> None:
        page.server.address.setText("https://mlflow.example.org")
        log_in(page, Login.TOKEN, token="t0ken")
        page.use.click()
        assert page.server.login.currentText() == Login.STORED
        again = FirstRunPage(worker)
        qtbot.addWidget(again)
        shown = [field.text() for one in (page, again) for field in one.findChildren(QLineEdit)]
        assert set(shown) == {"", "https://mlflow.example.org"}

    def test_what_is_stored_is_used_for_that_server(self, server: HTTPServer) -> None:
        store_server(ServerChoice(address=address(server), credentials=Credentials(token="t0ken")))
        rest = MlflowRest(str(Settings.load().server()))
        rest.get("registered-models/alias", gives="model_version")
        rest.close()
        assert server.log[0][0].headers["Authorization"] == "Bearer t0ken"

    def test_a_stored_login_stays_with_its_server_only(self, home: Path) -> None:
        store_server(ServerChoice(address="https://one", credentials=Credentials(token="t0ken")))
        store_server(ServerChoice(address="https://one/"))
        assert stored_server().has_login
        store_server(ServerChoice(address="https://two"))
        assert not (home / "server.json").exists()

    def test_no_login_deletes_the_stored_one(self, home: Path) -> None:
        store_server(ServerChoice(address="https://one", credentials=Credentials(token="t0ken")))
        store_server(ServerChoice(address="https://one", credentials=Credentials()))
        assert not (home / "server.json").exists()

    def test_forgetting_leaves_the_other_settings(self, home: Path) -> None:
        (home / "settings.toml").write_text('contact = "me"\n')
        store_server(ServerChoice(address="https://one", credentials=Credentials(token="t0ken")))
        forget_server(Settings.load())
        assert (home / "settings.toml").read_text() == 'contact = "me"\n'
        assert {path.name for path in home.iterdir()} <= {"settings.toml", ".settings.toml.lock"}

    def test_what_cannot_be_written_is_reported(self, page: FirstRunPage, home: Path, qtbot: QtBot) -> None:
        (home / "settings.toml").write_text("damaged = ")
        page.server.address.setText("https://one")
        with qtbot.assertNotEmitted(page.server_stored):
            page.use.click()
        assert "cannot be read" in page.result.accessibleName()


class TestWarnings:
    @pytest.mark.parametrize(
        ("entered", "login", "warned"),
        [
            ("http://mlflow.example.org", Login.TOKEN, True),
            ("http://mlflow.example.org", Login.NONE, False),
            ("https://mlflow.example.org", Login.TOKEN, False),
            ("http://127.0.0.1:5000", Login.PASSWORD, False),
            ("http://[", Login.TOKEN, False),
        ],
    )
    def test_a_login_over_plain_http_to_another_machine_is_warned_of(
        self, page: FirstRunPage, entered: str, login: Login, warned: bool
    ) -> None:
        page.server.address.setText(entered)
        log_in(page, login)
        assert page.server.warning.isVisible() is warned

    def test_an_environment_that_names_a_server_is_shown_to_win(
        self, qtbot: QtBot, worker: Worker, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://elsewhere")
        monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "t0ken")
        page = FirstRunPage(worker)
        qtbot.addWidget(page)
        page.show()
        assert page.server.overrides.isVisible()
        words = page.server.overrides.accessibleName()
        assert "MLFLOW_TRACKING_URI is set to http://elsewhere" in words
        assert "MLFLOW_TRACKING_TOKEN is set" in words
        assert "t0ken" not in words

    def test_only_the_fields_of_the_chosen_login_are_seen(self, page: FirstRunPage) -> None:
        fields = (page.server.username, page.server.password, page.server.token)
        assert not any(field.isVisible() for field in fields)
        log_in(page, Login.PASSWORD)
        assert [field.isVisible() for field in fields] == [True, True, False]
        log_in(page, Login.TOKEN)
        assert [field.isVisible() for field in fields] == [False, False, True]
        assert page.server.token.echoMode() is QLineEdit.EchoMode.Password


def test_every_field_has_a_name(page: FirstRunPage) -> None:
    names = [field.accessibleName() for field in page.findChildren(QLineEdit)]
    assert names == ["Address", "User name", "Password", "Token"]


def test_a_reason_is_shown_while_there_is_one(page: FirstRunPage) -> None:
    page.show_reason("No production model to load.")
    assert page.reason.isVisible()
    page.show_reason("")
    assert not page.reason.isVisible()


def test_a_bundles_folder_can_be_chosen_instead(
    page: FirstRunPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "/somewhere/tiny")
    with qtbot.waitSignal(page.folder_chosen) as chosen:
        page.folder.click()
    assert chosen.args == ["/somewhere/tiny"]


def test_the_same_in_a_window_closes_once_there_is_a_choice(qtbot: QtBot, worker: Worker) -> None:
    dialog = ServerDialog(worker)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.page.server.address.setText("https://one")
    with qtbot.waitSignal(dialog.server_stored):
        dialog.page.use.click()
    assert not dialog.isVisible()
    assert dialog.windowTitle() == texts.SERVER_TITLE
    assert CredentialStore(Settings.load().home).of("https://one") is None
