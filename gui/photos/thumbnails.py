"""Small pictures of the photos that are listed: one at a time, off the UI thread, and only of what is looked at."""

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
class _Wanted:
    number: int
    path: Path
    box: tuple[int, int]


class PhotoThumbnails(QObject):
    """Makes and keeps small pictures.

    What was asked for last is made first: it is what the user is looking at. One at a time, so that photos
    which are being answered meanwhile keep the cores.
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
    ) -> None:
        super().__init__(parent)
        self.is_looked_at: Callable[[int], bool] = lambda number: True  # noqa: ARG005 the widget that shows rows knows
        self._results = results
        self._read = read or read_thumbnail
        self._kept = kept
        self._made: OrderedDict[Path, PhotoThumbnail] = OrderedDict()
        self._wanted: dict[int, _Wanted] = {}  # the newest last
        self._in_hand: _Wanted | None = None
        self._background = Background(worker, self)
        self._background.item_done.connect(self._keep)
        self._background.item_failed.connect(self._keep_failure)
        self._background.finished.connect(self._make_next)

    def of(self, row: Row, box: tuple[int, int]) -> PhotoThumbnail | None:
        """Return a small picture that fits into so many pixels; None while it is being made, which this call asks for.

        After another opening of the file its former picture is returned until the new one is made.
        """
        made = self._made.get(row.path)
        if made is not None:
            self._made.move_to_end(row.path)
        if made is None or (made.number, made.box) != (row.number, box):
            self._want(_Wanted(row.number, row.path, box))
        return made

    def _want(self, wanted: _Wanted) -> None:
        if wanted == self._in_hand:
            return
        self._wanted.pop(wanted.number, None)
        self._wanted[wanted.number] = wanted
        if self._in_hand is None:
            self._make_next()

    @Slot()
    def _make_next(self) -> None:
        self._in_hand = self._next()
        if self._in_hand is not None:
            read = self._read
            self._background.start(lambda one: read(one.path, one.box), [self._in_hand])

    def _next(self) -> _Wanted | None:
        while self._wanted:
            _, wanted = self._wanted.popitem()
            # Whoever scrolls back to it asks again.
            if self._results.row(wanted.number) is not None and self.is_looked_at(wanted.number):
                return wanted
        return None

    @Slot(object, object)
    def _keep(self, wanted: _Wanted, image: QImage | None) -> None:
        if self._results.row(wanted.number) is None:
            return
        self._made[wanted.path] = PhotoThumbnail(number=wanted.number, box=wanted.box, image=image)
        self._made.move_to_end(wanted.path)
        while len(self._made) > self._kept:
            self._made.popitem(last=False)
        self.ready.emit(wanted.number)

    @Slot(object, str)
    def _keep_failure(self, wanted: _Wanted, _reason: str) -> None:
        self._keep(wanted, None)


def read_thumbnail(path: Path, box: tuple[int, int]) -> QImage:
    """Decode a photo, upright, as small as fits into so many pixels.

    Raises:
        ImageUnreadable: It cannot be decoded.
    """
    from acnelib.imaging import read_picture
    from gui.picture.pixels import Pixels

    image = read_picture(path).image
    image.thumbnail(box, reducing_gap=2.0)
    return Pixels.of(image).levels[0]
