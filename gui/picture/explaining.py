"""Finding out where the model looked: only while the window shows it, and never twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from gui.background import Background, Worker

if TYPE_CHECKING:
    from pathlib import Path

    from gui.picture.overlay import Overlay
    from gui.state.session import Session
    from gui.work import LoadedModel


class ExplanationController(QObject):
    """Colours where the model looked for the label that a session explains."""

    explained = Signal(int, object)  # number of the photo, Overlay
    failed = Signal(int, str, str)  # number of the photo, label, text for the user

    def __init__(self, worker: Worker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._overlays = Background(worker, self)
        self._overlays.item_done.connect(self._done)
        self._overlays.item_failed.connect(self._failed)
        self._wanted: _Wanted | None = None

    def follow(self, session: Session, loaded: LoadedModel | None) -> None:
        """Find out what the window should show and nobody knows yet; give up what it should show no more."""
        wanted = _wanted(session) if loaded is not None else None
        if wanted == self._wanted or loaded is None:
            return
        self._wanted = wanted
        self._overlays.abandon()
        if wanted is not None:
            self._overlays.start(lambda one: loaded.overlay(one.path, one.label, one.size), [wanted])

    @Slot(object, object)
    def _done(self, wanted: _Wanted, overlay: Overlay) -> None:
        self.explained.emit(wanted.number, overlay)

    @Slot(object, str)
    def _failed(self, wanted: _Wanted, reason: str) -> None:
        self.failed.emit(wanted.number, wanted.label, reason)


@dataclass(frozen=True)
class _Wanted:
    """What is to be found out: where the model looked for a label in an opening of a photo."""

    number: int
    path: Path
    size: tuple[int, int]
    label: str


def _wanted(session: Session) -> _Wanted | None:
    photo = session.photo
    if not session.explained or photo is None or photo.picture is None or session.overlay or session.unexplained:
        return None
    return _Wanted(photo.number, photo.path, photo.picture.pixels.size, session.explained)
