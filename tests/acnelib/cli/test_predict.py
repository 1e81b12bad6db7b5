"""``acne predict``: the result on standard output and nothing else there, one row a file, and an honest exit code."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from grain import grained
from PIL import Image

from acnelib import bundle as bundles
from acnelib.storage.files import sha256_of, sha256_of_file
from acnelib.text.formatting import format_score

KEYS = ["path", "sha256", "label", "confidence", "verdict", "threshold", "quality", "scores", "model", "error"]


@pytest.fixture
def predict(run_acne, tiny_bundle):
    """Classify with the tiny model."""
    return lambda *arguments: run_acne("predict", "--model", tiny_bundle, *arguments)


@pytest.fixture
def rows(predict):
    """Classify with the tiny model; return the rows of JSON."""
    return lambda *paths: json.loads(predict(*paths, "--format", "json").out)


@pytest.fixture
def bad(photos):
    path = photos / "bad.jpg"
    path.write_bytes(b"no picture")
    return path


class TestJson:
    def test_a_row_is_exactly_the_contract(self, rows, paint, tiny_bundle):
        path = paint("a.png", "red")
        (row,) = rows(path)
        assert list(row) == KEYS
        assert (row["path"], row["sha256"]) == (str(path), sha256_of(path.read_bytes()))
        assert (row["label"], row["verdict"], row["error"]) == ("red", "confident", None)
        assert row["threshold"] == {"value": 0.8, "origin": "model"}
        assert row["confidence"] == row["scores"]["red"] == max(row["scores"].values())
        assert list(row["scores"]) == ["blue", "green", "red"]
        assert sum(row["scores"].values()) == pytest.approx(1)
        assert row["model"] == {
            "name": "tiny",
            "version": None,
            "sha256": sha256_of_file(tiny_bundle / bundles.SUMS),
            "drawn": False,
        }

    def test_an_uncertain_answer_keeps_its_top_label(self, rows, paint):
        (row,) = rows(paint("a.png", "grey"))
        assert row["verdict"] == "uncertain"
        assert row["label"] in row["scores"]

    def test_a_bad_file_is_a_row_with_an_error_nulls_and_no_scores(self, rows, paint, bad):
        good, failed = rows(paint("a.png", "blue"), bad)
        assert list(failed) == KEYS
        assert failed["path"] == str(bad)
        assert [failed[key] for key in ("sha256", "label", "confidence", "verdict", "threshold")] == [None] * 5
        assert failed["scores"] == {}
        assert failed["model"] == good["model"]
        assert failed["error"].startswith(f"{bad} cannot be decoded: ")

    def test_rows_come_in_the_order_of_the_arguments_repeated_ones_too(self, rows, paint):
        blue, red = paint("b.png", "blue"), paint("a.png", "red")
        assert [row["label"] for row in rows(red, blue, red)] == ["red", "blue", "red"]

    def test_a_name_that_is_no_text_gives_a_path_that_opens(self, rows, paint):
        path = paint("a.png", "red")
        path = path.rename(os.fsdecode(os.fsencode(path) + b"\xff"))
        (row,) = rows(path)
        assert Path(row["path"]).read_bytes() == path.read_bytes()
        assert row["label"] == "red"

    def test_a_registered_model_has_a_name_and_a_version(self, run_acne, registry, tiny_bundle, paint, monkeypatch):
        monkeypatch.setenv("MLFLOW_TRACKING_URI", registry.url)
        registry.register(tiny_bundle, alias="production")
        (row,) = json.loads(run_acne("predict", paint("a.png", "red"), "--format", "json").out)
        assert (row["model"]["name"], row["model"]["version"]) == ("acne", "1")


class TestFolders:
    def test_a_folder_means_every_regular_file_below_it_sorted(self, rows, paint, photos):
        for name in ("b/z.png", "b/a.png", "a.png", "c.png", "b-1/a.png"):
            paint(name, "red")
        (photos / "notes.txt").write_text("no picture")
        (photos / "empty").mkdir()
        os.mkfifo(photos / "pipe")
        expected = sorted(path for path in photos.rglob("*") if path.is_file())
        assert [row["path"] for row in rows(photos)] == [str(path) for path in expected]

    def test_hidden_files_and_folders_are_left_out(self, rows, paint, photos):
        for name in (".a.png", ".thumbnails/a.png", "b/.c/a.png"):
            paint(name, "red")
        visible = paint("b/a.png", "red")
        assert [row["path"] for row in rows(photos)] == [str(visible)]

    def test_a_hidden_file_that_is_named_is_classified(self, rows, paint):
        assert rows(paint(".a.png", "red"))[0]["label"] == "red"

    def test_an_ending_says_nothing(self, rows, paint, photos):
        paint("a.png", "green").rename(photos / "scan.001")
        assert rows(photos)[0]["label"] == "green"

    def test_a_folder_without_files_fails_in_one_line(self, predict, photos):
        ran = predict(photos, "--format", "json")
        assert (ran.code, ran.out) == (1, "")
        assert ran.err == f"acne: no file in {photos}: name photos, or a folder that holds some\n"


class TestOutput:
    @pytest.mark.parametrize("form", ["text", "json", "csv"])
    def test_each_bad_file_is_one_line_on_standard_error_and_the_exit_code_is_1(self, predict, paint, bad, form):
        ran = predict(bad, paint("a.png", "red"), bad.parent / "none.jpg", "--format", form)
        assert ran.code == 1
        errors = [line for line in ran.err.splitlines() if line.startswith(f"acne: {bad.parent}")]
        assert [line.split()[1] for line in errors] == [str(bad), f"{bad.parent}/none.jpg"]
        assert str(bad.parent / "a.png") in ran.out

    def test_where_every_file_is_good_standard_error_is_empty_and_the_exit_code_is_0(self, predict, paint):
        for form in ("json", "csv"):
            ran = predict(paint("a.png", "red"), "--format", form)
            assert (ran.code, ran.err) == (0, "")

    def test_text_shows_the_best_labels_and_names_the_model(self, predict, paint):
        path = paint("a.png", "red")
        ran = predict(path, "--top-k", 2)
        assert ran.out == f"✓ {path}  confident     Red    96.1%  Green 2.1%\n"
        summary, threshold, measured, model = ran.err.splitlines()
        assert summary == "1 photo: 1 confident."
        assert threshold.startswith("Threshold: confident from 0.80 (the model's own)")
        assert "photos of sample" in measured
        assert "Photos of other sources: not measured; check it on your photos: acne validate DIR" in measured
        assert model == "Model tiny, version –. Not a diagnosis."

    def test_text_says_in_words_what_is_wrong_with_a_photo(self, predict, photos):
        shaded = Image.linear_gradient("L").resize((60, 60))
        Image.merge("RGB", (shaded, shaded, shaded)).save(photos / "a.png")
        ran = predict(photos / "a.png", "--top-k", 1)
        assert ran.out.startswith(f"? {photos / 'a.png'}  uncertain ")
        assert ran.out.endswith("%  (small, blurred)\n")

    def test_a_small_photo_is_uncertain_and_small_in_every_form(self, predict, rows, photos):
        grained(Image.new("RGB", (60, 60), "red")).save(photos / "a.png")
        (row,) = rows(photos / "a.png")
        assert (row["label"], row["verdict"], row["quality"]) == ("red", "uncertain", ["small"])
        (line,) = csv.DictReader(io.StringIO(predict(photos / "a.png", "--format", "csv").out))
        assert (line["label"], line["verdict"], line["quality"]) == ("red", "uncertain", "small")

    def test_csv_has_a_column_for_each_score(self, predict, paint, bad):
        ran = predict(paint("a.png", "red"), bad, "--format", "csv")
        good, failed = csv.DictReader(io.StringIO(ran.out))
        assert list(good)[-3:] == ["score_blue", "score_green", "score_red"]
        assert (good["label"], good["verdict"], good["model"], good["error"]) == ("red", "confident", "tiny", "")
        assert float(good["score_red"]) == float(good["confidence"])
        assert (failed["label"], failed["score_red"]) == ("", "")
        assert "cannot be decoded" in failed["error"]

    @pytest.mark.parametrize("name", ["=1+1.png", "+1.png", "-1.png", "@SUM(A1).png", "\t=1.png"])
    def test_csv_never_holds_a_formula(self, predict, paint, monkeypatch, name):
        monkeypatch.chdir(paint(name, "red").parent)
        ran = predict("--format", "csv", "--", name)
        (row,) = csv.DictReader(io.StringIO(ran.out))
        assert row["path"] == f"'{name}"

    def test_standard_output_is_json_and_nothing_but_json(self, tiny_bundle, paint, bad):
        command = [sys.executable, "-m", "acnelib.cli", "predict", str(bad.parent), "--format", "json"]
        paint("a.png", "red")
        ran = subprocess.run([*command, "--model", tiny_bundle], capture_output=True, timeout=60, check=False)
        assert ran.returncode == 1
        assert [row["label"] for row in json.loads(ran.stdout)] == ["red", None]
        assert ran.stderr.count(b"\n") == 1


class TestFailures:
    def test_debug_shows_where_it_failed(self, run_acne, paint, caplog):
        ran = run_acne("predict", paint("a.png", "red"), "--debug")
        assert (ran.code, ran.err.count("\n")) == (1, 1)
        assert "acnelib.errors.ModelUnavailable: no production model to load" in caplog.text

    def test_a_reader_that_goes_away_hears_nothing_more(self, tiny_bundle, paint):
        command = [sys.executable, "-m", "acnelib.cli", "predict", paint("a.png", "red"), "--model", tiny_bundle]
        with subprocess.Popen([*command, "--format", "json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as ran:
            ran.stdout.close()
            assert ran.stderr.read() == b""
        assert ran.returncode == 0

    def test_an_interruption_exits_130(self, predict, paint, monkeypatch):
        def interrupt(*_):
            raise KeyboardInterrupt

        monkeypatch.setattr("acnelib.models.load_classifier", interrupt)
        ran = predict(paint("a.png", "red"))
        assert (ran.code, ran.out, ran.err) == (130, "", "acne: interrupted\n")

    @pytest.mark.parametrize(
        "arguments", [[], ["a.png", "--format", "xml"], ["a.png", "--top-k", "0"], ["a.png", "--colour"]]
    )
    def test_wrong_usage_exits_2_with_nothing_on_standard_output(self, run_acne, arguments):
        ran = run_acne("predict", *arguments)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.endswith("(see `acne predict --help`)\n")
        assert ran.err.count("\n") == 1

    def test_a_model_that_cannot_be_had_fails_in_one_line(self, run_acne, paint):
        ran = run_acne("predict", paint("a.png", "red"))
        assert (ran.code, ran.out) == (1, "")
        assert ran.err == (
            "acne: no production model to load: no tracking server was ever started or configured here; "
            "run `acne demo`, set MLFLOW_TRACKING_URI, or name a bundle's folder\n"
        )

    def test_a_bad_setting_is_wrong_usage(self, run_acne, own_home, paint):
        (own_home / "settings.toml").write_text("contact = 3")
        ran = run_acne("predict", paint("a.png", "red"))
        assert (ran.code, ran.err.count("\n")) == (2, 1)

    def test_a_damaged_bundle_is_refused(self, run_acne, own_bundle, paint):
        (own_bundle / bundles.LITERT).write_bytes(b"evil")
        ran = run_acne("predict", paint("a.png", "red"), "--model", own_bundle)
        assert (ran.code, ran.out) == (1, "")
        assert "model.tflite was altered after sealing" in ran.err


@pytest.mark.parametrize(
    ("score", "said"), [(0.5, "50.0%"), (0.99951, ">99.9%"), (1.0, "100.0%"), (0.0004, "<0.1%"), (0.0, "0.0%")]
)
def test_a_score_that_is_not_quite_nothing_or_everything_is_never_written_so(score, said):
    assert format_score(score) == said
