"""The size of text: stored when it is chosen, used for the whole app from the next start on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication

from gui.state.preferences import PreferenceStore
from gui.window import texts
from gui.window.text_size import use_text_size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gui.controllers.app import AppController


@pytest.fixture
def font(qapp: QApplication) -> Iterator[float]:
    """The desktop's size, which comes back after the test."""
    before = QApplication.font()
    yield before.pointSizeF()
    QApplication.setFont(before)


def test_a_size_that_is_chosen_is_stored_and_used_at_the_next_start(
    start: Callable[..., AppController], home: Path
) -> None:
    controller = start()
    menu = controller.window.commands.text_size
    assert [action.isChecked() for action in menu.actions()] == [True, False, False, False]
    menu.actions()[2].trigger()
    assert PreferenceStore(home).load().text_size == 130
    assert controller.window.notice.text.accessibleName() == texts.TEXT_SIZE_LATER
    again = start().window.commands.text_size
    assert [action.isChecked() for action in again.actions()] == [False, False, True, False]


def test_a_larger_text_makes_the_panel_wider(start: Callable[..., AppController], font: float) -> None:
    before = start().window.panel.width()
    use_text_size(150)
    assert QApplication.font().pointSizeF() == pytest.approx(1.5 * font)
    assert start().window.panel.width() > 1.3 * before


@pytest.mark.parametrize("written", [0, 99, 5000, "large", True, 100.0, None])
def test_a_stored_size_that_is_not_offered_counts_for_nothing(
    home: Path, written: object, caplog: pytest.LogCaptureFixture
) -> None:
    (home / "app.json").write_text(json.dumps({"text_size": written}), encoding="utf-8")
    assert PreferenceStore(home).load().text_size == 100
    caplog.clear()
