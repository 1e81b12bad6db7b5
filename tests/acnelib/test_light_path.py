"""Classifying a photo loads what that takes and nothing else: no TensorFlow, no MLflow, no scikit-learn."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = {
    "boto3",
    "botocore",
    "keras",
    "luigi",
    "matplotlib",
    "mlflow",
    "pandas",
    "PySide6",
    "scipy",
    "sklearn",
    "tensorflow",
}


@pytest.fixture
def loaded():
    """Run some code in a new process; return the packages that it loaded."""

    def loaded(code):
        code += "\nimport json, sys; print(json.dumps([name.partition('.')[0] for name in sys.modules]))"
        ran = subprocess.run(
            [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, timeout=60, check=True
        )
        assert ran.stderr == ""
        return set(json.loads(ran.stdout.splitlines()[-1]))

    return loaded


def test_import_acnelib_is_nearly_free(loaded):
    assert not loaded("import acnelib") & (HEAVY | {"numpy", "PIL", "requests", "ai_edge_litert"})


def test_a_classifier_needs_numpy_pillow_and_litert_only(loaded, tiny_bundle, paint):
    packages = loaded(
        f"import acnelib\nassert acnelib.load_classifier({str(tiny_bundle)!r})"
        f".predict({str(paint('a.png', 'red'))!r}).label == 'red'"
    )
    assert {"numpy", "PIL", "ai_edge_litert"} <= packages
    assert not packages & HEAVY
    assert "pillow_heif" not in packages


def test_the_decoder_of_phones_photos_is_loaded_when_one_turns_up(loaded, tiny_bundle, photos):
    import pillow_heif
    from PIL import Image

    pillow_heif.from_pillow(Image.new("RGB", (64, 64), "blue")).save(photos / "a.heic")
    packages = loaded(
        f"import acnelib\nassert acnelib.load_classifier({str(tiny_bundle)!r})"
        f".predict({str(photos / 'a.heic')!r}).label == 'blue'"
    )
    assert "pillow_heif" in packages


def test_a_model_of_a_registry_is_loaded_without_mlflow(loaded, registry, tiny_bundle, monkeypatch):
    registry.register(tiny_bundle, alias="production")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", registry.url)
    assert not loaded("import acnelib\nassert acnelib.load_classifier().identity.version == '1'") & HEAVY


def test_acne_predict_is_light(loaded, tiny_bundle, paint):
    arguments = ["predict", str(paint("a.png", "red")), "--model", str(tiny_bundle), "--format", "json"]
    assert not loaded(f"from acnelib.cli import main\nassert main({arguments}) == 0") & HEAVY


@pytest.mark.parametrize("arguments", [["--help"], ["predict", "--help"], ["pipeline", "--help"], ["--version"]])
def test_help_is_light(loaded, arguments):
    assert not loaded(f"from acnelib.cli import main\nassert main({arguments}) == 0") & (HEAVY | {"numpy"})
