"""An answer stands beside the picture that it is about, and in the list until there is another."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from gui.state.session import Shown
from gui.work import LoadedModel, ModelLoader, load_cached, read_photo

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from acnelib.inference import Prediction
    from gui.controllers.app import AppController
    from gui.state.session import Session

    Start = Callable[..., AppController]

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


def paint(path: Path, colour: tuple[int, int, int]) -> Path:
    Image.new("RGB", (40, 30), colour).save(path)
    return path


class Turnstile:
    """A loader whose models wait before each answer for the open photo, once the turnstile is closed."""

    def __init__(self) -> None:
        self.is_open = threading.Event()
        self.is_open.set()
        self.asked: list[str] = []

    def loader(self) -> ModelLoader:
        def load(name: str) -> LoadedModel | None:
            loaded = load_cached(name)
            return None if loaded is None else replace(loaded, classify=self._slowly(loaded))

        return replace(ModelLoader.default(), cached=load)

    def _slowly(self, loaded: LoadedModel) -> Callable[[Path], Prediction]:
        def classify(path: Path) -> Prediction:
            self.asked.append(path.name)
            assert self.is_open.wait(20)
            return loaded.classify(path)

        return classify


class Screen:
    """Every answer that was on the screen, and whether it was about the file whose pixels were beside it."""

    def __init__(self, controller: AppController) -> None:
        self.answers: list[tuple[str | None, bool]] = []
        controller.changed.connect(self._see)

    def _see(self, session: Session) -> None:
        photo = session.photo
        if session.shown is Shown.ANSWER and photo is not None and photo.picture and photo.prediction:
            self.answers.append((photo.prediction.label, photo.picture.sha256 == photo.prediction.sha256))


@pytest.fixture
def two(tmp_path: Path) -> list[Path]:
    """A red photo and a blue one."""
    return [paint(tmp_path / "a.png", RED), paint(tmp_path / "b.png", BLUE)]


def shows(qtbot: QtBot, controller: AppController, name: str, label: str) -> None:
    def is_shown() -> bool:
        photo, shown = controller.session.photo, controller.session.shown
        return shown is Shown.ANSWER and (photo.path.name, photo.prediction.label) == (name, label)

    qtbot.waitUntil(is_shown, timeout=20_000)


def answered(qtbot: QtBot, controller: AppController) -> None:
    results = controller.rows.results
    qtbot.waitUntil(lambda: len(results) > 0 and not results.pending(), timeout=20_000)


def go_to(controller: AppController, place: int) -> None:
    controller.photos.open(controller.rows.results[place].number)


class TestFilesThatChange:
    def test_what_was_written_again_under_the_same_name_is_answered_again(
        self, start: Start, two: list[Path], qtbot: QtBot
    ) -> None:
        controller = start(files=two)
        answered(qtbot, controller)
        shows(qtbot, controller, "a.png", "papules")
        go_to(controller, 1)
        shows(qtbot, controller, "b.png", "cysts")
        paint(two[0], GREEN)
        screen = Screen(controller)
        go_to(controller, 0)
        shows(qtbot, controller, "a.png", "comedones")
        assert set(screen.answers) == {("comedones", True)}
        assert controller.rows.results[0].prediction.sha256 == read_photo(two[0]).sha256

    def test_an_answer_of_an_earlier_session_is_not_shown_beside_another_picture(
        self, start: Start, two: list[Path], qtbot: QtBot
    ) -> None:
        first = start(files=two)
        first.preferences.history.set_enabled(on=True)
        answered(qtbot, first)
        first.window.close()
        paint(two[0], GREEN)
        second = start()
        answered(qtbot, second)
        screen = Screen(second)
        go_to(second, 0)
        shows(qtbot, second, "a.png", "comedones")
        assert set(screen.answers) == {("comedones", True)}

    def test_a_file_that_changes_between_its_picture_and_its_answer_is_read_again(
        self, start: Start, two: list[Path], qtbot: QtBot
    ) -> None:
        turnstile = Turnstile()
        turnstile.is_open.clear()
        controller = start(files=two[:1], loader=turnstile.loader())
        screen = Screen(controller)
        qtbot.waitUntil(lambda: controller.session.shown is Shown.CLASSIFYING, timeout=20_000)
        qtbot.waitUntil(lambda: turnstile.asked == ["a.png"], timeout=20_000)
        paint(two[0], GREEN)
        turnstile.is_open.set()
        shows(qtbot, controller, "a.png", "comedones")
        assert set(screen.answers) == {("comedones", True)}

    def test_a_file_that_stayed_as_it_was_is_not_asked_about_again(
        self, start: Start, two: list[Path], qtbot: QtBot
    ) -> None:
        turnstile = Turnstile()
        controller = start(files=two, loader=turnstile.loader())
        answered(qtbot, controller)
        shows(qtbot, controller, "a.png", "papules")
        asked = list(turnstile.asked)
        for place in (1, 0):
            go_to(controller, place)
            shows(qtbot, controller, two[place].name, ("papules", "cysts")[place])
        assert turnstile.asked == asked


class TestAnotherModel:
    def test_moving_quickly_through_photos_after_a_change_of_model_loses_no_answer(
        self, start: Start, two: list[Path], qtbot: QtBot, bundle_with_maps: Path, tmp_path: Path
    ) -> None:
        turnstile = Turnstile()
        controller = start(files=[*two, paint(tmp_path / "c.png", GREEN)], loader=turnstile.loader())
        answered(qtbot, controller)
        shows(qtbot, controller, "a.png", "papules")
        before = controller.model_selection.model.ready.identity
        controller.model_selection.choose(str(bundle_with_maps))
        qtbot.waitUntil(lambda: controller.session.model.name == str(bundle_with_maps), timeout=20_000)
        shows(qtbot, controller, "a.png", "papules")
        turnstile.is_open.clear()
        go_to(controller, 1)
        go_to(controller, 2)
        assert controller.session.photo.prediction is None
        turnstile.is_open.set()
        shows(qtbot, controller, "c.png", "comedones")
        models = [row.prediction.model for row in controller.rows.results]
        now = controller.model_selection.model.ready.identity
        assert models == [now, before, now]

    def test_the_previous_answer_is_not_shown_while_the_new_model_is_asked(
        self, start: Start, two: list[Path], qtbot: QtBot, bundle_with_maps: Path
    ) -> None:
        turnstile = Turnstile()
        controller = start(files=two, loader=turnstile.loader())
        answered(qtbot, controller)
        shows(qtbot, controller, "a.png", "papules")
        turnstile.is_open.clear()
        controller.model_selection.choose(str(bundle_with_maps))
        qtbot.waitUntil(lambda: controller.session.model.name == str(bundle_with_maps), timeout=20_000)
        qtbot.waitUntil(lambda: controller.session.shown is Shown.CLASSIFYING, timeout=20_000)
        assert controller.rows.results[0].prediction.label == "papules"
        turnstile.is_open.set()
        shows(qtbot, controller, "a.png", "papules")
        assert controller.session.photo.prediction.model == controller.model_selection.model.ready.identity
