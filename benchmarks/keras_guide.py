"""How long does `acne pipeline` take beside the transfer-learning guide of Keras, and a photo beside `Model.predict`?

    python benchmarks/keras_guide.py PHOTOS --weights DIR [--backbone NAME] [--json FILE]

PHOTOS has a folder for each class. The guide (keras.io/guides/transfer_learning) is written with Keras alone: MobileNet
v1 0.75 at 224 px, batches of 32, 80 % of the photos, ten epochs with the network frozen and ten more with all of it, a
validation pass after each. The pipeline starts cold, with a working folder, a home and servers of its own; the servers
start before the clock. Then both classify every photo one by one, from the file to the scores, and `acne predict`
classifies the folder. Everything runs in a process of its own, one after the other; CPU seconds are those of the
process, without the servers'.

The goals: the pipeline takes at most a sixth of the guide's time; a photo takes at most 15 ms of one core, and an
eighth of what `Model.predict` takes. The exit code is 1 where one of the two ratios misses its goal.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

FOREIGN = ("ACNE_", "MLFLOW_", "AWS_", "LUIGI_")
WEIGHTS = "mobilenet_v1_0.75_224_notop.weights.h5"
SIDE, BATCH, EPOCHS = 224, 32, 10
PIPELINE_GOAL, PREDICT_GOAL, CPU_GOAL = 6.0, 8.0, 15.0
WARMING = 5


@dataclass(frozen=True)
class Cost:
    """What a process took, in seconds of the clock and of all cores."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class PhotoCost:
    """What single photos took, in milliseconds: of the clock, and of all cores."""

    median: float
    mean: float
    cpu: float


def environment(root: Path) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    own = {"ACNE_HOME": root / "home", "ACNE_STACK": root / "stack", "ACNE_WORKDIR": root / "work"}
    return inherited | {name: str(value) for name, value in own.items()} | {"TF_CPP_MIN_LOG_LEVEL": "3"}


def run(root: Path, *arguments: str | Path) -> tuple[str, Cost]:
    """Run Python with arguments; return what it printed, and its cost."""
    log = root / "error.log"
    began = time.perf_counter()
    with log.open("wb") as error, (root / "output").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *map(str, arguments)], env=environment(root), cwd=root, stdout=output, stderr=error
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - began
    if process.returncode:
        raise SystemExit(f"{arguments} ended with {process.returncode}: {log.read_text(errors='replace')[-2000:]}")
    return (root / "output").read_text(encoding="utf-8"), Cost(wall, used.ru_utime + used.ru_stime)


def acne(root: Path, *arguments: str | Path) -> tuple[str, Cost]:
    return run(root, "-m", "acnelib.cli", *arguments)


def photos_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*/*") if path.is_file())


def follow_guide(photos: Path, *, weights: Path, model: Path) -> None:
    """Train as the guide does, and save the model."""
    import keras

    def part(name: str) -> Any:
        return keras.utils.image_dataset_from_directory(
            photos, validation_split=0.2, subset=name, seed=1, image_size=(SIDE, SIDE), batch_size=BATCH, verbose=False
        )

    training, validation = part("training"), part("validation")
    network = keras.applications.MobileNet(
        input_shape=(SIDE, SIDE, 3), alpha=0.75, include_top=False, weights=str(weights / WEIGHTS)
    )
    image = keras.Input((SIDE, SIDE, 3))
    scaled = keras.layers.Rescaling(1 / 127.5, offset=-1)(image)
    pooled = keras.layers.GlobalAveragePooling2D()(network(scaled, training=False))
    logits = keras.layers.Dense(len(training.class_names))(keras.layers.Dropout(0.2)(pooled))
    classifier = keras.Model(image, logits)
    for trainable, rate in ((False, 1e-3), (True, 1e-5)):
        network.trainable = trainable
        classifier.compile(
            optimizer=keras.optimizers.Adam(rate),
            loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            metrics=["accuracy"],
        )
        classifier.fit(training, epochs=EPOCHS, validation_data=validation, verbose=0)
    classifier.save(model)


def time_photos(photos: Path, classify: Any) -> PhotoCost:
    files = photos_of(photos)
    for path in files[:WARMING]:
        classify(path)
    took, cpu = [], time.process_time()
    for path in files:
        began = time.perf_counter()
        classify(path)
        took.append(1000 * (time.perf_counter() - began))
    cpu = time.process_time() - cpu
    return PhotoCost(statistics.median(took), statistics.mean(took), 1000 * cpu / len(files))


def predict_with_keras(photos: Path, *, model: Path) -> PhotoCost:
    import keras

    classifier = keras.models.load_model(model)

    def classify(path: Path) -> Any:
        image = keras.utils.load_img(path, target_size=(SIDE, SIDE))
        return classifier.predict(keras.utils.img_to_array(image)[None], verbose=0)

    return time_photos(photos, classify)


def predict_with_library(photos: Path, *, model: Path) -> PhotoCost:
    from acnelib.models import load_classifier

    return time_photos(photos, load_classifier(model).predict)


def measure(photos: Path, *, weights: Path, backbone: str | None, root: Path) -> dict[str, Any]:
    """Return the costs of everything, and how many photos there are."""
    keras_model = root / "guide.keras"

    def own(part: str, model: Path) -> tuple[str, Cost]:
        return run(root, Path(__file__).resolve(), photos, "--weights", weights, "--part", part, "--model", model)

    guide = own("guide", keras_model)[1]
    acne(root, "up")
    try:
        network = ["--backbone", backbone] if backbone else []
        answer, pipeline = acne(
            root, "pipeline", "--source", photos, "--weights", weights, *network, "--format", "json"
        )
    finally:
        acne(root, "down")
    bundle = Path(json.loads(answer)["bundle"])
    keras_photo = PhotoCost(**json.loads(own("keras", keras_model)[0].splitlines()[-1]))
    photo = PhotoCost(**json.loads(own("library", bundle)[0].splitlines()[-1]))
    batch = acne(root, "predict", photos, "--model", bundle, "--format", "csv")[1]
    return {
        "photos": len(photos_of(photos)),
        "guide": guide,
        "pipeline": pipeline,
        "keras_photo": keras_photo,
        "photo": photo,
        "batch": batch,
    }


def table(found: dict[str, Any]) -> tuple[str, bool]:
    """Return the costs as Markdown, and whether both ratios reach their goals."""
    guide, pipeline, batch = found["guide"], found["pipeline"], found["batch"]
    theirs, ours, number = found["keras_photo"], found["photo"], found["photos"]
    shorter, quicker = guide.wall / pipeline.wall, theirs.median / ours.median
    one_by_one = theirs.mean * number / 1000
    lines = [
        f"{number} photos; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end.\n",
        "| What | wall, s | CPU, s |",
        "|---|---:|---:|",
        f"| the guide of Keras | {guide.wall:.1f} | {guide.cpu:.1f} |",
        f"| `acne pipeline` | {pipeline.wall:.1f} | {pipeline.cpu:.1f} |",
        f"| guide : pipeline (goal {PIPELINE_GOAL:g}) | {shorter:.1f} | {guide.cpu / pipeline.cpu:.1f} |",
        f"| `acne predict` on the folder, start included | {batch.wall:.1f} | {batch.cpu:.1f} |",
        f"| `Model.predict` photo by photo : `acne predict` | {one_by_one / batch.wall:.1f} | |",
        "\n| One photo | median, ms | mean, ms | CPU, ms |",
        "|---|---:|---:|---:|",
        _row("`Model.predict`", theirs.median, theirs.mean, theirs.cpu),
        _row(f"`Classifier.predict` (goal {CPU_GOAL:g} ms of CPU)", ours.median, ours.mean, ours.cpu),
        _row(f"ratio (goal {PREDICT_GOAL:g})", quicker, theirs.mean / ours.mean, theirs.cpu / ours.cpu),
    ]
    return "\n".join(lines), shorter >= PIPELINE_GOAL and quicker >= PREDICT_GOAL


def _row(name: str, *values: float) -> str:
    return f"| {name} | {' | '.join(f'{value:.1f}' for value in values)} |"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photos", type=Path, help="a folder with a folder for each class")
    parser.add_argument("--weights", type=Path, required=True, help="a folder with the ImageNet weights")
    parser.add_argument("--backbone", help="network of the pipeline; default: as of the pipeline")
    parser.add_argument("--json", type=Path, help="write the figures here, too")
    parser.add_argument("--part", choices=("guide", "keras", "library"), help=argparse.SUPPRESS)
    parser.add_argument("--model", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    photos, weights = options.photos.resolve(), options.weights.resolve()
    if options.part == "guide":
        follow_guide(photos, weights=weights, model=options.model)
        return 0
    if options.part:
        predict = predict_with_keras if options.part == "keras" else predict_with_library
        print(json.dumps(asdict(predict(photos, model=options.model))))
        return 0
    with tempfile.TemporaryDirectory(prefix="acne-guide-") as folder:
        found = measure(photos, weights=weights, backbone=options.backbone, root=Path(folder).resolve())
    text, reached = table(found)
    print(text)
    if options.json:
        figures = {name: one if isinstance(one, int) else asdict(one) for name, one in found.items()}
        options.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
