"""The model that answers: cached first, changed by the user only, whatever its server does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from selections import DOWN, Heard, Server, found, look, move_on, version

from gui.model import texts
from gui.model.news import Pending, is_production
from gui.state.session import ModelLoading, ModelMissing, ModelReady

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot
    from selections import Make


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
