"""The selection of the model: the cached one at once, a new one when the user says so, never by itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from acnelib.registry.names import PRODUCTION, is_registered
from gui.background import Background
from gui.model import texts
from gui.model.choice import Choice, new_version, version_key
from gui.model.version_list import VersionList
from gui.state.session import ModelLoading, ModelMissing
from gui.work import ModelLoader

if TYPE_CHECKING:
    from acnelib.models import FoundModel
    from gui.background import Worker
    from gui.model.news import NewVersion
    from gui.state.session import ModelReady, ModelState
    from gui.work import LoadedModel


class ModelSelection(QObject):
    """Loads the model, asks its server in the background, and changes the model when the user wants another.

    One worker loads, the same that classifies the open photo; the other asks the server, so that a server that hangs
    delays no answer. The registry is only read.
    """

    changed = Signal(object)  # ModelState
    loaded = Signal(object)  # the LoadedModel in use from now on; comes before ``changed``
    news = Signal(object)  # NewVersion, or None: there is none (any more)
    pending = Signal(object)  # Pending, or None: nothing is on its way
    message = Signal(str)  # the outcome of what the user asked for, in a sentence

    def __init__(
        self,
        *,
        loading: Worker,
        asking: Worker,
        name: str = PRODUCTION,
        loader: ModelLoader | None = None,
        check_every: float = 10,
        parent: QObject | None = None,
    ) -> None:
        """Make a selection that has no model yet.

        Args:
            loading: The worker that answers for single photos.
            asking: A worker that may wait for a server.
            name: What is asked for: ``production``, ``staging``, a number or a bundle's folder.
            loader: Where models come from; default the cache and the configured server.
            check_every: Minutes between two checks for a new version, the first at startup; 0: no checks.
            parent: Its owner.
        """
        super().__init__(parent)
        self.name = name
        self.state: ModelState = ModelLoading(name=name)
        self.model: LoadedModel | None = None
        self.new: NewVersion | None = None
        self._loader = loader or ModelLoader.default()
        self._is_locked = False
        self._choice: Choice | None = None  # on its way
        self._arrived: tuple[Choice, LoadedModel] | None = None  # on its way until the batch ends
        self._after_batch: Choice | None = None  # begun when the batch ends
        self._asking: Choice | None = None
        self._dismissed: set[tuple[str | None, str]] = set()
        self._loads, self._asks = Background(loading, self), Background(asking, self)
        self.version_list = VersionList(self._loader, asking, self)
        self._timer = QTimer(self)
        self.set_check_every(check_every)
        self._connect()

    @Slot()
    def start(self) -> None:
        """Load the model, for the first time or again after a failure."""
        self._begin(Choice(name=self.name))

    @property
    def has_versions(self) -> bool:
        """Whether there may be new versions of the model in use; a folder has none."""
        return is_registered(self.name)

    @property
    def is_asking(self) -> bool:
        """Whether the server is being asked about a model."""
        return self._asking is not None

    @property
    def is_idle(self) -> bool:
        """Whether no model is being asked for, fetched or loaded."""
        return self._asking is None and self._choice is None

    @property
    def has_arrived(self) -> bool:
        """Whether a chosen model is loaded, and waits for the end of the batch."""
        return self._arrived is not None

    @property
    def checks_regularly(self) -> bool:
        """Whether it checks for new versions without being asked to."""
        return self._timer.isActive()

    @Slot()
    def check_now(self) -> None:
        """Check for a new version, and tell the user the result."""
        self._dismissed.clear()
        self.check(by_user=True)

    def set_check_every(self, minutes: float) -> None:
        """Set the minutes between two checks; 0: no checks."""
        if minutes > 0:
            self._timer.start(round(minutes * 60_000))
        else:
            self._timer.stop()

    @Slot()
    def use_new_version(self) -> None:
        """Use the new version, in this app only; after the batch while there is one."""
        if self.new is not None:
            self._choose(Choice(name=self.new.name, found=self.new.found, by_user=True))

    @Slot()
    def dismiss_new_version(self) -> None:
        """Keep the version in use, and do not offer the new one again."""
        if self.new is not None:
            self._dismissed.add(version_key(self.new.found))
            self._set_new_version(None)

    @Slot(str)
    def choose(self, name: str) -> None:
        """Use another model: ``production``, ``staging``, a number or a folder; after the batch while there is one."""
        self._choose(Choice(name=name, by_user=True))

    @Slot()
    def load_again(self) -> None:
        """Load the model in use again, because its threshold at this site is another one; after the batch."""
        if self.model is not None and self.model.found is not None:
            self._choose(Choice(name=self.name, found=self.model.found))

    @Slot()
    def choose_production(self) -> None:
        """Go back to production."""
        self.choose(PRODUCTION)

    @Slot()
    def lock(self) -> None:
        """Change no model from now on: a batch has begun."""
        self._is_locked = True

    @Slot()
    def unlock(self) -> None:
        """Use the model that was chosen during the batch, which has ended."""
        self._is_locked = False
        arrived, later = self._arrived, self._after_batch
        self._arrived = self._after_batch = None
        if arrived is not None:
            self._use(*arrived)
        elif later is not None:
            self._begin(later)

    def close(self) -> None:
        """Abandon all work; the workers are closed by their owner."""
        self._timer.stop()
        for work in (self._loads, self._asks):
            work.abandon()
        self.version_list.close()

    def _connect(self) -> None:
        self._timer.timeout.connect(self.check)
        self._loads.item_done.connect(self._load_done)
        self._loads.item_failed.connect(self._load_failed)
        self._asks.item_done.connect(self._ask_done)
        self._asks.item_failed.connect(self._ask_failed)

    @Slot()
    def check(self, *, by_user: bool = False) -> None:
        """Ask the server about the model in use, or again about the one that could not be loaded."""
        if not is_registered(self.name) or self._choice is not None:
            return
        if self._asking is not None and not by_user:
            return  # the server has not answered yet
        choice = Choice(name=self.name, by_user=by_user)
        if self.model is None:
            self._choice = choice
        self._ask(choice)

    def _choose(self, choice: Choice) -> None:
        if self._is_locked:
            self._drop_choice()
            self._after_batch = choice
            self._signal_pending(choice)
        else:
            self._begin(choice)

    def _drop_choice(self) -> None:
        """Give up the choice before."""
        self._loads.abandon()
        self._asks.abandon()
        self._choice = self._asking = self._arrived = self._after_batch = None

    def _begin(self, choice: Choice) -> None:
        self._drop_choice()
        self._choice = choice
        if self.model is None:
            self.name = choice.name
            self._set_state(ModelLoading(name=choice.name))
        else:
            self._signal_pending(choice)
        # Production means the current one, so the server is asked; the model before stays in use until then.
        if self.model is not None and choice.means_latest:
            self._ask(choice)
        else:
            self._loads.start(self._load, [choice])

    def _load(self, choice: Choice) -> LoadedModel | None:
        if choice.found is None:
            return self._loader.cached(choice.name)
        return self._loader.load(choice.name, choice.found)

    def _ask(self, choice: Choice) -> None:
        self._asking = choice
        self._asks.start(lambda choice: self._loader.ask(choice.name), [choice])

    @Slot(object, object)
    def _load_done(self, choice: Choice, loaded: LoadedModel | None) -> None:
        if choice is not self._choice:
            return  # the last choice counts
        if loaded is None:
            self._ask(choice)
        elif self._is_locked and self.model is not None:
            self._arrived = (choice, loaded)
            self._signal_pending(choice)
        else:
            self._use(choice, loaded)

    def _use(self, choice: Choice, loaded: LoadedModel) -> None:
        before = self.model
        if before is not None and before.found is not None and before.found is choice.found:  # only loaded again
            loaded = replace(loaded, ready=_as_checked(loaded.ready, before.ready))
        else:
            self._set_new_version(None)
        self._choice, self.name, self.model = None, choice.name, loaded
        self.pending.emit(None)
        self.loaded.emit(loaded)
        self._set_state(loaded.ready)
        if choice.found is None and self.checks_regularly:
            self.check()

    @Slot(object, object)
    def _ask_done(self, choice: Choice, found: FoundModel) -> None:
        self._asking = None
        if choice is self._choice:
            self._choice = replace(choice, found=found)
            self._loads.start(self._load, [self._choice])
        elif self.model is not None:
            self._compare(found, self.model.ready)
            if choice.by_user:
                self.message.emit(
                    texts.check_result(self.state, new=self.new, offline=found.offline, refused=found.refused)
                )

    def _compare(self, found: FoundModel, ready: ModelReady) -> None:
        """Compare the model in use with what the server has under its name."""
        is_same = version_key(found) == (ready.identity.version, ready.identity.sha256)
        # The name has moved to another version, so the stage of this one is unknown.
        stage = found.stage if is_same else None
        self._set_state(replace(ready, checked_at=found.asked_at, offline=found.offline, stage=stage))
        if is_same or version_key(found) in self._dismissed:
            self._set_new_version(None)
            return
        self._set_new_version(new_version(self.name, found, used=ready))

    @Slot(object, str)
    def _ask_failed(self, choice: Choice, reason: str) -> None:
        self._asking = None
        if choice is self._choice:
            self._load_failed(choice, reason)
        elif self.model is not None:
            self._set_state(replace(self.model.ready, offline=reason))
            if choice.by_user:
                self.message.emit(texts.check_result(self.state, new=None, offline=reason))

    @Slot(object, str)
    def _load_failed(self, choice: Choice, reason: str) -> None:
        if choice is not self._choice:
            return
        self._choice = None
        if self.model is None:
            self._set_state(ModelMissing(name=choice.name, reason=reason))
        else:
            self.pending.emit(None)
            self.message.emit(texts.not_taken(choice.name, reason))

    def _set_state(self, state: ModelState) -> None:
        self.state = state
        if self.model is not None and not isinstance(state, ModelLoading | ModelMissing):
            self.model = replace(self.model, ready=state)
        self.changed.emit(state)

    def _set_new_version(self, new: NewVersion | None) -> None:
        if new != self.new:
            self.new = new
            self.news.emit(new)

    def _signal_pending(self, choice: Choice) -> None:
        self.pending.emit(choice.pending(after_batch=self._is_locked))


def _as_checked(ready: ModelReady, before: ModelReady) -> ModelReady:
    """Return a model with what its server has said of it since it was found."""
    return replace(ready, stage=before.stage, checked_at=before.checked_at, offline=before.offline)
