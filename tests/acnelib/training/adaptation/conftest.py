"""A tiny adaptation: three conditions that differ in colour, in the smallest network."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from acnelib.training.adaptation.adapting import Adaptation
from acnelib.training.adaptation.learning_set import LearningSet, choose_photos
from acnelib.training.adaptation.options import AdaptationOptions
from acnelib.training.networks.backbones import Backbone
from acnelib.training.networks.weights_files import STARTER, find_weights

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from acnelib.training.adaptation.adapting import AdaptedNetwork

TINY = Backbone.parse("mobilenet_v1_0.25_32")
OPTIONS = AdaptationOptions(epochs=3, batch=6, rate=1e-2, averaging=0.5, least_groups=2)
COLOURS = {"eczema": (200, 90, 80), "vitiligo": (90, 180, 90), "warts": (90, 90, 200)}
OF_EACH = 10


@dataclass(frozen=True)
class Pictures:
    """Pictures in a folder; a class and no function, so that an adaptation can be sent to another process."""

    folder: Path

    def path(self, name: str) -> Path:
        return self.folder / name


@dataclass
class Attempt:
    """An adaptation in a folder of its own, and what it reported."""

    adaptation: Adaptation
    folder: Path
    lines: list[str] = field(default_factory=list)

    @property
    def weights(self) -> Path:
        return self.folder / f"{TINY}_notop.weights.h5"

    def change(self, **options: float) -> None:
        self.adaptation = replace(self.adaptation, options=replace(self.adaptation.options, **options))

    def run(self, *, progress: Callable[[int, int, str], None] | None = None) -> AdaptedNetwork:
        def report(done: int, total: int, what: str) -> None:
            self.lines.append(what)
            if progress is not None:
                progress(done, total, what)

        return replace(self.adaptation, progress=report).run(self.weights)


@pytest.fixture(scope="session")
def pictures(tmp_path_factory) -> Pictures:
    folder, rng = tmp_path_factory.mktemp("conditions"), np.random.default_rng(0)
    for condition, colour in COLOURS.items():
        for number in range(OF_EACH):
            pixels = np.clip(rng.normal(colour, 25, (48, 48, 3)), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(folder / f"{condition}-{number}.png")
    return Pictures(folder)


@pytest.fixture(scope="session")
def learning_set(pictures) -> LearningSet:
    names = sorted(path.name for path in pictures.folder.iterdir())
    return choose_photos(names, conditions=[name.partition("-")[0] for name in names], groups=names, least_groups=2)


@pytest.fixture(scope="session")
def attempt_in(pictures, learning_set) -> Callable[[Path], Attempt]:
    def attempt_in(folder: Path) -> Attempt:
        adaptation = Adaptation(
            backbone=TINY,
            weights=find_weights(STARTER, TINY),
            learning_set=learning_set,
            path_of=pictures.path,
            options=OPTIONS,
            checkpoint=folder / "network.npz",
            progress=print,
        )
        return Attempt(adaptation, folder)

    return attempt_in


@pytest.fixture
def attempt(attempt_in, tmp_path) -> Attempt:
    return attempt_in(tmp_path)
