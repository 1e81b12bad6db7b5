"""Who knows which model answers: the cached one at once, a new one when the user says so, never by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.background import Background
from gui.model import texts
from gui.model.news import PRODUCTION, NewVersion, Pending
from gui.state.session import ModelLoading, ModelMissing
from gui.work import ModelLoader

if TYPE_CHECKING:
    from acnelib.models import FoundModel, Listing
    from gui.background import Worker
    from gui.state.session import ModelReady, ModelState
    from gui.work import LoadedModel

LOOK_EVERY = 10
"""Minutes between two looks for a new version."""

_ALIASES = (PRODUCTION, "staging")


@dataclass(frozen=True, eq=False)
class _Choice:
    """One wish for a model: its name and, once the server was asked, what was found; each is like no other."""

    name: str
    found: FoundModel | None = None
    by_user: bool = False  # who wants to hear what became of it


class ModelSelection(QObject):
    """Loads the model, asks its server in the background, and changes the model when the user wants another.

    One worker loads, the same that answers for the open photo; the other asks the server, so that one that hangs
    delays no answer. The registry is only read.
    """

    changed = Signal(object)  # ModelState
    loaded = Signal(object)  # the LoadedModel that answers from now on; comes before the change that tells of it
    news = Signal(object)  # NewVersion, or None: there is none (any more)
    pending = Signal(object)  # Pending, or None: nothing is on its way
    versions = Signal(object)  # Listing, or a str: why there is none
    told = Signal(str)  # what became of a wish, in a sentence for the user

    def __init__(
        self,
        *,
        loading: Worker,
        asking: Worker,
        name: str = PRODUCTION,
        loader: ModelLoader | None = None,
        look_every: float = LOOK_EVERY,
        parent: QObject | None = None,
    ) -> None:
        """Make a keeper that has no model yet.

        Args:
            loading: The worker that answers for single photos.
            asking: A worker that may wait for a server.
            name: What is asked for: ``production``, ``staging``, a number or a bundle's folder.
            loader: Where models come from; default the cache and the configured server.
            look_every: Minutes between two looks for a new version, the first at the start; 0: never by itself.
            parent: Its owner.
        """
        super().__init__(parent)
        self.name = name
        self.state: ModelState = ModelLoading(name=name)
        self.model: LoadedModel | None = None
        self.new: NewVersion | None = None
        self._loader = loader or ModelLoader.usual()
        self._looks_by_itself = look_every > 0
        self._is_held = False
        self._wanted: _Choice | None = None  # on its way
        self._arrived: tuple[_Choice, LoadedModel] | None = None  # on its way until the batch ends
        self._later: _Choice | None = None  # begun when the batch ends
        self._asked: _Choice | None = None
        self._silenced: set[tuple[str | None, str]] = set()
        self._loads, self._asks = Background(loading, self), Background(asking, self)
        self._lists = Background(asking, self)
        self._timer = QTimer(self)
        self.look_every(look_every)
        self._listen()

    @Slot()
    def start(self) -> None:
        """Load the model, for the first time or again after it could not be had."""
        self._begin(_Choice(self.name))

    @property
    def has_versions(self) -> bool:
        """Whether a server can be asked for a newer version of what is in use; a folder has none."""
        return _is_registered(self.name)

    @Slot()
    def check_now(self) -> None:
        """Ask the server what the name means now, because the user wants to know."""
        self._silenced.clear()
        self._look(by_user=True)

    def look_every(self, minutes: float) -> None:
        """Set how many minutes there are between two looks; 0: never by itself."""
        self._looks_by_itself = minutes > 0
        if minutes > 0:
            self._timer.start(round(minutes * 60_000))
        else:
            self._timer.stop()

    @Slot()
    def switch(self) -> None:
        """Take the new version, in this app only; after the batch while there is one."""
        if self.new is not None:
            self._choose(_Choice(self.new.name, self.new.found, by_user=True))

    @Slot()
    def stay(self) -> None:
        """Go on with the version in use, and hear no more of the new one."""
        if self.new is not None:
            self._silenced.add(_same(self.new.found))
            self._tell_news(None)

    @Slot(str)
    def choose(self, name: str) -> None:
        """Take another model: ``production``, ``staging``, a number or a folder; after the batch while there is one."""
        self._choose(_Choice(name, by_user=True))

    @Slot()
    def choose_production(self) -> None:
        """Go back to production."""
        self.choose(PRODUCTION)

    @Slot()
    def hold(self) -> None:
        """Change no model from now on: a batch has begun."""
        self._is_held = True

    @Slot()
    def release(self) -> None:
        """The batch has ended: take what was chosen meanwhile."""
        self._is_held = False
        arrived, later = self._arrived, self._later
        self._arrived = self._later = None
        if arrived is not None:
            self._take(*arrived)
        elif later is not None:
            self._begin(later)

    @Slot()
    def list_versions(self) -> None:
        """Find out which versions there are, and say so."""
        self._lists.start(lambda _: self._loader.versions(), [None])

    def close(self) -> None:
        """Give up all work; the workers are for others to close."""
        self._timer.stop()
        for background in (self._loads, self._asks, self._lists):
            background.abandon()

    def _listen(self) -> None:
        self._timer.timeout.connect(self._look)
        self._loads.item_done.connect(self._was_loaded)
        self._loads.item_failed.connect(self._give_up)
        self._asks.item_done.connect(self._was_found)
        self._asks.item_failed.connect(self._not_found)
        self._lists.item_done.connect(self._listed)
        self._lists.item_failed.connect(self._not_listed)

    @Slot()
    def _look(self, *, by_user: bool = False) -> None:
        """Ask the server about the model in use, or again for the one that could not be had."""
        if not _is_registered(self.name) or self._wanted is not None:
            return
        if self._asked is not None and not by_user:
            return  # the server takes its time
        choice = _Choice(self.name, by_user=by_user)
        if self.model is None:
            self._wanted = choice
        self._ask(choice)

    def _choose(self, choice: _Choice) -> None:
        if self._is_held:
            self._loads.abandon()  # what was on its way is not wanted any more
            self._asks.abandon()
            self._wanted, self._asked, self._arrived, self._later = None, None, None, choice
            self._tell_pending(choice)
        else:
            self._begin(choice)

    def _begin(self, choice: _Choice) -> None:
        self._wanted, self._later, self._arrived = choice, None, None
        self._loads.abandon()  # what was on its way is not wanted any more
        self._asks.abandon()
        self._asked = None
        if self.model is None:
            self.name = choice.name
            self._tell(ModelLoading(name=choice.name))
        else:
            self._tell_pending(choice)
        # Whoever goes back to production means today's; nobody waits for it, as the former model goes on.
        if self.model is not None and choice.name in _ALIASES and choice.found is None:
            self._ask(choice)
        else:
            self._loads.start(self._load, [choice])

    def _load(self, choice: _Choice) -> LoadedModel | None:
        if choice.found is None:
            return self._loader.cached(choice.name)
        return self._loader.load(choice.name, choice.found)

    def _ask(self, choice: _Choice) -> None:
        self._asked = choice
        self._asks.start(lambda choice: self._loader.ask(choice.name), [choice])

    @Slot(object, object)
    def _was_loaded(self, choice: _Choice, loaded: LoadedModel | None) -> None:
        if choice is not self._wanted:
            return  # the last choice counts
        if loaded is None:
            self._ask(choice)
        elif self._is_held and self.model is not None:
            self._arrived = (choice, loaded)
            self._tell_pending(choice)
        else:
            self._take(choice, loaded)

    def _take(self, choice: _Choice, loaded: LoadedModel) -> None:
        self._wanted, self.name, self.model = None, choice.name, loaded
        self._tell_news(None)
        self.pending.emit(None)
        self.loaded.emit(loaded)
        self._tell(loaded.ready)
        if choice.found is None and self._looks_by_itself:
            self._look()

    @Slot(object, object)
    def _was_found(self, choice: _Choice, found: FoundModel) -> None:
        self._asked = None
        if choice is self._wanted:
            self._wanted = replace(choice, found=found)
            self._loads.start(self._load, [self._wanted])
        elif self.model is not None:
            self._compare(found, self.model.ready)
            if choice.by_user:
                self.told.emit(texts.looked(self.state, new=self.new, offline=found.offline))

    def _compare(self, found: FoundModel, ready: ModelReady) -> None:
        """Tell whether the server calls the model in use so, or another."""
        is_same = _same(found) == (ready.identity.version, ready.identity.sha256)
        # Of a version whose name went to another, nobody said what it is now.
        stage = found.stage if is_same else None
        self._tell(replace(ready, asked_at=found.asked_at, offline=found.offline, stage=stage))
        if is_same or _same(found) in self._silenced:
            self._tell_news(None)
            return
        new = NewVersion(
            name=self.name,
            version=str(found.identity.version),
            used=str(ready.identity.version),
            since=found.promoted_at,
            found=found,
        )
        self._tell_news(new)

    @Slot(object, str)
    def _not_found(self, choice: _Choice, reason: str) -> None:
        self._asked = None
        if choice is self._wanted:
            self._give_up(choice, reason)
        elif self.model is not None:
            self._tell(replace(self.model.ready, offline=reason))
            if choice.by_user:
                self.told.emit(texts.looked(self.state, new=None, offline=reason))

    @Slot(object, str)
    def _give_up(self, choice: _Choice, reason: str) -> None:
        if choice is not self._wanted:
            return
        self._wanted = None
        if self.model is None:
            self._tell(ModelMissing(name=choice.name, reason=reason))
        else:
            self.pending.emit(None)
            self.told.emit(texts.not_taken(choice.name, reason))

    @Slot(object, object)
    def _listed(self, _nothing: None, listing: Listing) -> None:
        self.versions.emit(listing)

    @Slot(object, str)
    def _not_listed(self, _nothing: None, reason: str) -> None:
        self.versions.emit(reason)

    def _tell(self, state: ModelState) -> None:
        self.state = state
        if self.model is not None and not isinstance(state, ModelLoading | ModelMissing):
            self.model = replace(self.model, ready=state)
        self.changed.emit(state)

    def _tell_news(self, new: NewVersion | None) -> None:
        if new != self.new:
            self.new = new
            self.news.emit(new)

    def _tell_pending(self, choice: _Choice) -> None:
        version = None if choice.found is None else choice.found.identity.version
        self.pending.emit(Pending(name=choice.name, version=version, after_batch=self._is_held))


def _same(found: FoundModel) -> tuple[str | None, str]:
    return found.identity.version, found.identity.sha256


def _is_registered(name: str) -> bool:
    # As acnelib.models has it, which is too heavy to import on the UI thread.
    return name in _ALIASES or name.isdecimal()
