"""Classifying photos with a bundle on LiteRT: the light path. Nothing here may import TensorFlow or MLflow."""

from acnelib.inference.classifier import Classifier
from acnelib.inference.prediction import ModelIdentity, Prediction, Verdict

__all__ = ["Classifier", "ModelIdentity", "Prediction", "Verdict"]
