"""Photos are reviewed by keyboard alone, through the real window and into a real file."""

from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from PySide6.QtCore import Qt

from gui.files import file_dialogs
from gui.photos import texts as photo_texts
from gui.review import texts
from gui.state.preferences import PreferenceStore
from gui.state.results_filter import Column
from gui.state.review_session import QueueOrder
from gui.state.session import Shown

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gui.controllers.app import AppController

    Start = Callable[..., AppController]

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
COLOURS = {"red": (250, 0, 0), "green": (0, 250, 0), "blue": (0, 0, 250), "dark red": (160, 0, 0)}


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    """Four photos, which the model takes for papules, comedones, cysts and papules."""
    paths = [tmp_path / "photos" / f"{number} {name}.png" for number, name in enumerate(COLOURS, 1)]
    paths[0].parent.mkdir()
    for path, colour in zip(paths, COLOURS.values(), strict=True):
        Image.new("RGB", (40, 30), colour).save(path)
    return paths


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the user chooses for the reviews."""
    folder = tmp_path / "chosen"
    monkeypatch.setattr(file_dialogs.QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    return folder


class Reviewer:
    """A user who has a keyboard and eyes."""

    def __init__(self, controller: AppController, folder: Path, qtbot: QtBot) -> None:
        self.controller, self.file, self._qtbot = controller, folder / "reviews.jsonl", qtbot
        self.window = controller.window
        self.window.activateWindow()

    def press(self, *keys: Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press keys, each once the open photo can be seen and all before is written."""
        for key in keys:
            self.settle()
            self._qtbot.keyClick(self.window.focusWidget() or self.window, key, modifiers)
        self.settle()

    def settle(self) -> None:
        session = lambda: self.controller.session  # noqa: E731 asked again and again
        review = self.controller.review
        self._qtbot.waitUntil(lambda: session().shown is Shown.ANSWER and not review.is_busy, timeout=20_000)

    def name(self, name: str) -> None:
        field = self.window.review.reviewer
        field.setFocus()
        field.setText(name)
        self._qtbot.keyClick(field, Key.Key_Return)

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.file.read_text(encoding="utf-8").splitlines()]

    @property
    def opinions(self) -> list[str]:
        return [line["label"] or line["verdict"] for line in self.lines]

    @property
    def open_photo(self) -> str:
        return self.controller.session.photo.path.stem

    @property
    def progress(self) -> str:
        return self.window.review.progress.text()

    @property
    def notice(self) -> str:
        return self.window.notice.text.accessibleName() if self.window.notice.isVisible() else ""

    @property
    def page(self) -> object:
        return self.window.panel.page

    def cell(self, line: int, column: Column) -> str:
        return self.controller.rows.index(line, column).data()


@pytest.fixture
def reviewer(start: Start, photos: list[Path], folder: Path, qtbot: QtBot) -> Reviewer:
    """Four answered photos in the window, in review mode."""
    return begun(start(files=photos), folder, qtbot)


def begun(controller: AppController, folder: Path, qtbot: QtBot, *, blind: bool = False) -> Reviewer:
    reviewer = Reviewer(controller, folder, qtbot)
    controller.window.commands.review.toggle.trigger()
    if blind:
        controller.window.commands.review.blind.trigger()
    results = controller.rows.results
    qtbot.waitUntil(lambda: len(results) == 4 and not results.pending(), timeout=20_000)
    reviewer.settle()
    return reviewer


def test_a_session_by_keyboard_alone(reviewer: Reviewer) -> None:
    assert reviewer.progress == "0 of 4 reviewed"
    reviewer.press(Key.Key_Return, Key.Key_3, Key.Key_0)
    assert (reviewer.progress, reviewer.open_photo) == ("3 of 4 reviewed", "4 dark red")
    reviewer.press(Key.Key_Question)
    assert (reviewer.progress, reviewer.notice) == ("4 of 4 reviewed", texts.ALL_REVIEWED)
    assert reviewer.opinions == ["papules", "cysts", "none", "unsure"]
    assert [reviewer.cell(line, Column.REVIEW) for line in range(4)] == [
        "Papules", "Cysts", "None of these", "Cannot tell",
    ]  # fmt: skip


def test_a_line_says_which_photo_and_what_the_model_had_answered(reviewer: Reviewer) -> None:
    answer = reviewer.controller.rows.results[0].prediction
    reviewer.press(Key.Key_2)
    (line,) = reviewer.lines
    assert line.pop("time")
    assert line == {
        "sha256": answer.sha256,
        "verdict": "class",
        "label": "comedones",
        "reviewer": "",
        "blind": False,
        "model": {"sha256": answer.model.sha256, "label": "papules", "confidence": answer.confidence},
    }


def test_nothing_is_stored_before_the_first_review_and_then_for_this_user_alone(
    reviewer: Reviewer, folder: Path, home: Path
) -> None:
    reviewer.name("R1")
    reviewer.controller.window.commands.review.blind.trigger()
    assert not folder.exists()
    assert not (home / "app.json").exists()
    reviewer.press(Key.Key_1)
    assert [path.name for path in folder.iterdir() if not path.name.startswith(".")] == ["reviews.jsonl"]
    assert stat.S_IMODE(reviewer.file.stat().st_mode) == 0o600
    kept = PreferenceStore(home).load()
    assert (kept.review_folder, kept.reviewer, kept.blind) == (str(folder), "R1", True)
    assert reviewer.notice == texts.stored_in(reviewer.file)


def test_no_folder_no_review(reviewer: Reviewer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_dialogs.QFileDialog, "getExistingDirectory", lambda *_: "")
    reviewer.press(Key.Key_1)
    assert (reviewer.progress, reviewer.open_photo) == ("0 of 4 reviewed", "1 red")


def test_undo_goes_back_to_the_photo_and_takes_its_line_out(reviewer: Reviewer) -> None:
    reviewer.press(Key.Key_1, Key.Key_2)
    reviewer.press(Key.Key_Z, modifiers=CONTROL)
    assert (reviewer.opinions, reviewer.open_photo, reviewer.progress) == (["papules"], "2 green", "1 of 4 reviewed")


def test_a_selection_is_reviewed_as_a_whole(reviewer: Reviewer) -> None:
    reviewer.window.results.table.selectAll()
    assert reviewer.window.review.question.accessibleName() == texts.question(4)
    reviewer.press(Key.Key_0)
    assert (reviewer.opinions, reviewer.progress) == (["none"] * 4, "4 of 4 reviewed")
    reviewer.press(Key.Key_Z, modifiers=CONTROL)
    assert (reviewer.lines, reviewer.progress) == ([], "0 of 4 reviewed")


def test_a_click_does_what_the_key_does(reviewer: Reviewer, qtbot: QtBot) -> None:
    for button in (reviewer.window.review.classes[2], reviewer.window.review.none):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        reviewer.settle()
    assert reviewer.opinions == ["cysts", "none"]


def test_the_buttons_show_the_review_of_the_open_photo(reviewer: Reviewer) -> None:
    reviewer.press(Key.Key_3)
    panel = reviewer.window.review
    assert [button.is_chosen for button in panel.classes] == [False] * 3
    reviewer.controller.photos.open(reviewer.controller.rows.results[0].number)
    reviewer.settle()
    assert [button.is_chosen for button in panel.classes] == [False, False, True]


def test_digits_belong_to_a_field_while_it_has_the_keyboard(reviewer: Reviewer, qtbot: QtBot) -> None:
    field = reviewer.window.results.filter_row.text
    field.setFocus()
    reviewer.press(Key.Key_1, Key.Key_Return)
    assert (field.text(), reviewer.progress) == ("1", "0 of 1 reviewed")


def test_keys_review_nothing_while_reviewing_is_off(reviewer: Reviewer, folder: Path) -> None:
    reviewer.window.commands.review.toggle.trigger()
    reviewer.press(Key.Key_1, Key.Key_Return, Key.Key_Question)
    assert not reviewer.window.review.isVisible()
    assert not folder.exists()


def test_the_least_certain_answer_comes_first(reviewer: Reviewer) -> None:
    reviewer.window.review.order_requested.emit(QueueOrder.LEAST_CERTAIN)
    least = min(reviewer.controller.rows.results, key=lambda row: row.prediction.confidence)
    reviewer.settle()
    assert reviewer.open_photo == least.path.stem


def test_the_app_can_begin_with_a_review(start: Start, photos: list[Path], folder: Path, qtbot: QtBot) -> None:
    controller = start(files=photos, review="least-certain")
    qtbot.waitUntil(lambda: controller.session.shown is Shown.ANSWER, timeout=20_000)
    assert controller.window.review.isVisible()
    assert controller.window.review.order.currentText() == "Least certain first"


class TestBlind:
    @pytest.fixture
    def reviewer(self, start: Start, photos: list[Path], folder: Path, qtbot: QtBot, home: Path) -> Reviewer:
        """Photos that are opened when answers are hidden already, as the preferences say."""
        PreferenceStore(home).change(blind=True)
        controller = start()
        controller.window.commands.review.toggle.trigger()
        controller.opening.open(photos)
        results = controller.rows.results
        qtbot.waitUntil(lambda: len(results) == 4 and not results.pending(), timeout=20_000)
        reviewer = Reviewer(controller, folder, qtbot)
        reviewer.settle()
        return reviewer

    def test_nothing_gives_the_answer_away_until_the_photo_is_reviewed(self, reviewer: Reviewer) -> None:
        assert reviewer.page is reviewer.window.panel.message
        assert [reviewer.cell(0, column) for column in Column][1:] == ["", photo_texts.HIDDEN, "", "", "", ""]
        reviewer.press(Key.Key_2)
        assert reviewer.cell(0, Column.LABEL) == "Papules"
        assert reviewer.cell(1, Column.LABEL) == photo_texts.HIDDEN
        reviewer.controller.photos.open(reviewer.controller.rows.results[0].number)
        reviewer.settle()
        assert reviewer.page is reviewer.window.panel.answer
        assert [line["blind"] for line in reviewer.lines] == [True]

    def test_an_export_has_no_answer_of_a_photo_that_is_not_reviewed(
        self, reviewer: Reviewer, tmp_path: Path, qtbot: QtBot
    ) -> None:
        reviewer.press(Key.Key_2)
        for name in ("table.json", "table.csv"):
            reviewer.window.files.table_file_chosen.emit(tmp_path / name)
            qtbot.waitUntil((tmp_path / name).exists)
        rows = json.loads((tmp_path / "table.json").read_text(encoding="utf-8"))["rows"]
        assert [(row["state"], row["label"]) for row in rows] == [("answered", "papules")] + [("hidden", None)] * 3
        assert (tmp_path / "table.csv").read_text(encoding="utf-8").count("papules") == 2  # the head, and the first row
        qtbot.waitUntil(lambda: "no answers for 3 photos" in reviewer.notice)

    def test_an_answer_in_an_export_counts_as_shown(self, reviewer: Reviewer, tmp_path: Path, qtbot: QtBot) -> None:
        reviewer.controller.window.commands.review.toggle.trigger()
        reviewer.window.files.table_file_chosen.emit(tmp_path / "table.csv")
        qtbot.waitUntil((tmp_path / "table.csv").exists)
        reviewer.controller.window.commands.review.toggle.trigger()
        reviewer.press(Key.Key_1, Key.Key_1)
        assert [line["blind"] for line in reviewer.lines] == [False, False]

    def test_enter_agrees_with_no_answer_that_is_hidden(self, reviewer: Reviewer, folder: Path) -> None:
        reviewer.press(Key.Key_Return)
        assert reviewer.notice == texts.cannot_agree(1, hidden=True)
        assert not folder.exists()

    def test_no_overlay_gives_it_away(self, reviewer: Reviewer) -> None:
        reviewer.window.commands.overlay.trigger()
        assert reviewer.controller.session.explained is None

    def test_a_review_after_the_answer_was_shown_is_not_blind(self, reviewer: Reviewer) -> None:
        reviewer.press(Key.Key_2)
        reviewer.controller.photos.open(reviewer.controller.rows.results[0].number)
        reviewer.press(Key.Key_1)
        assert [line["blind"] for line in reviewer.lines] == [True, False]

    def test_answers_that_were_shown_before_are_remembered(self, reviewer: Reviewer) -> None:
        commands = reviewer.window.commands.review
        commands.blind.trigger()
        reviewer.settle()
        commands.blind.trigger()
        reviewer.press(Key.Key_1)
        assert [line["blind"] for line in reviewer.lines] == [False]


def test_two_reviewers_are_told_apart_and_compared(reviewer: Reviewer, start: Start, photos: list[Path], qtbot) -> None:
    reviewer.name("R1")
    reviewer.press(Key.Key_1, Key.Key_1, Key.Key_3, Key.Key_3)
    reviewer.name("R2")
    assert reviewer.progress == "0 of 4 reviewed"
    reviewer.controller.photos.open(reviewer.controller.rows.results[0].number)
    reviewer.press(Key.Key_1, Key.Key_1, Key.Key_3, Key.Key_1)
    assert reviewer.cell(3, Column.REVIEW) == "Papules · Cysts (R1)"
    shown = reviewer.window.review.agreements.accessibleName()
    assert shown == "R1 and R2: Cohen’s κ\u00a00.50 on 4 photos, some reviewed with the answer in sight"


def test_the_next_session_goes_on_where_this_one_ended(
    reviewer: Reviewer, start: Start, photos: list[Path], folder: Path, qtbot: QtBot
) -> None:
    reviewer.name("R1")
    reviewer.press(Key.Key_1, Key.Key_2)
    again = begun(start(files=photos), folder, qtbot)
    qtbot.waitUntil(lambda: again.progress == "2 of 4 reviewed")
    assert again.window.review.reviewer.text() == "R1"
    again.controller.photos.open(again.controller.rows.results[2].number)
    again.press(Key.Key_3)
    assert again.opinions == ["papules", "comedones", "cysts"]


@pytest.fixture(params=["chosen now", "remembered"])
def damaged(request: pytest.FixtureRequest, folder: Path, home: Path) -> Path:
    """A damaged file in the folder that the user chooses, or chose in an earlier session."""
    folder.mkdir()
    file = folder / "reviews.jsonl"
    file.write_text("no review\n", encoding="utf-8")
    if request.param == "remembered":
        PreferenceStore(home).change(review_folder=str(folder))
    return file


def test_a_damaged_file_is_named_and_left_as_it_is(
    start: Start, photos: list[Path], damaged: Path, qtbot: QtBot
) -> None:
    file, folder = damaged, damaged.parent
    reviewer = begun(start(files=photos), folder, qtbot)
    reviewer.press(Key.Key_1)
    assert "line 1 is no review" in reviewer.notice
    assert (file.read_text(encoding="utf-8"), reviewer.progress) == ("no review\n", "0 of 4 reviewed")
    file.write_text("", encoding="utf-8")
    reviewer.press(Key.Key_1)
    assert reviewer.opinions == ["papules"]


def test_another_folder_has_reviews_of_its_own(
    reviewer: Reviewer, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reviewer.press(Key.Key_1)
    monkeypatch.setattr(file_dialogs.QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "other"))
    reviewer.window.commands.review.folder.trigger()
    reviewer.settle()
    assert reviewer.progress == "0 of 4 reviewed"
    reviewer.press(Key.Key_2)
    assert reviewer.opinions == ["papules"]
    assert (tmp_path / "other" / "reviews.jsonl").exists()
    assert PreferenceStore(home).load().review_folder == str(tmp_path / "other")


def test_a_review_that_cannot_be_written_is_not_counted(reviewer: Reviewer, folder: Path) -> None:
    folder.write_text("a file where the folder was to be", encoding="utf-8")
    reviewer.press(Key.Key_1)
    assert reviewer.notice.startswith("The review was not stored: ")
    assert reviewer.progress == "0 of 4 reviewed"


def test_what_was_reviewed_is_written_when_the_app_is_closed_at_once(reviewer: Reviewer, qtbot: QtBot) -> None:
    reviewer.press(Key.Key_1)
    for key in (Key.Key_2, Key.Key_3):
        qtbot.waitUntil(lambda: reviewer.controller.session.shown is Shown.ANSWER)
        qtbot.keyClick(reviewer.window.results.table, key)
    reviewer.window.close()
    assert reviewer.controller.close()
    assert reviewer.opinions == ["papules", "comedones", "cysts"]


def test_deleting_all_app_data_forgets_the_folder_and_leaves_the_reviews(reviewer: Reviewer) -> None:
    reviewer.press(Key.Key_1)
    reviewer.controller.preferences.deleted.emit()
    assert reviewer.opinions == ["papules"]
    assert not reviewer.controller.review.reviews.has_reviews
