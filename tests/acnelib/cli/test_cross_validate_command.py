"""``acne cross-validate`` as a person meets it."""

from __future__ import annotations

import json
import shutil

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
INTERVALS = {
    f"{name}_interval"
    for name in ("macro_f1", "balanced_accuracy", "accuracy", "coverage", "selective_accuracy", "out_of_scope")
}
YARDSTICK = {"photos", "untaught", "units", "largest", "per_class", *FIGURES, *INTERVALS}


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
        "source", "sources", "photos", "classes", "folds", "repeats", "shuffled", "believe", "lone", "not_held_apart",
        "recipes", "paired", "remarks",
    }  # fmt: skip
    (recipe,) = reported["recipes"]
    assert recipe.keys() == {"backbone", "weights", "series", "groups", "unseen_sources", "unseen_conditions"}
    assert recipe[reported["believe"]].keys() == YARDSTICK
    assert recipe["series"]["per_class"].keys() == reported["classes"].keys()
    assert (recipe["unseen_sources"], recipe["unseen_conditions"], reported["paired"]) == ({}, None, [])
    assert recipe["groups"]["macro_f1"].keys() == {"mean", "sd"}
    assert (reported["repeats"], reported["photos"]) == (2, sum(reported["classes"].values()))


def test_the_text_says_which_figure_to_believe_for_what(cross_validate):
    ran = cross_validate()
    lines = ran.out.splitlines()
    assert ran.code == 0, ran.err
    assert lines[0].endswith("without the test photos: 2 × 5 folds")
    assert any(line.startswith("macro-F1 ") and line.count("±") == 2 for line in lines)
    assert lines[-3].startswith("For other patients in photos like these, believe series")
    assert lines[-2].startswith("There is one source, so no source could be held apart")
    assert "--background" in lines[-1]


def folders_of(source, root, *names):
    """Deal the photos of a folder out to folders of these names."""
    for part, name in enumerate(names):
        for path in sorted(source.rglob("*.jpg"))[part :: len(names)]:
            (root / name / path.parent.name).mkdir(parents=True, exist_ok=True)
            (root / name / path.parent.name / path.name).write_bytes(path.read_bytes())
    return [root / name for name in names]


@pytest.fixture(scope="module")
def two_sources_and_background(source, tmp_path_factory):
    """Options: two sources, of which the second lacks a class, and pictures of two conditions as background."""
    root = tmp_path_factory.mktemp("several")
    one, other = folders_of(source, root, "one", "other")
    shutil.rmtree(other / "cysts")
    for place, picture in enumerate(draw_pictures(12, seed=9)):
        path = root / "conditions" / f"condition-{place % 2}" / f"{picture.name}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture.jpeg())
    return ["--source", one, "--source", other, "--background", root / "conditions"]


@pytest.fixture
def cross_validate_several(run_acne, two_sources_and_background, workdir, monkeypatch, tmp_path):
    monkeypatch.setenv("ACNE_STACK", str(tmp_path / "stack"))

    def run(*arguments):
        options = ("--weights", "starter", "--workdir", workdir, "--repeats", 1)
        return run_acne("cross-validate", *two_sources_and_background, *options, *arguments)

    return run


def test_json_has_sources_and_conditions_that_were_held_apart(cross_validate_several):
    ran = cross_validate_several("--format", "json")
    assert ran.code == 0, ran.err
    reported = json.loads(ran.out)
    (recipe,) = reported["recipes"]
    one, other = reported["sources"]
    assert (one.partition("-")[0], other.partition("-")[0]) == ("one", "other")
    assert reported["source"] == f"{one}+{other}"
    assert recipe["sources"].keys() == recipe["unseen_sources"][one].keys() == YARDSTICK
    assert recipe["unseen_sources"][one]["untaught"].keys() == {"cysts"}
    assert recipe["unseen_conditions"].keys() == {"photos", "conditions", "refused", "confident"}
    assert recipe["unseen_conditions"]["refused"].keys() == {"value", "interval"}


def test_the_text_has_a_column_for_each_source_and_reports_untaught_photos_apart(cross_validate_several):
    ran = cross_validate_several()
    assert ran.code == 0, ran.err
    lines = ran.out.splitlines()
    header = next(line for line in lines if line.startswith("held apart by"))
    assert header.split()[3::2] == ["series", "groups", "sources"]
    columns = next(line for line in lines if line.startswith("source held apart")).split()[3:]
    assert [name.partition("-")[0] for name in columns] == ["one", "other"]
    assert any(line.startswith("  untaught, not scored") for line in lines)
    assert any("do not teach their class" in line and "of cysts" in line for line in lines)
    assert any("2 other conditions" in line and "refused as out of scope" in line for line in lines)
    assert any(line.startswith("For photos from elsewhere") and "believe sources" in line for line in lines)
    assert {line.split()[1] for line in lines if line.startswith("papules ")} == {"series", "sources"}
    tables = [line for line in lines if line[-1:].isdigit()]
    assert max(map(len, tables)) <= 80


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
    lines = ran.out.splitlines()
    assert [line.partition(",")[0] for line in lines if ", weights " in line] == list(backbones[:2])
    paired = lines.index(f"Differences from {backbones[0]} on the same photos, 95 % intervals over series")
    assert lines[paired + 1] == backbones[1]
    assert [line.split()[0] for line in lines[paired + 3 : paired + 5]] == ["series", "groups"]


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
