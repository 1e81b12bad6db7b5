"""The registered model as MLflow's own users load it: a pyfunc around the bundle. acnelib itself never runs this.

Input: a column ``image`` of base64 text of a picture's file. Output: one row a picture, in order; a picture that
cannot be read is a row with ``error``. A research tool, not a diagnosis.
"""

from __future__ import annotations

import base64
import binascii
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from mlflow.models import set_model
from mlflow.pyfunc.model import PythonModel

from acnelib.inference.table import joined
from acnelib.models import load_classifier

if TYPE_CHECKING:
    from acnelib.inference import Prediction


class AcneModel(PythonModel):
    """Classifies pictures given as base64."""

    def load_context(self, context: Any) -> None:
        """Load the bundle beside this code."""
        self._classifier = load_classifier(Path(context.artifacts["bundle"]))

    def predict(self, context: Any, model_input: pd.DataFrame, params: dict[str, Any] | None = None) -> pd.DataFrame:
        """Return label, confidence, verdict, quality, error and one score a label for each picture."""
        del context, params
        predictions = self._classifier.predict_many(map(_bytes, model_input["image"]))
        return pd.DataFrame([self._row(prediction) for prediction in predictions])

    def _row(self, prediction: Prediction) -> dict[str, Any]:
        scores = {f"score_{label}": prediction.scores.get(label) for label in self._classifier.labels}
        return {
            "label": prediction.label or "",
            "confidence": prediction.confidence,
            "verdict": str(prediction.verdict or ""),
            "quality": joined(prediction.quality),
            "error": prediction.error or "",
            **scores,
        }


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""  # predict_many answers with a row that says so


set_model(AcneModel())
