"""The model that answers is the one that was chosen last, never another in the middle of a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from selections import DOWN, Heard, Server, found, look, move_on, version

from gui.background import Background, Worker
from gui.model import texts
from gui.model.news import Pending, is_production
from gui.state.session import ModelLoading, ModelMissing

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot
    from selections import Make

    from gui.model.selection import ModelSelection


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

    def test_a_model_that_is_loaded_again_is_the_same_version_beside_the_same_news(
        self, model_selection: ModelSelection, server: Server, qtbot: QtBot
    ) -> None:
        move_on(server, model_selection, qtbot)
        heard, news = Heard(model_selection), model_selection.new
        assert news is not None
        model_selection.load_again()
        qtbot.waitUntil(lambda: len(heard.loaded) == 1 and model_selection.is_idle)
        assert (version(model_selection), model_selection.new, heard.news) == ("3", news, [])
        assert model_selection.state.stage is None  # as the server has said since

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
        with qtbot.waitSignal(model_selection.version_list.ready) as reported:
            model_selection.version_list.refresh()
        assert [one.version for one in reported.args[0].versions] == ["3"]

    def test_or_why_not(self, started: Make, server: Server, qtbot: QtBot) -> None:
        model_selection = started()
        server.down = DOWN
        with qtbot.waitSignal(model_selection.version_list.ready) as reported:
            model_selection.version_list.refresh()
        assert reported.args == [DOWN]
