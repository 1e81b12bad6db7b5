"""The content of a drop or of the clipboard: files, folders, paths as text, or a picture without a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QImage

from acnelib.errors import StorageFailed
from gui.files import texts

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QDropEvent

    from gui.files.private_folder import PrivateFolder

_QUOTES = "\"'“”‘’"
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
    files = tuple(Path(url.toLocalFile()) for url in urls if url.isLocalFile() and url.toLocalFile())
    web = any(_is_web(url.scheme()) for url in urls)
    if files:
        return Intake(paths=files, problems=(texts.WEB_ADDRESS,) if web else ())
    if data.hasImage():
        image = data.imageData()
        if isinstance(image, QImage) and not image.isNull():
            return Intake(picture=image)
    if web:
        return Intake(problems=(texts.WEB_ADDRESS,))
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
    problems: tuple[str, ...] = (texts.WEB_ADDRESS,) if web else ()
    if paths and others:
        problems += (texts.lines_skipped(others),)
    elif not paths and not web:
        problems = (texts.NOTHING_TO_OPEN,)
    return Intake(paths=tuple(paths), problems=problems)


def _path(words: str) -> Path | None:
    """Return the path that a line of text is; None where it is none that means the same everywhere."""
    if words.casefold().startswith("file:"):
        local = QUrl(words).toLocalFile()
        return Path(local) if local else None
    try:
        path = Path(words).expanduser()
    except RuntimeError:  # ~user, who does not exist
        return None
    return path if path.is_absolute() and "\0" not in words else None


def _is_web(scheme: str) -> bool:
    return scheme.casefold() in {"http", "https", "ftp", "data", "blob"}
