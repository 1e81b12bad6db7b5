"""The sample pictures and the invitation to try them."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from acnelib.atlas.drawing import LABELS
from acnelib.errors import StorageFailed
from acnelib.imaging import read_picture
from acnelib.imaging.quality import measures_of, quality_of, unfitness
from gui.files.samples import draw_samples
from gui.picture.image_view import ImageView
from gui.widgets.pixels import Pixels

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


def test_there_is_a_picture_of_each_class_and_one_of_none(tmp_path: Path) -> None:
    paths = draw_samples(tmp_path)
    assert [path.name for path in paths] == [*(f"Sample {label}.jpg" for label in LABELS), "Sample without skin.jpg"]
    looks = [measures_of(read_picture(path).image) for path in paths]
    assert [quality_of(look) for look in looks] == [()] * len(paths)
    assert [unfitness(look) is None for look in looks] == [*(True for _ in LABELS), False]


def test_drawing_them_again_gives_the_same(tmp_path: Path) -> None:
    before = [path.read_bytes() for path in draw_samples(tmp_path)]
    assert [path.read_bytes() for path in draw_samples(tmp_path)] == before
    assert len(list(tmp_path.iterdir())) == len(before)


def test_a_folder_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageFailed, match="is a file"):
        draw_samples(tmp_path / "file")


def test_drawing_them_needs_nothing_heavy(tmp_path: Path) -> None:
    code = f"""
import pathlib, sys
from gui.files.samples import draw_samples
draw_samples(pathlib.Path({str(tmp_path)!r}))
heavy = {{"tensorflow", "keras", "mlflow", "luigi", "sklearn"}}
print(sorted({{name.partition(".")[0] for name in sys.modules}} & heavy))
"""
    reported = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert reported.stdout.strip() == "[]"


def test_the_empty_picture_offers_them_to_mouse_and_keyboard(qtbot: QtBot) -> None:
    view = ImageView()
    qtbot.addWidget(view)
    view.show_invitation()
    view.show()
    link = view.invitation.samples
    with qtbot.waitSignal(view.samples_requested):
        qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(view.samples_requested):
        qtbot.keyClick(link, Qt.Key.Key_Space)
    assert link.focusPolicy() is Qt.FocusPolicy.StrongFocus
    assert link.text() == "or try sample pictures"


def test_beside_a_picture_nothing_is_offered(qtbot: QtBot, tmp_path: Path) -> None:
    view = ImageView()
    qtbot.addWidget(view)
    view.show_invitation()
    view.show()
    picture = Pixels.of(read_picture(draw_samples(tmp_path)[0]).image)
    view.show_picture(picture, name="a photo")
    assert not view.invitation.isVisible()
    view.show_invitation()
    assert view.invitation.isVisible()


def test_the_invitation_fits_a_small_view(qtbot: QtBot) -> None:
    view = ImageView()
    qtbot.addWidget(view)
    view.resize(view.minimumSize())
    view.show()
    for widget in (view.invitation.words, view.invitation.samples):
        assert view.rect().contains(widget.geometry())
