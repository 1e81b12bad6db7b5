from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from PySide6.QtGui import QImage

from acnelib.errors import ImageUnreadable
from gui.background import Background, Worker
from gui.photos.thumbnails import PhotoThumbnails, read_thumbnail
from gui.state.results import Results

if TYPE_CHECKING:
    from collections.abc import Iterator

BOX = (52, 40)


class Reader:
    """Reads nothing, and keeps to itself what it was asked for; waits where it is told to."""

    def __init__(self) -> None:
        self.read: list[str] = []
        self.may_read = threading.Event()
        self.may_read.set()
        self.begun = threading.Event()

    def __call__(self, path: Path, box: tuple[int, int]) -> QImage:
        self.read.append(path.name)
        self.begun.set()
        assert self.may_read.wait(20)
        if path.name == "bad":
            raise ImageUnreadable("bad is empty: copy or export it again")
        return QImage(*box, QImage.Format.Format_RGB32)


@pytest.fixture
def results() -> Results:
    return Results()


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def thumbnails(qapp: object, results: Results, reader: Reader) -> Iterator[PhotoThumbnails]:
    worker = Worker("acne-thumbnails")
    thumbnails = PhotoThumbnails(results, worker, read=reader, kept=3, kept_bytes=3 * 4 * BOX[0] * BOX[1])
    yield thumbnails
    for background in thumbnails.findChildren(Background):
        background.abandon()
    reader.may_read.set()
    assert worker.close()


def test_a_thumbnail_is_made_when_it_is_asked_for_and_then_kept(thumbnails, results, reader, qtbot):
    (row,) = results.add([Path("a")])
    with qtbot.waitSignal(thumbnails.ready) as ready:
        assert thumbnails.of(row, BOX) is None
    assert ready.args == [row.number]
    assert thumbnails.of(row, BOX).image.width() == 52
    assert reader.read == ["a"]


def test_a_file_that_cannot_be_read_has_a_thumbnail_without_a_picture(thumbnails, results, qtbot):
    (row,) = results.add([Path("bad")])
    with qtbot.waitSignal(thumbnails.ready):
        thumbnails.of(row, BOX)
    assert thumbnails.of(row, BOX).image is None


def test_the_newest_request_comes_first_and_rows_off_the_screen_never(thumbnails, results, reader, qtbot):
    rows = results.add(map(Path, "abcd"))
    thumbnails.is_visible = lambda number: number != rows[2].number
    reader.may_read.clear()
    for row in rows:
        thumbnails.of(row, BOX)
    with qtbot.waitSignal(thumbnails.ready, check_params_cb=lambda number: number == rows[1].number):
        reader.may_read.set()
    assert reader.read == ["a", "d", "b"]


def test_a_removed_row_gets_none(thumbnails, results, reader, qtbot):
    a, b, c = results.add(map(Path, "abc"))
    reader.may_read.clear()
    for row in (a, b, c):
        thumbnails.of(row, BOX)
    qtbot.waitUntil(reader.begun.is_set)
    results.remove([a.number, c.number])
    with qtbot.waitSignal(thumbnails.ready) as ready:
        reader.may_read.set()
    assert (reader.read, ready.args) == (["a", "b"], [b.number])


def test_those_looked_at_last_are_kept(thumbnails, results, reader, qtbot):
    rows = results.add(map(Path, "abcd"))
    for row in rows:
        with qtbot.waitSignal(thumbnails.ready):
            thumbnails.of(row, BOX)
        thumbnails.of(rows[0], BOX)
    assert [thumbnails.of(row, BOX) is not None for row in (rows[0], rows[2], rows[3], rows[1])] == [
        True, True, True, False,
    ]  # fmt: skip
    qtbot.waitUntil(lambda: thumbnails.of(rows[1], BOX) is not None)


def test_large_ones_take_no_more_memory_than_small_ones(thumbnails, results, reader, qtbot):
    rows, large = results.add(map(Path, "abc")), (2 * BOX[0], BOX[1])
    for row in rows:
        with qtbot.waitSignal(thumbnails.ready):
            thumbnails.of(row, large)
    assert [thumbnails.of(row, large) is not None for row in rows] == [False, False, True]


def test_a_file_opened_again_shows_its_previous_picture_until_it_is_read_again(thumbnails, results, reader, qtbot):
    (row,) = results.add([Path("a")])
    with qtbot.waitSignal(thumbnails.ready):
        thumbnails.of(row, BOX)
    (again,) = results.add([Path("a")])
    with qtbot.waitSignal(thumbnails.ready):
        assert thumbnails.of(again, BOX).number == row.number
    assert thumbnails.of(again, BOX).number == again.number
    assert reader.read == ["a", "a"]


def test_a_screen_with_more_pixels_gets_another_picture(thumbnails, results, qtbot):
    (row,) = results.add([Path("a")])
    for box in (BOX, (104, 80)):
        with qtbot.waitSignal(thumbnails.ready):
            thumbnails.of(row, box)
        assert thumbnails.of(row, box).box == box


def test_a_thumbnail_stands_upright_and_keeps_its_proportions(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    path = tmp_path / "photo.jpg"
    Image.new("RGB", (400, 200), "red").save(path, exif=exif)
    image = read_thumbnail(path, (80, 80))
    assert (image.width(), image.height(), image.pixelColor(20, 40).red() > 250) == (40, 80, True)
