"""Many photos, as a user has them answered, looks through them and takes them away, in the real window."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

import acnelib
from gui.files import texts as files_texts
from gui.state.batch import BatchState
from gui.state.session import ModelReady, Shown
from gui.work import LoadedModel, ModelLoader, load_cached

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from acnelib.inference import Prediction
    from gui.controllers.app import AppController

    Start = Callable[..., AppController]
    Photo = Callable[[str], Path]

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twelve photos, of which one is none."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(11):
        Image.new("RGB", (40, 30), (255 - number, 20 * number, 9 * number)).save(folder / f"{number:02}.png")
    (folder / "11.png").write_bytes(b"no picture")
    return folder


class Gate:
    """A batch that waits after each photo until it may go on."""

    def __init__(self) -> None:
        self.permits = threading.Semaphore(0)
        self.closed = threading.Event()

    def loader(self) -> ModelLoader:
        def load(name: str) -> LoadedModel | None:
            loaded = load_cached(name)
            return None if loaded is None else replace(loaded, classify_many=self.slowly(loaded))

        return replace(ModelLoader.default(), cached=load)

    def slowly(self, loaded: LoadedModel) -> Callable[[Sequence[Path]], Generator[Prediction]]:
        def classify_many(paths: Sequence[Path]) -> Generator[Prediction]:
            for answer in loaded.classify_many(paths):
                yield answer
                assert self.permits.acquire(timeout=20)

        return classify_many

    def let_go(self) -> None:
        self.permits.release(1_000)


def done(qtbot: QtBot, controller: AppController) -> None:
    def is_done() -> bool:
        batch = controller.classification.batch
        return batch is not None and batch.is_over and not controller.classification.is_busy

    qtbot.waitUntil(is_done, timeout=20_000)


def labels(controller: AppController) -> list[str | None]:
    return [row.prediction.label if row.prediction else None for row in controller.rows.results]


def test_a_folder_is_answered_photo_by_photo_and_bad_files_are_rows(start: Start, folder: Path, qtbot: QtBot) -> None:
    controller = start(files=[folder])
    done(qtbot, controller)
    assert labels(controller) == ["papules"] * 11 + [None]
    assert controller.window.results.batch_bar.line.text() == "11 photos classified, 1 failed"
    assert "cannot be decoded" in str(controller.rows.results[11].error)
    assert controller.session.photo.path == folder / "00.png"


def test_one_photo_needs_no_table(start: Start, photo: Photo, qtbot: QtBot) -> None:
    controller = start(files=[photo("papules")])
    qtbot.waitUntil(lambda: controller.session.shown is Shown.ANSWER, timeout=20_000)
    assert controller.window.results is None


def test_a_batch_is_paused_goes_on_and_ends(start: Start, folder: Path, qtbot: QtBot) -> None:
    gate = Gate()
    controller = start(files=[folder], loader=gate.loader())
    qtbot.waitUntil(lambda: controller.classification.is_busy, timeout=20_000)
    bar = controller.window.results.batch_bar
    qtbot.mouseClick(bar.pause, LEFT)
    gate.let_go()
    assert controller.classification.batch.state is BatchState.PAUSED
    assert "paused" in bar.line.text()
    qtbot.mouseClick(bar.resume, LEFT)
    done(qtbot, controller)
    assert controller.classification.batch.state is BatchState.FINISHED
    assert controller.rows.results.pending() == ()


def test_a_cancelled_batch_leaves_the_rest_waiting_until_it_is_wanted(start: Start, folder: Path, qtbot: QtBot) -> None:
    gate = Gate()
    controller = start(files=[folder], loader=gate.loader())
    qtbot.waitUntil(lambda: controller.classification.is_busy, timeout=20_000)
    qtbot.mouseClick(controller.window.results.batch_bar.cancel, LEFT)
    gate.let_go()
    done(qtbot, controller)
    assert controller.classification.batch.state is BatchState.CANCELLED
    assert len(controller.rows.results.pending()) > 6
    controller.window.commands.classify_pending.trigger()
    done(qtbot, controller)
    assert controller.rows.results.pending() == ()


def test_photos_that_come_during_a_batch_join_it_once(start: Start, folder: Path, photo: Photo, qtbot: QtBot) -> None:
    gate = Gate()
    controller = start(files=[folder], loader=gate.loader())
    qtbot.waitUntil(lambda: controller.classification.is_busy, timeout=20_000)
    controller.photos.add([photo("cysts")])
    assert controller.classification.batch.total == 13
    gate.let_go()
    done(qtbot, controller)
    assert (controller.classification.batch.done, labels(controller)[12]) == (13, "cysts")


def test_the_open_photo_is_answered_before_the_batch_comes_to_it(start: Start, folder: Path, qtbot: QtBot) -> None:
    gate = Gate()
    controller = start(files=[folder], loader=gate.loader())
    qtbot.waitUntil(lambda: controller.classification.is_busy, timeout=20_000)
    controller.photos.open(controller.rows.results[10].number)
    qtbot.waitUntil(lambda: controller.session.shown is Shown.ANSWER, timeout=20_000)
    assert controller.window.photo_name.text() == "10.png"
    gate.let_go()
    done(qtbot, controller)


def test_keys_travel_through_the_table_and_delete_takes_photos_from_it(
    start: Start, folder: Path, qtbot: QtBot
) -> None:
    controller = start(files=[folder])
    done(qtbot, controller)
    table = controller.window.results.table
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Down)
    assert controller.session.photo.path.name == "01.png"
    qtbot.keyClick(table, Qt.Key.Key_Delete)
    assert controller.session.photo.path.name == "02.png"
    assert (len(controller.rows.results), (folder / "01.png").exists()) == (11, True)
    controller.window.commands.previous.trigger()
    assert controller.session.photo.path.name == "00.png"


def test_clearing_the_list_during_a_batch_brings_the_invitation_back(start: Start, folder: Path, qtbot: QtBot) -> None:
    gate = Gate()
    controller = start(files=[folder], loader=gate.loader())
    qtbot.waitUntil(lambda: controller.classification.is_busy, timeout=20_000)
    controller.window.commands.clear.trigger()
    gate.let_go()
    done(qtbot, controller)
    assert (len(controller.rows.results), controller.session.shown) == (0, Shown.INVITATION)
    assert not controller.window.results.isVisible()


def test_another_model_waits_for_the_end_of_the_batch(
    start: Start, folder: Path, qtbot: QtBot, bundle_with_maps: Path
) -> None:
    gate = Gate()
    controller = start(files=[folder], loader=gate.loader())
    qtbot.waitUntil(lambda: controller.classification.is_busy, timeout=20_000)
    before = controller.model_selection.model.ready.identity
    controller.model_selection.choose(str(bundle_with_maps))
    assert controller.window.banner.isVisible()
    gate.let_go()
    qtbot.waitUntil(lambda: controller.model_selection.model.ready.identity != before, timeout=20_000)
    done(qtbot, controller)
    others = [row for row in controller.rows.results if row.number != controller.photos.current]
    assert {row.prediction.model for row in others} == {before}
    qtbot.waitUntil(lambda: controller.session.shown is Shown.ANSWER, timeout=20_000)
    assert controller.session.photo.prediction.model == controller.model_selection.model.ready.identity


def test_a_photo_of_a_previous_model_is_answered_again_when_it_is_opened(
    start: Start, folder: Path, qtbot: QtBot, bundle_with_maps: Path
) -> None:
    controller = start(files=[folder])
    done(qtbot, controller)
    controller.model_selection.choose(str(bundle_with_maps))
    qtbot.waitUntil(lambda: controller.session.model.name == str(bundle_with_maps), timeout=20_000)
    controller.photos.open(controller.rows.results[5].number)
    qtbot.waitUntil(lambda: controller.session.shown is Shown.ANSWER, timeout=20_000)
    model = controller.session.model
    assert isinstance(model, ModelReady)
    assert controller.rows.results[5].prediction.model == model.identity


def test_the_table_goes_out_as_it_is_on_the_screen(
    start: Start, folder: Path, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller = start(files=[folder])
    done(qtbot, controller)
    controller.window.panel.threshold_changed.emit(0.99)
    controller.window.results.filter_row.text.setText("1")
    shown = [row.path.name for row in controller.rows.shown_rows()]
    file = tmp_path / "table.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
    controller.window.commands.export.trigger()
    qtbot.waitUntil(file.exists, timeout=20_000)
    with file.open(encoding="utf-8-sig", newline="") as stream:
        written = list(csv.DictReader(stream))
    assert [row["file"] for row in written] == shown == ["01.png", "10.png", "11.png"]
    assert [row["verdict"] for row in written] == ["uncertain", "uncertain", ""]
    qtbot.waitUntil(controller.window.notice.isVisible, timeout=20_000)
    assert controller.window.notice.text.accessibleName() == files_texts.exported(file, 3)


def test_app_command_and_library_answer_alike_to_the_last_digit(
    start: Start, qtbot: QtBot, tmp_path: Path, bundle: Path
) -> None:
    photos = tmp_path / "fifty"
    photos.mkdir()
    for number in range(50):
        colour = tuple((number * step) % 256 for step in (37, 91, 53))
        Image.new("RGB", (64, 48), colour).save(photos / f"{number:02}.png")
    controller = start(files=[photos])
    done(qtbot, controller)
    file = tmp_path / "app.json"
    controller.window.files.table_file_chosen.emit(file)
    qtbot.waitUntil(file.exists, timeout=20_000)
    app = json.loads(file.read_text())["rows"]
    command = [sys.executable, "-m", "acnelib.cli", "predict", str(photos), "--model", str(bundle), "--format", "json"]
    reported = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=60).stdout)
    classifier = acnelib.load_classifier(bundle)
    library = [answer.as_dict() for answer in classifier.predict_many([row["path"] for row in reported])]
    assert reported == library
    assert len(app) == 50
    assert [{name: row[name] for name in one} for row, one in zip(app, reported, strict=True)] == reported


def test_nothing_about_photos_is_written_unless_the_user_wants_a_history(
    start: Start, folder: Path, qtbot: QtBot, home: Path
) -> None:
    controller = start(files=[folder])
    done(qtbot, controller)
    controller.window.close()
    written = "".join(path.read_text(errors="replace") for path in home.rglob("*") if path.is_file())
    assert "photos" not in written
    assert "papules" not in written


def test_with_history_the_next_session_begins_with_the_list(
    start: Start, folder: Path, qtbot: QtBot, home: Path
) -> None:
    first = start(files=[folder])
    first.preferences.history.set_enabled(on=True)
    done(qtbot, first)
    before = [row.prediction for row in first.rows.results]
    first.window.close()
    assert (home / "history.json").stat().st_mode & 0o777 == 0o600
    second = start()
    qtbot.waitUntil(lambda: len(second.rows.results) == 12, timeout=20_000)
    assert [row.prediction for row in second.rows.results] == before
