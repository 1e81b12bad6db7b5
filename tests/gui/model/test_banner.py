"""The bar above the picture: hidden while there is nothing to say of the model."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

import pytest

from acnelib.inference import ModelIdentity
from gui.model import texts
from gui.model.banner import ModelBanner
from gui.model.news import BannerKind, NewVersion, Pending
from gui.state.session import ModelLoading, ModelMissing, ModelReady

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

NEW = NewVersion(name="production", version="4", used="3", since="2026-01-31T08:00:00+00:00", found=None)


def ready(version: str | None, *, stage: str | None = None, drawn: bool = False) -> ModelReady:
    return ModelReady(
        name="production",
        identity=ModelIdentity(name="tiny", version=version, sha256="3" * 64, drawn=drawn),
        labels=("papules",),
        confidence_threshold=0.6,
        confident_accuracy=0.9,
        false_rejection=0.02,
        stage=stage,
    )


@pytest.fixture
def banner(qtbot: QtBot) -> ModelBanner:
    banner = ModelBanner()
    qtbot.addWidget(banner)
    return banner


def buttons(banner: ModelBanner) -> list[str]:
    return [one.text() for one in (banner.switch, banner.dismiss, banner.production) if not one.isHidden()]


@pytest.mark.parametrize(
    "model", [ready("3", stage="Production"), ModelLoading(name="3"), ModelMissing(name="3", reason="gone")]
)
def test_production_and_a_missing_model_have_no_banner(banner: ModelBanner, model: object) -> None:
    banner.show_model(model)
    assert banner.isHidden()


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (ready("3", stage="Staging"), "You are using version 3 (Staging), not the production model."),
        (ready("3"), "You are using version 3, not the production model."),
        (ready(None), "You are using a model from a folder (tiny), not the production model."),
    ],
)
def test_another_model_than_production_is_reported_with_the_way_back(
    banner: ModelBanner, qtbot: QtBot, model: ModelReady, words: str
) -> None:
    banner.show_model(model)
    assert not banner.isHidden()
    assert (banner.text.text(), banner.mark.kind) == (words, BannerKind.OTHER)
    assert buttons(banner) == [texts.USE_PRODUCTION]
    with qtbot.waitSignal(banner.production_requested):
        banner.production.click()


def test_a_model_of_drawn_pictures_is_reported_for_as_long_as_it_is_used(banner: ModelBanner) -> None:
    banner.show_model(ready("3", stage="Production", drawn=True))
    assert (banner.text.text(), banner.mark.kind) == (texts.DRAWN, BannerKind.DRAWN)
    assert buttons(banner) == []


def test_other_news_about_such_a_model_never_replaces_that(banner: ModelBanner) -> None:
    banner.show_model(ready("3", drawn=True))
    assert banner.text.text() == f"You are using version 3, not the production model. {texts.DRAWN}"
    banner.show_news(NEW)
    assert banner.text.text().endswith(texts.DRAWN)


def test_where_there_is_no_server_there_is_no_way_back(banner: ModelBanner) -> None:
    banner.offer_production(offered=False)
    banner.show_model(ready(None))
    assert not banner.isHidden()
    assert buttons(banner) == []


def test_a_new_version_is_reported_with_two_buttons(banner: ModelBanner, qtbot: QtBot) -> None:
    banner.show_model(ready("3"))
    banner.show_news(NEW)
    assert banner.text.accessibleName() == texts.new_version(NEW)
    assert banner.mark.kind is BannerKind.NEW
    assert buttons(banner) == [texts.switch(NEW), texts.dismiss(NEW)]
    with qtbot.waitSignal(banner.switch_requested):
        banner.switch.click()
    with qtbot.waitSignal(banner.dismiss_requested):
        banner.dismiss.click()


@pytest.mark.parametrize(
    ("pending", "words"),
    [
        (Pending(name="production", version="4", after_batch=True), "Version 4 will be used after this batch."),
        (Pending(name="staging", after_batch=True), "The staging model will be used after this batch."),
        (Pending(name="/a/b", after_batch=True), "The model from a folder will be used after this batch."),
        (Pending(name="2"), "Loading version 2…"),
    ],
)
def test_a_pending_model_comes_before_all_else(banner: ModelBanner, pending: Pending, words: str) -> None:
    banner.show_model(ready("3"))
    banner.show_news(NEW)
    banner.show_pending(pending)
    assert (banner.text.text(), banner.mark.kind, buttons(banner)) == (words, BannerKind.PENDING, [])


def test_it_goes_when_there_is_nothing_to_say_any_more(banner: ModelBanner) -> None:
    banner.show_model(ready("3"))
    banner.show_news(NEW)
    banner.show_news(None)
    banner.show_model(ready("4", stage="Production"))
    assert banner.isHidden()


def test_the_time_of_a_promotion_is_that_of_the_reader() -> None:
    assert "2026-01-31 08:00" in texts.new_version(NEW, zone=UTC).replace("\u00a0", " ")
