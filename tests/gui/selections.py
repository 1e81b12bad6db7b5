"""A server and a cache that tests change, and what a selection of models makes of them."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from acnelib.errors import ModelUnavailable, TrackingFailed
from acnelib.inference import ModelIdentity
from acnelib.models import FoundModel, Listing
from acnelib.registry.reading import ListedVersion
from gui.state.session import ModelReady
from gui.work import LoadedModel, ModelLoader

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from gui.model.selection import ModelSelection

    Make = Callable[..., ModelSelection]

DOWN = "the tracking server http://127.0.0.1:9 does not answer (Connection refused): start it"


def found(version: str, *, stage: str | None = "Production", at: str = "2026-02-01T10:00:00+00:00") -> FoundModel:
    identity = ModelIdentity(name="acne", version=version, sha256=version * 64)
    return FoundModel(bundle=None, identity=identity, asked_at=at, stage=stage, promoted_at="2026-01-31T08:00:00+00:00")


def loaded(name: str, found: FoundModel) -> LoadedModel:
    ready = ModelReady(
        name=name,
        identity=found.identity,
        labels=("papules",),
        confidence_threshold=0.6,
        confident_accuracy=0.9,
        false_rejection=0.02,
        checked_at=found.asked_at,
        offline=found.offline,
        stage=found.stage,
    )
    return LoadedModel(ready=ready, classify=None, classify_many=None, overlay=None, facts=None, found=found)


@dataclass
class Server:
    """A server and a cache that a test changes as it goes."""

    cache: dict[str, FoundModel] = field(default_factory=dict)
    versions: dict[str, FoundModel] = field(default_factory=dict)
    down: str | None = None
    asked: list[str] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)
    load_gate: threading.Event = field(default_factory=threading.Event)
    loading: list[str] = field(default_factory=list)
    threads: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.gate.set()
        self.load_gate.set()

    def loader(self) -> ModelLoader:
        return ModelLoader(cached=self._cached, ask=self._ask, load=self._load, versions=self._versions)

    def _cached(self, name: str) -> LoadedModel | None:
        self._note("loading")
        return loaded(name, self.cache[name]) if name in self.cache else None

    def _load(self, name: str, found: FoundModel) -> LoadedModel:
        self._note("loading")
        self.loading.append(name)
        assert self.load_gate.wait(20)
        return loaded(name, found)

    def _ask(self, name: str) -> FoundModel:
        self._note("asking")
        self.asked.append(name)
        assert self.gate.wait(20)
        if self.down is None and name in self.versions:
            self.cache[name] = self.versions[name]
            return self.versions[name]
        if self.down is None:
            raise ModelUnavailable(f"acne has no {name} version")
        if name not in self.cache:
            raise ModelUnavailable(f"no {name} model is cached, and {self.down}")
        return replace(self.cache[name], offline=self.down)

    def _versions(self) -> Listing:
        if self.down is not None:
            raise TrackingFailed(self.down)
        return Listing(versions=tuple(ListedVersion(version=one.identity.version) for one in self.versions.values()))

    def _note(self, what: str) -> None:
        self.threads.setdefault(what, set()).add(threading.current_thread().name)


class Heard:
    """Everything that a model_selection said."""

    def __init__(self, model_selection: ModelSelection) -> None:
        self.states: list[Any] = []
        self.loaded: list[str] = []
        self.news: list[Any] = []
        self.pending: list[Any] = []
        self.messages: list[str] = []
        model_selection.changed.connect(self.states.append)
        model_selection.loaded.connect(lambda model: self.loaded.append(model.ready.identity.version))
        model_selection.news.connect(self.news.append)
        model_selection.pending.connect(self.pending.append)
        model_selection.message.connect(self.messages.append)


def version(model_selection: ModelSelection) -> str | None:
    return model_selection.state.identity.version if isinstance(model_selection.state, ModelReady) else None


def look(model_selection: ModelSelection, qtbot: QtBot) -> None:
    model_selection.check_now()
    qtbot.waitUntil(lambda: not model_selection.is_asking)


def move_on(server: Server, model_selection: ModelSelection, qtbot: QtBot, to: str = "4") -> None:
    """Put another version into production, and let the model_selection hear of it."""
    server.versions["production"] = found(to)
    look(model_selection, qtbot)
