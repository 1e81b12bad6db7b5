"""The dialog in which a model is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog

from acnelib.inference import ModelIdentity
from acnelib.models import Listing
from acnelib.registry.reading import ListedVersion
from acnelib.registry.version_facts import VersionFacts
from gui.model import texts
from gui.model.picker import ModelPicker
from gui.state.session import ModelMissing, ModelReady

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

VERSIONS = (
    ListedVersion(version="5", stage="Staging"),
    ListedVersion(version="4", stage="Production", made_at="2026-01-31T08:00:00+00:00"),
    ListedVersion(version="3", stage="Archived"),
)
OFFLINE = "the tracking server http://127.0.0.1:9 does not answer"
IN_USE = ModelReady(
    name="3",
    identity=ModelIdentity(name="acne", version="3", sha256="3" * 64),
    labels=(),
    confidence_threshold=0.6,
    confident_accuracy=0.9,
    false_rejection=0.02,
)


@pytest.fixture
def picker(qtbot: QtBot) -> ModelPicker:
    picker = ModelPicker(IN_USE)
    qtbot.addWidget(picker)
    picker.show()
    return picker


def cells(picker: ModelPicker) -> list[list[str]]:
    items = [picker.list.topLevelItem(row) for row in range(picker.list.topLevelItemCount())]
    return [[item.text(column) for column in (0, 1, 5)] for item in items]


def test_production_staging_and_all_versions_are_listed_with_their_stages(picker: ModelPicker) -> None:
    picker.show_versions(Listing(versions=VERSIONS, cached=frozenset({"4"})))
    assert cells(picker) == [
        ["Production (version 4)", "Production", ""],
        ["Staging (version 5)", "Staging", ""],
        ["Version 5", "Staging", ""],
        ["Version 4", "Production", texts.ON_THIS_COMPUTER],
        ["Version 3", "Archived", texts.IN_USE],
    ]
    assert picker.list.topLevelItem(3).text(4).startswith("2026-01-31")
    assert picker.status.text() == texts.PICKER_EXPLAINED


def test_each_version_says_how_good_it_is_and_what_it_learnt_from_where_that_is_known(picker: ModelPicker) -> None:
    known = VersionFacts(macro_f1=0.7149, sources="dermnet, fitzpatrick17k")
    picker.show_versions(Listing(versions=(ListedVersion(version="5", facts=known), ListedVersion(version="4"))))
    rows = [picker.list.topLevelItem(row) for row in range(2)]
    assert [[row.text(column) for column in (2, 3)] for row in rows] == [["0.71", "dermnet, fitzpatrick17k"], ["", ""]]
    assert picker.list.headerItem().text(2) == "Macro-F1"


def test_versions_that_were_trained_on_drawn_pictures_only_are_listed_as_such(picker: ModelPicker) -> None:
    picker.show_versions(Listing(versions=(ListedVersion(version="3", stage="Production", drawn=True),)))
    assert cells(picker) == [
        ["Production (version 3)", "Production", texts.DRAWN_ONLY],
        ["Version 3", "Production", f"{texts.DRAWN_ONLY} · {texts.IN_USE}"],
    ]


def test_the_model_in_use_is_selected(picker: ModelPicker) -> None:
    picker.show_versions(Listing(versions=VERSIONS))
    assert picker.list.currentItem().text(0) == "Version 3"


def test_keys_alone_choose_a_version(picker: ModelPicker, qtbot: QtBot) -> None:
    picker.show_versions(Listing(versions=VERSIONS))
    qtbot.keyClick(picker.list, Qt.Key.Key_Up)
    with qtbot.waitSignal(picker.chosen) as chosen:
        qtbot.keyClick(picker.list, Qt.Key.Key_Return)
    assert chosen.args == ["4"]
    assert not picker.isVisible()


def test_the_button_chooses_production_by_name(picker: ModelPicker, qtbot: QtBot) -> None:
    picker.show_versions(Listing(versions=VERSIONS))
    picker.list.setCurrentItem(picker.list.topLevelItem(0))
    with qtbot.waitSignal(picker.chosen) as chosen:
        picker.use.click()
    assert chosen.args == ["production"]


def test_one_choice_is_reported_once(picker: ModelPicker, qtbot: QtBot) -> None:
    chosen: list[str] = []
    picker.chosen.connect(chosen.append)
    picker.show_versions(Listing(versions=VERSIONS))
    qtbot.keyClick(picker.list, Qt.Key.Key_Return)
    assert chosen == ["3"]


def test_offline_only_models_on_this_computer_are_listed_with_the_reason(picker: ModelPicker) -> None:
    listing = Listing(versions=VERSIONS[1:2], offline=OFFLINE, cached=frozenset({"production", "4"}))
    picker.show_versions(listing)
    assert [row[0] for row in cells(picker)] == ["Production (version 4)", "Version 4"]
    assert "only models on this computer are listed" in picker.status.accessibleName()
    assert OFFLINE[1:] in picker.status.accessibleName()


def test_where_nothing_can_be_listed_it_says_why_and_can_ask_again(picker: ModelPicker, qtbot: QtBot) -> None:
    picker.show_versions("no tracking server is known here")
    assert picker.status.text() == texts.no_listing("no tracking server is known here")
    assert not picker.use.isEnabled()
    with qtbot.waitSignal(picker.versions_requested):
        picker.retry.click()
    assert picker.status.text() == texts.LOADING_VERSIONS


def test_a_model_without_versions_says_so(picker: ModelPicker) -> None:
    picker.show_versions(Listing(versions=()))
    assert picker.status.text() == texts.NO_VERSIONS


def test_without_a_model_the_first_of_the_list_is_selected(qtbot: QtBot) -> None:
    picker = ModelPicker(ModelMissing(name="7", reason="gone"))
    qtbot.addWidget(picker)
    picker.show_versions(Listing(versions=VERSIONS))
    assert picker.list.currentItem().text(0) == "Production (version 4)"


def test_a_bundles_folder_can_be_chosen_instead(
    picker: ModelPicker, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "/somewhere/tiny")
    with qtbot.waitSignal(picker.chosen) as chosen:
        picker.folder.click()
    assert chosen.args == ["/somewhere/tiny"]


def test_leaving_without_a_folder_chooses_nothing(
    picker: ModelPicker, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    with qtbot.assertNotEmitted(picker.chosen):
        picker.folder.click()
        picker.findChild(QDialogButtonBox).rejected.emit()
    assert not picker.isVisible()
