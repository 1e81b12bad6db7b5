"""Classify photos of acne and rosacea types, and keep getting better at it.

A research tool, not a diagnosis. The names below load on first use, so that ``import acnelib`` is light::

    classifier = acnelib.load_classifier("production")
    prediction = classifier.predict("photo.jpg")
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from acnelib.config.settings import Settings
    from acnelib.errors import AcneError
    from acnelib.inference import Classifier, ModelIdentity, Prediction, Quality, Verdict
    from acnelib.models import load_classifier

_HOMES = {
    "AcneError": "acnelib.errors",
    "Classifier": "acnelib.inference",
    "ModelIdentity": "acnelib.inference",
    "Prediction": "acnelib.inference",
    "Quality": "acnelib.inference",
    "Settings": "acnelib.config.settings",
    "Verdict": "acnelib.inference",
    "load_classifier": "acnelib.models",
}

__all__ = [
    "AcneError",
    "Classifier",
    "ModelIdentity",
    "Prediction",
    "Quality",
    "Settings",
    "Verdict",
    "__version__",
    "load_classifier",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from acnelib.version import installed_version

        return installed_version()
    if home := _HOMES.get(name):
        return getattr(import_module(home), name)
    raise AttributeError(f"module 'acnelib' has no attribute {name!r}")
