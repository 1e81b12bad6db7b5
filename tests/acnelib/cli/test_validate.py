"""``acne validate``: how far a model can be trusted on a site's own photos, and the threshold that holds there."""

from __future__ import annotations

import json
import os
import shutil
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from site_photos import LESS_SURE, SURE, paint_site, painted
from tiny_bundles import DESCRIPTION, sealed

from acnelib.bundle import SUMS, TrainingHashes
from acnelib.dataset.appearance.facts import measure_photo
from acnelib.models import load_classifier
from acnelib.reviews import Review, ReviewFile, ReviewVerdict
from acnelib.storage.files import sha256_of_file

KEYS = [
    "n",
    "unreadable",
    "learnt_from",
    "accuracy",
    "accuracy_interval",
    "ece",
    "coverage",
    "selective_accuracy",
    "selective_accuracy_interval",
    "promised",
    "threshold",
    "trusted",
]
MODEL_THRESHOLD = {"value": 0.8, "origin": "model"}


@pytest.fixture(scope="module")
def measured():
    """The appearance of every photo that was measured by these tests, as most of them share their photos."""
    return {}


@pytest.fixture(autouse=True)
def photos_measured_once(measured, monkeypatch):
    def measure(sha256, path):
        if sha256 not in measured:
            measured[sha256] = measure_photo(sha256, path)
        return measured[sha256]

    monkeypatch.setattr("acnelib.dataset.training_photos.measure_photo", measure)


@pytest.fixture(scope="module")
def painted_site(tmp_path_factory):
    """30 photos that the model answers rightly at 0.95, and 6 wrongly at 0.86."""
    return paint_site(tmp_path_factory.mktemp("site") / "photos", wrong=6)


@pytest.fixture
def site(painted_site, tmp_path):
    """A copy of them for tests that add photos."""
    return Path(shutil.copytree(painted_site, tmp_path / "site"))


@pytest.fixture
def good_site(site):
    """Those that it answers rightly only."""
    for path in site.glob("green/wrong *"):
        path.unlink()
    return site


@pytest.fixture
def validate(run_acne, tiny_bundle):
    """Validate the tiny model."""
    return lambda *arguments: run_acne("validate", "--model", tiny_bundle, *arguments)


@pytest.fixture
def found(validate):
    """Validate the tiny model; return the values of JSON."""

    def found(*arguments):
        ran = validate(*arguments, "--format", "json")
        assert ran.code == 0, ran.err
        return json.loads(ran.out)

    return found


def kept():
    return list((Path(os.environ["ACNE_HOME"]) / "thresholds").glob("*"))


class TestFigures:
    def test_json_is_exactly_the_contract(self, found, painted_site):
        values = found(painted_site)
        assert list(values) == KEYS
        assert (values["n"], values["unreadable"], values["learnt_from"]) == (36, 0, None)
        assert values["accuracy"] == values["selective_accuracy"] == pytest.approx(30 / 36)
        assert (values["coverage"], values["promised"], values["threshold"]) == (1.0, 0.9, MODEL_THRESHOLD)
        for name in ("accuracy", "selective_accuracy"):
            low, high = values[f"{name}_interval"]
            assert low < values[name] < high
        assert 0 < values["ece"] < 1
        assert values["trusted"] is False

    def test_a_promise_that_is_shown_to_hold_is_trusted(self, found, good_site):
        assert found(good_site)["trusted"] is True

    def test_and_that_is_said(self, validate, good_site):
        assert validate(good_site).out.startswith("The confident answers can be trusted")

    def test_what_is_not_shown_is_not_trusted_although_the_figure_reaches_the_promise(self, validate, good_site):
        for number in range(3):
            painted(LESS_SURE, seed=number).save(good_site / "green" / f"wrong {number}.png")
        assert validate(good_site).out.startswith("The model cannot be trusted on these photos yet: 91 %")

    def test_a_promise_that_is_shown_to_fail_is_said_plainly(self, validate, good_site):
        for number in range(12):
            painted(LESS_SURE, seed=number).save(good_site / "green" / f"wrong {number}.png")
        assert validate(good_site).out.startswith("The model cannot be trusted on these photos: only 71 %")

    def test_photos_out_of_scope_and_unfit_ones_are_not_confident(self, found, good_site):
        for number in range(10):
            Image.new("RGB", (96, 96), SURE["red"]).resize((96 + number, 96)).save(good_site / "red" / f"{number}.png")
        values = found(good_site)
        assert (values["n"], values["accuracy"], values["coverage"]) == (30, 1.0, pytest.approx(20 / 30))

    def test_copies_count_once_as_evidence(self, found, site):
        for number in range(300):  # of one photo that is answered rightly: by photos, 98 % would be right
            shutil.copyfile(site / "red" / "0.png", site / "red" / f"copy {number}.png")
        values = found(site)
        assert values["selective_accuracy"] > 0.98
        assert values["trusted"] is False

    def test_drawn_models_are_never_trusted(self, run_acne, good_site, tmp_path):
        drawn = sealed(tmp_path / "drawn", description=replace(DESCRIPTION, drawn=True))
        ran = run_acne("validate", good_site, "--model", drawn, "--format", "json")
        values = json.loads(ran.out)
        assert (values["coverage"], values["selective_accuracy"], values["trusted"]) == (0.0, None, False)
        assert "drawn pictures only" in ran.err


class TestUsablePhotos:
    def test_fewer_than_30_are_refused_with_what_to_do(self, validate, site):
        for path in list((site / "blue").iterdir())[:7]:
            path.unlink()
        ran = validate(site, "--apply")
        assert (ran.code, ran.out) == (2, "")
        assert "has 29 usable photos, and 30 are needed: add labelled photos" in ran.err
        assert not kept()

    def test_what_the_model_learnt_from_is_left_out_and_counted(self, run_acne, site, tmp_path):
        learnt = TrainingHashes.of(sha256_of_file(path) for path in (site / "green").glob("wrong *"))
        text = "".join(f"{prefix}\n" for prefix in sorted(learnt.prefixes))
        bundle = sealed(tmp_path / "bundle", files={"learnt_from.txt": text})
        values = json.loads(run_acne("validate", site, "--model", bundle, "--format", "json").out)
        assert (values["n"], values["learnt_from"], values["accuracy"]) == (30, 6, 1.0)

    def test_where_edited_copies_could_not_be_searched_for_that_is_said(self, run_acne, good_site, tmp_path):
        bundle = sealed(tmp_path / "bundle", files={"learnt_from.txt": f"{'0' * 16}\n"})
        ran = run_acne("validate", good_site, "--model", bundle, "--workdir", tmp_path / "empty")
        assert "Learnt from        none; edited copies were not searched for, see --workdir\n" in ran.out

    def test_too_few_besides_those_are_refused_with_their_number(self, run_acne, site, tmp_path):
        learnt = TrainingHashes.of(sha256_of_file(path) for path in site.glob("red/*"))
        learnt = TrainingHashes(learnt.prefixes | TrainingHashes.of(map(sha256_of_file, site.glob("blue/*"))).prefixes)
        text = "".join(f"{prefix}\n" for prefix in sorted(learnt.prefixes))
        ran = run_acne("validate", site, "--model", sealed(tmp_path / "bundle", files={"learnt_from.txt": text}))
        assert ran.code == 2
        assert "has 16 usable photos (20 learnt from by the model)" in ran.err

    def test_unreadable_files_are_counted_and_named(self, validate, site):
        (site / "red" / "notes.txt").write_text("no picture")
        ran = validate(site, "--format", "json")
        assert (json.loads(ran.out)["n"], json.loads(ran.out)["unreadable"]) == (36, 1)
        assert "left out: red/notes.txt cannot be decoded" in ran.err

    def test_labels_that_the_model_lacks_are_named(self, validate, site):
        (site / "violet").mkdir()
        painted((255, 0, 255), seed=0).save(site / "violet" / "1.png")
        ran = validate(site)
        assert (ran.code, ran.out) == (1, "")
        assert "the model knows no label violet (it has blue, green, red)" in ran.err


class TestThresholdOfTheSite:
    def test_validation_alone_changes_nothing_and_says_what_would_hold(self, validate, painted_site):
        ran = validate(painted_site)
        assert "Threshold: confident from 0.80 (the model's own)." in ran.out
        assert "90 % is reached from 0.8" in ran.out
        assert not kept()

    def test_apply_keeps_the_lowest_threshold_that_holds_and_reports_the_figures_at_it(self, found, painted_site):
        values = found(painted_site, "--apply")
        assert values["threshold"]["origin"] == "site"
        assert 0.8 < values["threshold"]["value"] < 0.96
        assert (values["selective_accuracy"] > 0.95, values["trusted"]) == (True, True)
        assert values["coverage"] < 1
        (path,) = kept()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert found(painted_site) == values  # the site's threshold stays in force

    def test_it_is_the_threshold_of_predictions_until_reset(self, validate, run_acne, painted_site, tiny_bundle):
        photo = painted_site / "green" / "wrong 0.png"

        def row():
            (row,) = json.loads(run_acne("predict", photo, "--model", tiny_bundle, "--format", "json").out)
            return row["verdict"], row["threshold"]["origin"]

        assert row() == ("confident", "model")
        validate(painted_site, "--apply")
        assert row() == ("uncertain", "site")
        assert load_classifier(tiny_bundle).predict(photo).verdict == "uncertain"
        text = run_acne("predict", photo, "--model", tiny_bundle).err
        assert "fitted on photos of this site" in text
        assert "was measured on" not in text
        assert validate("--reset").code == 0
        assert row() == ("confident", "model")
        assert not kept()

    def test_it_is_of_this_very_bundle(self, validate, painted_site, run_acne, tmp_path):
        validate(painted_site, "--apply")
        other = sealed(tmp_path / "other", files={"model_card.md": "another"})
        assert load_classifier(other).threshold.origin == "model"

    def test_evaluation_keeps_to_the_models_own(self, validate, run_acne, painted_site, tiny_bundle):
        def coverage():
            ran = run_acne("evaluate", painted_site, "--model", tiny_bundle, "--format", "json")
            return json.loads(ran.out)["coverage"]

        before = coverage()
        validate(painted_site, "--apply")
        assert coverage() == before == 1.0

    def test_where_none_holds_nothing_is_confident_and_that_is_said(self, validate, found, run_acne, site, tiny_bundle):
        for number in range(12):
            painted(SURE["red"], seed=500 + number).save(site / "green" / f"wrong too {number}.png")
        assert "No threshold reaches 90 % on these photos" in validate(site).out
        ran = validate(site, "--apply")
        assert ran.out.startswith("The model cannot be trusted on these photos: none of its answers is confident.")
        assert "Threshold: none holds, so no answer is confident" in ran.out
        values = found(site)
        assert (values["threshold"], values["coverage"]) == ({"value": 1.0, "origin": "site"}, 0.0)
        assert " uncertain " in run_acne("predict", site / "red" / "0.png", "--model", tiny_bundle).out

    def test_reset_with_a_folder_validates_at_the_models_threshold(self, found, painted_site):
        found(painted_site, "--apply")
        assert found(painted_site, "--reset")["threshold"] == MODEL_THRESHOLD

    def test_a_file_that_cannot_be_understood_is_an_error_and_reset_mends_it(
        self, validate, run_acne, tiny_bundle, paint
    ):
        path = Path(os.environ["ACNE_HOME"], "thresholds", f"{sha256_of_file(tiny_bundle / SUMS)}.json")
        path.parent.mkdir(parents=True)
        path.write_text('{"schema": 1, "value": "low"')
        photo = paint("a.png", "red")
        ran = run_acne("predict", photo, "--model", tiny_bundle)
        assert ran.code == 2
        assert f"{path} cannot be understood" in ran.err
        assert validate("--reset").code == 0
        assert run_acne("predict", photo, "--model", tiny_bundle).code == 0


@pytest.mark.parametrize(
    ("arguments", "reported"),
    [(["--apply"], "no folder is named"), ([".", "--apply", "--reset"], "exclude each other")],
)
def test_options_that_make_no_sense_are_refused(validate, arguments, reported):
    ran = validate(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert reported in ran.err


class TestReviewedPhotos:
    @pytest.fixture
    def pile(self, painted_site, tmp_path):
        """The same photos in one folder without classes."""
        folder = tmp_path / "pile"
        folder.mkdir()
        for path in painted_site.rglob("*.png"):
            shutil.copy(path, folder / f"{path.parent.name} {path.name}")
        return folder

    @pytest.fixture
    def review(self, tmp_path, pile):
        """Review every photo of the pile; the first word of its name is what it shows."""

        def review(*, blind=True, verdict=ReviewVerdict.CLASS, file="reviews.jsonl"):
            for path in sorted(pile.iterdir()):
                label = path.name.split()[0] if verdict is ReviewVerdict.CLASS else None
                one = Review.now(sha256_of_file(path), verdict, label=label, blind=blind)
                ReviewFile(tmp_path / file).append(one)
            return tmp_path / file

        return review

    def test_blind_reviews_label_the_photos_of_any_folder(self, validate, painted_site, pile, review):
        by_folders, by_reviews = (
            json.loads(validate(*arguments, "--format", "json").out)
            for arguments in ([painted_site], [pile, "--reviews", review()])
        )
        assert by_reviews == by_folders

    def test_reviews_with_the_answer_in_sight_are_no_truth(self, validate, pile, review):
        ran = validate(pile, "--reviews", review(blind=False))
        assert ran.code == 1
        assert "no photo with a blind review" in ran.err
        assert "left out, reviewed with the model's answer in sight: 36" in ran.err

    def test_photos_that_are_not_judged_by_are_counted(self, validate, pile, review):
        painted(SURE["red"], seed=7001).save(pile / "red new.png")
        reviews = review()
        painted(SURE["red"], seed=7002).save(pile / "red later.png")
        ran = validate(pile, "--reviews", reviews)
        assert ran.code == 0, ran.err
        assert "left out, not reviewed: 1" in ran.err
