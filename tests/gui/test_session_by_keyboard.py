"""A whole session by keyboard alone: photos are reviewed, the model is checked, trained, and its new version used."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from acnelib.atlas.drawing import draw_pictures, encode_jpeg
from gui.application import main
from gui.files import file_dialogs
from gui.site_check.panel import SiteCheckPanel
from gui.training.dialog import TrainingDialog
from gui.window.main_window import MainWindow

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from pathlib import Path

    Steps = Generator[Callable[[], object], None, None]

PATIENCE, TRAINING = 30, 400  # seconds

Key = Qt.Key
CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
CLASSES = ("papules", "comedones", "cysts")
PHOTOS = 40


class User:
    """Presses keys while the app runs, each step once what it waits for has come true."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self._waits_for: Callable[[], object] = lambda: True
        self._since = time.monotonic()
        self.failure: BaseException | None = None
        self.is_done = False
        self._timer = QTimer()
        self._timer.setInterval(10)
        self._timer.timeout.connect(self._go_on)
        self._timer.start()

    def _go_on(self) -> None:
        try:
            if self._waits_for():
                self._waits_for, self._since = next(self._steps), time.monotonic()
            elif time.monotonic() - self._since > (TRAINING if is_training() else PATIENCE):
                raise TimeoutError(f"waited for line {self._steps.gi_frame.f_lineno}")
        except StopIteration:
            self._timer.stop()
            self.is_done = True
            QApplication.exit(0)
        except BaseException as failure:  # noqa: BLE001 raised again once the app has ended
            self._timer.stop()
            self.failure = failure
            QApplication.exit(1)


def press(key: Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    menus = [each for each in QApplication.topLevelWidgets() if isinstance(each, QMenu) and each.isVisible()]
    focused = QApplication.focusWidget()
    is_seen = focused is not None and focused.isVisible()
    QTest.keyClick(menus[-1] if menus else focused if is_seen else seen(MainWindow), key, modifiers)


def seen(kind: type[QWidget]) -> QWidget | None:
    return next((each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible()), None)


def is_training() -> bool:
    dialog = seen(TrainingDialog)
    return dialog is not None and dialog.pages.currentWidget() is dialog.progress


@pytest.fixture
def photos(tmp_path: Path) -> dict[str, str]:
    """Drawn pictures in class folders; the class of each by the name of its file."""
    found: dict[str, str] = {}
    for picture in draw_pictures(400, seed=5):
        if picture.label in CLASSES and len(found) < PHOTOS:
            path = tmp_path / "photos" / picture.label / f"{picture.name}.jpg"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(encode_jpeg(picture.image))
            found[path.name] = picture.label
    return found


@pytest.fixture
def own_stack(home: Path) -> Iterator[None]:
    """The services that a training starts here are stopped again."""
    yield
    command = [sys.executable, "-m", "acnelib.cli", "down"]
    subprocess.run(command, env=os.environ | {"ACNE_HOME": str(home)}, capture_output=True, timeout=60, check=False)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing the keyboard|propagateSizeHints)")
@pytest.mark.usefixtures("qapp", "own_stack")
def test_photos_are_reviewed_and_learnt_from_by_keyboard_alone(
    bundle: Path, photos: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_dialogs.QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "reviews"))
    QApplication.clipboard().setText(str(tmp_path / "photos"))

    def session() -> Steps:
        yield lambda: seen(MainWindow) and "tiny" in seen(MainWindow).model_line.text()
        window = seen(MainWindow)
        press(Key.Key_R, CONTROL)
        press(Key.Key_B, CONTROL)  # before the photos are opened, so that no answer is seen
        press(Key.Key_V, CONTROL)
        yield lambda: window.results is not None and window.review.progress.text() == f"0 of {PHOTOS} reviewed"
        yield lambda: f"{PHOTOS} photos classified" in window.results.batch_bar.line.text()
        yield from reviewed(window)
        check = window.review.findChild(SiteCheckPanel)
        yield check.figures.isVisible
        assert f"{PHOTOS} photos reviewed blind" in check.explanation.accessibleName()
        press(Key.Key_R, ALT)
        yield lambda: seen(QMenu)
        press(Key.Key_T)
        yield lambda: seen(TrainingDialog) and QApplication.focusWidget() is not None
        dialog = seen(TrainingDialog)
        assert dialog.plan.plan.folders == (tmp_path / "photos",)
        press(Key.Key_O, ALT)
        press(Key.Key_Down)
        press(Key.Key_S, ALT)
        yield lambda: dialog.pages.currentWidget() is dialog.end
        assert "Version 1 was promoted" in dialog.end.outcome.accessibleName(), dialog.end.explanation.text()
        press(Key.Key_U, ALT)
        yield dialog.end.table.isVisible
        assert f"of {PHOTOS} photos" in dialog.end.changes.accessibleName()
        assert all(dialog.end.table.item(row, 3).text() for row in range(dialog.end.table.rowCount()))
        assert "version 1" in window.model_line.text()
        press(Key.Key_C, ALT)
        yield lambda: not dialog.isVisible()
        window.activateWindow()  # as a desktop does; this one has no windows that know of each other
        yield window.isActiveWindow
        press(Key.Key_Q, CONTROL)
        yield lambda: not window.isVisible()

    def reviewed(window: MainWindow) -> Steps:
        labels = [button.label for button in window.review.classes]
        for number in range(1, PHOTOS + 1):
            now = window.photo_name.text()
            press(Key(Key.Key_1 + labels.index(photos[now])))
            yield lambda: window.review.progress.text() == f"{number} of {PHOTOS} reviewed"  # noqa: B023 waited for now
            if number < PHOTOS:
                yield lambda: window.photo_name.text() != now and window.panel.page is window.panel.message  # noqa: B023

    user = User(session())
    assert main(str(bundle)) == 0 or user.failure is not None
    if user.failure is not None:
        raise user.failure
    assert user.is_done
