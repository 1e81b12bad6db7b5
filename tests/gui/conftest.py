"""Tiny real models, coloured photos, and the real window with whatever stands behind it."""

from __future__ import annotations

import json
import logging
import os
import threading
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest
import tiny_bundles
from grain import grained
from PIL import Image
from tiny_bundles import evaluation, sealed

from acnelib.bundle import CARD, EVALUATION

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from PySide6.QtCore import QSettings
    from pytestqt.qtbot import QtBot

    from gui.controllers.app import AppController

# What tests/gui/data/make_tiny_model.py made: a class for each of red, green and blue; the second model also says
# where it looked (in 4 × 4 places) and takes what is nearly white to be out of scope.
TINY_MODEL = Path(__file__).parent / "data" / "tiny.tflite"
TINY_MODEL_WITH_MAPS = Path(__file__).parent / "data" / "tiny_with_maps.tflite"
COLOURS = {
    "papules": (255, 0, 0),
    "comedones": (0, 255, 0),
    "cysts": (0, 0, 255),
    "nothing": (128, 128, 128),
    "paper": (250, 250, 250),
}
DESCRIPTION = replace(
    tiny_bundles.DESCRIPTION,
    labels=("papules", "comedones", "cysts"),
    confidence_threshold=0.6,
    provenance=replace(tiny_bundles.PROVENANCE, source="colours", created_at="2026-01-01T00:00:00+00:00"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What Qt has to complain about fails a test."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.qt_log_level_fail("WARNING"))
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints"))


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sealed bundle that takes red for papules, green for comedones and blue for cysts."""
    return sealed_bundle(tmp_path_factory.mktemp("models") / "tiny", TINY_MODEL)


@pytest.fixture(scope="session")
def bundle_with_maps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, in full: with maps, out-of-scope verdicts, test metrics and a card."""
    folder = tmp_path_factory.mktemp("models") / "told"
    files = {
        EVALUATION: json.dumps(evaluation().as_json()),
        CARD: "# Model card\n\nSee [the atlas](https://example.org).\n",
    }
    return sealed_bundle(folder, TINY_MODEL_WITH_MAPS, files)


def sealed_bundle(folder: Path, model: Path, files: Mapping[str, str] = MappingProxyType({})) -> Path:
    return sealed(folder, description=DESCRIPTION, model=model, files=files)


@pytest.fixture
def photo(tmp_path: Path) -> Callable[..., Path]:
    """Write a photo in the colour of a label: a small and plain one, of which no answer is confident, or a fit one."""

    def write(label: str, *, fit: bool = False) -> Path:
        path = tmp_path / f"{label}.png"
        image = Image.new("RGB", (96, 96) if fit else (40, 30), COLOURS[label])
        (grained(image) if fit else image).save(path)
        return path

    return write


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A computer on which acnelib was never used."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("ACNE_HOME", str(home))
    monkeypatch.setenv("LANGUAGE", "en")  # whatever the developer's own is
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.chdir(home)
    return home


@pytest.fixture
def qt_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], QSettings]]:
    """What Qt remembers for all programs of its own, on this machine on which it remembers nothing."""
    from PySide6.QtCore import QSettings

    def settings() -> QSettings:
        return QSettings(QSettings.Scope.UserScope, "QtProject")

    before = Path(settings().fileName()).parent
    folder = tmp_path_factory.mktemp("qt")
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(folder))
    assert Path(settings().fileName()).parent == folder
    yield settings
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(before))


@pytest.fixture(autouse=True)
def no_warning_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    assert [record.getMessage() for record in caplog.get_records("call") if record.levelno >= logging.WARNING] == []


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    yield
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("acne-")] == []


@pytest.fixture
def start(qtbot: QtBot, bundle: Path) -> Iterator[Callable[..., AppController]]:
    """Start the app as ``main`` does, without its event loop; the model is the tiny one unless another is named."""
    from gui.application import start

    started: list[AppController] = []

    def start_for_test(*, model: str | None = None, **options: object) -> AppController:
        controller = start(model or str(bundle), **options)
        qtbot.addWidget(controller.window)
        started.append(controller)
        return controller

    yield start_for_test
    for controller in started:
        assert controller.close(), "a worker thread outlived its test"
