"""What a drop or the clipboard holds."""

from __future__ import annotations

import socket
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QColor, QImage

from acnelib.errors import StorageFailed
from gui.files import texts
from gui.files.intake import Intake, can_open, read_intake, write_picture
from gui.files.private_folder import PrivateFolder

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def folder() -> Iterator[PrivateFolder]:
    folder = PrivateFolder()
    yield folder
    folder.remove()


def urls(*addresses: str | QUrl) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl(address) for address in addresses])
    return data


def text(words: str) -> QMimeData:
    data = QMimeData()
    data.setText(words)
    return data


def picture() -> QImage:
    image = QImage(30, 20, QImage.Format.Format_RGB32)
    image.fill(QColor(200, 100, 50))
    image.setText("Author", "somebody")
    image.setDotsPerMeterX(3000)
    return image


def test_files_and_folders_are_taken_in_their_order(folder: PrivateFolder, tmp_path: Path) -> None:
    data = urls(QUrl.fromLocalFile(str(tmp_path / "b ü%.jpg")), QUrl.fromLocalFile(str(tmp_path)))
    assert can_open(data)
    assert read_intake(data) == Intake(paths=(tmp_path / "b ü%.jpg", tmp_path))


def test_a_web_address_has_to_be_saved_first() -> None:
    assert read_intake(urls("https://example.org/a.jpg")) == Intake(problems=(texts.WEB_ADDRESS,))
    assert read_intake(text("https://example.org/a.jpg")) == Intake(problems=(texts.WEB_ADDRESS,))


def test_files_beside_a_web_address_are_taken(tmp_path: Path) -> None:
    found = read_intake(urls("https://example.org/a.jpg", QUrl.fromLocalFile(str(tmp_path))))
    assert found == Intake(paths=(tmp_path,), problems=(texts.WEB_ADDRESS,))


@pytest.mark.parametrize("form", ["{}", '"{}"', "'{}'", "  {}  ", "file://{}", "\n\n{}\n"])
def test_text_that_is_a_path_is_one(tmp_path: Path, form: str) -> None:
    assert read_intake(text(form.format(tmp_path))) == Intake(paths=(tmp_path,))


def test_text_may_hold_a_path_on_each_line(tmp_path: Path) -> None:
    found = read_intake(text(f"{tmp_path}/1.jpg\r\n'{tmp_path}/2 2.jpg'\r\nfile://{tmp_path}/3%203.jpg"))
    assert found == Intake(paths=tuple(tmp_path / name for name in ("1.jpg", "2 2.jpg", "3 3.jpg")))


def test_lines_that_are_no_paths_are_counted(tmp_path: Path) -> None:
    found = read_intake(text(f"Look at\n{tmp_path}\nplease"))
    assert found.paths == (tmp_path,)
    assert found.problems == (texts.lines_skipped(2),)


@pytest.mark.parametrize("words", ["", "hello", "photo.jpg", "~nobody-is-called-so/1.jpg", "/tmp/\0.jpg", "ab\ncd"])
def test_text_that_is_no_path_is_nothing_to_open(words: str) -> None:
    assert read_intake(text(words)) == Intake(problems=(texts.NOTHING_TO_OPEN,))


def test_a_picture_becomes_a_file_of_the_same_pixels(folder: PrivateFolder) -> None:
    data = QMimeData()
    data.setImageData(picture())
    first, second = (write_picture(read_intake(data).picture, folder) for _ in range(2))
    assert (first.name, second.name) == ("Pasted picture 1.png", "Pasted picture 2.png")
    with Image.open(first) as image:
        assert (image.size, image.getpixel((29, 19))) == ((30, 20), (200, 100, 50))


def test_the_file_tells_nothing_but_pixels(folder: PrivateFolder) -> None:
    data = QMimeData()
    data.setImageData(picture())
    path = write_picture(read_intake(data).picture, folder)
    with Image.open(path) as image:
        image.load()
        assert image.info == {}


def test_a_picture_keeps_what_is_transparent(folder: PrivateFolder) -> None:
    image = QImage(4, 4, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(0, 0, 0, 0))
    data = QMimeData()
    data.setImageData(image)
    path = write_picture(read_intake(data).picture, folder)
    with Image.open(path) as written:
        assert written.getpixel((0, 0))[3] == 0


def test_a_picture_is_taken_where_its_address_cannot_be() -> None:
    data = urls("https://example.org/a.jpg")
    data.setImageData(picture())
    found = read_intake(data)
    assert (found.picture.size().toTuple(), found.problems) == ((30, 20), ())


def test_the_folder_is_private_and_goes_with_the_app(folder: PrivateFolder) -> None:
    path = folder.path
    assert stat.S_IMODE(path.stat().st_mode) == 0o700
    (path / "a.png").write_bytes(b"")
    folder.remove()
    assert not path.exists()


def test_a_picture_that_cannot_be_written_is_reported(folder: PrivateFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: object) -> object:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.TemporaryDirectory", full)
    data = QMimeData()
    data.setImageData(picture())
    with pytest.raises(StorageFailed, match="No space left on device"):
        write_picture(read_intake(data).picture, folder)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", socket.gethostname()])
def test_a_file_address_that_names_this_computer_is_opened(host: str) -> None:
    assert read_intake(urls(f"file://{host}/photos/a.jpg")).paths == (Path("/photos/a.jpg"),)


@pytest.mark.parametrize(
    "address", ["smb://nas/a.jpg", "mtp://phone/DCIM/a.jpg", "file://nas/share/a.jpg", "sftp://host/a.jpg"]
)
def test_a_file_of_another_computer_or_phone_is_refused_with_the_way_to_open_it(address: str) -> None:
    assert read_intake(urls(address)) == Intake(problems=(texts.OTHER_COMPUTER,))
    text = QMimeData()
    text.setText(address)
    assert read_intake(text) == Intake(problems=(texts.OTHER_COMPUTER,))
