"""The content of a drop or of the clipboard: files, folders, paths as text, or a picture without a file."""

from __future__ import annotations

import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QImage

from acnelib.errors import StorageFailed
from gui.files import texts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QDropEvent

    from gui.files.private_folder import PrivateFolder

_QUOTES = "\"'“”‘’"
_WEB = frozenset({"http", "https", "ftp", "ftps", "data", "blob"})
_OTHER_COMPUTERS = frozenset({"smb", "mtp", "gphoto2", "afp", "afc", "sftp", "ssh", "nfs", "dav", "davs", "ptp"})
_THIS_COMPUTER = frozenset({"", "localhost", "127.0.0.1", socket.gethostname().casefold()})
_FAST = 1  # least compression: a little larger, several times as fast


@dataclass(frozen=True, kw_only=True)
class Intake:
    """The content of a drop or of the clipboard.

    Attributes:
        paths: Files and folders, in their order; whether they exist was not asked.
        picture: A picture that is no file; None where there is none.
        problems: What cannot be opened, in sentences for the user.
    """

    paths: tuple[Path, ...] = ()
    picture: QImage | None = None
    problems: tuple[str, ...] = ()


def can_open(data: QMimeData) -> bool:
    """Tell whether a drop of this data would open something, or at least explain why it cannot."""
    return data.hasUrls() or data.hasImage() or data.hasText()


def accept_as_copy(event: QDropEvent) -> bool:
    """Accept a drag or a drop as a copy, and return whether that is possible.

    The source of a move deletes its files after the drop, and photos must stay where they are.
    """
    for action in (Qt.DropAction.CopyAction, Qt.DropAction.LinkAction):
        if event.possibleActions() & action:
            event.setDropAction(action)
            event.accept()
            return True
    event.ignore()
    return False


def read_intake(data: QMimeData) -> Intake:
    """Return what a drop or the clipboard means.

    Files win over a picture, and a picture over text: what hands over several means them in this order.
    """
    urls = data.urls()
    files = tuple(path for url in urls if (path := _local_path(url)) is not None)
    problems = _problems(urls)
    if files:
        return Intake(paths=files, problems=problems)
    if data.hasImage():
        image = data.imageData()
        if isinstance(image, QImage) and not image.isNull():
            return Intake(picture=image)
    if problems:
        return Intake(problems=problems)
    return _in_text(data.text())


def write_picture(image: QImage, folder: PrivateFolder) -> Path:
    """Write a picture with Pillow, which adds nothing; Qt would add its texts and the resolution of the screen.

    Takes a moment for a large one: for a worker.

    Args:
        image: The picture.
        folder: Where it goes, under the next name.

    Raises:
        StorageFailed: It cannot be written.
    """
    from PIL import Image

    mode, form = "RGB", QImage.Format.Format_RGB888
    if image.hasAlphaChannel():
        mode, form = "RGBA", QImage.Format.Format_RGBA8888
    pixels = image.convertToFormat(form)
    size = pixels.width(), pixels.height()
    bare = Image.frombytes(mode, size, bytes(pixels.constBits()), "raw", mode, pixels.bytesPerLine(), 1)
    try:
        path = folder.next_pasted(texts.PASTED_FILE)
        bare.save(path, "PNG", compress_level=_FAST)
    except OSError as error:
        raise StorageFailed(texts.picture_not_stored(error.strerror or "")) from error
    return path


def _in_text(text: str) -> Intake:
    paths, others, addresses = [], 0, []
    for line in text.splitlines():
        words = line.strip().strip(_QUOTES).strip()
        if not words:
            continue
        path = _path(words)
        if path is not None:
            paths.append(path)
        elif _problems([QUrl(words)]):
            addresses.append(QUrl(words))
        else:
            others += 1
    problems = _problems(addresses)
    if paths and others:
        problems += (texts.lines_skipped(others),)
    elif not paths and not problems:
        problems = (texts.NOTHING_TO_OPEN,)
    return Intake(paths=tuple(paths), problems=problems)


def _path(words: str) -> Path | None:
    """Return the path that a line of text is; None where it is none that means the same everywhere."""
    if words.casefold().startswith("file:"):
        return _local_path(QUrl(words))
    try:
        path = Path(words).expanduser()
    except RuntimeError:  # ~user, who does not exist
        return None
    return path if path.is_absolute() and "\0" not in words else None


def _local_path(url: QUrl) -> Path | None:
    """Return the path of a file address on this computer, which may name the computer; None for another address."""
    if not url.isLocalFile():
        return None
    if url.host().casefold() in _THIS_COMPUTER:
        url.setHost("")
    elif not sys.platform.startswith("win"):  # where a host means a network share
        return None
    local = url.toLocalFile()
    return Path(local) if local else None


def _problems(urls: Iterable[QUrl]) -> tuple[str, ...]:
    """Return why some of these addresses cannot be opened."""
    found = []
    for url in urls:
        scheme = url.scheme().casefold()
        if scheme in _WEB:
            found.append(texts.WEB_ADDRESS)
        elif scheme in _OTHER_COMPUTERS or (scheme == "file" and url.host() and _local_path(url) is None):
            found.append(texts.OTHER_COMPUTER)
    return tuple(dict.fromkeys(found))
