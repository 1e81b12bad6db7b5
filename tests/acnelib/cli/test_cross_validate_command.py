"""``acne cross-validate`` as a person meets it."""

from __future__ import annotations

import json

import pytest

from acnelib.atlas.drawing import draw_pictures

FIGURES = {
    "macro_f1",
    "macro_f1_by_chance",
    "balanced_accuracy",
    "accuracy",
    "ece",
    "ece_limit",
    "nll",
    "brier",
    "coverage",
    "selective_accuracy",
    "out_of_scope",
}


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    folder = tmp_path_factory.mktemp("source")
    for picture in draw_pictures(48, seed=4):
        path = folder / picture.label / f"{picture.name}.jpg"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(picture.jpeg())
    return folder


@pytest.fixture(scope="module")
def workdir(tmp_path_factory):
    return tmp_path_factory.mktemp("work")


@pytest.fixture
def cross_validate(run_acne, source, workdir, monkeypatch, tmp_path):
    """Run it on drawn photos; what was computed once for them is there for all."""
    monkeypatch.setenv("ACNE_STACK", str(tmp_path / "stack"))

    def run(*arguments):
        return run_acne(
            "cross-validate",
            "--source",
            source,
            "--weights",
            "starter",
            "--workdir",
            workdir,
            "--repeats",
            2,
            *arguments,
        )

    return run


def test_json_is_all_that_is_printed_and_has_both_figures(cross_validate):
    ran = cross_validate("--format", "json")
    reported = json.loads(ran.out)
    assert ran.code == 0, ran.err
    assert reported.keys() == {
        "source", "photos", "classes", "folds", "repeats", "shuffled", "believe", "recipes", "remarks",
    }  # fmt: skip
    (recipe,) = reported["recipes"]
    assert recipe.keys() == {"backbone", "weights", "series", "groups"}
    assert recipe[reported["believe"]].keys() == {"units", "largest", "macro_f1_interval", *FIGURES}
    assert recipe["groups"]["macro_f1"].keys() == {"mean", "sd"}
    assert (reported["repeats"], reported["photos"]) == (2, sum(reported["classes"].values()))


def test_the_text_ends_with_which_figure_to_believe(cross_validate):
    ran = cross_validate()
    lines = ran.out.splitlines()
    assert ran.code == 0, ran.err
    assert lines[0].endswith("without the test photos: 2 × 5 folds")
    assert any(line.startswith("macro-F1 ") and line.count("±") == 2 for line in lines)
    assert lines[-1].startswith(("Believe series: ", "No photos look like one patient's"))


def test_several_sources_are_measured_together(run_acne, source, workdir, tmp_path, monkeypatch):
    monkeypatch.setenv("ACNE_STACK", str(tmp_path / "stack"))
    options = []
    for part, name in enumerate(("one", "other")):
        for path in sorted(source.rglob("*.jpg"))[part::2]:
            (tmp_path / name / path.parent.name).mkdir(parents=True, exist_ok=True)
            (tmp_path / name / path.parent.name / path.name).write_bytes(path.read_bytes())
        options += ["--source", tmp_path / name]
    ran = run_acne(
        "cross-validate", *options, "--weights", "starter", "--workdir", workdir, "--repeats", 1, "--format", "json"
    )
    assert ran.code == 0, ran.err
    one, other = json.loads(ran.out)["source"].split("+")
    assert (one.partition("-")[0], other.partition("-")[0]) == ("one", "other")


def test_at_random_says_by_how_much_folds_by_photo_flatter(cross_validate):
    ran = cross_validate("--at-random")
    assert "Folds by photo change macro-F1 by " in ran.out
    assert "photos (" in ran.out


def test_shuffled_says_what_chance_gives(cross_validate):
    ran = cross_validate("--shuffled")
    assert "Labels were shuffled, so macro-F1 must be what chance gives: " in ran.out


def test_each_recipe_has_its_table_once(cross_validate):
    backbones = ("mobilenet_v1_0.25_128", "mobilenet_v1_0.25_96", "mobilenet_v1_0.25_128")
    ran = cross_validate(*(argument for name in backbones for argument in ("--backbone", name)))
    assert ran.code == 0, ran.err
    assert [line.partition(",")[0] for line in ran.out.splitlines() if ", weights " in line] == list(backbones[:2])


def test_no_server_is_started_or_asked(cross_validate, own_home, tmp_path):
    assert cross_validate().code == 0
    assert not (own_home / "stack.json").exists()
    assert not (tmp_path / "stack").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "reported"),
    [
        (["--source", "nobodys-atlas"], 2, "no source 'nobodys-atlas'"),
        (["--backbone", "resnet50"], 2, "resnet50"),
        (["--repeats", "0"], 2, "--repeats"),
        (["--weights", "nowhere.h5"], 1, "nowhere.h5"),
        (["--source", "."], 1, "is empty"),
    ],
)
def test_errors_are_one_line_that_says_what(cross_validate, arguments, code, reported):
    ran = cross_validate(*arguments)
    assert (ran.code, ran.out) == (code, "")
    assert reported in ran.err
    assert len(ran.err.splitlines()) == 1
