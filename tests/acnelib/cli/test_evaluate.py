"""``acne evaluate``: a model's answers against the names of class folders."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from acnelib.atlas.drawing import draw_pictures

KEYS = [
    "n",
    "unreadable",
    "accuracy",
    "balanced_accuracy",
    "macro_f1",
    "macro_f1_interval",
    "ece",
    "nll",
    "brier",
    "coverage",
    "selective_accuracy",
    "per_class",
    "learnt_from",
    "others",
    "left_out",
]


@pytest.fixture
def evaluate(run_acne, tiny_bundle):
    """Evaluate the tiny model."""
    return lambda *arguments: run_acne("evaluate", "--model", tiny_bundle, *arguments)


@pytest.fixture
def folder(paint, photos):
    """Class folders with six photos, of which the model takes one red for blue and is unsure of one green."""
    for name, colour in {
        "Red/1.png": "red",
        "Red/2.png": "red",
        "Red/below/3.png": "blue",
        "blue_/1.png": "blue",
        "green/1.png": "green",
        "green/2.png": "grey",
    }.items():
        paint(name, colour)
    return photos


def test_json_is_exactly_the_contract(evaluate, folder):
    ran = evaluate(folder, "--format", "json")
    found = json.loads(ran.out)
    assert (ran.code, ran.err) == (0, "")
    assert list(found) == KEYS
    assert (found["n"], found["unreadable"]) == (6, 0)
    assert found["per_class"]["red"] == {
        "precision": 1.0,
        "recall": pytest.approx(2 / 3),
        "f1": pytest.approx(0.8),
        "support": 3,
    }
    low, high = found["macro_f1_interval"]
    assert 0 <= low <= found["macro_f1"] <= high <= 1


def test_a_folder_named_by_an_alias_is_measured_as_the_models_class(evaluate, folder, own_home):
    (folder / "Red").rename(folder / "Crimson")
    assert "no label crimson" in evaluate(folder).err
    (own_home / "labels.toml").write_text('[aliases]\ncrimson = "red"\nred-acne = "red"')
    ran = evaluate(folder, "--format", "json")
    assert json.loads(ran.out)["per_class"]["red"]["support"] == 3
    assert "crimson is taken as red" in ran.err


def test_a_model_with_both_names_is_measured_on_each(evaluate, folder, own_home):
    (own_home / "labels.toml").write_text('[aliases]\ngreen = "red"')
    ran = evaluate(folder, "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out)["per_class"]["green"]["support"] == 2


def test_coverage_counts_the_confident_answers(evaluate, folder):
    found = json.loads(evaluate(folder, "--format", "json").out)
    assert found["coverage"] == pytest.approx(5 / 6)
    assert found["selective_accuracy"] == pytest.approx(4 / 5)


def test_a_photo_that_curation_would_leave_out_is_never_confident(evaluate, folder):
    Image.new("RGB", (96, 96), "red").save(folder / "Red" / "2.png")  # plain
    found = json.loads(evaluate(folder, "--format", "json").out)
    assert (found["coverage"], found["accuracy"]) == (pytest.approx(4 / 6), pytest.approx(4 / 6))


def test_without_a_confident_answer_their_accuracy_is_null(evaluate, paint, photos):
    paint("red/1.png", "grey")
    assert json.loads(evaluate(photos, "--format", "json").out)["selective_accuracy"] is None


def test_unreadable_files_are_counted_and_named(evaluate, folder):
    (folder / "Red" / "notes.txt").write_text("no picture")
    ran = evaluate(folder, "--format", "json")
    assert ran.code == 0
    assert (json.loads(ran.out)["n"], json.loads(ran.out)["unreadable"]) == (6, 1)
    assert ran.err.startswith("acne: left out: Red/notes.txt cannot be decoded")


def test_hidden_files_and_files_outside_of_classes_do_not_count_and_that_is_said(evaluate, folder, paint):
    for name in ("stray.png", ".hidden/1.png", "Red/.thumbnail.png", "Red/.cache/1.png"):
        paint(name, "blue")
    ran = evaluate(folder, "--format", "json")
    assert json.loads(ran.out)["n"] == 6
    assert (
        ran.err == "acne: left out: stray.png lies in no class folder\nacne: 3 hidden or system entries passed over\n"
    )


def test_a_sub_folder_that_cannot_be_read_is_named_and_not_lost(evaluate, folder, monkeypatch):
    scandir = os.scandir

    def refusing(path):
        if Path(path).name == "below":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    ran = evaluate(folder, "--format", "json")
    assert json.loads(ran.out)["n"] == 5
    assert ran.err == "acne: left out: Red/below cannot be read (Permission denied): check its permissions\n"


def test_folders_that_become_one_class_and_classes_without_photos_are_named(evaluate, folder, paint):
    paint("RED/4.png", "red")
    (folder / "Green!").mkdir()
    reported = evaluate(folder).err
    assert "acne: left out: Green! is a class folder without photos\n" in reported
    assert "acne: the folders RED, Red are one class, red: rename them if they are not\n" in reported


def test_parts_of_a_data_set_are_refused_with_the_one_that_was_meant(evaluate, paint, photos):
    for name in ("train/red/1.png", "train/blue/1.png", "test/red/2.png", "test/blue/2.png"):
        paint(name, "red")
    ran = evaluate(photos)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith(f"not classes: name the folder that holds the classes, {photos / 'test'}\n")


def test_text_shows_the_same_values_to_people(evaluate, folder):
    ran = evaluate(folder)
    assert "Photos             6\n" in ran.out
    assert "Confident          83.3% of the photos, accuracy among them 0.800\n" in ran.out
    assert "red        1.000   0.667  0.800       3\n" in ran.out


def test_labels_that_the_model_lacks_are_named(evaluate, folder, paint):
    paint("violet/1.png", "blue")
    ran = evaluate(folder, "--format", "json")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        "acne: the model knows no label violet (it has blue, green, red): rename or remove those folders\n"
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nowhere", "is no folder: name a folder with one sub-folder of photos per class"),
        ("photos", "has no class folders: put the photos of each class into a sub-folder of its name"),
        ("photos/..", "has no photo in its class folders: put the photos of each class into its own"),
    ],
)
def test_a_folder_without_class_folders_and_photos_fails_in_one_line(evaluate, photos, name, said):
    ran = evaluate(photos.parent / name)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.endswith(f"{said}\n")
    assert ran.err.count("\n") == 1


@pytest.fixture
def production(walked, monkeypatch, tmp_path):
    """See the registry of the walked stack, with a cache of our own."""
    for name, value in walked.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("ACNE_CACHE", str(tmp_path / "cache"))


def test_metrics_of_production_are_those_of_scikit_learn_on_its_predictions(production, run_acne, photos):
    from sklearn import metrics

    for picture in draw_pictures(60, seed=11):
        (photos / picture.label).mkdir(exist_ok=True)
        (photos / picture.label / f"{picture.name}.jpg").write_bytes(picture.jpeg())
    found = json.loads(run_acne("evaluate", photos, "--format", "json").out)
    rows = json.loads(run_acne("predict", photos, "--format", "json").out)
    labels = list(rows[0]["scores"])
    true = [row["path"].split("/")[-2] for row in rows]
    answers = [row["label"] for row in rows]
    scores = np.array([list(row["scores"].values()) for row in rows])
    expected = {
        "n": 60,
        "accuracy": metrics.accuracy_score(true, answers),
        "balanced_accuracy": metrics.recall_score(true, answers, labels=sorted(set(true)), average="macro"),
        "macro_f1": metrics.f1_score(true, answers, average="macro"),
        "nll": metrics.log_loss(true, scores, labels=labels),
        "brier": metrics.brier_score_loss(true, scores, labels=labels, scale_by_half=False),
        "coverage": np.mean([row["verdict"] == "confident" for row in rows]),
    }
    assert {name: found[name] for name in expected} == pytest.approx(expected)
    assert found["macro_f1"] > 0.5
