"""Output at 80 columns: lines break between words on a terminal, and stay whole in a pipe."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from acnelib.cli.output import say, show
from acnelib.cli.prediction_text import PredictionRows
from acnelib.inference import ModelIdentity, Prediction, Verdict
from acnelib.text.layout import cell_width, pad, shorten, wrap_line

LINK = "http://127.0.0.1:5000/#/experiments/1/runs/0123456789abcdef0123456789abcdef/artifacts/model"
MODEL = ModelIdentity(name="acne", version="3", sha256="")
LABELS = ("comedones", "cysts", "papules", "pustules", "rosacea")


class Terminal(io.StringIO):
    def isatty(self):
        return True


def prediction(path, **fields):
    scores = dict(zip(LABELS, (0.02, 0.004, 0.961, 0.01, 0.005), strict=True))
    known = {"label": "papules", "confidence": 0.961, "verdict": Verdict.CONFIDENT, "scores": scores}
    return Prediction(path=path, sha256=None, model=MODEL, **(known | fields))


class TestLines:
    def test_a_long_line_breaks_between_words_with_an_indent(self):
        lines = wrap_line("word " * 30, 80).splitlines()
        assert max(map(len, lines)) <= 80
        assert " ".join(line.strip() for line in lines) == " ".join(["word"] * 30)
        assert lines[1].startswith("  word")

    def test_further_lines_begin_below_the_second_column(self):
        first, second, *_ = wrap_line(f"Confident          {'word ' * 30}", 80).splitlines()
        assert first.startswith("Confident          word")
        assert second.startswith(f"{' ' * 19}word")

    def test_a_link_is_never_broken(self):
        assert LINK in wrap_line(f"Runs compared: {LINK} and some words after it", 80).splitlines()[1]

    @pytest.mark.parametrize("line", ["", "short", "table  with   gaps", f"{LINK[:80]}"])
    def test_a_line_that_fits_stays_as_it_is(self, line):
        assert wrap_line(line, 80) == line

    def test_wide_characters_take_two_cells(self):
        assert cell_width("写真.jpg") == 8
        assert pad("写真", 6) == "写真  "
        assert shorten("写真写真.jpg", 9) == "…写真.jpg"

    @pytest.mark.parametrize(("stream", "write"), [("stdout", show), ("stderr", say)])
    def test_only_a_terminal_gets_broken_lines(self, monkeypatch, stream, write):
        monkeypatch.setenv("COLUMNS", "80")
        for screen, expected in ((Terminal(), 2), (io.StringIO(), 1)):
            monkeypatch.setattr(sys, stream, screen)
            write("word " * 30)
            assert len(screen.getvalue().splitlines()) == expected


class TestPredictions:
    @pytest.fixture
    def answers(self):
        return [
            prediction("photos/a.jpg"),
            prediction("photos/longer name.jpg", verdict=Verdict.UNCERTAIN, quality=("small", "blurred")),
            prediction("photos/cat.jpg", verdict=Verdict.OUT_OF_SCOPE),
            Prediction(path="photos/bad.jpg", sha256=None, model=MODEL, error="photos/bad.jpg cannot be decoded"),
        ]

    @pytest.fixture
    def text(self, answers):
        return PredictionRows([Path(one.path) for one in answers], LABELS, top_k=2, width=None)

    def test_columns_are_aligned_with_display_names_and_a_mark_for_each_verdict(self, text, answers):
        rows = [line for answer in answers for line in text.row(answer)]
        assert rows == [
            "✓ photos/a.jpg            confident     Papules    96.1%  Comedones 2.0%",
            "? photos/longer name.jpg  uncertain     Papules    96.1%  Comedones 2.0%  (small, blurred)",
            "– photos/cat.jpg          out of scope  Papules    96.1%  Comedones 2.0%",
            "✗ photos/bad.jpg          not classified",
        ]

    def test_the_last_line_counts_photos_by_verdict(self, text, answers):
        for answer in answers:
            text.row(answer)
        assert text.summary() == "4 photos: 1 confident, 1 uncertain, 1 out of scope, 1 not classified."

    @pytest.mark.parametrize("top_k", [1, 3, 5])
    @pytest.mark.parametrize("length", [8, 60, 200])
    def test_at_80_columns_nothing_is_wider_and_no_answer_is_lost(self, top_k, length):
        path = f"{'f' * length}.jpg"
        rows = PredictionRows([Path(path)], LABELS, top_k=top_k, width=80).row(prediction(path, quality=("small",)))
        assert max(map(cell_width, rows)) <= 80
        assert sum(row.count("%") for row in rows) == top_k
        assert rows[0].startswith("✓ ")
        assert ".jpg  confident" in rows[0]
        assert "(small)" in rows[-1]

    def test_rows_go_into_a_file_while_a_bar_is_on_the_terminal(self, tiny_bundle, paint, tmp_path):
        ours, theirs = os.openpty()
        command = [sys.executable, "-m", "acnelib.cli", "predict", paint("a.png", "red"), "--model", tiny_bundle]
        with (tmp_path / "rows.csv").open("w") as rows:
            environment = os.environ | {"TERM": "xterm", "COLUMNS": "80"}
            subprocess.run(
                [*command, "--format", "csv"], stdout=rows, stderr=theirs, env=environment, timeout=60, check=True
            )
        os.close(theirs)
        assert b"Classifying" in os.read(ours, 10_000)
        os.close(ours)
        assert len((tmp_path / "rows.csv").read_text().splitlines()) == 2
