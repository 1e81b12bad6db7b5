from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QImage, QPalette
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLabel

from gui.answer import texts as answer_texts
from gui.state.session import ModelLoading, ModelMissing, ModelReady, Session, Shown
from gui.state.wording import RESEARCH_TOOL
from gui.work import LoadedModel, ModelLoader, ask_server, load_cached

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from acnelib.inference import Prediction
    from gui.controllers.app import AppController
    from gui.window.main_window import MainWindow

    Start = Callable[..., AppController]
    Photo = Callable[..., Path]


class Gate:
    """Work that begins and then waits until it may go on."""

    def __init__(self) -> None:
        self.begun, self.opened = threading.Event(), threading.Event()

    def wait(self) -> None:
        self.begun.set()
        assert self.opened.wait(20)


def loading(load: Callable[[str], LoadedModel | None]) -> ModelLoader:
    """Return a loader that finds models on this machine in another way."""
    return replace(ModelLoader.default(), cached=load)


def shows(qtbot: QtBot, controller: AppController, shown: Shown) -> None:
    qtbot.waitUntil(lambda: controller.session.shown is shown, timeout=20_000)


def ready(qtbot: QtBot, controller: AppController) -> None:
    qtbot.waitUntil(lambda: isinstance(controller.session.model, ModelReady), timeout=20_000)


def rows(window: MainWindow) -> list[tuple[str, str]]:
    visible = [row for row in window.panel.answer.scores.rows if row.isVisible()]
    return [(row.label.text(), row.percentage.text().replace("\u00a0", " ")) for row in visible]


def drop(window: MainWindow, urls: list[QUrl]) -> bool:
    """Drag something over the window and let it go there; return whether the window welcomed it."""
    data = QMimeData()
    data.setUrls(urls)
    action, buttons, no_key = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(window.rect().center(), action, data, buttons, no_key)
    enter.ignore()
    QApplication.sendEvent(window, enter)
    if enter.isAccepted():
        QApplication.sendEvent(window, QDropEvent(QPointF(window.rect().center()), action, data, buttons, no_key))
    return enter.isAccepted()


def test_the_window_is_there_before_the_model(start: Start, qtbot: QtBot) -> None:
    gate = Gate()
    controller = start(loader=loading(lambda name: (gate.wait(), load_cached(name))[1]))
    qtbot.waitUntil(gate.begun.is_set)
    assert controller.window.isVisible()
    assert controller.window.model_line.text() == answer_texts.LOADING_MODEL
    gate.opened.set()
    ready(qtbot, controller)
    assert controller.window.model_line.text() == "Model: tiny (folder)"
    assert "Comedones" in controller.window.panel.message.text.text()


def test_an_opened_photo_shows_its_label_verdict_and_percentages(start: Start, photo: Photo, qtbot: QtBot) -> None:
    controller = start(files=[photo("papules", fit=True)])
    shows(qtbot, controller, Shown.ANSWER)
    page = controller.window.panel.answer
    assert page.label.text() == "Papules"
    assert page.verdict.text() == answer_texts.verdict("confident")
    assert page.mark.verdict == "confident"
    assert rows(controller.window) == [("Papules", "90 %"), ("Comedones", "5 %"), ("Cysts", "4 %")]
    assert page.scores.rows[0].bar.fraction == pytest.approx(0.903, abs=0.002)
    assert controller.window.windowTitle() == "papules.png – acnelib"


def test_a_photo_that_the_model_is_not_sure_of_is_uncertain_in_words_and_shape(
    start: Start, photo: Photo, qtbot: QtBot
) -> None:
    controller = start(files=[photo("nothing")])
    shows(qtbot, controller, Shown.ANSWER)
    page = controller.window.panel.answer
    assert page.verdict.text() == answer_texts.verdict("uncertain")
    assert page.mark.verdict == "uncertain"


def test_a_photo_opened_before_the_model_is_ready_is_seen_and_then_classified(
    start: Start, photo: Photo, qtbot: QtBot
) -> None:
    gate = Gate()
    controller = start(files=[photo("cysts")], loader=loading(lambda name: (gate.wait(), load_cached(name))[1]))
    shows(qtbot, controller, Shown.WAITING)
    assert not controller.window.view.place().isEmpty()
    gate.opened.set()
    shows(qtbot, controller, Shown.ANSWER)
    assert controller.window.panel.answer.label.text() == "Cysts"


def test_a_late_answer_for_one_photo_is_not_shown_on_another(start: Start, photo: Photo, qtbot: QtBot) -> None:
    gate = Gate()

    def load_slow(name: str) -> LoadedModel:
        loaded = load_cached(name)

        def classify(path: Path) -> Prediction:
            if path.stem == "papules":
                gate.wait()
            return loaded.classify(path)

        return replace(loaded, classify=classify)

    controller = start(files=[photo("papules")], loader=loading(load_slow))
    seen: list[Session] = []
    controller.changed.connect(seen.append)
    qtbot.waitUntil(gate.begun.is_set, timeout=20_000)
    controller.photos.add([photo("cysts")])
    gate.opened.set()
    shows(qtbot, controller, Shown.ANSWER)
    assert controller.window.panel.answer.label.text() == "Cysts"
    answers = [session.photo.prediction for session in seen if session.photo and session.photo.prediction]
    assert {answer.label for answer in answers} == {"cysts"}


def test_an_unreadable_file_shows_its_reason_and_the_window_goes_on(
    start: Start, photo: Photo, qtbot: QtBot, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no picture")
    controller = start(files=[broken])
    shows(qtbot, controller, Shown.FAILURE)
    message = controller.window.panel.message
    assert message.title.text() == answer_texts.UNREADABLE
    assert message.text.text().startswith("broken.jpg cannot be decoded")
    controller.photos.add([photo("papules")])
    shows(qtbot, controller, Shown.ANSWER)
    assert controller.window.panel.page is controller.window.panel.answer


def test_without_a_model_the_reason_is_shown_and_the_photo_can_be_looked_at(
    start: Start, photo: Photo, qtbot: QtBot
) -> None:
    controller = start(model="production")
    shows(qtbot, controller, Shown.NO_MODEL)
    assert controller.window.panel.message.text.text().startswith("No production model to load")
    assert "acne demo" in controller.window.panel.message.text.text()
    controller.photos.add([photo("papules")])
    qtbot.waitUntil(lambda: not controller.window.view.place().isEmpty())
    assert controller.session.shown is Shown.NO_MODEL


def test_trying_again_finds_a_model_that_was_trained_since(
    start: Start, photo: Photo, qtbot: QtBot, bundle: Path, tmp_path: Path
) -> None:
    later = tmp_path / "later"
    controller = start(model=str(later), files=[photo("comedones")])
    shows(qtbot, controller, Shown.NO_MODEL)
    later.symlink_to(bundle)
    qtbot.mouseClick(controller.window.panel.message.retry, Qt.MouseButton.LeftButton)
    shows(qtbot, controller, Shown.ANSWER)
    assert controller.window.panel.answer.label.text() == "Comedones"


def test_dropped_files_are_listed_and_the_first_is_open(start: Start, photo: Photo, qtbot: QtBot) -> None:
    controller = start()
    paths = [photo("cysts"), photo("papules")]
    assert drop(controller.window, [QUrl.fromLocalFile(str(path)) for path in paths])
    shows(qtbot, controller, Shown.ANSWER)
    assert controller.window.panel.answer.label.text() == "Cysts"
    qtbot.waitUntil(lambda: not controller.rows.results.pending(), timeout=20_000)
    assert [row.path for row in controller.rows.results] == paths


def test_a_dropped_folder_is_looked_through(start: Start, photo: Photo, qtbot: QtBot, tmp_path: Path) -> None:
    controller = start()
    nested = tmp_path / "clinic" / "monday"
    nested.mkdir(parents=True)
    photo("cysts").rename(nested / "b.png")
    photo("papules").rename(nested.parent / "a.png")
    assert drop(controller.window, [QUrl.fromLocalFile(str(tmp_path))])
    shows(qtbot, controller, Shown.ANSWER)
    assert [row.path.name for row in controller.rows.results] == ["a.png", "b.png"]
    assert not controller.window.notice.isVisible()


def test_a_folder_without_photos_says_so(start: Start, qtbot: QtBot, tmp_path: Path) -> None:
    controller = start()
    (tmp_path / "empty").mkdir()
    drop(controller.window, [QUrl.fromLocalFile(str(tmp_path / "empty"))])
    notice = controller.window.notice
    qtbot.waitUntil(lambda: "holds no file" in notice.text.accessibleName(), timeout=20_000)
    assert controller.session.photo is None
    qtbot.mouseClick(notice.dismiss, Qt.MouseButton.LeftButton)
    assert not notice.isVisible()


def test_an_address_on_the_web_is_answered_with_what_to_do(start: Start) -> None:
    controller = start()
    assert drop(controller.window, [QUrl("https://example.org/photo.jpg")])
    assert "Save the photo as a file first" in controller.window.notice.text.accessibleName()
    assert controller.session.photo is None


def test_a_picture_in_the_clipboard_is_pasted(start: Start, qtbot: QtBot, qapp: QApplication) -> None:
    controller = start()
    picture = QImage(40, 30, QImage.Format.Format_RGB32)
    picture.fill(QColor(255, 0, 0))
    qapp.clipboard().setImage(picture)
    controller.window.commands.paste.trigger()
    shows(qtbot, controller, Shown.ANSWER)
    assert controller.window.panel.answer.label.text() == "Papules"
    assert controller.window.photo_name.text() == "Pasted picture 1.png"
    pasted = controller.rows.results[0].path
    assert controller.close()
    assert not pasted.exists()


def test_the_button_opens_what_is_chosen(
    start: Start, photo: Photo, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller = start()
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(photo("papules"))], ""))
    controller.window.commands.open.trigger()
    shows(qtbot, controller, Shown.ANSWER)


def test_choosing_nothing_changes_nothing(start: Start, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    controller = start()
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([], ""))
    controller.window.commands.open.trigger()
    assert controller.session.photo is None


def test_no_key_means_two_things(start: Start) -> None:
    commands = start().window.commands
    actions = [action for menu in commands.menus for action in menu.actions() if action.text()]
    keys = [key.toString() for action in actions for key in action.shortcuts()]
    assert len(keys) == len(set(keys))
    assert {commands.open.shortcut().toString(), commands.overlay.shortcut().toString()} == {"Ctrl+O", "M"}


def test_screen_readers_get_the_photo_and_every_score(start: Start, photo: Photo, qtbot: QtBot) -> None:
    controller = start(files=[photo("papules")])
    shows(qtbot, controller, Shown.ANSWER)
    window = controller.window
    assert window.view.accessibleName() == "papules.png"
    names = [row.accessibleName().replace("\u00a0", " ") for row in window.panel.answer.scores.rows]
    assert names == ["Papules: 91 %", "Comedones: 5 %", "Cysts: 5 %"]


def test_a_photo_taken_sideways_is_shown_upright(start: Start, qtbot: QtBot, tmp_path: Path) -> None:
    sideways = Image.Exif()
    sideways[0x0112] = 6
    Image.new("RGB", (40, 20), "red").save(tmp_path / "sideways.jpg", exif=sideways)
    controller = start(files=[tmp_path / "sideways.jpg"])
    shows(qtbot, controller, Shown.ANSWER)
    fitted = controller.window.view.place()
    assert fitted.height() == pytest.approx(2 * fitted.width(), rel=0.01)


def test_that_it_is_not_a_diagnosis_is_always_shown(start: Start, photo: Photo, qtbot: QtBot) -> None:
    controller = start()
    assert controller.window.research_tool.isVisible()
    controller.photos.add([photo("papules")])
    shows(qtbot, controller, Shown.ANSWER)
    assert controller.window.research_tool.text() == RESEARCH_TOOL
    assert controller.window.research_tool.isVisible()


def test_closing_the_window_while_the_model_loads_leaves_no_thread(start: Start, photo: Photo, qtbot: QtBot) -> None:
    gate = Gate()
    controller = start(files=[photo("papules")], loader=loading(lambda name: (gate.wait(), load_cached(name))[1]))
    qtbot.waitUntil(gate.begun.is_set)
    assert controller.window.close()
    assert not controller.close(timeout=0.02)
    gate.opened.set()
    assert controller.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("acne-")]
    assert isinstance(controller.session.model, ModelLoading)


DARK = QPalette(QColor(45, 45, 45), QColor(45, 45, 45))
LIGHT = QPalette(QColor(240, 240, 240), QColor(240, 240, 240))


@pytest.fixture(params=[LIGHT, DARK], ids=["light", "dark"])
def palette(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[QPalette]:
    before = qapp.palette()
    qapp.setPalette(request.param)
    yield request.param
    qapp.setPalette(before)


@pytest.mark.parametrize("model", [None, "production"], ids=["answer", "no model"])
def test_every_word_is_readable_on_light_and_dark_desktops(
    start: Start, photo: Photo, qtbot: QtBot, palette: QPalette, model: str | None
) -> None:
    controller = start(files=[photo("papules")], model=model)
    qtbot.waitUntil(lambda: controller.session.shown in {Shown.ANSWER, Shown.NO_MODEL}, timeout=20_000)
    window = controller.window
    words = [
        w
        for w in window.findChildren(QLabel) + window.findChildren(QAbstractButton)
        if w.isVisible() and w.isEnabled() and w.text()
    ]
    assert len(words) >= 6
    for widget in words:
        colors = widget.palette()
        assert contrast(colors.color(widget.foregroundRole()), colors.color(widget.backgroundRole())) >= 4.5, widget


def test_the_ground_of_the_window_and_of_the_view_follows_the_desktop(start: Start, palette: QPalette) -> None:
    window = start().window
    pixels = window.grab().toImage()
    corner, view = pixels.pixelColor(2, pixels.height() - 2), window.view.geometry()
    assert corner == palette.color(QPalette.ColorRole.Window)
    assert pixels.pixelColor(window.view.mapTo(window, view.center() / 4)) == palette.color(QPalette.ColorRole.Base)


def contrast(first: QColor, second: QColor) -> float:
    """Return the contrast ratio of WCAG 2, 1–21."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(color: QColor) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color.getRgbF()[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_model_that_cannot_be_had_is_not_asked_for_twice(start: Start, photo: Photo, qtbot: QtBot) -> None:
    asked = []
    controller = start(
        model="production",
        loader=replace(ModelLoader.default(), ask=lambda name: (asked.append(name), ask_server(name))[1]),
    )
    shows(qtbot, controller, Shown.NO_MODEL)
    controller.photos.add([photo("papules")])
    qtbot.waitUntil(lambda: not controller.window.view.place().isEmpty())
    assert asked == ["production"]
    assert isinstance(controller.session.model, ModelMissing)


def test_a_notice_quotes_commands_as_people_write_them(start: Start) -> None:
    notice = start().window.notice
    notice.show_text("no server is known: run `acne up`")
    assert notice.text.text() == "no server is known: run “acne up”"
