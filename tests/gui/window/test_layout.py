"""Where the parts of the window stand: on a laptop, at its least size, and on a small screen at twice the scale."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication, QWidget

from gui.state.session import Shown
from gui.widgets.design import Scheme
from gui.widgets.style import dress, palette_of, refine, scheme_of, style_sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gui.controllers.app import AppController
    from gui.window.main_window import MainWindow

    Start = Callable[..., AppController]

LONG_LABELS = (
    "hidradenitis-suppurativa",
    "periorificial-dermatitis",
    "pseudofolliculitis-barbae",
    "sebaceous-hyperplasia",
    "acne-excoriee",
    "milia",
)
"""Six classes with long names, of which the panel shows five."""


@pytest.fixture
def several(start: Start, tmp_path: Path, qtbot: QtBot, bundle_with_maps: Path) -> AppController:
    """The window with three photos, the first of which has an answer with much to say about it."""
    for number in range(3):
        Image.new("RGB", (400, 300), (200, 40 * number, 30)).save(tmp_path / f"{number}.png")
    controller = start(files=[tmp_path], model=str(bundle_with_maps))
    qtbot.waitUntil(lambda: not controller.rows.results.pending(), timeout=20_000)
    qtbot.waitUntil(lambda: controller.session.shown is Shown.ANSWER, timeout=20_000)
    answer_at_length(controller)
    return controller


def answer_at_length(controller: AppController) -> None:
    """Show an answer of five long classes, out of focus, whose threshold and sources are explained."""
    photo, model = controller.session.photo, controller.session.model
    scores = dict(zip(LONG_LABELS, (0.4, 0.2, 0.15, 0.1, 0.1, 0.05), strict=True))
    prediction = replace(
        photo.prediction, label=LONG_LABELS[0], confidence=0.4, scores=scores, quality=("small", "blurred")
    )
    controller.window.show_session(
        replace(
            controller.session,
            photo=replace(photo, prediction=prediction),
            model=replace(model, measured="“Confident” was measured on photos of dermnet. " * 3),
        )
    )


def shown_at(window: MainWindow, width: int, height: int) -> None:
    window.resize(width, height)
    QApplication.processEvents()
    assert (window.width(), window.height()) == (width, height)


def place(widget: QWidget, window: QWidget) -> QRect:
    """Return where a widget lies in its window."""
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def test_the_answer_has_the_full_height_at_the_right_of_picture_and_table(several: AppController) -> None:
    window = several.window
    shown_at(window, 1280, 720)
    side, left = place(window.side, window), place(window.splitter, window)
    assert side.top() == window.tools.geometry().bottom() + 1
    assert (side.right(), side.bottom()) == (window.width() - 1, window.height() - 1)
    assert left.right() < side.left()
    assert place(window.results, window).right() < side.left()


def test_the_fifth_score_is_in_sight_on_a_laptop(several: AppController) -> None:
    window = several.window
    shown_at(window, 1280, 720)
    panel = window.panel
    assert panel.verticalScrollBar().value() == 0
    fifth = panel.answer.scores.rows[4]
    assert panel.viewport().rect().contains(place(fifth, panel.viewport()))


@pytest.mark.parametrize("size", [None, (720, 420), (911, 482)], ids=["least", "1440 × 900 at 200 %", "911 × 512"])
@pytest.mark.parametrize("overlay", [False, True], ids=["bare", "overlay"])
def test_nothing_is_cut_off_in_a_small_window(
    several: AppController, qtbot: QtBot, size: tuple[int, int] | None, overlay: bool
) -> None:
    window, least = several.window, several.window.minimumSize()
    assert (least.width(), least.height()) <= (720, 420)
    if overlay:
        window.commands.overlay.trigger()
        qtbot.waitUntil(lambda: several.session.overlay is not None, timeout=20_000)
    shown_at(window, *(size or (least.width(), least.height())))
    for part in (window.view, window.picture_bar, window.results, window.results.table, window.panel):
        assert part.height() >= part.minimumSizeHint().height(), part
        assert window.rect().contains(place(part, window)), part
    bar = window.picture_bar
    assert place(window.view, window).bottom() < place(bar, window).top()
    assert place(bar, window).bottom() < place(window.results, window).top()
    assert window.view.rect().contains(window.view.place().toAlignedRect())


def dialogs(controller: AppController) -> list[QWidget]:
    """Open every dialog of the app."""
    controller.model_controller.show_picker()
    controller.show_server()
    controller.show_facts()
    controller.preferences.show_settings()
    controller.preferences.show_shortcuts()
    controller.preferences.show_about()
    return list(controller.dialogs.open.values())


class SmallScreen:
    """A screen with less room than any dialog would like."""

    def __init__(self, width: int, height: int) -> None:
        self.room = QRect(0, 0, width, height)

    def availableGeometry(self) -> QRect:  # noqa: N802 Qt's name
        return self.room


@pytest.mark.parametrize("room", [(720, 450), (911, 512)])
def test_no_dialog_is_larger_than_a_small_screen(
    several: AppController, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, room: tuple[int, int]
) -> None:
    qtbot.waitUntil(lambda: several.window.panel.has_facts, timeout=20_000)
    monkeypatch.setattr(QWidget, "screen", lambda _: SmallScreen(*room))
    opened = dialogs(several)
    QApplication.processEvents()
    assert len(opened) == 6
    for dialog in opened:
        assert dialog.minimumSizeHint().height() <= room[1], dialog
        assert (dialog.width() <= room[0], dialog.height() <= room[1]) == (True, True), dialog


@pytest.fixture
def dressed(qapp: QApplication) -> Iterator[QApplication]:
    """The application, which is as before after the test."""
    palette, sheet = qapp.palette(), qapp.styleSheet()
    yield qapp
    qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)


class TestStyle:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_an_application_in_the_design_still_fits_on_a_small_screen(
        self, dressed: QApplication, start: Start, tmp_path: Path, qtbot: QtBot, scheme: str
    ) -> None:
        dress(dressed, Scheme(scheme))
        for number in range(2):
            Image.new("RGB", (40, 30), (200, 40 * number, 30)).save(tmp_path / f"{number}.png")
        controller = start(files=[tmp_path])
        window = controller.window
        qtbot.waitUntil(lambda: window.results is not None, timeout=20_000)
        shown_at(window, 720, 420)
        assert window.view.height() >= window.view.minimumSize().height()
        assert place(window.picture_bar, window).bottom() < place(window.results, window).top()

    def test_a_desktop_with_a_style_of_its_own_keeps_it(self, dressed: QApplication) -> None:
        dressed.setStyle("Windows")
        try:
            refine(dressed)
            assert dressed.styleSheet() == ""
        finally:
            dressed.setStyle("Fusion")

    def test_the_scheme_follows_the_ground_of_the_window(self) -> None:
        assert [scheme_of(palette_of(Scheme(name))) for name in ("light", "dark")] == ["light", "dark"]

    def test_the_rules_leave_no_token_open(self) -> None:
        assert "$" not in style_sheet(Scheme("light"))
