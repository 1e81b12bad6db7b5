"""What is no file, or too large for a picture, is refused before any of it is read."""

from __future__ import annotations

import io
import os
import threading

import pytest
from PIL import Image

from acnelib.errors import ImageUnreadable
from acnelib.imaging import FILE_SIZE_LIMIT, read_picture


@pytest.fixture
def film(tmp_path):
    """A file with more bytes than a disk has, of which none is stored."""
    path = tmp_path / "film.mp4"
    with path.open("wb") as stream:
        stream.truncate(60_000_000_000)
    return path


def test_a_film_is_refused_by_its_size_alone(film):
    with pytest.raises(
        ImageUnreadable, match=f"film.mp4 is too large: it has 60000 MB, and {FILE_SIZE_LIMIT // 10**6} MB"
    ):
        read_picture(film)


def test_bytes_in_memory_have_the_same_limit():
    with pytest.raises(ImageUnreadable, match="is too large"):
        read_picture(bytes(FILE_SIZE_LIMIT + 1))


def test_an_image_that_pillow_has_opened_has_the_same_limit(tmp_path):
    path = tmp_path / "a.png"
    Image.new("RGB", (8, 8)).save(path)
    with path.open("ab") as stream:
        stream.truncate(FILE_SIZE_LIMIT + 1)
    with Image.open(path) as image, pytest.raises(ImageUnreadable, match="picture is too large"):
        read_picture(image)


def test_a_pipe_that_nobody_writes_to_does_not_hold_anything_up(tmp_path):
    pipe = tmp_path / "a.jpg"
    os.mkfifo(pipe)
    with pytest.raises(ImageUnreadable, match=r"a\.jpg is a pipe or a device, not a file"):
        read_picture(pipe)


def test_a_pipe_that_somebody_writes_to_is_not_read(tmp_path):
    pipe = tmp_path / "a.jpg"
    os.mkfifo(pipe)
    ends = []
    opener = threading.Thread(target=lambda: ends.append(os.open(pipe, os.O_RDWR)))
    opener.start()
    opener.join(10)
    with pytest.raises(ImageUnreadable, match="is a pipe"):
        read_picture(pipe)
    os.close(ends[0])


def test_a_device_is_not_read():
    with pytest.raises(ImageUnreadable, match="/dev/zero is a pipe or a device"):
        read_picture("/dev/zero")


def test_a_name_that_no_file_can_have():
    with pytest.raises(ImageUnreadable, match="is not the name of a file"):
        read_picture("a\0.jpg")


def test_a_link_to_a_picture_is_read(tmp_path):
    stream = io.BytesIO()
    Image.new("RGB", (8, 8), "salmon").save(stream, "PNG")
    (tmp_path / "a.png").write_bytes(stream.getvalue())
    (tmp_path / "b.png").symlink_to(tmp_path / "a.png")
    assert read_picture(tmp_path / "b.png").image.size == (8, 8)
