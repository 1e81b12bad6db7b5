from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
HEAVY = ["tensorflow", "keras", "mlflow", "luigi", "sklearn", "pandas"]
SLOW = ["numpy", "PIL", "requests", "ai_edge_litert", "boto3"]  # welcome in the workers only
RUN = """
import sys
from gui.application import main
sys.exit(main(model=sys.argv[1], files=sys.argv[2:], trace_startup=True))
"""


def run(code: str, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"} | environ
    command = [sys.executable, "-W", "error", "-c", code, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_the_startup_trace_says_when_all_was_there_and_leaves(bundle: Path, photo: Callable[[str], Path]) -> None:
    result = run(RUN, str(bundle), str(photo("papules")))
    assert (result.returncode, result.stderr) == (0, "")
    lines = [re.fullmatch(r"(.*): (\d+) ms", line) for line in result.stdout.splitlines()]
    assert [line[1] for line in lines] == ["window shown", "model ready", "first prediction"]
    times = [int(line[2]) for line in lines]
    assert 0 < times[0] <= times[1] <= times[2]


def test_the_startup_trace_of_an_unreadable_photo_fails_and_says_why(bundle: Path, tmp_path: Path) -> None:
    result = run(RUN, str(bundle), str(tmp_path / "nowhere.jpg"))
    assert result.returncode == 1
    assert result.stderr == f"{tmp_path / 'nowhere.jpg'} does not exist: check the path\n"
    assert result.stdout.startswith("window shown: ")


def test_the_startup_trace_without_a_model_fails_and_says_why(photo: Callable[[str], Path]) -> None:
    result = run(RUN, "production", str(photo("papules")))
    assert result.returncode == 1
    assert result.stderr.startswith("no production model to load")
    assert result.stderr.count("\n") == 1


def test_without_a_screen_one_line_says_so(bundle: Path) -> None:
    result = run(RUN, str(bundle), QT_QPA_PLATFORM="", DISPLAY="", WAYLAND_DISPLAY="")
    assert (result.returncode, result.stderr.count("\n")) == (1, 1)
    assert "acne predict" in result.stderr


GARBAGE = """
import gc, sys
from PySide6.QtCore import QTimer
import gui.application as app

app._STARTED_AFTER, start = 200, app.start
timer = QTimer()

def look():
    if gc.isenabled():
        timer.stop()
        print(True)
        app.QApplication.exit(0)

def observed(*arguments, **named):
    print(gc.isenabled())
    timer.timeout.connect(look)
    timer.start(20)
    return start(*arguments, **named)

app.start = observed
app.main(sys.argv[1])
print(gc.isenabled())
"""


def test_the_garbage_collector_pauses_while_the_app_starts(bundle: Path) -> None:
    result = run(GARBAGE, str(bundle))
    assert (result.stdout.split(), result.stderr) == (["False", "True", "True"], "")


def test_importing_the_app_imports_nothing_heavy() -> None:
    whole = "gui.application, gui.controllers.app, gui.window.main_window"
    result = run(f"import {whole}, sys; print([m for m in {HEAVY + SLOW} if m in sys.modules])")
    assert (result.returncode, result.stdout, result.stderr) == (0, "[]\n", "")


def test_classifying_imports_neither_tensorflow_nor_mlflow(bundle: Path, photo: Callable[[str], Path]) -> None:
    code = RUN.replace("sys.exit", "print") + f"print([m for m in {HEAVY} if m in sys.modules])"
    result = run(code, str(bundle), str(photo("papules")))
    assert result.stdout.splitlines()[-2:] == ["0", "[]"]


def test_without_an_evaluation_there_are_no_suspects_to_review(tmp_path: Path) -> None:
    command = ["gui", "--review", "suspects", "--workdir", str(tmp_path)]
    result = run(f"import sys; from acnelib.cli import main; sys.exit(main({command}))")
    assert (result.returncode, result.stderr.count("\n")) == (1, 1)
    assert "holds no evaluation: run `acne pipeline` first" in result.stderr
