"""Inference: classification of photos with a bundle on LiteRT.

This package is part of the light path: nothing here may import TensorFlow, Keras, MLflow, Luigi, scikit-learn or
pandas.
"""

from acnelib.imaging.quality import Quality
from acnelib.inference.classifier import Classifier
from acnelib.inference.failures import failure_message
from acnelib.inference.graph import check_small_model
from acnelib.inference.prediction import ModelIdentity, Prediction
from acnelib.verdicts import ConfidenceThreshold, ThresholdOrigin, Verdict

__all__ = [
    "Classifier",
    "ConfidenceThreshold",
    "ModelIdentity",
    "Prediction",
    "Quality",
    "ThresholdOrigin",
    "Verdict",
    "check_small_model",
    "failure_message",
]
