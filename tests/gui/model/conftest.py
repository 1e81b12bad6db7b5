"""Selections of models, with a server and a cache that a test changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from selections import Server, found, version

from gui.background import Worker
from gui.model.selection import ModelSelection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot
    from selections import Make


@pytest.fixture
def server() -> Server:
    return Server(cache={"production": found("3", at="2026-01-01T00:00:00+00:00")}, versions={"production": found("3")})


@pytest.fixture
def workers() -> Iterator[list[Worker]]:
    """The workers of the selections that a test makes: for each, the one that loads and the one that asks."""
    workers: list[Worker] = []
    yield workers
    assert all(worker.close() for worker in workers)


@pytest.fixture
def make(qtbot: QtBot, server: Server, workers: list[Worker]) -> Iterator[Make]:
    selections = []

    def make(name: str = "production", **options: Any) -> ModelSelection:
        loading, asking = Worker("acne-loading"), Worker("acne-asking")
        workers.extend([loading, asking])
        options = {"loader": server.loader(), "check_every": 60, **options}
        selections.append(ModelSelection(loading=loading, asking=asking, name=name, **options))
        return selections[-1]

    yield make
    for model_selection in selections:
        model_selection.close()
    server.gate.set()
    server.load_gate.set()


@pytest.fixture
def started(make: Make, qtbot: QtBot) -> Callable[[], ModelSelection]:
    """Make a model_selection whose server was asked once."""

    def start(**options: Any) -> ModelSelection:
        model_selection = make(**options)
        model_selection.start()
        qtbot.waitUntil(lambda: version(model_selection) is not None and model_selection.is_idle)
        return model_selection

    return start
