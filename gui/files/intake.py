"""What a drop or the clipboard holds: files, folders, paths written as text, or a picture without a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QImage

from acnelib.errors import StorageFailed
from gui.answer import texts

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QDropEvent

    from gui.files.private_folder import PrivateFolder

_QUOTES = "\"'“”‘’"
_FAST = 1  # least compression: a little larger, several times as fast


@dataclass(frozen=True, kw_only=True)
class Intake:
    """What was handed over.

    Attributes:
        paths: Files and folders, in their order; whether they exist was not asked.
        picture: A picture that is no file; None where there is none.
        told: What else there was and cannot be opened: sentences for the user.
    """

    paths: tuple[Path, ...] = ()
    picture: QImage | None = None
    told: tuple[str, ...] = ()


def is_welcome(data: QMimeData) -> bool:
    """Tell whether something dragged over the window is worth a drop: there is an answer to it at least."""
    return data.hasUrls() or data.hasImage() or data.hasText()


def accept_unmoved(event: QDropEvent) -> bool:
    """Accept something that is dragged or dropped, and return whether that can be done without its being moved.

    What proposes a move deletes its files once they were taken, and photos stay where they are.
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
    files = tuple(Path(url.toLocalFile()) for url in urls if url.isLocalFile() and url.toLocalFile())
    web = any(_is_web(url.scheme()) for url in urls)
    if files:
        return Intake(paths=files, told=(texts.SAVE_FIRST,) if web else ())
    if data.hasImage():
        image = data.imageData()
        if isinstance(image, QImage) and not image.isNull():
            return Intake(picture=image)
    if web:
        return Intake(told=(texts.SAVE_FIRST,))
    return _in_text(data.text())


def write_picture(image: QImage, folder: PrivateFolder) -> Path:
    """Write a picture with Pillow, which adds nothing; Qt would tell its texts and the resolution of the screen.

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
        path = folder.next_pasted(texts.PASTED)
        bare.save(path, "PNG", compress_level=_FAST)
    except OSError as error:
        raise StorageFailed(texts.not_kept(error.strerror or "")) from error
    return path


def _in_text(text: str) -> Intake:
    paths, others, web = [], 0, False
    for line in text.splitlines():
        words = line.strip().strip(_QUOTES).strip()
        if not words:
            continue
        path = _path(words)
        if path is not None:
            paths.append(path)
        elif _is_web(QUrl(words).scheme()):
            web = True
        else:
            others += 1
    told: tuple[str, ...] = (texts.SAVE_FIRST,) if web else ()
    if paths and others:
        told += (texts.lines_left_out(others),)
    elif not paths and not web:
        told = (texts.NOTHING_TO_OPEN,)
    return Intake(paths=tuple(paths), told=told)


def _path(words: str) -> Path | None:
    """Return the path that a line of text is; None where it is none that means the same everywhere."""
    if words.casefold().startswith("file:"):
        local = QUrl(words).toLocalFile()
        return Path(local) if local else None
    try:
        path = Path(words).expanduser()
    except RuntimeError:  # ~somebody, who does not exist
        return None
    return path if path.is_absolute() and "\0" not in words else None


def _is_web(scheme: str) -> bool:
    return scheme.casefold() in {"http", "https", "ftp", "data", "blob"}
