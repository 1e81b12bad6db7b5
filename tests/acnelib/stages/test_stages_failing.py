"""What goes wrong in the middle of the walk: one clear line, no half result, and a run that can be gone on with."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

import pytest

from acnelib import stages
from acnelib.bundle import LABELS
from acnelib.config.settings import Settings
from acnelib.dataset.splitting import Split, Subset
from acnelib.errors import AcneError, DataUnusable, TrackingFailed


@pytest.fixture
def feature_result(workplace, promoted, source):
    return workplace.features(source)


@pytest.fixture
def elsewhere(workplace, tmp_path):
    """The same server, and a working folder in which nothing was made yet."""
    return replace(workplace.settings_of("elsewhere"), workdir=tmp_path / "workdir")


@pytest.fixture
def offline(tmp_path):
    """A machine on which no server was ever started."""
    folders = {name: tmp_path / name for name in ("home", "cache", "stack", "workdir")}
    return Settings(**folders)


@pytest.fixture
def run_of(workplace):
    """The one run of a story."""

    def find(model):
        (run,) = workplace.runs(model)
        return run["info"]["run_id"], run["info"]["status"]

    return find


@pytest.mark.parametrize("failure", [AcneError("no paint left"), KeyboardInterrupt()], ids=["failed", "interrupted"])
def test_a_stage_that_fails_ends_its_run_failed_and_the_next_try_finishes_the_same_run(
    workplace, feature_result, run_of, monkeypatch, failure
):
    def fail(*arguments, **named):
        raise failure

    model = f"failing-{type(failure).__name__}"
    settings = workplace.settings_of(model)
    train_result = stages.train(feature_result, settings=settings)
    assert run_of(model) == (train_result.run_id, "FINISHED")
    with monkeypatch.context() as patched:
        patched.setattr("acnelib.registry.tracking.runs.CandidateRun.log_figure", fail)
        with pytest.raises(type(failure)):
            stages.evaluate(train_result, settings=settings)
    assert run_of(model) == (train_result.run_id, "FAILED")
    stages.evaluate(train_result, settings=settings)
    assert run_of(model) == (train_result.run_id, "FINISHED")


def test_a_run_that_a_killed_process_left_open_is_gone_on_with(workplace, feature_result, promoted, run_of):
    experiment = workplace.ask("experiments/create", {"name": "killed"})["experiment_id"]
    candidate = {"key": "acnelib.candidate", "value": promoted.candidate_digest}
    left = workplace.ask("runs/create", {"experiment_id": experiment, "run_name": "left open", "tags": [candidate]})
    train_result = stages.train(feature_result, settings=workplace.settings_of("killed"))
    assert train_result.run_id == left["run"]["info"]["run_id"]
    assert run_of("killed") == (train_result.run_id, "FINISHED")


def test_a_decision_that_a_killed_process_had_written_is_carried_out(workplace, source, promoted, monkeypatch):
    def killed(*arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("acnelib.registry.tracking.versions.Versions.carry_out", killed)
        with pytest.raises(KeyboardInterrupt):
            workplace.walk(source, model="half-promoted")
    resumed = workplace.walk(source, model="half-promoted")
    assert resumed.decision == "promoted"
    assert workplace.production("half-promoted") == resumed.version
    assert len(workplace.versions("half-promoted")) == 1


@pytest.fixture
def tested_on_one(promoted, tmp_path):
    """The candidate, with one photo kept out for a test."""
    split = Split.read(promoted.split)
    sha256 = split.of(Subset.TRAIN)[0]
    kept_out = replace(split.photos[sha256], subset=Subset.TEST)
    replace(split, photos={**split.photos, sha256: kept_out}).write(tmp_path / "split.json")
    return promoted.model_copy(update={"split": tmp_path / "split.json"})


def test_an_error_while_training_leaves_no_half_candidate_and_no_run(workplace, feature_result, elsewhere, monkeypatch):
    def fail(folder, **named):
        assert (folder / LABELS).is_file()
        raise AcneError("the conversion is faulty")

    elsewhere.workdir.mkdir()
    (elsewhere.workdir / "images").symlink_to(workplace.settings.workdir / "images")  # training looks at the photos
    # By import, for acnelib.stages.train is the function.
    monkeypatch.setattr(import_module("acnelib.stages.candidate"), "export_models", fail)
    with pytest.raises(AcneError, match="the conversion is faulty"):
        stages.train(feature_result, settings=elsewhere)
    assert [path for path in elsewhere.workdir.rglob("*") if path.is_file()] == []
    assert workplace.ask("experiments/search", {"max_results": 100, "filter": "name = 'elsewhere'"}) == {}


def test_a_photo_that_is_gone_leaves_no_half_evaluation(tested_on_one, elsewhere):
    with pytest.raises(DataUnusable, match="is no longer readable"):
        stages.evaluate(tested_on_one, settings=elsewhere)
    assert [path for path in elsewhere.workdir.rglob("*") if path.is_file()] == []


def test_without_a_tracking_server_one_line_says_what_to_do(feature_result, offline):
    with pytest.raises(TrackingFailed) as failure:
        stages.train(feature_result, settings=offline)
    assert str(failure.value) == "no tracking server to write to: run `acne up`, or set MLFLOW_TRACKING_URI"


def test_a_server_that_does_not_answer_is_one_line_with_its_address(
    workplace, feature_result, dead_server, monkeypatch
):
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    settings = replace(workplace.settings, tracking_uri=dead_server)
    with pytest.raises(TrackingFailed) as failure:
        stages.train(feature_result, settings=settings)
    assert dead_server in str(failure.value)
    assert "\n" not in str(failure.value)
    assert "then run again" in str(failure.value)


def test_a_source_with_no_readable_photo_is_unusable(workplace, tmp_path):
    for label in ("cysts", "papules"):
        (tmp_path / "Broken" / label).mkdir(parents=True)
        (tmp_path / "Broken" / label / "a.jpg").write_bytes(label.encode())
    with pytest.raises(DataUnusable, match="learning needs at least two classes of readable photos"):
        workplace.split(tmp_path / "Broken")


def test_curation_counts_what_it_leaves_out_by_reason(workplace, tmp_path, source):
    cysts, papules = (min((source / label).iterdir()).read_bytes() for label in ("cysts", "papules"))
    photos = {"cysts/a.jpg": cysts, "papules/a.jpg": papules, "papules/b.jpg": cysts, "cysts/c.jpg": b"broken"}
    for path, content in photos.items():
        (tmp_path / "Mixed" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "Mixed" / path).write_bytes(content)
    scraped = stages.scrape(str(tmp_path / "Mixed"), settings=workplace.settings)
    curated = stages.curate(scraped, settings=workplace.settings)
    assert (curated.used, curated.excluded) == (1, {"two-labels": 1, "unreadable": 1})
