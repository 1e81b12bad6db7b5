"""Classify one picture with the model in this folder: ``python example.py PICTURE [--small]``.

Needs Pillow, numpy and ai-edge-litert (or tflite-runtime), and nothing else. A research tool, not a diagnosis.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import sys
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps

FOLDER = Path(__file__).resolve().parent


def interpreter_class() -> Any:
    """Return LiteRT's interpreter, or that of its older name."""
    for name in ("ai_edge_litert.interpreter", "tflite_runtime.interpreter"):
        with contextlib.suppress(ImportError):
            return importlib.import_module(name).Interpreter
    sys.exit("LiteRT is not installed: pip install ai-edge-litert")


def upright(path: Path) -> Image.Image:
    """Return a picture as people see it: turned as its camera says, transparency laid on white, RGB."""
    image = ImageOps.exif_transpose(Image.open(path))
    if image.has_transparency_data:
        layers = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", layers.size, "white"), layers)
    return image.convert("RGB")


def in_units(pixels: Any, details: Any) -> Any:
    """Return pixels 0–255 in the units of an input: float32 unchanged, integers by its scale."""
    scale, zero = details["quantization"]
    return (np.rint(pixels / scale) + zero if scale else pixels).astype(details["dtype"])


def as_scores(values: Any, details: Any) -> Any:
    """Return what an output says as scores that sum to 1."""
    scale, zero = details["quantization"]
    scores = (values.astype(np.float64) - zero) * scale if scale else values.astype(np.float64)
    return scores / scores.sum()


def main() -> None:
    """Print the labels with their scores, the highest first."""
    parser = argparse.ArgumentParser(description="Classify one picture. A research tool, not a diagnosis.")
    parser.add_argument("picture", type=Path)
    parser.add_argument("--small", action="store_true", help="use model.int8.tflite")
    options = parser.parse_args()
    model = FOLDER / ("model.int8.tflite" if options.small else "model.tflite")
    if not model.is_file():
        sys.exit(f"{model.name} is not in this folder")
    interpreter = interpreter_class()(model_path=str(model), num_threads=1)
    interpreter.allocate_tensors()
    runner = interpreter.get_signature_runner("serving_default")
    image = runner.get_input_details()["image"]
    _, height, width, _ = image["shape"]
    # The whole picture, antialiased, its proportions given up: the model was trained on pictures made like this.
    pixels = np.asarray(upright(options.picture).resize((int(width), int(height)), Image.Resampling.BILINEAR))
    outputs = runner(image=in_units(pixels[np.newaxis], image))
    scores = as_scores(outputs["scores"][0], runner.get_output_details()["scores"])
    labels = (FOLDER / "labels.txt").read_text(encoding="utf-8").splitlines()
    for score, label in sorted(zip(scores.tolist(), labels, strict=True), reverse=True):
        sys.stdout.write(f"{label if label.isprintable() else ascii(label)} {score:.4f}\n")
    if "distance" in outputs and float(outputs["distance"].flat[0]) > 1:
        sys.stdout.write("out of scope: this picture is unlike those that the model was trained on\n")


if __name__ == "__main__":
    main()
