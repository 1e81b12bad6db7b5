"""What a class is, and where its atlas shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices

from acnelib.atlas.drawing import LABELS
from acnelib.scraping.layout_files import layout_names, load_layout
from gui.answer.class_meaning import meaning_of
from gui.answer.page import MeaningLines

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def labels_of(layout: str) -> set[str]:
    return {label for _, label in load_layout(layout).topics if label}


@pytest.mark.parametrize("layout", layout_names())
def test_every_class_of_a_layout_is_explained(layout: str) -> None:
    unexplained = {label for label in labels_of(layout) if meaning_of(label) is None}
    assert unexplained == set()


def test_every_class_of_the_sample_atlas_is_explained_and_has_no_page() -> None:
    meanings = [meaning_of(label, source="sample") for label in LABELS]
    assert all(meaning is not None and meaning.page is None for meaning in meanings)


def test_every_page_of_dermnet_is_of_a_topic_that_is_this_class() -> None:
    layout = load_layout("dermnet")
    for label in labels_of("dermnet"):
        page = meaning_of(label, source="dermnet").page
        assert urlsplit(page).hostname in layout.hosts
        assert layout.label_of(layout.topic_at(page)) == label


def test_every_page_of_wikimedia_commons_is_of_a_category_that_is_this_class() -> None:
    layout = load_layout("wikimedia-commons")
    for label in labels_of("wikimedia-commons"):
        page = meaning_of(label, source="wikimedia-commons").page
        assert page.startswith(f"{layout.base}/wiki/Category:")
        assert layout.label_of(unquote(page.partition("Category:")[2]).replace("_", " ").casefold()) == label


@pytest.mark.parametrize("source", ["dermnet", "dermnet-127-0-0-1-8000"])
def test_a_mirror_leads_to_the_public_page(source: str) -> None:
    assert meaning_of("rosacea", source=source).page == "https://dermnetnz.org/topics/rosacea"


@pytest.mark.parametrize("source", [None, "", "dermnet-classic", "dermnet-1a2b3c4d", "photos-1a2b3c4d"])
def test_elsewhere_a_class_has_no_page(source: str | None) -> None:
    assert meaning_of("rosacea", source=source).page is None


def test_an_unknown_class_is_not_explained() -> None:
    assert meaning_of("some-folder", source="dermnet") is None


def test_the_link_says_where_it_leads_and_opens_only_when_pressed(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    lines = MeaningLines()
    qtbot.addWidget(lines)
    lines.show_meaning(meaning_of("rosacea", source="dermnet"))
    lines.show()
    assert lines.link.text().endswith("dermnetnz.org")
    assert opened == []
    qtbot.mouseClick(lines.link, Qt.MouseButton.LeftButton)
    qtbot.keyClick(lines.link, Qt.Key.Key_Space)
    assert opened == [QUrl("https://dermnetnz.org/topics/rosacea")] * 2


def test_without_a_page_there_is_no_link(qtbot: QtBot) -> None:
    lines = MeaningLines()
    qtbot.addWidget(lines)
    lines.show_meaning(meaning_of("papules", source="sample"))
    lines.show()
    assert lines.text.accessibleName().startswith("What is this? Small, raised")
    assert not lines.link.isVisible()
