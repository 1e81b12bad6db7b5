"""The walk of the photos to production, on the real servers, as their own interfaces tell it."""

from __future__ import annotations

import json
import shutil

import pytest

from acnelib import stages
from acnelib.bundle import TrainingHashes, open_bundle
from acnelib.dataset.duplicates.pairs import read_pairs
from acnelib.dataset.splitting import Split, Subset
from acnelib.folds import REPEATS
from acnelib.registry.tracking.system_metrics import CPU, MEMORY
from acnelib.stages.artifacts import OUT_OF_FOLD, SERIES, CandidateFolder
from acnelib.stages.curate import PAIRS
from acnelib.stages.results import CurateResult, FeatureResult, PipelineDecision, ScrapeResult, SplitResult
from acnelib.storage.files import sha256_of_file


@pytest.fixture
def run(workplace, promoted):
    return workplace.run(promoted.run_id)


@pytest.fixture
def version(workplace, promoted):
    return workplace.version("acne", promoted.version)


@pytest.fixture
def split_result(workplace, source, promoted):
    return workplace.split(source, model="acne")  # the latest one may be that of a renamed copy of the source


def artifacts(workplace, run_id, folder):
    return {file["path"] for file in workplace.ask("artifacts/list", run_id=run_id, path=folder)["files"]}


def test_the_first_candidate_that_beats_the_majority_class_is_promoted(promoted):
    assert promoted.decision == PipelineDecision.PROMOTED
    assert promoted.reasons[0] == "there is no production version yet"
    assert "beats the majority class" in promoted.reasons[1]


def test_the_candidate_has_one_finished_run(workplace, promoted, run):
    assert [one["info"]["run_id"] for one in workplace.runs("acne")] == [run["info"]["run_id"]]
    assert run["info"]["status"] == "FINISHED"


def test_the_name_of_the_run_is_short_and_ends_with_what_tells_its_candidate_apart(promoted, run):
    assert run["info"]["run_name"] == f"v1-25%-128 {promoted.candidate_digest[:6]}"


def test_the_run_has_the_size_of_the_model(run):
    metrics = {entry["key"]: entry["value"] for entry in run["data"]["metrics"]}
    assert 0.1 < metrics["model_megabytes"] < 5


def test_one_candidate_is_compared_with_nothing(promoted):
    assert promoted.comparison_url is None
    assert promoted.run_id in promoted.run_url


def test_the_page_of_the_version_is_short_and_says_where_the_card_is(workplace, promoted):
    described = workplace.ask("model-versions/get", name="acne", version=promoted.version)["model_version"]
    assert len(described["description"].splitlines()) < 40
    assert "trained on drawn pictures only" in described["description"]
    assert "artifacts/bundle/model_card.md" in described["description"]
    assert "# Model card" not in described["description"]


def test_the_run_says_what_the_candidate_was_made_with(run, split_result):
    parameters = {entry["key"]: entry["value"] for entry in run["data"]["params"]}
    assert (parameters["backbone"], parameters["weights"]) == ("mobilenet_v1_0.25_128", "starter")
    assert parameters["classes"] == "5"
    assert parameters["train_photos"] == str(split_result.counts["train"])


def test_the_run_has_metrics_of_groups_and_of_series_held_out(run, promoted):
    metrics = {entry["key"]: entry["value"] for entry in run["data"]["metrics"]}
    for held_out in ("out_of_fold", "series"):
        names = ("macro_f1", "balanced_accuracy", "ece", "nll", "brier")
        assert {f"{held_out}_{name}" for name in names} <= set(metrics)
    assert metrics["out_of_fold_macro_f1"] == pytest.approx(promoted.out_of_fold_macro_f1)


def test_answers_of_held_out_photos_are_no_test_metrics(run, promoted):
    assert promoted.test_macro_f1 is None
    assert not [entry["key"] for entry in run["data"]["metrics"] if entry["key"].startswith("test_")]


def test_the_run_shows_what_training_took_of_the_machine(run):
    assert {CPU, MEMORY} <= {entry["key"] for entry in run["data"]["metrics"]}


def test_the_run_has_a_data_set_of_its_photos(run, promoted):
    inputs = run["inputs"]["dataset_inputs"]
    contexts = {tag["value"] for entry in inputs for tag in entry["tags"] if tag["key"] == "mlflow.data.context"}
    assert contexts == {"training"}
    assert {entry["dataset"]["name"] for entry in inputs} == {f"{promoted.source}-train"}


def test_the_run_has_the_evaluation_the_confusion_matrix_and_the_assignments(workplace, run, split_result):
    run_id = run["info"]["run_id"]
    assert artifacts(workplace, run_id, "evaluation") >= {
        f"evaluation/{name}"
        for name in (
            *("evaluation.json", "label_suspicions.json", "out_of_fold.json"),
            *("per_class.csv", "confusion.csv", "reliability.csv", "coverage_risk.csv", "slices.csv"),
            *("confusion_matrix.png", "per_class_f1.png", "reliability.png", "coverage_risk.png"),
        )
    }
    assert artifacts(workplace, run_id, "split") == {
        "split/licences.json",
        "split/assignments.json",
        "split/summary.json",
    }


def test_the_run_says_what_was_decided(run):
    tags = {entry["key"]: entry["value"] for entry in run["data"]["tags"]}
    assert (tags["acnelib.stage"], tags["acnelib.decision"]) == ("promote", "promoted")
    assert "beats the majority class" in tags["acnelib.reasons"]


def test_no_path_of_the_source_gets_to_the_server(workplace, run, version, source):
    assert str(source) not in json.dumps([run, version])
    assert ".jpg" not in json.dumps([run, version])


def test_the_version_is_production_by_alias_and_by_stage(workplace, promoted, version):
    assert workplace.production("acne") == promoted.version
    assert version["current_stage"] == "Production"
    assert version["run_id"] == promoted.run_id


def test_the_version_says_which_bundle_it_holds_and_why_it_is_production(promoted, version):
    sums = promoted.bundle / "SHA256SUMS"
    assert version["tags"]["acnelib.bundle_sha256"] == sha256_of_file(sums) == promoted.bundle_sha256
    assert version["tags"]["acnelib.decision"] == "promoted"
    assert json.loads(version["tags"]["acnelib.reasons"]) == promoted.reasons


def test_the_bundle_lies_in_the_bucket_without_any_pickle(workplace, promoted):
    keys = workplace.bucket()
    names = {key.rsplit("/", 1)[-1] for key in keys if "/artifacts/bundle/" in key}
    assert names >= {"bundle.json", "labels.txt", "model.tflite", "model.keras", "evaluation.json", "model_card.md"}
    assert not [key for key in keys if key.endswith((".pkl", ".pickle"))]


def test_the_sealed_bundle_says_where_it_came_from(promoted, split_result):
    bundle = open_bundle(promoted.bundle)
    origin = bundle.description.provenance
    assert origin.run_id == promoted.run_id
    assert (origin.split, origin.test_sha256) == (split_result.split_digest, split_result.test_sha256)
    assert "not a diagnosis" in (bundle.path / "model_card.md").read_text()
    evaluation = json.loads((bundle.path / "evaluation.json").read_text())
    assert evaluation["out_of_fold"]["n"] == evaluation["series"]["n"] == split_result.counts["train"]
    assert "test" not in evaluation


def test_the_sealed_bundle_knows_the_photos_that_it_learnt_from(promoted, split_result):
    split = Split.read(split_result.split)
    assert TrainingHashes.read(open_bundle(promoted.bundle).path) == TrainingHashes.of(split.of(Subset.TRAIN))


def test_the_sealed_bundle_states_its_promise_and_the_source_that_it_was_measured_on(promoted):
    description = open_bundle(promoted.bundle).description
    assert description.promise.sources == (promoted.source,)
    assert description.promise.reached == (description.confidence_threshold < 1)
    assert (description.promise.unseen, description.background) == (None, None)


def test_the_sealed_bundle_knows_that_all_of_these_were_drawn(promoted, version):
    bundle = open_bundle(promoted.bundle)
    assert bundle.description.drawn
    assert "drawn pictures only" in (bundle.path / "model_card.md").read_text()
    assert version["tags"]["acnelib.drawn"] == "yes"


def test_the_sealed_bundle_tells_how_right_it_was_from_any_confidence(promoted):
    bundle = open_bundle(promoted.bundle)
    series = json.loads((bundle.path / "evaluation.json").read_text())["series"]
    reported = series["selective"]
    assert {len(column) for column in reported.values()} == {len(reported["confidence"])}
    assert reported["confidence"] == sorted(reported["confidence"], reverse=True)


def test_the_split_is_where_the_contract_says(split_result, source):
    split = Split.read(split_result.split)
    paths = [path for photo in split.photos.values() for path in photo.paths]
    assert all((source / path).is_file() for path in paths)
    assert split.test_sha256 is split_result.test_sha256 is None


def test_the_bundle_says_under_which_licences_its_photos_stand(promoted):
    bundle = open_bundle(promoted.bundle)
    assert list(bundle.description.provenance.licences) == ["not stated"]
    card = (bundle.path / "model_card.md").read_text()
    assert card.splitlines()[0].endswith("photos is unknown.")


@pytest.mark.parametrize("name", [OUT_OF_FOLD, SERIES])
def test_every_photo_that_was_learnt_from_was_scored_by_heads_that_never_saw_it(promoted, split_result, name):
    held_out = CandidateFolder(promoted.candidate).answers()[name]
    learnt = Split.read(split_result.split).of(Subset.TRAIN)
    assert [photo.sha256 for photo in held_out.photos] == learnt * REPEATS


def test_the_report_on_the_candidate_lies_beside_its_metrics(promoted):
    report = promoted.report.read_text()
    assert promoted.report.parent == promoted.evaluation
    assert "A research tool, not a diagnosis" in report
    assert promoted.backbone in report


def test_the_local_report_names_the_files_of_its_photos_and_nothing_uploaded_does(workplace, promoted, source):
    names = {path.name for path in source.rglob("*.jpg")}
    report = promoted.report.read_text()
    assert any(f"/{name}<" in report for name in names)
    kept = [path for path in workplace.settings.stack.rglob("*") if path.is_file()]
    assert any(path.stat().st_size for path in kept)
    for path in kept:
        content = path.read_bytes()
        assert not [name for name in names if name.encode() in content], path


def test_the_data_report_lies_beside_the_split_and_shows_the_photos_that_belong_together(workplace, split_result):
    report = split_result.report.read_text()
    assert split_result.report.parent == split_result.split.parent
    assert 'id="changes"' in report
    pairs = read_pairs(workplace.latest(CurateResult, model="acne").photos.parent / PAIRS)
    assert all(f'data-sha256="{pair.one}"' in report for pair in pairs)


def test_a_working_folder_that_was_moved_is_read_where_it_is(split_result, workplace, tmp_path):
    old, new = workplace.root / "old" / "source" / "at", tmp_path / "new" / "source" / "at"
    inside = split_result.model_copy(update={"split": workplace.root / "old" / "results" / "split.json"})
    inside.write(old / "split.json")
    shutil.copytree(workplace.root / "old", tmp_path / "new")
    moved = SplitResult.read(new / "split.json")
    assert moved.split == tmp_path / "new" / "results" / "split.json"
    assert moved.manifest == split_result.manifest  # outside the folder, so where it was


def test_the_same_photos_again_are_unchanged_and_cost_nothing(workplace, promoted, source, monkeypatch):
    monkeypatch.setattr("acnelib.training.networks.views.build_network", pytest.fail)
    again = workplace.walk(source, model="acne")
    assert again.decision == PipelineDecision.UNCHANGED
    assert again.version == promoted.version
    assert any("promoted" in reason for reason in again.reasons)
    downloaded = workplace.latest(ScrapeResult, model="acne").downloaded
    assert (downloaded, workplace.latest(FeatureResult, model="acne").computed) == (0, 0)
    assert (len(workplace.runs("acne")), len(workplace.versions("acne"))) == (1, 1)


def test_files_with_new_names_are_the_same_candidate(workplace, promoted, tmp_path, source):
    for path in source.rglob("*.jpg"):
        target = tmp_path / source.name / path.parent.name / f"renamed {path.name}"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    renamed = workplace.evaluated(tmp_path / source.name, model="acne")
    assert renamed.candidate_digest == promoted.candidate_digest
    assert renamed.run_id == promoted.run_id


def test_the_best_candidate_with_series_held_out_is_registered(workplace, source, promoted):
    good = workplace.evaluated(source, model="choosing")
    tied = good.model_copy(update={"series_nll": good.series_nll + 1})
    worse = good.model_copy(update={"series_macro_f1": 0.0, "out_of_fold_macro_f1": 1.0})
    registered = stages.register([worse, tied, good], settings=workplace.settings_of("choosing"))
    assert registered.series_nll == good.series_nll
    assert workplace.version("choosing", registered.version)["current_stage"] == "Staging"
