"""The site's own check in the review panel: the figures of ``acne validate``, and the threshold that they suggest."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from site_photos import painted
from tiny_bundles import sealed

from acnelib.bundle import LEARNT_FROM, LITERT, TrainingHashes, open_bundle
from acnelib.models import load_classifier
from acnelib.reviews import Review, ReviewFile, ReviewVerdict
from acnelib.site_check import FEWEST_PHOTOS
from acnelib.site_threshold import SiteThresholds
from acnelib.storage.files import sha256_of_file
from acnelib.validation.site_validation import validate_folder
from gui.site_check import texts
from gui.state.preferences import PreferenceStore
from gui.state.site_check import FEWEST_BLIND

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gui.controllers.app import AppController
    from gui.site_check.panel import SiteCheckPanel

    Start = Callable[..., AppController]

COLOURS = {"papules": (250, 0, 0), "comedones": (0, 250, 0), "cysts": (0, 0, 250)}


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, str]]:
    """36 different photos, each with what it shows."""
    folder = tmp_path_factory.mktemp("photos")
    found = []
    for number in range(36):
        label, colour = list(COLOURS.items())[number % 3]
        path = folder / f"{number:02}.png"
        painted(colour, seed=number).save(path)
        found.append((path, label))
    return found


@pytest.fixture
def review(tmp_path: Path, home: Path) -> Callable[..., Path]:
    """Write reviews into the folder that the app remembers."""
    PreferenceStore(home).remember(review_folder=str(tmp_path / "reviews"))
    file = ReviewFile(tmp_path / "reviews" / "reviews.jsonl")

    def write(photos: list[tuple[Path, str]], *, blind: bool = True) -> Path:
        for path, label in photos:
            file.append(Review.now(sha256_of_file(path), ReviewVerdict.CLASS, label=label, blind=blind))
        return file.path

    return write


@pytest.fixture
def opened(start: Start, photos: list[tuple[Path, str]], qtbot: QtBot) -> Callable[[], AppController]:
    """Open the photos in review mode, and wait for the check."""

    def open_all(**options: object) -> AppController:
        controller = start(files=[path for path, _ in photos], **options)
        controller.window.commands.review.toggle.trigger()
        results = controller.rows.results
        qtbot.waitUntil(lambda: len(results) == len(photos) and not results.pending(), timeout=30_000)
        settle(controller, qtbot)
        return controller

    return open_all


def settle(controller: AppController, qtbot: QtBot) -> None:
    def is_settled() -> bool:
        busy = (controller.review, controller.site_check)
        return not any(each.is_busy for each in busy) and controller.model_selection.is_idle

    qtbot.waitUntil(is_settled, timeout=30_000)


def panel_of(controller: AppController) -> SiteCheckPanel:
    return controller.site_check.panel


def figures(controller: AppController) -> dict[str, str]:
    return {figure.name: f"{figure.here}; {figure.beside}" for figure in panel_of(controller).figures.lines}


def test_a_check_needs_as_many_photos_as_the_command():
    assert FEWEST_BLIND == FEWEST_PHOTOS


def test_until_then_a_quiet_line_says_how_many_blind_reviews_are_missing(review, photos, opened) -> None:
    review(photos[:12])
    review(photos[12:36], blind=False)
    panel = panel_of(opened())
    assert panel.count.text() == "12 of 30 blind reviews"
    assert "18 more photos" in panel.missing.accessibleName()
    assert panel.not_counted.accessibleName() == "Not counted: 24 photos reviewed with the answer in sight."
    assert "“Confident” was measured on photos of" in panel.measured.accessibleName()
    assert not panel.figures.isVisible()


def test_a_model_of_drawn_pictures_promises_nothing(opened, bundle, tmp_path) -> None:
    description = replace(open_bundle(bundle).description, drawn=True)
    drawn = sealed(tmp_path / "drawn", description=description, model=bundle / LITERT)
    panel = panel_of(opened(model=str(drawn)))
    assert "trained on drawn pictures only" in panel.measured.accessibleName()
    assert "was measured" not in panel.measured.accessibleName()


def test_the_figures_are_those_of_the_command(review, photos, opened, bundle, home) -> None:
    wrong = [(path, "cysts") for path, label in photos if label == "papules"][:4]
    file = review(photos[:34])
    review(wrong)
    controller = opened()
    found = validate_folder(photos[0][0].parent, load_classifier(bundle), reviews=[file], report=lambda _line: None)
    assert found.n == 34
    assert figures(controller) == {
        figure.name: f"{figure.here}; {figure.beside}" for figure in texts.figures(found, None)
    }
    panel = panel_of(controller)
    assert panel.conclusion.accessibleName() == texts.conclusion(found)
    assert panel.threshold.accessibleName() == texts.threshold(found, found.threshold)
    assert not panel.count.isVisible()


def test_photos_that_the_model_learnt_from_are_left_out(review, photos, opened, bundle, tmp_path) -> None:
    TrainingHashes.of(sha256_of_file(path) for path, _ in photos[:3]).write(tmp_path)
    hashes = (tmp_path / LEARNT_FROM).read_text(encoding="ascii")
    description = open_bundle(bundle).description
    learnt = sealed(tmp_path / "learnt", description=description, model=bundle / LITERT, files={LEARNT_FROM: hashes})
    review(photos)
    panel = panel_of(opened(model=str(learnt)))
    assert "33 photos" in panel.explanation.accessibleName()
    assert "Left out: 3 photos that the model was trained on." in panel.not_counted.accessibleName()


def test_where_copies_cannot_be_found_no_threshold_is_offered(review, photos, opened, monkeypatch) -> None:
    monkeypatch.setattr("acnelib.site_check.can_find_copies", lambda: False)
    review(photos)
    panel = panel_of(opened())
    assert panel.figures.isVisible()
    assert not panel.use.isVisible()
    assert "Copies of a photo count as several" in panel.not_counted.accessibleName()


def test_a_review_changes_the_figures(review, photos, opened, qtbot) -> None:
    review(photos)
    controller = opened()
    assert "36 photos" in panel_of(controller).explanation.accessibleName()
    qtbot.keyClick(controller.window.focusWidget(), Qt.Key.Key_3)
    settle(controller, qtbot)
    assert "35 photos" in panel_of(controller).explanation.accessibleName()
    assert "1 photo reviewed with the answer in sight" in panel_of(controller).not_counted.accessibleName()


class TestThreshold:
    @pytest.fixture
    def controller(self, review, photos, opened) -> AppController:
        """A model that is always right here, and whose threshold could be lower."""
        review(photos)
        return opened()

    @staticmethod
    def kept(home: Path, bundle: Path) -> float | None:
        found = SiteThresholds(home).of(load_classifier(bundle).identity.sha256)
        return None if found is None else found.value

    def test_a_click_keeps_the_threshold_that_the_photos_suggest(self, controller, qtbot, home, bundle) -> None:
        panel = panel_of(controller)
        panel.use.click()
        qtbot.waitUntil(lambda: controller.session.model.threshold_origin == "site", timeout=10_000)
        settle(controller, qtbot)
        assert self.kept(home, bundle) == controller.session.model.confidence_threshold
        assert {row.prediction.threshold.origin for row in controller.rows.results} == {"site"}
        assert {row.prediction.verdict for row in controller.rows.results} == {"confident"}
        assert "This site’s threshold" in controller.window.notice.text.accessibleName()
        assert (panel.use.isVisible(), panel.undo.isVisible()) == (False, True)

    def test_it_can_be_undone(self, controller, qtbot, home, bundle) -> None:
        panel = panel_of(controller)
        panel.use.click()
        qtbot.waitUntil(lambda: controller.session.model.threshold_origin == "site", timeout=10_000)
        settle(controller, qtbot)
        panel.undo.click()
        qtbot.waitUntil(lambda: controller.session.model.threshold_origin == "model", timeout=10_000)
        settle(controller, qtbot)
        assert self.kept(home, bundle) is None
        assert {row.prediction.threshold.origin for row in controller.rows.results} == {"model"}
        assert (panel.use.isVisible(), panel.undo.isVisible()) == (True, False)

    def test_a_threshold_of_an_earlier_day_can_be_given_up(self, controller, qtbot, home, bundle, opened) -> None:
        panel_of(controller).use.click()
        qtbot.waitUntil(lambda: self.kept(home, bundle) is not None, timeout=10_000)
        settle(controller, qtbot)
        again = opened()
        panel_of(again).own.click()
        qtbot.waitUntil(lambda: again.session.model.threshold_origin == "model", timeout=10_000)
        settle(again, qtbot)
        assert self.kept(home, bundle) is None

    def test_what_is_kept_is_what_the_command_would_keep(self, controller, qtbot, home, bundle, photos) -> None:
        panel_of(controller).use.click()
        qtbot.waitUntil(lambda: self.kept(home, bundle) is not None, timeout=10_000)
        settle(controller, qtbot)
        (file,) = (home / "thresholds").iterdir()
        kept = json.loads(file.read_text(encoding="utf-8"))
        assert (kept["photos"], kept["groups"], kept["level"]) == (36, 36, 0.9)
