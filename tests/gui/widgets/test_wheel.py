"""Scrolling past a control does not set it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from gui.answer.threshold_control import ThresholdControl
from gui.preferences.settings_dialog import SettingsDialog

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


@pytest.fixture(params=["slider", "number", "check_every"])
def control(request: pytest.FixtureRequest, qtbot: QtBot) -> Iterator[QWidget]:
    """A control in a window that is active."""
    window = SettingsDialog() if request.param == "check_every" else ThresholdControl()
    qtbot.addWidget(window)
    if isinstance(window, ThresholdControl):
        window.show_threshold(0.5, own=0.6)
        window.button.click()
    window.show()
    qtbot.waitActive(window)
    yield getattr(window, request.param)
    window.close()


def turn_wheel(control: QWidget) -> None:
    middle = control.rect().center()
    event = QWheelEvent(
        QPointF(middle),
        QPointF(control.mapToGlobal(middle)),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(control, event)


def test_a_wheel_changes_no_control_that_has_no_focus(control: QWidget) -> None:
    control.clearFocus()
    before = control.value()
    turn_wheel(control)
    assert control.value() == before
    assert not control.focusPolicy() & Qt.FocusPolicy.WheelFocus & ~Qt.FocusPolicy.StrongFocus


def test_a_wheel_changes_the_control_that_has_focus(control: QWidget, qtbot: QtBot) -> None:
    control.setFocus()
    qtbot.waitUntil(control.hasFocus)
    before = control.value()
    turn_wheel(control)
    assert control.value() > before
