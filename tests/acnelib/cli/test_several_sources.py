"""``acne pipeline`` on several sources, as a person meets it."""

from __future__ import annotations

import json

import pytest

from acnelib.atlas.drawing import draw_picture, draw_pictures


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


@pytest.fixture
def own(folders):
    """A test folder of one photo."""
    (folders / "Own" / "cysts").mkdir(parents=True)
    (folders / "Own" / "cysts" / "9.jpg").write_bytes(draw_picture(9, seed=3).jpeg())
    return folders / "Own"


def test_json_and_text_name_the_test_folder_apart(pipeline, own):
    ran = pipeline("--test", own, "--format", "json")
    outcome = json.loads(ran.out)
    assert [source["name"].partition("-")[0] for source in outcome["sources"]] == ["one"]
    assert (outcome["test"]["name"].partition("-")[0], outcome["test"]["photos"]) == ("own", 1)
    assert f"Test folder:   {outcome['test']['name']}: 1 photo" in pipeline("--test", own).out
    assert json.loads(pipeline("--format", "json").out)["test"] is None


@pytest.fixture
def in_folders(folders, own, monkeypatch):
    """The current folder, with a test folder and one of the parts of a data set; no server is asked."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    monkeypatch.chdir(folders)
    own.rename(folders / "own")
    for place in ("train/cysts", "train/papules", "test/cysts", "test/papules"):
        (folders / "parts" / place).mkdir(parents=True)
    return folders


@pytest.mark.parametrize("command", ["pipeline", "cross-validate", ("schedule", "--cron", "@weekly")])
@pytest.mark.parametrize(
    ("options", "reported"),
    [
        (("--test", "own", "--test-share", "0.2"), "exclude each other"),
        (("--test-share", "0"), "more than 0 and less than 1"),
        (("--test-share", "15"), "more than 0 and less than 1"),
        (("--test", "sample"), "no site can be the test folder"),
        (("--test", "nowhere"), "--test takes a folder"),
        (("--test", "One"), "hold the same photos"),
        (("--test", "parts"), "--test "),
    ],
)
def test_a_test_part_that_cannot_be_is_refused_at_once(run_acne, in_folders, command, options, reported):
    words = (command,) if isinstance(command, str) else command
    ran = run_acne(*words, "--source", "One", *options, "--workdir", "work")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1), ran.err
    assert reported in ran.err
    assert not (in_folders / "work").exists()


def test_the_photos_kept_out_are_left_out_of_cross_validation_too(run_acne, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for number, picture in enumerate(draw_pictures(40, seed=6)):
        path = tmp_path / ("own" if number < 10 else "photos") / picture.label / f"{picture.name}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture.jpeg())
    command = ("cross-validate", "--source", "photos", "--weights", "starter", "--repeats", "1", "--format", "json")
    ran = [run_acne(*command, *part) for part in ((), ("--test", "own"), ("--test-share", "0.2"))]
    whole, beside_a_folder, part = [json.loads(one.out)["photos"] for one in ran]
    assert beside_a_folder <= whole
    assert part < whole
