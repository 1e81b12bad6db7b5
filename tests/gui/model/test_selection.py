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
from gui.model import texts
from gui.model.news import Pending, is_production
from gui.model.selection import ModelSelection
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
        checked_at=found.asked_at,
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


@pytest.fixture
def server() -> Server:
    return Server(cache={"production": found("3", at="2026-01-01T00:00:00+00:00")}, versions={"production": found("3")})


@pytest.fixture
def workers() -> Iterator[list[Worker]]:
    """The workers of the selections that a test makes: for each, the one that loads and the one that asks."""
    workers: list[Worker] = []
    yield workers
    assert all(worker.close() for worker in workers)


@pytest.fixture
def make(qtbot: QtBot, server: Server, workers: list[Worker]) -> Iterator[Make]:
    selections = []

    def make(name: str = "production", **options: Any) -> ModelSelection:
        loading, asking = Worker("acne-loading"), Worker("acne-asking")
        workers.extend([loading, asking])
        options = {"loader": server.loader(), "check_every": 60, **options}
        selections.append(ModelSelection(loading=loading, asking=asking, name=name, **options))
        return selections[-1]

    yield make
    for model_selection in selections:
        model_selection.close()
    server.gate.set()
    server.load_gate.set()


@pytest.fixture
def started(make: Make, qtbot: QtBot) -> Callable[[], ModelSelection]:
    """Make a model_selection whose server was asked once."""

    def start(**options: Any) -> ModelSelection:
        model_selection = make(**options)
        model_selection.start()
        qtbot.waitUntil(lambda: version(model_selection) is not None and model_selection.is_idle)
        return model_selection

    return start


def version(model_selection: ModelSelection) -> str | None:
    return model_selection.state.identity.version if isinstance(model_selection.state, ModelReady) else None


def look(model_selection: ModelSelection, qtbot: QtBot) -> None:
    model_selection.check_now()
    qtbot.waitUntil(lambda: not model_selection.is_asking)


def move_on(server: Server, model_selection: ModelSelection, qtbot: QtBot, to: str = "4") -> None:
    """Put another version into production, and let the model_selection hear of it."""
    server.versions["production"] = found(to)
    look(model_selection, qtbot)


class TestCachedFirst:
    def test_the_cached_model_answers_while_the_server_still_hangs(
        self, make: Make, server: Server, qtbot: QtBot
    ) -> None:
        server.gate.clear()
        model_selection = make()
        heard = Heard(model_selection)
        model_selection.start()
        qtbot.waitUntil(lambda: version(model_selection) == "3" and server.asked == ["production"])
        assert [type(state) for state in heard.states] == [ModelLoading, ModelReady]
        assert heard.loaded == ["3"]
        assert model_selection.state.checked_at == "2026-01-01T00:00:00+00:00"

    def test_the_server_that_says_the_same_is_noted_and_nothing_else_changes(
        self, make: Make, server: Server, qtbot: QtBot
    ) -> None:
        model_selection = make()
        heard = Heard(model_selection)
        model_selection.start()
        qtbot.waitUntil(
            lambda: (
                version(model_selection) is not None and model_selection.state.checked_at == "2026-02-01T10:00:00+00:00"
            )
        )
        assert heard.loaded == ["3"]
        assert heard.news == []
        assert heard.messages == []

    def test_loading_and_asking_have_a_thread_each(self, started: Make, server: Server) -> None:
        started()
        assert server.threads == {"loading": {"acne-loading"}, "asking": {"acne-asking"}}

    def test_what_is_not_cached_or_damaged_is_fetched(self, make: Make, server: Server, qtbot: QtBot) -> None:
        server.cache.clear()
        model_selection = make()
        model_selection.start()
        qtbot.waitUntil(lambda: version(model_selection) == "3")
        assert server.asked == ["production"]

    def test_without_cache_and_server_there_is_one_clear_reason(self, make: Make, server: Server, qtbot: QtBot) -> None:
        server.cache.clear()
        server.down = DOWN
        model_selection = make()
        model_selection.start()
        qtbot.waitUntil(lambda: isinstance(model_selection.state, ModelMissing))
        assert model_selection.state.reason == f"no production model is cached, and {DOWN}"

    def test_a_folder_is_asked_of_no_server(self, started: Make, server: Server) -> None:
        server.cache["/somewhere/tiny"] = found("1", stage=None)
        started(name="/somewhere/tiny")
        assert server.asked == []

    def test_checks_that_are_turned_off_do_not_happen(self, started: Make, server: Server) -> None:
        model_selection = started(check_every=0)
        assert server.asked == []
        assert not model_selection.checks_regularly


class TestNews:
    def test_a_new_version_is_reported_and_the_model_stays(self, started: Make, server: Server, qtbot: QtBot) -> None:
        model_selection = started()
        heard = Heard(model_selection)
        move_on(server, model_selection, qtbot)
        assert (model_selection.new.version, model_selection.new.used, model_selection.new.since) == (
            "4",
            "3",
            "2026-01-31T08:00:00+00:00",
        )
        assert heard.news == [model_selection.new]
        assert heard.loaded == []
        assert version(model_selection) == "3"
        assert not is_production(model_selection.state)

    def test_switching_takes_it(self, started: Make, server: Server, qtbot: QtBot) -> None:
        model_selection = started()
        move_on(server, model_selection, qtbot)
        heard = Heard(model_selection)
        model_selection.use_new_version()
        qtbot.waitUntil(lambda: version(model_selection) == "4")
        assert heard.loaded == ["4"]
        assert heard.news == [None]
        assert heard.pending == [Pending(name="production", version="4"), None]
        assert is_production(model_selection.state)

    def test_dismissing_hides_that_version_but_not_the_next(self, started: Make, server: Server, qtbot: QtBot) -> None:
        model_selection = started()
        move_on(server, model_selection, qtbot)
        model_selection.dismiss_new_version()
        assert model_selection.new is None
        with qtbot.waitSignal(model_selection.changed):
            model_selection.check()
        assert model_selection.new is None
        move_on(server, model_selection, qtbot, to="5")
        assert model_selection.new.version == "5"
        assert version(model_selection) == "3"

    def test_a_check_by_hand_offers_a_dismissed_version_again(
        self, started: Make, server: Server, qtbot: QtBot
    ) -> None:
        model_selection = started()
        move_on(server, model_selection, qtbot)
        model_selection.dismiss_new_version()
        look(model_selection, qtbot)
        assert model_selection.new.version == "4"

    def test_a_check_by_hand_reports_that_there_is_no_new_version(self, started: Make, qtbot: QtBot) -> None:
        model_selection = started()
        heard = Heard(model_selection)
        look(model_selection, qtbot)
        assert heard.messages == [texts.check_result(model_selection.state, new=None, offline=None)]
        assert "version 3 is still in production" in heard.messages[0]

    def test_a_promotion_that_was_rolled_back_is_no_news_any_more(
        self, started: Make, server: Server, qtbot: QtBot
    ) -> None:
        model_selection = started()
        move_on(server, model_selection, qtbot)
        move_on(server, model_selection, qtbot, to="3")
        assert model_selection.new is None
        assert is_production(model_selection.state)

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
    def test_a_server_that_is_down_is_reported_and_the_model_stays(
        self, started: Make, server: Server, qtbot: QtBot
    ) -> None:
        server.down = DOWN
        model_selection = started()
        qtbot.waitUntil(lambda: model_selection.state.offline is not None)
        assert model_selection.state.offline == DOWN
        assert version(model_selection) == "3"

    def test_it_is_asked_again_by_itself_and_offline_ends_when_it_is_back(
        self, started: Make, server: Server, qtbot: QtBot
    ) -> None:
        server.down = DOWN
        model_selection = started(check_every=0.001)
        qtbot.waitUntil(lambda: model_selection.state.offline == DOWN and len(server.asked) > 1)
        server.down = None
        qtbot.waitUntil(lambda: model_selection.state.offline is None)

    def test_a_missing_model_comes_by_itself_when_the_server_is_back(
        self, make: Make, server: Server, qtbot: QtBot
    ) -> None:
        server.cache.clear()
        server.down = DOWN
        model_selection = make(check_every=0.001)
        model_selection.start()
        qtbot.waitUntil(lambda: isinstance(model_selection.state, ModelMissing))
        heard = Heard(model_selection)
        server.down = None
        qtbot.waitUntil(lambda: version(model_selection) == "3")
        assert not any(isinstance(state, ModelLoading) for state in heard.states)

    def test_a_server_that_hangs_is_not_asked_twice(self, make: Make, server: Server, qtbot: QtBot) -> None:
        server.gate.clear()
        model_selection = make()
        model_selection.start()
        qtbot.waitUntil(lambda: server.asked == ["production"])
        model_selection.check()
        server.gate.set()
        qtbot.waitUntil(lambda: not model_selection.is_asking)
        assert server.asked == ["production"]

    def test_a_deleted_production_model_is_reported_and_the_model_stays(
        self, started: Make, server: Server, qtbot: QtBot
    ) -> None:
        model_selection = started()
        server.versions.clear()
        look(model_selection, qtbot)
        assert model_selection.state.offline == "acne has no production version"
        assert version(model_selection) == "3"


class TestChoosing:
    @pytest.fixture
    def model_selection(self, started: Make, server: Server) -> ModelSelection:
        server.versions |= {"2": found("2", stage="Archived"), "staging": found("5", stage="Staging")}
        return started()

    def test_a_version_is_fetched_and_used(self, model_selection: ModelSelection, qtbot: QtBot) -> None:
        model_selection.choose("2")
        qtbot.waitUntil(lambda: version(model_selection) == "2")
        assert (model_selection.state.name, model_selection.state.stage) == ("2", "Archived")

    def test_what_is_asked_for_later_is_what_was_chosen(
        self, model_selection: ModelSelection, server: Server, qtbot: QtBot
    ) -> None:
        model_selection.choose("staging")
        qtbot.waitUntil(lambda: version(model_selection) == "5")
        move_on(server, model_selection, qtbot)
        assert model_selection.new is None
        server.versions["staging"] = found("6", stage="Staging")
        look(model_selection, qtbot)
        assert (model_selection.new.name, model_selection.new.version) == ("staging", "6")

    def test_one_click_leads_back_to_todays_production(
        self, model_selection: ModelSelection, server: Server, qtbot: QtBot
    ) -> None:
        model_selection.choose("2")
        qtbot.waitUntil(lambda: version(model_selection) == "2")
        server.versions["production"] = found("4")
        model_selection.choose_production()
        qtbot.waitUntil(lambda: version(model_selection) == "4")
        assert is_production(model_selection.state)

    def test_the_cached_production_is_good_enough_where_the_server_is_down(
        self, model_selection: ModelSelection, server: Server, qtbot: QtBot
    ) -> None:
        model_selection.choose("2")
        qtbot.waitUntil(lambda: version(model_selection) == "2")
        server.down = DOWN
        model_selection.choose_production()
        qtbot.waitUntil(lambda: version(model_selection) == "3")
        assert model_selection.state.offline == DOWN

    def test_a_choice_that_fails_is_reported_and_the_model_stays(
        self, model_selection: ModelSelection, qtbot: QtBot
    ) -> None:
        heard = Heard(model_selection)
        with qtbot.waitSignal(model_selection.message):
            model_selection.choose("9")
        assert heard.messages == [texts.not_taken("9", "acne has no 9 version")]
        assert heard.pending[-1] is None
        assert version(model_selection) == "3"

    def test_the_last_of_several_choices_counts(self, model_selection: ModelSelection, qtbot: QtBot) -> None:
        heard = Heard(model_selection)
        model_selection.choose("staging")
        model_selection.choose("2")
        qtbot.waitUntil(lambda: version(model_selection) == "2" and not model_selection.is_asking)
        assert heard.loaded == ["2"]

    def test_the_last_choice_counts_though_the_previous_one_is_loading_already(
        self, model_selection: ModelSelection, server: Server, workers: list[Worker], qtbot: QtBot
    ) -> None:
        heard = Heard(model_selection)
        server.versions["production"] = found("4")
        server.load_gate.clear()
        model_selection.choose("2")
        qtbot.waitUntil(lambda: server.loading == ["2"])
        server.gate.clear()
        model_selection.choose_production()
        qtbot.waitUntil(lambda: server.asked[-1] == "production")
        behind = Background(workers[0])
        with qtbot.waitSignal(behind.finished):
            behind.start(lambda item: item, [None])
            server.load_gate.set()
        assert (version(model_selection), heard.loaded) == ("3", [])
        server.gate.set()
        qtbot.waitUntil(lambda: version(model_selection) == "4")
        assert heard.loaded == ["4"]

    def test_a_choice_that_fails_after_the_next_one_is_not_reported(
        self, model_selection: ModelSelection, server: Server, qtbot: QtBot
    ) -> None:
        heard = Heard(model_selection)
        server.gate.clear()
        model_selection.choose("9")
        qtbot.waitUntil(lambda: server.asked[-1] == "9")
        model_selection.choose("2")
        server.gate.set()
        qtbot.waitUntil(lambda: version(model_selection) == "2")
        assert (heard.loaded, heard.messages) == (["2"], [])

    def test_after_a_missing_model_another_can_be_chosen(self, make: Make, server: Server, qtbot: QtBot) -> None:
        server.versions["2"] = found("2", stage=None)
        model_selection = make(name="7")
        model_selection.start()
        qtbot.waitUntil(lambda: isinstance(model_selection.state, ModelMissing))
        model_selection.choose("2")
        assert model_selection.state == ModelLoading(name="2")
        qtbot.waitUntil(lambda: version(model_selection) == "2")


class TestBatches:
    @pytest.fixture
    def model_selection(self, started: Make, server: Server, qtbot: QtBot) -> ModelSelection:
        server.versions["2"] = found("2", stage="Archived")
        model_selection = started()
        move_on(server, model_selection, qtbot)
        return model_selection

    def test_a_switch_during_a_batch_waits_for_its_end(self, model_selection: ModelSelection, qtbot: QtBot) -> None:
        heard = Heard(model_selection)
        model_selection.lock()
        model_selection.use_new_version()
        assert heard.pending == [Pending(name="production", version="4", after_batch=True)]
        assert version(model_selection) == "3"
        model_selection.unlock()
        qtbot.waitUntil(lambda: version(model_selection) == "4")
        assert heard.loaded == ["4"]

    def test_a_model_that_arrives_during_a_batch_waits_for_its_end(
        self, model_selection: ModelSelection, server: Server, qtbot: QtBot
    ) -> None:
        heard = Heard(model_selection)
        server.gate.clear()
        model_selection.choose("2")
        qtbot.waitUntil(lambda: server.asked[-1] == "2")
        model_selection.lock()
        server.gate.set()
        qtbot.waitUntil(lambda: model_selection.has_arrived)
        assert heard.pending[-1] == Pending(name="2", version="2", after_batch=True)
        assert heard.loaded == []
        model_selection.unlock()
        assert heard.loaded == ["2"]

    def test_the_last_choice_during_a_batch_counts(self, model_selection: ModelSelection, qtbot: QtBot) -> None:
        heard = Heard(model_selection)
        model_selection.lock()
        model_selection.use_new_version()
        model_selection.choose("2")
        model_selection.unlock()
        qtbot.waitUntil(lambda: version(model_selection) == "2" and not model_selection.is_asking)
        assert heard.loaded == ["2"]

    def test_a_batch_without_any_choice_changes_nothing(self, model_selection: ModelSelection) -> None:
        heard = Heard(model_selection)
        model_selection.lock()
        model_selection.unlock()
        assert (heard.loaded, heard.pending, heard.states) == ([], [], [])

    def test_news_that_come_during_a_batch_are_reported(
        self, model_selection: ModelSelection, server: Server, qtbot: QtBot
    ) -> None:
        model_selection.lock()
        move_on(server, model_selection, qtbot, to="5")
        assert model_selection.new.version == "5"


class TestVersions:
    def test_what_there_is_to_choose_is_reported(self, started: Make, qtbot: QtBot) -> None:
        model_selection = started()
        with qtbot.waitSignal(model_selection.version_list.ready) as told:
            model_selection.version_list.refresh()
        assert [one.version for one in told.args[0].versions] == ["3"]

    def test_or_why_not(self, started: Make, server: Server, qtbot: QtBot) -> None:
        model_selection = started()
        server.down = DOWN
        with qtbot.waitSignal(model_selection.version_list.ready) as told:
            model_selection.version_list.refresh()
        assert told.args == [DOWN]
