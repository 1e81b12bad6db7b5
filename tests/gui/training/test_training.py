"""Training with reviews: its dialog, its process, its end, and the answers that have changed."""

from __future__ import annotations

import json
import signal
import stat
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest
from PIL import Image
from PySide6.QtCore import Qt, QTimer
from tiny_bundles import sealed

from acnelib.bundle import LITERT, open_bundle
from acnelib.inference import ModelIdentity
from acnelib.models import FoundModel
from acnelib.reviews import Review, ReviewFile, ReviewVerdict
from acnelib.runs.outcome import RunOutcome
from acnelib.storage.files import sha256_of_file
from gui.state.preferences import PreferenceStore
from gui.training import texts
from gui.work import ModelLoader, load_found

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from gui.controllers.app import AppController
    from gui.training.dialog import TrainingDialog

    Start = Callable[..., AppController]
    Command = Callable[[str], None]

LEFT = Qt.MouseButton.LeftButton
EVENTS = """
import json, os, signal, sys, time
from pathlib import Path

HERE = Path(sys.argv[1])
(HERE / "argv.json").write_text(json.dumps(sys.argv[2:]))
(HERE / "pid").write_text(str(os.getpid()))

def event(kind, task="", text="", done=0, total=0, seconds=0.0):
    values = dict(event=kind, task=task, text=text, done=done, total=total, seconds=seconds)
    print(json.dumps(values), file=sys.stderr, flush=True)

def answer(decision, *reasons, version="2"):
    print(json.dumps(dict(decision=decision, reasons=list(reasons), version=version, seconds=1.0, bundle="/b")))

event("started", "Scrape")
event("finished", "Scrape", seconds=0.4)
event("started", "Features tiny")
event("progressed", "Features tiny", "photos embedded", 3, 4)
"""
PROMOTES = 'answer("promoted", "macro-F1 0.91 beats production (0.87)")'
REJECTS = 'answer("rejected", "macro-F1 0.86 does not beat production (0.87)")'
FAILS = 'print("acne: photos has no class folders: add one", file=sys.stderr); sys.exit(1)'
WAITS = """
try:
    while True: time.sleep(0.05)
except KeyboardInterrupt:
    (HERE / "interrupted").touch(); sys.exit(130)
"""


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    """A red, a green and a blue photo in class folders."""
    colours = {"papules": (250, 0, 0), "comedones": (0, 250, 0), "cysts": (0, 0, 250)}
    paths = [tmp_path / "photos" / label / "one.png" for label in colours]
    for path, colour in zip(paths, colours.values(), strict=True):
        path.parent.mkdir(parents=True)
        Image.new("RGB", (40, 30), colour).save(path)
    return paths


@pytest.fixture
def reviews(photos: list[Path], tmp_path: Path, home: Path) -> Path:
    """A remembered file of reviews, one of each photo."""
    file = ReviewFile(tmp_path / "reviews" / "reviews.jsonl")
    for path in photos:
        file.append(Review.now(sha256_of_file(path), ReviewVerdict.CLASS, label=path.parent.name, blind=True))
    PreferenceStore(home).remember(review_folder=str(file.path.parent))
    return file.path


@pytest.fixture
def workdir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder of the settings."""
    monkeypatch.setenv("ACNE_WORKDIR", str(tmp_path / "work"))
    return tmp_path / "work"


@pytest.fixture
def controller(start: Start, photos: list[Path], reviews: Path, qtbot: QtBot, workdir: Path) -> Iterator[AppController]:
    """The photos in the window, whose reviews are read."""
    controller = opened(start, photos, qtbot)
    yield controller
    assert not controller.training.is_running or controller.close()


def opened(start: Start, photos: list[Path], qtbot: QtBot, **options: object) -> AppController:
    controller = start(files=photos, **options)
    results = controller.rows.results
    qtbot.waitUntil(lambda: len(results) == len(photos) and not results.pending(), timeout=20_000)
    qtbot.waitUntil(controller.window.commands.review.train.isEnabled, timeout=10_000)
    return controller


@pytest.fixture
def command(controller: AppController, tmp_path: Path) -> Command:
    return command_of(controller, tmp_path)


def command_of(controller: AppController, folder: Path) -> Command:
    """Let a small script be the command that trains."""

    def use(rest: str) -> None:
        script = folder / "train.py"
        script.write_text(f"{EVENTS}\n{textwrap.dedent(rest)}\n", encoding="utf-8")
        controller.training.command = (sys.executable, str(script), str(folder))

    return use


def dialog_of(controller: AppController) -> TrainingDialog:
    controller.window.commands.review.train.trigger()
    return controller.training.dialog


def begun(controller: AppController, qtbot: QtBot) -> TrainingDialog:
    dialog = dialog_of(controller)
    qtbot.mouseClick(dialog.plan.start, LEFT)
    steps = [("Read the photos and reviews", "done"), ("Look at each photo", "photos embedded 3 of 4")]
    qtbot.waitUntil(lambda: dialog.progress.lines == tuple(steps), timeout=20_000)
    return dialog


def ended(controller: AppController, qtbot: QtBot) -> TrainingDialog:
    dialog = dialog_of(controller)
    qtbot.mouseClick(dialog.plan.start, LEFT)
    qtbot.waitUntil(lambda: dialog.pages.currentWidget() is dialog.end, timeout=20_000)
    return dialog


def test_there_is_nothing_to_train_with_before_a_review_file_is_open(start: Start, photos: list[Path]) -> None:
    assert not start(files=photos).window.commands.review.train.isEnabled()


class TestPlan:
    def test_it_proposes_the_folders_of_the_reviewed_photos(self, controller, photos, reviews, tmp_path) -> None:
        plan = dialog_of(controller).plan.plan
        assert plan.folders == (photos[0].parent.parent,)  # its sub-folders are named like classes
        assert (plan.reviews, plan.workdir, plan.backgrounds) == (reviews, tmp_path / "work", ())

    def test_it_says_how_many_photos_there_are(self, controller, qtbot) -> None:
        estimate = dialog_of(controller).plan.estimate
        qtbot.waitUntil(lambda: estimate.accessibleName().startswith("3 photos in these folders: about"))

    def test_the_command_can_be_copied(self, controller, qtbot, photos, reviews, tmp_path) -> None:
        from PySide6.QtGui import QGuiApplication

        qtbot.mouseClick(dialog_of(controller).plan.copy, LEFT)
        assert QGuiApplication.clipboard().text() == (
            f"acne pipeline --source {photos[0].parent.parent} --reviews {reviews} --workdir {tmp_path / 'work'} "
            "--weights imagenet"
        )

    def test_nothing_can_be_started_without_a_folder(self, controller) -> None:
        page = dialog_of(controller).plan
        page.folders.show_folders([])
        assert (page.start.isEnabled(), page.problem.accessibleName()) == (False, texts.NO_FOLDER)

    def test_where_the_training_extras_are_missing_it_says_what_to_install(self, controller, qtbot) -> None:
        from gui.training.plan_page import PlanPage

        page = PlanPage(dialog_of(controller).plan.plan, missing=("tensorflow",))
        qtbot.addWidget(page)
        assert (page.start.isEnabled(), page.copy.isEnabled()) == (False, True)
        assert texts.INSTALL in page.problem.accessibleName()


class TestRun:
    def test_it_shows_its_steps_and_the_decision_in_words(self, controller, command, qtbot) -> None:
        command(f"time.sleep(0.3)\n{REJECTS}")
        dialog = begun(controller, qtbot)
        qtbot.waitUntil(lambda: dialog.pages.currentWidget() is dialog.end, timeout=20_000)
        assert dialog.end.outcome.accessibleName() == "Version 2 was not promoted: production stays"
        assert dialog.end.explanation.accessibleName() == "Macro-F1 0.86 does not beat production (0.87)."
        assert not dialog.end.use.isVisible()

    def test_it_gets_the_plan_and_no_login(self, controller, command, qtbot, tmp_path) -> None:
        command(REJECTS)
        plan = ended(controller, qtbot).plan.plan
        arguments = json.loads((tmp_path / "argv.json").read_text(encoding="utf-8"))
        assert arguments == [*("--format", "json", "--progress", "json"), *plan.arguments()]
        assert arguments[4:8] == ["--source", str(plan.folders[0]), "--reviews", str(plan.reviews)]

    def test_a_failure_is_one_line_with_the_way_to_the_log(self, controller, command, qtbot, tmp_path) -> None:
        command(f'print("ValueError: deep inside", file=sys.stderr)\n{FAILS}')
        dialog = ended(controller, qtbot)
        log = tmp_path / "work" / "training.log"
        assert dialog.end.outcome.accessibleName() == "Training failed"
        assert dialog.end.explanation.accessibleName() == (
            f"Photos has no class folders: add one.\nThe log is in {log}."
        )
        assert log.read_text(encoding="utf-8").splitlines() == [
            *("Scrape: 0.4 s", "ValueError: deep inside", "acne: photos has no class folders: add one"),
        ]
        assert stat.S_IMODE(log.stat().st_mode) == 0o600

    def test_a_command_that_is_not_there_fails_in_words(self, controller, qtbot) -> None:
        controller.training.command = ("/nowhere/acne",)
        assert ended(controller, qtbot).end.outcome.accessibleName() == "Training failed"

    def test_it_can_be_cancelled_and_started_again(self, controller, command, qtbot, tmp_path) -> None:
        command(WAITS)
        dialog = begun(controller, qtbot)
        qtbot.mouseClick(dialog.progress.cancel, LEFT)
        qtbot.waitUntil(lambda: dialog.pages.currentWidget() is dialog.end, timeout=20_000)
        assert (tmp_path / "interrupted").exists()
        assert dialog.end.outcome.accessibleName() == "Training was cancelled"
        assert "goes on from there" in dialog.end.explanation.accessibleName()
        command(REJECTS)
        qtbot.mouseClick(dialog.end.again, LEFT)
        qtbot.mouseClick(dialog.plan.start, LEFT)
        qtbot.waitUntil(lambda: "not promoted" in dialog.end.outcome.accessibleName(), timeout=20_000)

    def test_it_goes_on_while_its_dialog_is_hidden(self, controller, command, qtbot, tmp_path) -> None:
        command(f"while not (HERE / 'go').exists(): time.sleep(0.02)\n{REJECTS}")
        dialog = begun(controller, qtbot)
        dialog.close()
        assert controller.training.is_running
        (tmp_path / "go").touch()
        notice = controller.window.notice.text
        qtbot.waitUntil(lambda: "Version 2 was not promoted" in notice.accessibleName(), timeout=20_000)
        assert dialog.end.outcome.accessibleName().startswith("Version 2 was not promoted")


class TestClosing:
    @pytest.fixture
    def running(self, controller, command, qtbot) -> AppController:
        command(WAITS)
        begun(controller, qtbot)
        return controller

    @staticmethod
    def is_alive(folder: Path) -> bool:
        try:
            return psutil.Process(int((folder / "pid").read_text())).status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False

    @staticmethod
    def close_window(controller: AppController, qtbot: QtBot) -> None:
        """Close it as its user does, from Qt's loop."""
        QTimer.singleShot(0, controller.window.close)
        qtbot.waitUntil(lambda: controller.training.question is not None, timeout=10_000)

    def test_the_window_asks_first(self, running, qtbot, tmp_path) -> None:
        self.close_window(running, qtbot)
        assert running.window.isVisible()
        running.training.question.reject()
        assert (running.window.isVisible(), self.is_alive(tmp_path)) == (True, True)

    def test_stop_and_quit_leaves_no_process(self, running, qtbot, tmp_path) -> None:
        self.close_window(running, qtbot)
        (stop,) = [one for one in running.training.question.buttons() if one.text() == texts.STOP_AND_QUIT]
        qtbot.mouseClick(stop, LEFT)
        qtbot.waitUntil(lambda: not running.window.isVisible(), timeout=20_000)
        assert not self.is_alive(tmp_path)
        assert (tmp_path / "interrupted").exists()

    def test_the_end_of_the_app_ends_it(self, running, tmp_path) -> None:
        running.close()
        assert not self.is_alive(tmp_path)

    def test_it_does_not_outlive_an_app_that_was_killed(self, tmp_path) -> None:
        script = tmp_path / "stubborn.py"
        script.write_text(
            "import os, signal, sys, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
            "open(sys.argv[1], 'w').write(str(os.getpid()))\ntime.sleep(60)\n",
            encoding="utf-8",
        )
        code = "import sys; from gui.training.guard import run_guarded; run_guarded(sys.argv[1:], patience=0.2)"
        guard = subprocess.Popen(
            [sys.executable, "-c", code, sys.executable, str(script), str(tmp_path / "pid")],
            stdin=subprocess.PIPE,
            start_new_session=True,
            cwd=Path(__file__).parents[3],
        )
        try:
            while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
                assert guard.poll() is None
            guard.stdin.close()  # as the system does when the app is gone
            assert guard.wait(10) == -signal.SIGKILL
            assert not self.is_alive(tmp_path)
        finally:
            guard.kill()
            guard.wait()


@pytest.mark.usefixtures("reviews", "workdir")
class TestNewVersion:
    @pytest.fixture
    def loader(self, bundle, tmp_path) -> ModelLoader:
        """Version 1 of production in the cache, and version 2, which takes red for comedones, on the server."""
        description = replace(open_bundle(bundle).description, labels=("comedones", "papules", "cysts"))
        other = sealed(tmp_path / "other", description=description, model=bundle / LITERT)
        first, second = found(bundle, "1"), found(other, "2")
        return ModelLoader(
            cached=lambda name: load_found(name, first), ask=lambda _: second, load=load_found, versions=None
        )

    @pytest.fixture
    def controller(self, start, photos, qtbot, loader) -> AppController:
        return opened(start, photos, qtbot, model="production", loader=loader)

    def test_its_changed_answers_are_listed(self, controller, qtbot, tmp_path) -> None:
        command_of(controller, tmp_path)(PROMOTES)
        dialog = ended(controller, qtbot)
        assert dialog.end.outcome.accessibleName() == "Version 2 was promoted: it is the production model now"
        qtbot.waitUntil(lambda: controller.model_selection.new is not None, timeout=10_000)
        qtbot.mouseClick(dialog.end.use, LEFT)
        qtbot.waitUntil(dialog.end.table.isVisible, timeout=20_000)
        table = dialog.end.table
        cells = [[table.item(row, column).text() for column in range(4)] for row in range(table.rowCount())]
        assert cells == [
            ["one.png", "Papules", "Comedones", "Papules"],
            ["one.png", "Comedones", "Papules", "Comedones"],
        ]
        assert dialog.end.changes.accessibleName().startswith(
            "2 answers have changed, of 3 photos. The new version was trained"
        )
        table.setCurrentCell(1, 0)
        assert controller.session.photo.path.parent.name == "comedones"

    def test_answers_that_are_hidden_are_not_given_away(self, controller, qtbot, tmp_path) -> None:
        controller.review.reviews.reviewer = "R2"  # who has reviewed nothing
        commands = controller.window.commands.review
        commands.blind.trigger()
        commands.toggle.trigger()
        command_of(controller, tmp_path)(PROMOTES)
        dialog = ended(controller, qtbot)
        qtbot.waitUntil(lambda: controller.model_selection.new is not None, timeout=10_000)
        qtbot.mouseClick(dialog.end.use, LEFT)
        changes = dialog.end.changes
        qtbot.waitUntil(lambda: "No answer has changed" in changes.accessibleName(), timeout=20_000)
        assert "3 hidden answers are left out" in changes.accessibleName()
        assert dialog.end.table.rowCount() == 0


def found(bundle: Path, version: str) -> FoundModel:
    opened_bundle = open_bundle(bundle)
    identity = ModelIdentity(name="acne", version=version, sha256=str(opened_bundle.sha256))
    return FoundModel(bundle=opened_bundle, identity=identity, asked_at="2026-02-01T10:00:00+00:00", stage="Production")


def test_each_outcome_has_words() -> None:
    from gui.state.training_progress import TrainingEnd

    words = {outcome: texts.outcome(TrainingEnd(outcome=outcome)) for outcome in RunOutcome}
    assert words[RunOutcome.UNCHANGED].startswith("Nothing to learn")
    assert words[RunOutcome.FAILED] == "Training failed"
    assert len(words) == len(RunOutcome)
