"""The model that answers: cached first, changed by the user only, whatever its server does."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from acnelib.errors import ModelUnavailable, TrackingFailed
from acnelib.inference import ModelIdentity
from acnelib.models import FoundModel, Listing
from acnelib.registry.reading import ListedVersion
from gui.background import Background, Worker
from gui.model.keeper import ModelSelection, _Choice
from gui.model.news import Pending, is_production
from gui.state.session import ModelLoading, ModelMissing, ModelReady
from gui.work import LoadedModel, ModelLoader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

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
        asked_at=found.asked_at,
        offline=found.offline,
        stage=found.stage,
    )
    return LoadedModel(ready=ready, classify=None, classify_many=None, overlay=None, facts=None)


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
    """Everything that a keeper said."""

    def __init__(self, keeper: ModelSelection) -> None:
        self.states: list[Any] = []
        self.loaded: list[str] = []
        self.news: list[Any] = []
        self.pending: list[Any] = []
        self.told: list[str] = []
        keeper.changed.connect(self.states.append)
        keeper.loaded.connect(lambda model: self.loaded.append(model.ready.identity.version))
        keeper.news.connect(self.news.append)
        keeper.pending.connect(self.pending.append)
        keeper.told.connect(self.told.append)


@pytest.fixture
def server() -> Server:
    return Server(cache={"production": found("3", at="2026-01-01T00:00:00+00:00")}, versions={"production": found("3")})


@pytest.fixture
def make(qtbot: QtBot, server: Server) -> Iterator[Make]:
    workers, keepers = [], []

    def make(name: str = "production", **options: Any) -> ModelSelection:
        loading, asking = Worker("acne-loading"), Worker("acne-asking")
        workers.extend([loading, asking])
        options = {"loader": server.loader(), "look_every": 60, **options}
        keepers.append(ModelSelection(loading=loading, asking=asking, name=name, **options))
        return keepers[-1]

    yield make
    for keeper in keepers:
        keeper.close()
    server.gate.set()
    server.load_gate.set()
    assert all(worker.close() for worker in workers)


@pytest.fixture
def started(make: Make, qtbot: QtBot) -> Callable[[], ModelSelection]:
    """Make a keeper whose server was asked once."""

    def start(**options: Any) -> ModelSelection:
        keeper = make(**options)
        keeper.start()
        qtbot.waitUntil(lambda: version(keeper) is not None and keeper._asked is None and keeper._wanted is None)
        return keeper

    return start


def version(keeper: ModelSelection) -> str | None:
    return keeper.state.identity.version if isinstance(keeper.state, ModelReady) else None


def look(keeper: ModelSelection, qtbot: QtBot) -> None:
    keeper.check_now()
    qtbot.waitUntil(lambda: keeper._asked is None)


def move_on(server: Server, keeper: ModelSelection, qtbot: QtBot, to: str = "4") -> None:
    """Put another version into production, and let the keeper hear of it."""
    server.versions["production"] = found(to)
    look(keeper, qtbot)


class TestCachedFirst:
    def test_the_cached_model_answers_while_the_server_still_hangs(
        self, make: Make, server: Server, qtbot: QtBot
    ) -> None:
        server.gate.clear()
        keeper = make()
        heard = Heard(keeper)
        keeper.start()
        qtbot.waitUntil(lambda: version(keeper) == "3" and server.asked == ["production"])
        assert [type(state) for state in heard.states] == [ModelLoading, ModelReady]
        assert heard.loaded == ["3"]
        assert keeper.state.asked_at == "2026-01-01T00:00:00+00:00"

    def test_the_server_that_says_the_same_is_noted_and_nothing_else_changes(
        self, make: Make, server: Server, qtbot: QtBot
    ) -> None:
        keeper = make()
        heard = Heard(keeper)
        keeper.start()
        qtbot.waitUntil(lambda: version(keeper) is not None and keeper.state.asked_at == "2026-02-01T10:00:00+00:00")
        assert heard.loaded == ["3"]
        assert heard.news == []
        assert heard.told == []

    def test_loading_and_asking_have_a_thread_each(self, started: Make, server: Server) -> None:
        started()
        assert server.threads == {"loading": {"acne-loading"}, "asking": {"acne-asking"}}

    def test_what_is_not_cached_or_damaged_is_fetched(self, make: Make, server: Server, qtbot: QtBot) -> None:
        server.cache.clear()
        keeper = make()
        keeper.start()
        qtbot.waitUntil(lambda: version(keeper) == "3")
        assert server.asked == ["production"]

    def test_without_cache_and_server_there_is_one_clear_reason(self, make: Make, server: Server, qtbot: QtBot) -> None:
        server.cache.clear()
        server.down = DOWN
        keeper = make()
        keeper.start()
        qtbot.waitUntil(lambda: isinstance(keeper.state, ModelMissing))
        assert keeper.state.reason == f"no production model is cached, and {DOWN}"

    def test_a_folder_is_asked_of_no_server(self, started: Make, server: Server) -> None:
        server.cache["/somewhere/tiny"] = found("1", stage=None)
        started(name="/somewhere/tiny")
        assert server.asked == []

    def test_whoever_wants_no_looks_gets_none(self, started: Make, server: Server) -> None:
        keeper = started(look_every=0)
        assert server.asked == []
        assert not keeper._timer.isActive()


class TestNews:
    def test_a_new_version_is_told_and_the_model_stays(self, started: Make, server: Server, qtbot: QtBot) -> None:
        keeper = started()
        heard = Heard(keeper)
        move_on(server, keeper, qtbot)
        assert (keeper.new.version, keeper.new.used, keeper.new.since) == ("4", "3", "2026-01-31T08:00:00+00:00")
        assert heard.news == [keeper.new]
        assert heard.loaded == []
        assert version(keeper) == "3"
        assert not is_production(keeper.state)

    def test_switching_takes_it(self, started: Make, server: Server, qtbot: QtBot) -> None:
        keeper = started()
        move_on(server, keeper, qtbot)
        heard = Heard(keeper)
        keeper.switch()
        qtbot.waitUntil(lambda: version(keeper) == "4")
        assert heard.loaded == ["4"]
        assert heard.news == [None]
        assert heard.pending == [Pending(name="production", version="4"), None]
        assert is_production(keeper.state)

    def test_staying_silences_that_version_but_not_the_next(self, started: Make, server: Server, qtbot: QtBot) -> None:
        keeper = started()
        move_on(server, keeper, qtbot)
        keeper.stay()
        assert keeper.new is None
        with qtbot.waitSignal(keeper.changed):
            keeper._look()
        assert keeper.new is None
        move_on(server, keeper, qtbot, to="5")
        assert keeper.new.version == "5"
        assert version(keeper) == "3"

    def test_whoever_looks_by_hand_hears_of_a_silenced_version_again(
        self, started: Make, server: Server, qtbot: QtBot
    ) -> None:
        keeper = started()
        move_on(server, keeper, qtbot)
        keeper.stay()
        look(keeper, qtbot)
        assert keeper.new.version == "4"

    def test_looking_by_hand_says_that_there_is_nothing_new(self, started: Make, qtbot: QtBot) -> None:
        keeper = started()
        heard = Heard(keeper)
        look(keeper, qtbot)
        assert heard.told == ["There is no new version: version 3 is still in production."]

    def test_a_promotion_that_was_rolled_back_is_no_news_any_more(
        self, started: Make, server: Server, qtbot: QtBot
    ) -> None:
        keeper = started()
        move_on(server, keeper, qtbot)
        move_on(server, keeper, qtbot, to="3")
        assert keeper.new is None
        assert is_production(keeper.state)

    def test_two_apps_with_one_cache_both_hear_of_it_and_neither_changes(
        self, started: Make, server: Server, qtbot: QtBot
    ) -> None:
        one, other = started(), started()
        server.versions["production"] = found("4")
        one.check_now()
        other.check_now()
        qtbot.waitUntil(lambda: one.new is not None and other.new is not None)
        assert version(one) == version(other) == "3"


class TestServerDown:
    def test_a_server_that_is_down_is_told_and_the_model_answers_on(
        self, started: Make, server: Server, qtbot: QtBot
    ) -> None:
        server.down = DOWN
        keeper = started()
        qtbot.waitUntil(lambda: keeper.state.offline is not None)
        assert keeper.state.offline == DOWN
        assert version(keeper) == "3"

    def test_it_is_asked_again_by_itself_and_offline_ends_when_it_is_back(
        self, started: Make, server: Server, qtbot: QtBot
    ) -> None:
        server.down = DOWN
        keeper = started(look_every=0.001)
        qtbot.waitUntil(lambda: keeper.state.offline == DOWN and len(server.asked) > 1)
        server.down = None
        qtbot.waitUntil(lambda: keeper.state.offline is None)

    def test_a_missing_model_comes_by_itself_when_the_server_is_back(
        self, make: Make, server: Server, qtbot: QtBot
    ) -> None:
        server.cache.clear()
        server.down = DOWN
        keeper = make(look_every=0.001)
        keeper.start()
        qtbot.waitUntil(lambda: isinstance(keeper.state, ModelMissing))
        heard = Heard(keeper)
        server.down = None
        qtbot.waitUntil(lambda: version(keeper) == "3")
        assert not any(isinstance(state, ModelLoading) for state in heard.states)

    def test_a_server_that_hangs_is_not_asked_twice(self, make: Make, server: Server, qtbot: QtBot) -> None:
        server.gate.clear()
        keeper = make()
        keeper.start()
        qtbot.waitUntil(lambda: server.asked == ["production"])
        keeper._look()
        server.gate.set()
        qtbot.waitUntil(lambda: keeper._asked is None)
        assert server.asked == ["production"]

    def test_a_production_that_somebody_deleted_is_told_and_the_model_answers_on(
        self, started: Make, server: Server, qtbot: QtBot
    ) -> None:
        keeper = started()
        server.versions.clear()
        look(keeper, qtbot)
        assert keeper.state.offline == "acne has no production version"
        assert version(keeper) == "3"


class TestChoosing:
    @pytest.fixture
    def keeper(self, started: Make, server: Server) -> ModelSelection:
        server.versions |= {"2": found("2", stage="Archived"), "staging": found("5", stage="Staging")}
        return started()

    def test_a_version_is_fetched_and_used(self, keeper: ModelSelection, qtbot: QtBot) -> None:
        keeper.choose("2")
        qtbot.waitUntil(lambda: version(keeper) == "2")
        assert (keeper.state.name, keeper.state.stage) == ("2", "Archived")

    def test_what_is_asked_for_later_is_what_was_chosen(
        self, keeper: ModelSelection, server: Server, qtbot: QtBot
    ) -> None:
        keeper.choose("staging")
        qtbot.waitUntil(lambda: version(keeper) == "5")
        move_on(server, keeper, qtbot)
        assert keeper.new is None
        server.versions["staging"] = found("6", stage="Staging")
        look(keeper, qtbot)
        assert (keeper.new.name, keeper.new.version) == ("staging", "6")

    def test_one_click_leads_back_to_todays_production(
        self, keeper: ModelSelection, server: Server, qtbot: QtBot
    ) -> None:
        keeper.choose("2")
        qtbot.waitUntil(lambda: version(keeper) == "2")
        server.versions["production"] = found("4")
        keeper.choose_production()
        qtbot.waitUntil(lambda: version(keeper) == "4")
        assert is_production(keeper.state)

    def test_the_cached_production_is_good_enough_where_the_server_is_down(
        self, keeper: ModelSelection, server: Server, qtbot: QtBot
    ) -> None:
        keeper.choose("2")
        qtbot.waitUntil(lambda: version(keeper) == "2")
        server.down = DOWN
        keeper.choose_production()
        qtbot.waitUntil(lambda: version(keeper) == "3")
        assert keeper.state.offline == DOWN

    def test_what_cannot_be_had_is_told_and_the_model_stays(self, keeper: ModelSelection, qtbot: QtBot) -> None:
        heard = Heard(keeper)
        with qtbot.waitSignal(keeper.told):
            keeper.choose("9")
        assert heard.told == ["Version 9 cannot be used, so the model stays as it is. Acne has no 9 version."]
        assert heard.pending[-1] is None
        assert version(keeper) == "3"

    def test_the_last_of_several_choices_counts(self, keeper: ModelSelection, qtbot: QtBot) -> None:
        heard = Heard(keeper)
        keeper.choose("staging")
        keeper.choose("2")
        qtbot.waitUntil(lambda: version(keeper) == "2" and keeper._asked is None)
        assert heard.loaded == ["2"]

    def test_the_last_choice_counts_though_the_former_one_is_loading_already(
        self, keeper: ModelSelection, server: Server, qtbot: QtBot
    ) -> None:
        heard = Heard(keeper)
        server.versions["production"] = found("4")
        server.load_gate.clear()
        keeper.choose("2")
        qtbot.waitUntil(lambda: server.loading == ["2"])
        server.gate.clear()
        keeper.choose_production()
        qtbot.waitUntil(lambda: server.asked[-1] == "production")
        behind = Background(keeper._loads._worker)
        with qtbot.waitSignal(behind.finished):
            behind.start(lambda item: item, [None])
            server.load_gate.set()
        assert (version(keeper), heard.loaded) == ("3", [])
        server.gate.set()
        qtbot.waitUntil(lambda: version(keeper) == "4")
        assert heard.loaded == ["4"]

    def test_a_model_that_is_not_wanted_any_more_is_not_taken(self, keeper: ModelSelection, server: Server) -> None:
        heard = Heard(keeper)
        keeper.choose("2")
        keeper._was_loaded(_Choice("staging"), loaded("staging", found("5")))
        keeper._give_up(_Choice("staging"), "there is none")
        assert (heard.loaded, heard.told, version(keeper)) == ([], [], "3")

    def test_after_a_missing_model_another_can_be_chosen(self, make: Make, server: Server, qtbot: QtBot) -> None:
        server.versions["2"] = found("2", stage=None)
        keeper = make(name="7")
        keeper.start()
        qtbot.waitUntil(lambda: isinstance(keeper.state, ModelMissing))
        keeper.choose("2")
        assert keeper.state == ModelLoading(name="2")
        qtbot.waitUntil(lambda: version(keeper) == "2")


class TestBatches:
    @pytest.fixture
    def keeper(self, started: Make, server: Server, qtbot: QtBot) -> ModelSelection:
        server.versions["2"] = found("2", stage="Archived")
        keeper = started()
        move_on(server, keeper, qtbot)
        return keeper

    def test_a_switch_during_a_batch_waits_for_its_end(self, keeper: ModelSelection, qtbot: QtBot) -> None:
        heard = Heard(keeper)
        keeper.hold()
        keeper.switch()
        assert heard.pending == [Pending(name="production", version="4", after_batch=True)]
        assert version(keeper) == "3"
        keeper.release()
        qtbot.waitUntil(lambda: version(keeper) == "4")
        assert heard.loaded == ["4"]

    def test_a_model_that_arrives_during_a_batch_waits_for_its_end(
        self, keeper: ModelSelection, server: Server, qtbot: QtBot
    ) -> None:
        heard = Heard(keeper)
        server.gate.clear()
        keeper.choose("2")
        qtbot.waitUntil(lambda: server.asked[-1] == "2")
        keeper.hold()
        server.gate.set()
        qtbot.waitUntil(lambda: keeper._arrived is not None)
        assert heard.pending[-1] == Pending(name="2", version="2", after_batch=True)
        assert heard.loaded == []
        keeper.release()
        assert heard.loaded == ["2"]

    def test_the_last_choice_during_a_batch_counts(self, keeper: ModelSelection, qtbot: QtBot) -> None:
        heard = Heard(keeper)
        keeper.hold()
        keeper.switch()
        keeper.choose("2")
        keeper.release()
        qtbot.waitUntil(lambda: version(keeper) == "2" and keeper._asked is None)
        assert heard.loaded == ["2"]

    def test_a_batch_without_any_choice_changes_nothing(self, keeper: ModelSelection) -> None:
        heard = Heard(keeper)
        keeper.hold()
        keeper.release()
        assert (heard.loaded, heard.pending, heard.states) == ([], [], [])

    def test_news_that_come_during_a_batch_are_told(self, keeper: ModelSelection, server: Server, qtbot: QtBot) -> None:
        keeper.hold()
        move_on(server, keeper, qtbot, to="5")
        assert keeper.new.version == "5"


class TestVersions:
    def test_what_there_is_to_choose_is_told(self, started: Make, qtbot: QtBot) -> None:
        keeper = started()
        with qtbot.waitSignal(keeper.versions) as told:
            keeper.list_versions()
        assert [one.version for one in told.args[0].versions] == ["3"]

    def test_or_why_not(self, started: Make, server: Server, qtbot: QtBot) -> None:
        keeper = started()
        server.down = DOWN
        with qtbot.waitSignal(keeper.versions) as told:
            keeper.list_versions()
        assert told.args == [DOWN]
