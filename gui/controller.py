"""Between the window, the workers and the session: what the user asks for, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from gui.background import Background, Worker
from gui.session import ModelLoading, ModelMissing, OpenPhoto, Session
from gui.work import load_model, read_photo

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from acnelib.inference import Prediction
    from gui.main_window import MainWindow
    from gui.model_facts import ModelFacts
    from gui.overlay import Overlay
    from gui.session import ReadPhoto
    from gui.work import LoadedModel


class Controller(QObject):
    """Keeps the session, and shows each new one in the window.

    One worker loads the model and classifies; another decodes pictures, so that a photo is seen while a slow
    server still has to hand out the model.
    """

    changed = Signal(object)  # the new session, after it was shown

    def __init__(self, window: MainWindow, *, model: str, load: Callable[[str], LoadedModel] = load_model) -> None:
        super().__init__()
        self.session = Session(model=ModelLoading(name=model))
        self.window = window
        self._load = load
        self._loaded: LoadedModel | None = None
        self._workers = (Worker("acne-model"), Worker("acne-pictures"))
        self._models = Background(self._workers[0], self)
        self._answers = Background(self._workers[0], self)
        self._map_probes = Background(self._workers[0], self)
        self._overlays = Background(self._workers[0], self)
        self._pictures = Background(self._workers[1], self)
        self._facts = Background(self._workers[1], self)
        self._explaining: _Explained | None = None
        self._models.item_done.connect(self._model_ready)
        self._models.item_failed.connect(self._model_missing)
        self._pictures.item_done.connect(self._picture_read)
        self._pictures.item_failed.connect(self._photo_failed)
        self._answers.item_done.connect(self._photo_classified)
        self._answers.item_failed.connect(self._photo_failed)
        self._map_probes.item_done.connect(self._maps_known)
        self._overlays.item_done.connect(self._overlay_ready)
        self._overlays.item_failed.connect(self._overlay_failed)
        self._facts.item_done.connect(self._facts_read)
        window.photos_handed_over.connect(self.open)
        window.model_wanted.connect(self.load_model)
        window.facts_wanted.connect(self.read_facts)
        window.overlay_wanted.connect(lambda wanted: self._show(self.session.with_overlay_wanted(wanted=wanted)))
        window.opacity_wanted.connect(lambda opacity: self._show(self.session.with_opacity(opacity)))
        window.label_chosen.connect(lambda label: self._show(self.session.choosing(label)))
        window.show_session(self.session)

    @Slot()
    def load_model(self) -> None:
        """Load the model, for the first time or again after it could not be had."""
        name = self.session.model.name
        self._show(self.session.with_model(ModelLoading(name=name)))
        self._models.start(self._load, [name])

    @Slot(object)
    def open(self, paths: Sequence[Path]) -> None:
        """Show the first of these photos and have it classified."""
        session = self.session.opened(paths[0], among=len(paths))
        self._show(session)
        self._pictures.start(_read, [session.photo])
        self._classify()

    @Slot()
    def read_facts(self) -> None:
        """Show what there is to say about the model."""
        if self._loaded is not None:
            self._facts.start(lambda loaded: loaded.facts(), [self._loaded])

    def close(self, *, timeout: float = 5.0) -> bool:
        """Give up all work; return whether the threads ended within so many seconds each."""
        for background in self.findChildren(Background):
            background.abandon()
        closed = [worker.close(timeout=timeout) for worker in self._workers]
        return all(closed)

    def _classify(self) -> None:
        loaded, photo = self._loaded, self.session.photo
        if loaded is not None and photo is not None and photo.error is None:
            self._answers.start(lambda photo: loaded.classify(photo.path), [photo])

    def _explain(self) -> None:
        """Have it found out where the model looked, where the window should show it and nobody knows yet."""
        loaded, session = self._loaded, self.session
        wanted = None
        photo = session.photo
        if session.explained and photo and photo.picture and not (session.overlay or session.unexplained):
            wanted = _Explained(photo.number, photo.path, photo.picture.pixels.size, session.explained)
        if wanted == self._explaining or loaded is None:
            return
        self._explaining = wanted
        self._overlays.abandon()
        if wanted is not None:
            self._overlays.start(lambda one: loaded.overlay(one.path, one.label, one.size), [wanted])

    @Slot(object, object)
    def _model_ready(self, _name: str, loaded: LoadedModel) -> None:
        self._loaded = loaded
        self._show(self.session.with_model(loaded.ready))
        self._classify()
        self._map_probes.start(lambda loaded: loaded.gives_maps(), [loaded])  # behind the answer that is waited for

    @Slot(object, str)
    def _model_missing(self, name: str, reason: str) -> None:
        self._show(self.session.with_model(ModelMissing(name=name, reason=reason)))

    @Slot(object, object)
    def _picture_read(self, photo: OpenPhoto, picture: ReadPhoto) -> None:
        self._show(self.session.with_picture(photo.number, picture))

    @Slot(object, object)
    def _photo_classified(self, photo: OpenPhoto, prediction: Prediction) -> None:
        self._show(self.session.with_prediction(photo.number, prediction))

    @Slot(object, str)
    def _photo_failed(self, photo: OpenPhoto, reason: str) -> None:
        self._show(self.session.with_error(photo.number, reason))

    @Slot(object, object)
    def _maps_known(self, _loaded: LoadedModel, given: bool) -> None:  # noqa: FBT001 as the signal hands it over
        self._show(self.session.with_maps(given=given))

    @Slot(object, object)
    def _overlay_ready(self, explained: _Explained, overlay: Overlay) -> None:
        self._show(self.session.with_overlay(explained.number, overlay))

    @Slot(object, str)
    def _overlay_failed(self, explained: _Explained, reason: str) -> None:
        self._show(self.session.with_unexplained(explained.number, explained.label, reason))

    @Slot(object, object)
    def _facts_read(self, _loaded: LoadedModel, facts: ModelFacts) -> None:
        self.window.show_facts(facts)

    def _show(self, session: Session) -> None:
        self.session = session
        self.window.show_session(session)
        self._explain()
        self.changed.emit(session)


@dataclass(frozen=True)
class _Explained:
    """What is to be found out: where the model looked for a label in an opening of a photo."""

    number: int
    path: Path
    size: tuple[int, int]
    label: str


def _read(photo: OpenPhoto) -> ReadPhoto:
    return read_photo(photo.path)
