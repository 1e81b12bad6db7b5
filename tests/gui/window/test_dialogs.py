"""Windows beside the main one: what is under way in one ends with it, and its worker goes on for the others."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from shiboken6 import delete

from gui.background import Background, Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from gui.controllers.app import AppController
    from gui.model.first_run import ServerDialog

    Start = Callable[..., AppController]


class SlowServer:
    """A server that begins to answer and then waits until it may go on."""

    def __init__(self) -> None:
        self.begun, self.opened, self.left = threading.Event(), threading.Event(), threading.Event()

    def ask(self, _choice: object) -> str:
        self.begun.set()
        assert self.opened.wait(20)
        self.left.set()
        return "Found acne version 3 in production."


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[SlowServer]:
    server = SlowServer()
    monkeypatch.setattr("gui.model.first_run.try_server", server.ask)
    yield server
    server.opened.set()


def under_test(controller: AppController, server: SlowServer, qtbot: QtBot) -> ServerDialog:
    """Open the dialog of the server and begin a test in it."""
    from gui.model.first_run import ServerDialog

    controller.model_controller.show_server()
    dialog = controller.dialogs.open[ServerDialog]
    assert isinstance(dialog, ServerDialog)
    dialog.page.server.address.setText("http://127.0.0.1:9")
    dialog.page.test.click()
    qtbot.waitUntil(server.begun.is_set)
    return dialog


def deleted_now() -> None:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def test_a_window_that_is_opened_again_ends_what_the_previous_one_was_about(
    start: Start, server: SlowServer, qtbot: QtBot
) -> None:
    controller = start()
    former = under_test(controller, server, qtbot)
    assert former.page.is_testing
    controller.model_controller.show_server()
    assert not former.page.is_testing
    assert not former.isVisible()


def test_a_server_is_tested_again_after_its_dialog_was_opened_again_during_a_test(
    start: Start, server: SlowServer, qtbot: QtBot
) -> None:
    controller = start()
    under_test(controller, server, qtbot)
    controller.model_controller.show_server()
    deleted_now()
    server.opened.set()
    again = under_test(controller, server, qtbot)
    qtbot.waitUntil(lambda: again.page.result.accessibleName().startswith("Found acne"), timeout=20_000)


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = Worker("acne-test")
    yield worker
    assert worker.close(), "a worker thread outlived its test"


def test_a_result_for_a_deleted_background_does_not_end_its_worker(worker: Worker, qtbot: QtBot) -> None:
    begun, opened = threading.Event(), threading.Event()
    gone, other = Background(worker), Background(worker)
    asked: list[int] = []
    gone.start(lambda item: (begun.set(), opened.wait(20), asked.append(item)), [1, 2])
    qtbot.waitUntil(begun.is_set)
    delete(gone)
    opened.set()
    with qtbot.waitSignal(other.item_done, timeout=20_000):
        other.start(lambda item: item, ["other"])
    assert asked == [1]


def test_nothing_in_a_dialog_reports_after_the_app_was_closed(start: Start, server: SlowServer, qtbot: QtBot) -> None:
    controller = start()
    dialog = under_test(controller, server, qtbot)
    shown = dialog.page.result.accessibleName()
    controller.close(timeout=0.02)
    server.opened.set()
    assert controller.close()
    QCoreApplication.processEvents()
    assert (server.left.is_set(), dialog.page.result.accessibleName()) == (True, shown)
