"""``acne pipeline`` on several sources, as a person meets it."""

from __future__ import annotations

import json

import pytest

from acnelib.atlas.drawing import draw_picture


@pytest.fixture
def folders(tmp_path):
    for index, path in enumerate(("One/cysts/1.jpg", "Other/papules/1.jpg", "Skin/eczema/1.jpg", "Skin/lupus/1.jpg")):
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_bytes(draw_picture(index, seed=3).jpeg())
    return tmp_path


@pytest.fixture
def pipeline(run_acne, folders, monkeypatch):
    """Run it as far as the curated photos; no server is asked."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")

    def run(*options):
        where = ("--until", "curate", "--local-scheduler", "--workdir", folders / "work")
        return run_acne("pipeline", "--source", folders / "One", *where, *options)

    return run


def test_json_names_each_source_and_counts_the_background(pipeline, folders):
    ran = pipeline("--source", folders / "Other", "--background", folders / "Skin", "--format", "json")
    assert ran.code == 0, ran.err
    outcome = json.loads(ran.out)
    assert [source["name"].partition("-")[0] for source in outcome["sources"]] == ["one", "other", "skin"]
    assert [(source["photos"], source["error"]) for source in outcome["sources"]] == [(1, None), (1, None), (2, None)]
    assert outcome["background"] == {"photos": 2, "conditions": 2}


def test_the_text_has_a_line_for_each_source(pipeline, folders):
    ran = pipeline("--source", folders / "Other", "--background", folders / "Skin")
    lines = [line.split(maxsplit=1) for line in ran.out.splitlines() if line.startswith(("Source:", "Background:"))]
    assert [line[1].partition(": ")[2] for line in lines[:3]] == ["1 photo", "1 photo", "2 photos"]
    assert lines[3] == ["Background:", "2 photos of 2 other conditions"]


def test_a_single_source_needs_no_line(pipeline):
    assert "Source:" not in pipeline().out


def test_a_missing_source_ends_it_unless_it_may_be_missing(pipeline, folders):
    (folders / "Other" / "papules" / "1.jpg").unlink()
    ran = pipeline("--source", folders / "Other")
    assert ran.code == 1
    assert "source other-" in ran.err.splitlines()[-1]
    assert "--allow-missing-source" in ran.err.splitlines()[-1]
    assert not list((folders / "work").glob("*/*/curate.json"))
    ran = pipeline("--source", folders / "Other", "--allow-missing-source")
    assert ran.code == 0, ran.err
    assert "missing (" in ran.out


@pytest.mark.parametrize("wrong", ["smaple", "dermnet"])
def test_a_wrong_name_or_terms_are_never_passed_over(pipeline, wrong):
    assert pipeline("--source", wrong, "--allow-missing-source").code == 2
    assert pipeline("--background", wrong, "--allow-missing-source").code == 2
