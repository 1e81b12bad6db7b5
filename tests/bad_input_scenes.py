"""Scenes of bad input: a folder with what a case puts into it, and a pipeline on a few drawn photos."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from acnelib.atlas.drawing import draw_picture

if TYPE_CHECKING:
    import pytest

NETWORK = "mobilenet_v1_0.25_64"

STARTER = ("--weights", "starter", "--backbone", NETWORK)


@dataclass(frozen=True)
class Scene:
    """A folder of its own, and what a case may put into it."""

    root: Path
    request: pytest.FixtureRequest
    monkeypatch: pytest.MonkeyPatch

    def given(self, fixture: str) -> Any:
        return self.request.getfixturevalue(fixture)

    def set(self, name: str, value: object) -> None:
        self.monkeypatch.setenv(name, str(value))

    def serve(self) -> None:
        """Let an MLflow server answer that has no versions."""
        self.set("MLFLOW_TRACKING_URI", self.given("registry").url)

    def serve_bundle(self) -> None:
        """Let it have one version, which is in production."""
        self.given("registry").register(self.bundle, alias="production")
        self.serve()

    @property
    def bundle(self) -> Path:
        return Path(self.given("own_bundle"))

    def folder(self, *names: str) -> Path:
        folder = self.root / "photos"
        folder.mkdir(exist_ok=True)
        for name in names:
            (folder / name).mkdir()
        return folder

    def file(self, name: str, content: bytes = b"words") -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def photo(self, name: str) -> Path:
        path = self.file(name)
        Image.new("RGB", (80, 80), (0, 0, 255)).save(path, "PNG")
        return path

    def drawn(self) -> Path:
        """Draw a small source, and let a server answer that training can ask."""
        self.serve()
        return draw(self.root / "drawn", {"cysts": 3, "papules": 3})


def draw(folder: Path, classes: dict[str, int]) -> Path:
    for number, (label, photos) in enumerate(classes.items()):
        (folder / label).mkdir(parents=True, exist_ok=True)
        for index in range(photos):
            (folder / label / f"{index}.jpg").write_bytes(draw_picture(100 * number + index, seed=7).jpeg())
    return folder


def pipeline(source: object, *more: object) -> list[object]:
    return ["pipeline", "--local-scheduler", "--source", source, *more]
