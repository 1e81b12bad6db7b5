"""Zooming, moving, and what is laid over the picture, as a user does it in the real window."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.picture import texts
from gui.state.overlay import Overlay, OverlayStyle
from gui.state.session import ModelReady, Shown
from gui.state.wording import class_name
from gui.work import LoadedModel, ModelLoader, load_cached

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gui.controllers.app import AppController
    from gui.picture.image_view import ImageView
    from gui.window.main_window import MainWindow

    Start = Callable[..., AppController]
    Photo = Callable[[str], Path]

CTRL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def halves(tmp_path: Path) -> Path:
    """A photo that is red on the left and blue on the right."""
    image = Image.new("RGB", (400, 300), (255, 0, 0))
    image.paste((0, 0, 255), (200, 0, 400, 300))
    image.save(tmp_path / "halves.png")
    return tmp_path / "halves.png"


@pytest.fixture
def answered(start: Start, qtbot: QtBot, bundle_with_maps: Path) -> Callable[..., AppController]:
    """Open a photo and wait for the answer of the model that says where it looked."""

    def open_photo(path: Path, **options: object) -> AppController:
        controller = start(files=[path], model=str(bundle_with_maps), **options)
        controller.window.resize(960, 640)
        qtbot.waitUntil(lambda: controller.session.shown is Shown.ANSWER and maps_known(controller), timeout=20_000)
        return controller

    return open_photo


def maps_known(controller: AppController) -> bool:
    model = controller.session.model
    return isinstance(model, ModelReady) and model.gives_maps is not None


def wheel(view: ImageView, at: QPointF, notches: int) -> None:
    where, angle, none = view.mapToGlobal(at), QPoint(0, 120 * notches), Qt.MouseButton.NoButton
    no_key, phase = Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    QApplication.sendEvent(view, QWheelEvent(at, where, QPoint(), angle, none, no_key, phase, False))


def under(view: ImageView, point: QPointF) -> tuple[float, float]:
    """Return which part of the picture's width and height lies at a point of the view."""
    place = view.place()
    return (point.x() - place.x()) / place.width(), (point.y() - place.y()) / place.height()


def colour(window: MainWindow, across: float, along: float) -> QColor:
    """Return what is seen at a part of the picture's width and height."""
    place = window.view.place()
    at = QPointF(place.x() + across * place.width(), place.y() + along * place.height())
    return window.view.grab().toImage().pixelColor(at.toPoint())


def show_overlay(controller: AppController, qtbot: QtBot) -> None:
    qtbot.keyClick(controller.window, Qt.Key.Key_M)
    qtbot.waitUntil(lambda: controller.session.overlay is not None, timeout=20_000)


def test_the_wheel_zooms_around_the_cursor(answered: Callable[..., AppController], halves: Path) -> None:
    view = answered(halves).window.view
    cursor, before = QPointF(view.place().x() + 60, view.place().y() + 80), view.place()
    seen = under(view, cursor)
    wheel(view, cursor, 3)
    assert view.place().width() == pytest.approx(before.width() * 1.25**3)
    assert under(view, cursor) == pytest.approx(seen, abs=0.002)
    wheel(view, cursor, -3)
    assert view.place().width() == pytest.approx(before.width())


def test_keys_zoom_fit_and_show_the_photos_own_pixels(
    answered: Callable[..., AppController], halves: Path, qtbot: QtBot
) -> None:
    window = answered(halves).window
    fitted = window.view.place()
    qtbot.keyClick(window, Qt.Key.Key_Plus, CTRL)
    assert window.view.place().width() == pytest.approx(fitted.width() * 1.25)
    qtbot.keyClick(window, Qt.Key.Key_1, CTRL)
    assert window.view.place().width() * window.view.devicePixelRatioF() == 400
    assert window.picture_bar.zoom.text() == "100\u00a0%"
    qtbot.keyClick(window, Qt.Key.Key_0, CTRL)
    assert window.view.place() == fitted
    qtbot.keyClick(window, Qt.Key.Key_Minus, CTRL)
    assert window.view.place().width() < fitted.width()


def test_at_100_percent_an_edge_is_sharp(answered: Callable[..., AppController], halves: Path, qtbot: QtBot) -> None:
    window = answered(halves).window
    qtbot.mouseClick(window.picture_bar.actual_size_button, LEFT)
    assert colour(window, 199 / 400, 0.5) == QColor(255, 0, 0)
    assert colour(window, 200 / 400, 0.5) == QColor(0, 0, 255)


def test_pinching_a_touchpad_zooms(answered: Callable[..., AppController], halves: Path) -> None:
    view = answered(halves).window.view
    before, at = view.place().width(), QPointF(view.rect().center())
    pad, kind = QPointingDevice.primaryPointingDevice(), Qt.NativeGestureType.ZoomNativeGesture
    pinch = QNativeGestureEvent(kind, pad, 2, at, at, view.mapToGlobal(at), 0.5, QPointF())
    QApplication.sendEvent(view, pinch)
    assert view.place().width() == pytest.approx(before * 1.5)


def test_pinching_a_touch_screen_zooms(answered: Callable[..., AppController], halves: Path, qtbot: QtBot) -> None:
    view = answered(halves).window.view
    before, middle, screen = view.place().width(), view.rect().center(), QTest.createTouchDevice()
    for gap, touch in ((20, "press"), (30, "move"), (60, "move"), (80, "move"), (80, "release")):
        fingers = QTest.touchEvent(view, screen)
        for finger, side in ((0, -1), (1, 1)):
            getattr(fingers, touch)(finger, middle + QPoint(side * gap, 0), view)
        fingers.commit()
    assert view.place().width() > before * 1.5


def test_two_fingers_on_a_touchpad_move_the_picture(answered: Callable[..., AppController], halves: Path) -> None:
    view = answered(halves).window.view
    wheel(view, QPointF(view.rect().center()), 6)
    before, at = view.place(), QPointF(view.rect().center())
    no_button, no_key, phase = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.ScrollUpdate
    scroll = QWheelEvent(at, view.mapToGlobal(at), QPoint(12, -9), QPoint(24, -18), no_button, no_key, phase, False)
    QApplication.sendEvent(view, scroll)
    assert view.place() == before.translated(12, -9)


def test_dragging_moves_a_picture_that_is_larger_than_its_room(
    answered: Callable[..., AppController], halves: Path, qtbot: QtBot
) -> None:
    view = answered(halves).window.view
    wheel(view, QPointF(view.rect().center()), 6)
    before, middle = view.place().topLeft(), view.rect().center()
    assert view.cursor().shape() is Qt.CursorShape.OpenHandCursor
    qtbot.mousePress(view, LEFT, pos=middle)
    QTest.mouseMove(view, middle + QPoint(30, 20))
    qtbot.mouseRelease(view, LEFT, pos=middle + QPoint(30, 20))
    assert view.place().topLeft() - before == QPointF(30, 20)


def test_arrow_keys_scroll_until_the_edge(answered: Callable[..., AppController], halves: Path, qtbot: QtBot) -> None:
    view = answered(halves).window.view
    wheel(view, QPointF(view.rect().center()), 6)
    before = view.place().x()
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view.place().x() < before
    for _ in range(50):
        qtbot.keyClick(view, Qt.Key.Key_Left)
    assert view.place().x() == 0


def test_another_photo_fits_whatever_the_zoom_was(
    answered: Callable[..., AppController], halves: Path, photo: Photo, qtbot: QtBot
) -> None:
    controller = answered(halves)
    view, fitted = controller.window.view, controller.window.view.place()
    wheel(view, QPointF(view.rect().center()), 6)
    controller.photos.add([halves])
    qtbot.waitUntil(lambda: controller.session.shown is Shown.ANSWER, timeout=20_000)
    assert view.place() == fitted


def test_without_a_photo_there_is_nothing_to_zoom(start: Start) -> None:
    window = start().window
    assert not any(command.isEnabled() for command in window.commands.zooms)


def test_where_the_model_looked_is_coloured_and_explained(
    answered: Callable[..., AppController], halves: Path, qtbot: QtBot
) -> None:
    controller = answered(halves)
    label = str(controller.session.photo.prediction.label)
    side, other = (0.1, 0.9) if label == "papules" else (0.9, 0.1)
    before = colour(controller.window, side, 0.5), colour(controller.window, other, 0.5)
    show_overlay(controller, qtbot)
    assert colour(controller.window, side, 0.5) != before[0]
    assert colour(controller.window, other, 0.5) == before[1]
    assert controller.window.picture_bar.legend.text() == f"{class_name(label)}: coloured places add to the score"
    assert controller.window.picture_bar.overlay_box.isChecked()


@pytest.mark.parametrize("notches", [-2, 0, 1, 4, 9])
def test_the_colours_lie_exactly_over_the_photo_at_any_zoom(
    answered: Callable[..., AppController], halves: Path, notches: int
) -> None:
    window = answered(halves).window
    green_on_the_right = (b"\0\0\0\0" * 200 + b"\0\xff\0\xff" * 200) * 300
    window.view.show_overlay(Overlay(label="cysts", width=400, height=300, rgba=green_on_the_right), opacity=1)
    wheel(window.view, QPointF(window.view.rect().center()), notches)
    beside = 1.5 / window.view.place().width() + 1 / 400  # a pixel of the photo may be blended with its neighbour
    assert colour(window, 0.5 - beside, 0.5) == QColor(255, 0, 0)
    assert colour(window, 0.5 + beside, 0.5) == QColor(0, 255, 0)


def click_row(window: MainWindow, label: str, qtbot: QtBot) -> None:
    row = next(row for row in window.panel.answer.scores.rows if row.name == label)
    qtbot.mouseClick(row, LEFT)


def test_another_label_in_the_bars_is_explained_when_it_is_chosen(
    answered: Callable[..., AppController], photo: Photo, qtbot: QtBot
) -> None:
    controller = answered(photo("papules"))
    show_overlay(controller, qtbot)
    click_row(controller.window, "cysts", qtbot)
    qtbot.waitUntil(lambda: controller.session.overlay is not None, timeout=20_000)
    chosen = [row.name for row in controller.window.panel.answer.scores.rows if row.is_chosen]
    assert chosen == ["cysts"]
    assert controller.window.picture_bar.legend.text() == texts.legend(controller.session)
    assert controller.session.overlay.is_empty


def test_the_keyboard_chooses_a_label_too(answered: Callable[..., AppController], photo: Photo, qtbot: QtBot) -> None:
    controller = answered(photo("papules"))
    show_overlay(controller, qtbot)
    qtbot.keyClick(controller.window.panel.answer.scores.rows[1], Qt.Key.Key_Space)
    assert controller.session.explained == "comedones"


def test_without_the_overlay_there_is_nothing_to_choose(
    answered: Callable[..., AppController], photo: Photo, qtbot: QtBot
) -> None:
    controller = answered(photo("papules"))
    click_row(controller.window, "cysts", qtbot)
    assert controller.session.photo.chosen is None


def test_the_slider_makes_the_colours_fainter(
    answered: Callable[..., AppController], halves: Path, qtbot: QtBot
) -> None:
    controller = answered(halves)
    show_overlay(controller, qtbot)
    click_row(controller.window, "cysts", qtbot)
    qtbot.waitUntil(lambda: controller.session.overlay is not None, timeout=20_000)
    strong = colour(controller.window, 0.9, 0.5).green()
    controller.window.picture_bar.opacity.setFocus()
    qtbot.keyClick(controller.window.picture_bar.opacity, Qt.Key.Key_Home)
    assert controller.session.opacity == pytest.approx(0.1)
    assert 0 < colour(controller.window, 0.9, 0.5).green() < strong


def test_the_overlay_comes_and_goes_and_the_picture_stays(
    answered: Callable[..., AppController], halves: Path, qtbot: QtBot
) -> None:
    controller = answered(halves)
    clear = controller.window.view.grab().toImage()
    show_overlay(controller, qtbot)
    assert controller.window.view.grab().toImage() != clear
    qtbot.mouseClick(controller.window.picture_bar.overlay_box, LEFT, pos=QPoint(8, 8))
    assert controller.window.view.grab().toImage() == clear
    assert not controller.window.picture_bar.legend.isVisible()


def test_contours_take_the_place_of_colours_where_they_are_chosen(
    answered: Callable[..., AppController], halves: Path, qtbot: QtBot
) -> None:
    controller = answered(halves)
    show_overlay(controller, qtbot)
    window, bar = controller.window, controller.window.picture_bar
    coloured = window.view.grab().toImage()
    assert bar.swatch.isVisible()
    bar.style_choice.setCurrentIndex(1)
    bar.style_choice.activated.emit(1)
    assert controller.session.overlay_style is OverlayStyle.CONTOURS
    outlined = window.view.grab().toImage()
    assert outlined != coloured
    place = window.view.place().toAlignedRect()
    row = [outlined.pixelColor(x, place.center().y()) for x in range(place.left(), place.right())]
    assert any(min(ink.red(), ink.green(), ink.blue()) > 80 for ink in row)  # white, which the photo has nowhere
    assert not bar.swatch.isVisible()
    assert bar.legend.text().endswith("outlined places add to the score")


class TestComparing:
    """While Space or the button is held, the photo is seen as it is."""

    @pytest.fixture
    def window(self, answered: Callable[..., AppController], halves: Path, qtbot: QtBot) -> MainWindow:
        controller = answered(halves)
        self.bare = controller.window.view.grab().toImage()
        show_overlay(controller, qtbot)
        return controller.window

    def seen(self, window: MainWindow) -> bool:
        """Return whether anything lies over the photo."""
        return window.view.grab().toImage() != self.bare

    @pytest.mark.parametrize("part", ["view", "window"])
    def test_space_shows_the_bare_photo_until_it_is_let_go(self, window: MainWindow, qtbot: QtBot, part: str) -> None:
        widget = window.view if part == "view" else window
        qtbot.keyPress(widget, Qt.Key.Key_Space)
        assert not self.seen(window)
        qtbot.keyRelease(widget, Qt.Key.Key_Space)
        assert self.seen(window)

    def test_a_window_that_is_left_meanwhile_shows_all_again(self, window: MainWindow, qtbot: QtBot) -> None:
        qtbot.keyPress(window, Qt.Key.Key_Space)
        QApplication.sendEvent(window, QEvent(QEvent.Type.WindowDeactivate))
        assert self.seen(window)

    def test_space_in_the_scores_still_chooses_a_class(self, window: MainWindow, qtbot: QtBot) -> None:
        qtbot.keyPress(window.panel.answer.scores.rows[1], Qt.Key.Key_Space)
        assert not window.view.is_bare

    def test_the_button_does_the_same_for_the_mouse(self, window: MainWindow, qtbot: QtBot) -> None:
        qtbot.mousePress(window.picture_bar.compare, LEFT)
        assert not self.seen(window)
        qtbot.mouseRelease(window.picture_bar.compare, LEFT)
        assert self.seen(window)


def test_a_late_map_is_never_laid_over_another_photo(
    answered: Callable[..., AppController], photo: Photo, qtbot: QtBot
) -> None:
    begun, opened = threading.Event(), threading.Event()

    def load_slow(name: str) -> LoadedModel:
        loaded = load_cached(name)

        def overlay(path: Path, label: str, size: tuple[int, int]) -> Overlay:
            if path.stem == "papules":
                begun.set()
                assert opened.wait(20)
            return loaded.overlay(path, label, size)

        return replace(loaded, overlay=overlay)

    controller = answered(photo("papules"), loader=replace(ModelLoader.default(), cached=load_slow))
    seen = []
    controller.changed.connect(lambda session: seen.append(session.overlay and session.overlay.label))
    qtbot.keyClick(controller.window, Qt.Key.Key_M)
    qtbot.waitUntil(begun.is_set, timeout=20_000)
    controller.photos.add([photo("cysts")])
    opened.set()
    qtbot.waitUntil(lambda: controller.session.overlay is not None, timeout=20_000)
    assert set(seen) == {None, "cysts"}


def test_a_map_that_cannot_be_had_says_why(answered: Callable[..., AppController], photo: Photo, qtbot: QtBot) -> None:
    path = photo("papules")
    controller = answered(path)
    path.unlink()
    qtbot.keyClick(controller.window, Qt.Key.Key_M)
    qtbot.waitUntil(lambda: controller.session.unexplained is not None, timeout=20_000)
    assert "papules.png does not exist" in controller.window.picture_bar.legend.text()


def test_a_model_without_maps_says_that_it_has_none(start: Start, photo: Photo, qtbot: QtBot) -> None:
    controller = start(files=[photo("papules")])
    qtbot.waitUntil(lambda: maps_known(controller), timeout=20_000)
    assert not controller.window.commands.overlay.isEnabled()
    assert not controller.window.picture_bar.overlay_box.isEnabled()
    assert "no activation maps" in controller.window.picture_bar.overlay_box.toolTip()


def test_a_broken_photo_has_no_overlay(
    answered: Callable[..., AppController], photo: Photo, tmp_path: Path, qtbot: QtBot
) -> None:
    controller = answered(photo("papules"))
    show_overlay(controller, qtbot)
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    controller.photos.add([broken])
    box = controller.window.picture_bar.overlay_box
    qtbot.waitUntil(lambda: not box.isEnabled(), timeout=20_000)
    assert box.toolTip() == texts.overlay_tip(controller.session)
    controller.photos.add([photo("cysts")])
    qtbot.waitUntil(lambda: controller.session.overlay is not None, timeout=20_000)
    assert box.isEnabled()
    assert box.isChecked()


def test_under_a_narrow_picture_no_word_is_cut_short(
    answered: Callable[..., AppController], photo: Photo, qtbot: QtBot
) -> None:
    controller = answered(photo("papules"))
    show_overlay(controller, qtbot)
    window, bar = controller.window, controller.window.picture_bar
    window.resize(window.minimumSize())
    words = (bar.zoom_in_button, bar.fit_button, bar.actual_size_button, bar.overlay_box)
    qtbot.waitUntil(lambda: all(widget.width() >= widget.sizeHint().width() for widget in words))
    assert all(window.rect().contains(word.mapTo(window, word.rect().bottomRight())) for word in words)


def test_a_screen_of_another_scale_keeps_the_photo_whole(
    answered: Callable[..., AppController], halves: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = answered(halves).window.view
    before = view.place()
    monkeypatch.setattr(type(view), "devicePixelRatioF", lambda _: 2.0)
    QApplication.sendEvent(view, QEvent(QEvent.Type.DevicePixelRatioChange))
    assert view.place().getRect() == pytest.approx(before.getRect(), abs=1)
