"""Pictures that the app made itself are gone with it, even when it is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gui.files.private_folder import PrivateFolder, remove_stale_folders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HOURS_AGO = time.time() - 10_000
KEEPS_PICTURES = """
import sys
from PySide6.QtGui import QImage
from PySide6.QtCore import QMimeData
from gui import application
start = application.start

def started(*arguments, **options):
    controller = start(*arguments, **options)
    controller.opening.found.connect(lambda paths: print(paths[0].parent, flush=True))
    if sys.argv[2] == "pasted":
        pasted = QMimeData()
        pasted.setImageData(QImage(8, 8, QImage.Format.Format_RGB32))
        controller.opening.open_data(pasted)
    else:
        controller.opening.draw_samples()
    return controller

application.start = started
sys.exit(application.main(model=sys.argv[1]))
"""


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of temporary folders."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def app(temporary: Path, bundle: Path) -> Iterator[Callable[..., tuple[subprocess.Popen[str], Path]]]:
    """Start the app with a pasted picture, or samples; it and its private folder are given."""
    started: list[subprocess.Popen[str]] = []

    def start(pictures: str = "samples") -> tuple[subprocess.Popen[str], Path]:
        environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "TMPDIR": str(temporary)}
        process = subprocess.Popen(
            [sys.executable, "-c", KEEPS_PICTURES, str(bundle), pictures],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        return process, Path(process.stdout.readline().strip())

    yield start
    for process in started:
        process.kill()
        process.communicate()


def old(folder: Path) -> Path:
    os.utime(folder, (HOURS_AGO, HOURS_AGO))
    return folder


@pytest.mark.parametrize("pictures", ["pasted", "samples"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_closes_the_app_and_leaves_nothing(
    app: Callable[..., tuple[subprocess.Popen[str], Path]], number: signal.Signals, pictures: str
) -> None:
    process, folder = app(pictures)
    assert list(folder.iterdir())
    process.send_signal(number)
    _, reported = process.communicate(timeout=30)
    assert (process.returncode, reported) == (128 + number, "")
    assert not folder.exists()


def test_what_a_killed_app_left_is_removed_and_what_a_running_one_has_is_not(
    app: Callable[[], tuple[subprocess.Popen[str], Path]], temporary: Path
) -> None:
    (killed, left), (_, kept) = app(), app()
    killed.kill()
    killed.communicate()
    for folder in (left, kept):
        old(folder)
    assert remove_stale_folders() == 1
    assert not left.exists()
    assert list(kept.iterdir())


def test_what_is_not_the_apps_stays(temporary: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "photos"
    elsewhere.mkdir()
    old(elsewhere)
    (temporary / "acnelib-pictures-link").symlink_to(elsewhere)
    (temporary / "acnelib-pictures-file").touch()
    (temporary / "acnelib-other").mkdir()
    young = temporary / "acnelib-pictures-young"
    young.mkdir()
    assert remove_stale_folders() == 0
    assert len(list(temporary.iterdir())) == 4
    assert elsewhere.exists()


def test_it_is_made_when_it_is_needed_and_gone_when_it_is_removed(temporary: Path) -> None:
    folder = PrivateFolder()
    assert list(temporary.iterdir()) == []
    path = folder.next_pasted("Picture {}.png")
    path.touch()
    assert (path.name, folder.holds(path)) == ("Picture 1.png", True)
    assert folder.path.stat().st_mode & 0o777 == 0o700
    folder.remove()
    assert list(temporary.iterdir()) == []
