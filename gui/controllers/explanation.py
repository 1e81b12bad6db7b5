"""The controller of activation maps: computed only while the window shows them, and never twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from gui.background import Background, Worker

if TYPE_CHECKING:
    from pathlib import Path

    from gui.state.overlay import Overlay
    from gui.state.session import Session
    from gui.work import LoadedModel


class ExplanationController(QObject):
    """Computes where the model looked for the label that a session explains."""

    explained = Signal(int, object)  # number of the photo, Overlay
    failed = Signal(int, str, str)  # number of the photo, label, text for the user

    def __init__(self, worker: Worker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._overlays = Background(worker, self)
        self._overlays.item_done.connect(self._done)
        self._overlays.item_failed.connect(self._failed)
        self._request: _Request | None = None

    def show_session(self, session: Session, loaded: LoadedModel | None) -> None:
        """Compute what a session should show and does not have yet; abandon what it should not show any more."""
        request = _request_for(session) if loaded is not None else None
        if request == self._request or loaded is None:
            return
        self._request = request
        self._overlays.abandon()
        if request is not None:
            self._overlays.start(lambda one: loaded.overlay(one.path, one.label, one.size), [request])

    @Slot(object, object)
    def _done(self, request: _Request, overlay: Overlay) -> None:
        self.explained.emit(request.number, overlay)

    @Slot(object, str)
    def _failed(self, request: _Request, reason: str) -> None:
        self.failed.emit(request.number, request.label, reason)


@dataclass(frozen=True)
class _Request:
    """A map to compute: for a label, in one opening of a photo."""

    number: int
    path: Path
    size: tuple[int, int]
    label: str


def _request_for(session: Session) -> _Request | None:
    photo = session.photo
    if not session.explained or photo is None or photo.picture is None or session.overlay or session.unexplained:
        return None
    return _Request(photo.number, photo.path, photo.picture.pixels.size, session.explained)
