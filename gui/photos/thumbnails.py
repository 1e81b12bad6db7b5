"""The thumbnails of listed photos: one at a time, off the UI thread, and only of rows on the screen."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from gui.background import Background

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtGui import QImage

    from gui.background import Worker
    from gui.state.results import Results, Row

KEPT = 500
"""Small pictures that are kept: those that were looked at last."""

KEPT_BYTES = 64 * 2**20
"""Bytes of pixels that they take together, at most: those of a grid on a sharp screen are large."""


@dataclass(frozen=True, kw_only=True)
class PhotoThumbnail:
    """A small picture of a photo.

    Attributes:
        number: Of the row for which it was made.
        box: Width and height in pixels that it had to fit into.
        image: The picture; None when the file cannot be read.
    """

    number: int
    box: tuple[int, int]
    image: QImage | None


@dataclass(frozen=True)
class _Request:
    number: int
    path: Path
    box: tuple[int, int]


class PhotoThumbnails(QObject):
    """Makes and keeps small pictures.

    What was asked for last is made first: it is what the user is looking at. One at a time, so that a batch
    keeps the cores.
    """

    ready = Signal(int)  # number of the row whose small picture can be had now

    def __init__(
        self,
        results: Results,
        worker: Worker,
        parent: QObject | None = None,
        *,
        read: Callable[[Path, tuple[int, int]], QImage] | None = None,
        kept: int = KEPT,
        kept_bytes: int = KEPT_BYTES,
    ) -> None:
        super().__init__(parent)
        self.is_visible: Callable[[int], bool] = lambda number: True  # noqa: ARG005 the widget that shows rows knows
        self._results = results
        self._read = read or read_thumbnail
        self._kept = kept
        self._kept_bytes = kept_bytes
        self._bytes = 0
        self._made: OrderedDict[Path, PhotoThumbnail] = OrderedDict()
        self._requests: dict[int, _Request] = {}  # the newest last
        self._current: _Request | None = None
        self._background = Background(worker, self)
        self._background.item_done.connect(self._store)
        self._background.item_failed.connect(self._store_failure)
        self._background.finished.connect(self._make_next)

    def of(self, row: Row, box: tuple[int, int]) -> PhotoThumbnail | None:
        """Return a thumbnail that fits into a box of pixels; None while it is being made, which this call requests.

        After another opening of the file its previous thumbnail is returned until the new one is made.
        """
        made = self._made.get(row.path)
        if made is not None:
            self._made.move_to_end(row.path)
        if made is None or (made.number, made.box) != (row.number, box):
            self._add_request(_Request(row.number, row.path, box))
        return made

    def _add_request(self, request: _Request) -> None:
        if request == self._current:
            return
        self._requests.pop(request.number, None)
        self._requests[request.number] = request
        if self._current is None:
            self._make_next()

    @Slot()
    def _make_next(self) -> None:
        self._current = self._next()
        if self._current is not None:
            read = self._read
            self._background.start(lambda one: read(one.path, one.box), [self._current])

    def _next(self) -> _Request | None:
        while self._requests:
            _, request = self._requests.popitem()
            # When the user scrolls back to it, it is asked for again.
            if self._results.row(request.number) is not None and self.is_visible(request.number):
                return request
        return None

    @Slot(object, object)
    def _store(self, request: _Request, image: QImage | None) -> None:
        if self._results.row(request.number) is None:
            return
        self._bytes -= _size(self._made.pop(request.path, None))
        self._made[request.path] = made = PhotoThumbnail(number=request.number, box=request.box, image=image)
        self._bytes += _size(made)
        while len(self._made) > self._kept or (self._bytes > self._kept_bytes and len(self._made) > 1):
            self._bytes -= _size(self._made.popitem(last=False)[1])
        self.ready.emit(request.number)

    @Slot(object, str)
    def _store_failure(self, request: _Request, _reason: str) -> None:
        self._store(request, None)


def _size(made: PhotoThumbnail | None) -> int:
    return 0 if made is None or made.image is None else made.image.sizeInBytes()


def read_thumbnail(path: Path, box: tuple[int, int]) -> QImage:
    """Decode a photo, upright, small enough to fit into a box of pixels.

    Raises:
        ImageUnreadable: It cannot be decoded.
    """
    from acnelib.imaging import reading
    from gui.widgets.pixels import Pixels

    with reading(path) as picture:
        picture.image.thumbnail(box, reducing_gap=2.0)
        return Pixels.of(picture.image).levels[0]
