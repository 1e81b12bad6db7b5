"""Predictions as CSV: what is read back is what was written, and no cell is a formula, whoever named the file."""

from __future__ import annotations

import csv
import io

import pytest

from acnelib.inference import ConfidenceThreshold, ModelIdentity, Prediction, Quality, ThresholdOrigin, Verdict, table

MODEL = ModelIdentity(name="acne", version="3", sha256="f" * 64)
LABELS = ("cysts", "papules")


def answer(**changes):
    reported = {"path": "a.png", "sha256": "0", "label": "papules", "confidence": 0.7, "verdict": Verdict.CONFIDENT}
    reported["threshold"] = ConfidenceThreshold(0.8, ThresholdOrigin.SITE)
    return Prediction(**{**reported, "scores": {"papules": 0.7, "cysts": 0.3}, "model": MODEL, **changes})


def read(*predictions):
    lines = [table.line(table.head(LABELS)), *(table.line(table.cells(each, LABELS)) for each in predictions)]
    return list(csv.DictReader(io.StringIO("".join(lines), newline="")))


def test_every_fact_has_its_column_and_every_score_too():
    (row,) = read(answer())
    assert row == {
        "path": "a.png",
        "sha256": "0",
        "label": "papules",
        "confidence": "0.7",
        "verdict": "confident",
        "quality": "",
        "threshold": "0.8",
        "threshold_from": "site",
        "model": "acne",
        "version": "3",
        "model_sha256": "f" * 64,
        "model_drawn": "false",
        "error": "",
        "score_cysts": "0.3",
        "score_papules": "0.7",
    }


def test_what_makes_a_photo_poor_is_one_cell():
    reported = read(answer(quality=(Quality.SMALL, Quality.BLURRED)), answer(quality=(Quality.DARK,)))
    assert [row["quality"] for row in reported] == ["small;blurred", "dark"]


def test_what_there_is_not_is_empty():
    failed = {"label": None, "confidence": None, "verdict": None, "threshold": None, "scores": {}}
    (row,) = read(answer(**failed, error="it is damaged"))
    assert (row["label"], row["confidence"], row["verdict"], row["score_cysts"]) == ("", "", "", "")
    assert (row["threshold"], row["threshold_from"]) == ("", "")
    assert row["error"] == "it is damaged"


@pytest.mark.parametrize("name", ["a,b.png", 'a"b.png', "a\nb.png", "a\rb.png", "a;b.png", " a.png", "ä 痤.png", "a'b"])
def test_a_name_comes_back_as_it_was(name):
    first, second = read(answer(path=name), answer())
    assert (first["path"], second["path"]) == (name, "a.png")


@pytest.mark.parametrize(
    "name",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u3000=1", "\ufeff=1", "＝1", "＋1", "－1", "＠a"],
)
def test_a_name_is_never_a_formula(name):
    path = read(answer(path=name))[0]["path"]
    assert (path[0], path.replace("'", "")) == ("'", name)


def test_a_name_is_no_formula_for_a_spreadsheet_that_expects_semicolons_either():
    (row,) = read(answer(path="a; =1;+2;b.png"))
    assert row["path"] == "a;' =1;'+2;b.png"


def test_an_error_that_begins_with_a_name_is_no_formula():
    assert read(answer(error="=1.png is empty"))[0]["error"] == "'=1.png is empty"


def test_numbers_stay_numbers_even_below_zero():
    assert table.line([-0.5, 1e-07, 3, None]) == "-0.5,1e-07,3,\n"
