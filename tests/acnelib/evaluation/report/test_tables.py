"""Tables, figures and numbers of an evaluation: what is not defined is left empty or out."""

from __future__ import annotations

import csv
import io

import pytest
from evaluation_reports import RIGHT, content_of
from PIL import Image

from acnelib.evaluation.report.evaluation_report import evaluation_figures, evaluation_tables, summary_metrics


def rows_of(table):
    return list(csv.DictReader(io.StringIO(table)))


def test_the_tables_hold_numbers_of_every_section(content):
    tables = {name: rows_of(table) for name, table in evaluation_tables(content).items()}
    assert [row["label"] for row in tables["per_class.csv"]] == list(content.series.labels)
    assert sum(int(row["photos"]) for row in tables["reliability.csv"] if row["scores"] == "calibrated") == 60
    assert float(tables["coverage_risk.csv"][-1]["coverage"]) == 1
    assert tables["slices.csv"][0]["photos"] == "30"
    assert [row["metric"] for row in tables["calibration.csv"]] == ["ece", "nll", "brier"] * 2
    assert sum(int(row[label]) for row in tables["confusion.csv"] for label in content.series.labels) == 60


def test_tables_leave_empty_what_is_not_defined(scored):
    (cysts, _, rosacea) = rows_of(evaluation_tables(content_of(scored([RIGHT], ["cysts"])))["per_class.csv"])
    assert (cysts["recall"], cysts["recall_low"], cysts["auroc"]) == ("1.0", "", "")
    assert rosacea["f1"] == ""


def test_figures_that_cannot_be_drawn_are_left_out(scored, content):
    assert set(evaluation_figures(content)) - set(evaluation_figures(content_of(scored([RIGHT], ["cysts"])))) == {
        "roc",
        "precision_recall",
    }


@pytest.mark.slow
def test_many_classes_with_long_names_leave_room_for_the_curves(scored):
    labels = tuple(f"{'a-very-long-name-' * 9}{number:02}" for number in range(60))
    scores = [[0.41 if column == place % 60 else 0.01 for column in range(60)] for place in range(120)]
    content = content_of(scored(scores, [labels[place % 60] for place in range(120)], labels=labels))
    for figure in evaluation_figures(content).values():
        figure.draw_without_rendering()
        assert min(figure.axes[0].get_window_extent().size) > 150


def test_figures_are_pictures_that_nobody_has_to_close(content):
    from matplotlib import pyplot as plt

    for figure in evaluation_figures(content).values():
        stream = io.BytesIO()
        figure.savefig(stream, format="png")
        with Image.open(stream) as image:
            assert min(image.size) > 200
    assert plt.get_fignums() == []


def test_the_numbers_for_a_run_are_finite_and_left_out_where_not_defined(scored, content):
    assert {"aurc", "auroc_macro", "average_precision_macro", "ece_expected", "ece_limit"} <= set(
        summary_metrics(content)
    )
    assert "auroc_macro" not in summary_metrics(content_of(scored([RIGHT], ["cysts"])))


def test_each_measurement_and_each_class_of_each_source_has_a_row(of_two_sources):
    tables = {name: rows_of(table) for name, table in evaluation_tables(of_two_sources).items()}
    assert [(row["held_out"], row["photos"], row["sets_of_folds"]) for row in tables["measurements.csv"]] == [
        ("sources held out", "60", "1"),
        ("atlas held out", "20", "1"),
        ("clinic held out", "40", "1"),
        ("series held out", "60", "5"),
        ("groups held out", "60", "5"),
    ]
    assert {row["source"] for row in tables["per_source.csv"]} == {"atlas", "clinic"}
    assert sum(int(row["photos"]) for row in tables["per_source.csv"]) == 60
