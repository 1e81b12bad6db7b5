"""What the window says of answers, of photos and of the model itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from gui.answer import texts
from gui.model import texts as model_texts
from gui.model.dialog import ModelDialog
from gui.state.session import ModelReady, Shown
from gui.state.wording import RESEARCH_TOOL, photo_quality

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest
    from pytestqt.qtbot import QtBot

    from gui.controllers.app import AppController

    Start = Callable[..., AppController]
    Photo = Callable[..., Path]


def answer(controller: AppController, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: controller.session.shown is Shown.ANSWER, timeout=20_000)


def about(controller: AppController, qtbot: QtBot) -> ModelDialog:
    qtbot.waitUntil(lambda: isinstance(controller.session.model, ModelReady), timeout=20_000)
    controller.window.commands.about_model.trigger()
    qtbot.waitUntil(lambda: ModelDialog in controller.dialogs.open, timeout=20_000)
    return controller.dialogs.open[ModelDialog]


def facts(dialog: ModelDialog) -> dict[str, str]:
    cells = [[dialog.facts.itemAtPosition(row, column).widget() for column in (0, 1)] for row in range(7)]
    return {name.text(): value.accessibleName().replace("\u00a0", " ") for name, value in cells}


def test_out_of_scope_is_shown_before_anything_else(
    start: Start, photo: Photo, qtbot: QtBot, bundle_with_maps: Path
) -> None:
    controller = start(files=[photo("paper")], model=str(bundle_with_maps))
    answer(controller, qtbot)
    page = controller.window.panel.answer
    assert (page.verdict.text(), page.mark.verdict) == (texts.verdict("out-of-scope"), "out-of-scope")
    assert page.verdict.mapTo(page, page.verdict.pos()).y() < page.label.mapTo(page, page.label.pos()).y()
    assert page.verdict.font().pointSizeF() > page.label.font().pointSizeF()
    assert all(row.bar.muted for row in page.scores.rows)
    explained = page.explanation.accessibleName()
    assert explained == texts.verdict_explained("out-of-scope", controller.session.model)
    assert "not reliable" in explained
    assert "2\u00a0% of suitable photos" in explained


def test_after_a_photo_out_of_scope_another_one_is_shown_as_ever(
    start: Start, photo: Photo, qtbot: QtBot, bundle_with_maps: Path
) -> None:
    controller = start(files=[photo("paper")], model=str(bundle_with_maps))
    answer(controller, qtbot)
    controller.photos.add([photo("papules")])
    answer(controller, qtbot)
    page = controller.window.panel.answer
    assert page.verdict.font().pointSizeF() < page.label.font().pointSizeF()
    assert not any(row.bar.muted for row in page.scores.rows)
    assert page.above_label.text() == texts.HIGHEST_SCORE


def test_a_confident_answer_says_how_often_such_answers_are_right(start: Start, photo: Photo, qtbot: QtBot) -> None:
    controller = start(files=[photo("papules", fit=True)])
    answer(controller, qtbot)
    explained = controller.window.panel.answer.explanation.accessibleName().replace("\u00a0", " ")
    assert "90 % of answers" in explained


def test_a_poor_photo_is_reported_under_the_verdict(start: Start, photo: Photo, qtbot: QtBot) -> None:
    controller = start(files=[photo("papules")])
    answer(controller, qtbot)
    assert controller.window.panel.answer.verdict.text() == "Uncertain"
    quality = controller.window.panel.answer.quality
    assert quality.isVisible()
    assert quality.accessibleName() == photo_quality(["small"], size=(40, 30))


def test_the_model_can_be_read_about_in_full(start: Start, qtbot: QtBot, bundle_with_maps: Path) -> None:
    dialog = about(start(model=str(bundle_with_maps)), qtbot)
    assert dialog.title.text() == "told (folder)"
    assert dialog.research_tool.text() == RESEARCH_TOOL
    reported = facts(dialog)
    assert reported["Created"] == "2026-01-01 00:00 UTC by acnelib 0.1.0"
    assert reported["Photos"] == "25 train, 4 test, from colours"
    assert reported["Licences"] == "CC BY-SA 4.0 (12); not stated (17)"
    assert reported["Measured"] == (
        "macro-F1 0.75 (95 % interval 0.50–0.90), accuracy 0.80, on 4 photos that it never saw"
    )
    assert dialog.licence_warning.text().endswith("the licence of 17 photos is unknown.")
    assert dialog.card.toPlainText().startswith("Model card")


def test_a_link_in_the_card_opens_nothing(
    start: Start, qtbot: QtBot, bundle_with_maps: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    dialog = about(start(model=str(bundle_with_maps)), qtbot)
    card = dialog.card.toPlainText()
    dialog.card.anchorClicked.emit(QUrl("https://example.org"))
    assert opened == []
    assert dialog.card.toPlainText() == card
    assert not dialog.card.openExternalLinks()


def test_a_bundle_without_card_or_metrics_says_so(start: Start, qtbot: QtBot) -> None:
    dialog = about(start(), qtbot)
    assert facts(dialog)["Measured"].startswith("No evaluation")
    assert dialog.card.toPlainText() == model_texts.NO_CARD


def test_there_is_nothing_to_read_about_before_there_is_a_model(start: Start, qtbot: QtBot) -> None:
    controller = start(model="production")
    qtbot.waitUntil(lambda: controller.session.shown is Shown.NO_MODEL, timeout=20_000)
    assert not controller.window.commands.about_model.isEnabled()
