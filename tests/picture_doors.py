"""Every way in which somebody can have a picture classified; all must give the same scores."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from PIL import Image

from acnelib.bundle import KERAS, LITERT
from acnelib.config.settings import Settings
from acnelib.config.stack_login import own_login
from acnelib.imaging import read_picture, resized
from acnelib.models import load_classifier
from acnelib.native_output import native_output_logged

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from acnelib.inference import Classifier

Scores: TypeAlias = "dict[str, float]"

_APP = """
import json, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from gui.application import start
from gui.state.session import ModelMissing, ModelReady

def changed(session):
    photo = session.photo
    if isinstance(session.model, ModelMissing):
        sys.exit(session.model.reason)
    if photo is None and isinstance(session.model, ModelReady):
        QTimer.singleShot(0, go_on)
    elif photo is not None and photo.number == len(answers) + 1 and (photo.prediction or photo.error):
        answers.append(photo.prediction.scores if photo.prediction else {})
        QTimer.singleShot(0, go_on)

def go_on():
    if len(answers) < len(paths):
        controller.photos.add([paths[len(answers)]])
    else:
        application.quit()

paths, answers = [Path(path) for path in json.load(sys.stdin)], []
application = QApplication([])
controller = start(sys.argv[1])
controller.changed.connect(changed)
application.exec()
controller.window.close()
controller.close()
print(json.dumps(answers))
"""

_MLFLOW = """
import base64, json, sys, warnings
from pathlib import Path
warnings.simplefilter("ignore")
import mlflow, pandas as pd

model = mlflow.pyfunc.load_model(f"models:/{sys.argv[1]}")
images = [base64.b64encode(Path(path).read_bytes()).decode() for path in json.load(sys.stdin)]
rows = model.predict(pd.DataFrame({"image": images})).to_dict(orient="records")
print(json.dumps([{n.removeprefix("score_"): v for n, v in row.items() if n.startswith("score_")} for row in rows]))
"""


@dataclass(frozen=True)
class Doors:
    """The doors to one model; each takes paths and returns the scores of each, nothing where a picture is refused.

    Attributes:
        environment: What a process must find in its environment to see the model's home and server.
        model: ``production``, the number of a version, or the folder of a bundle.
    """

    environment: Mapping[str, str]
    model: str = "production"

    @cached_property
    def settings(self) -> Settings:
        """Settings of that environment."""
        return Settings.load(environ=self.environment, cwd=Path.cwd())

    @cached_property
    def classifier(self) -> Classifier:
        """The library's."""
        return load_classifier(self.model, settings=self.settings)

    @property
    def quick(self) -> dict[str, Callable[[Sequence[Path]], list[Scores]]]:
        """The doors of this process, by their names."""
        return {
            "library, path": self.by_path,
            "library, bytes": self.by_bytes,
            "library, opened by Pillow": self.by_opened_image,
            "library, pixels in memory": self.by_pixels_in_memory,
            "library, many": self.by_many,
            "LiteRT": self.by_litert,
            "Keras": self.by_keras,
        }

    @property
    def processes(self) -> dict[str, Callable[[Sequence[Path]], list[Scores]]]:
        """The doors that need a process of their own; MLflow's only where the model is registered."""
        registered = {} if Path(self.model).is_dir() else {"MLflow": self.by_mlflow}
        return {"acne predict": self.by_command, "app": self.by_app, **registered}

    def by_path(self, paths: Sequence[Path]) -> list[Scores]:
        """Ask the library, naming files."""
        return [self.classifier.predict(path).scores for path in paths]

    def by_bytes(self, paths: Sequence[Path]) -> list[Scores]:
        """Ask the library, handing over the files' bytes."""
        return [self.classifier.predict(path.read_bytes()).scores for path in paths]

    def by_opened_image(self, paths: Sequence[Path]) -> list[Scores]:
        """Ask the library, handing over images that Pillow has opened and not decoded."""
        import pillow_heif

        pillow_heif.register_heif_opener()
        answers = []
        for path in paths:
            try:
                image = Image.open(path)
            except (OSError, ValueError):  # Pillow will not open it for its metadata, so that nobody can hand it over
                answers.append(self.classifier.predict(path).scores)
                continue
            with image:
                answers.append(self.classifier.predict(image).scores)
        return answers

    def by_pixels_in_memory(self, paths: Sequence[Path]) -> list[Scores]:
        """Ask the library, handing over pixels of which nobody knows the file any more."""
        pixels = (np.asarray(read_picture(path).image) for path in paths)
        return [self.classifier.predict(Image.fromarray(one)).scores for one in pixels]

    def by_many(self, paths: Sequence[Path]) -> list[Scores]:
        """Ask the library for all at once."""
        return [prediction.scores for prediction in self.classifier.predict_many(paths)]

    def by_litert(self, paths: Sequence[Path]) -> list[Scores]:
        """Run the bundle's LiteRT model."""
        from ai_edge_litert.interpreter import Interpreter

        with native_output_logged():
            interpreter = Interpreter(model_path=str(self.classifier.bundle.path / LITERT))
            interpreter.allocate_tensors()
        runner = interpreter.get_signature_runner("serving_default")
        return [self._named(runner(image=one[np.newaxis])["scores"][0]) for one in self._inputs(paths)]

    def by_keras(self, paths: Sequence[Path]) -> list[Scores]:
        """Run the bundle's Keras model, loaded as anybody would."""
        from acnelib.training.networks.tensorflow_import import import_tensorflow

        import_tensorflow()
        import keras

        model = keras.models.load_model(self.classifier.bundle.path / KERAS)
        return [self._named(one) for one in np.asarray(model(np.stack(self._inputs(paths)), training=False))]

    def by_command(self, paths: Sequence[Path]) -> list[Scores]:
        """Run ``acne predict``."""
        arguments = ["-m", "acnelib.cli", "predict", *map(str, paths), "--model", self.model, "--format", "json"]
        return [row["scores"] for row in self._answer(arguments, environment=self.environment)]

    def by_app(self, paths: Sequence[Path]) -> list[Scores]:
        """Open the pictures one after the other in the app's window, on no screen."""
        environment = {**self.environment, "QT_QPA_PLATFORM": "offscreen"}
        return self._answer(["-c", _APP, self.model], environment=environment, paths=paths)

    def by_mlflow(self, paths: Sequence[Path]) -> list[Scores]:
        """Load the registered version as MLflow's own users do, who know nothing but the server."""
        environment = {name: value for name, value in self.environment.items() if not name.startswith("ACNE_")}
        server, login = str(self.settings.server()), own_login(str(self.settings.server()), self.environment)
        environment["MLFLOW_TRACKING_URI"] = server
        if login is not None:
            environment |= {"MLFLOW_TRACKING_USERNAME": login.username, "MLFLOW_TRACKING_PASSWORD": login.password}
        version = f"{self.settings.model_name}/{self.classifier.identity.version}"
        return self._answer(["-c", _MLFLOW, version], environment=environment, paths=paths)

    def _inputs(self, paths: Sequence[Path]) -> list[npt.NDArray[np.float32]]:
        description = self.classifier.bundle.description
        images = (read_picture(path).image for path in paths)
        size = {"height": description.height, "width": description.width}
        return [resized(image, **size).astype(np.float32) for image in images]

    def _named(self, scores: npt.NDArray[np.float32]) -> Scores:
        return {label: float(score) for label, score in zip(self.classifier.labels, scores, strict=True)}

    def _answer(self, arguments: list[str], *, environment: Mapping[str, str], paths: Sequence[Path] = ()) -> Any:
        with tempfile.TemporaryDirectory() as temporary:  # MLflow leaves its download behind
            ran = subprocess.run(
                [sys.executable, *arguments],
                input=json.dumps([str(path) for path in paths]),
                env={**environment, "TMPDIR": temporary},
                cwd=temporary,
                capture_output=True,
                text=True,
                timeout=180,
                check=False,
            )
        if ran.returncode != 0:
            raise RuntimeError(f"{arguments[:2]} ended with {ran.returncode}: {ran.stderr}")
        return json.loads(ran.stdout[ran.stdout.index("[") :])


def apart(one: Scores, other: Scores) -> float:
    """Return the largest difference between two answers; infinite where one of them is none."""
    if not one or set(one) != set(other):
        return float("inf")
    return max(abs(one[label] - other[label]) for label in one)
