"""A bundle, loaded and ready to answer."""

from __future__ import annotations

import itertools
import shutil
import struct
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from PIL import Image

from acnelib import bundle as bundles
from acnelib.atlas.drawing import draw_pictures
from acnelib.errors import BundleInvalid, ImageUnreadable
from acnelib.inference import Classifier, ConfidenceThreshold, ThresholdOrigin, Verdict
from acnelib.models import load_classifier
from acnelib.storage.files import sha256_of, sha256_of_file

PURE = 0.96  # a pure colour with a grain


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """Twelve drawn photos, no two of one size."""
    folder = tmp_path_factory.mktemp("drawn")
    for number, picture in enumerate(draw_pictures(12, seed=5)):
        picture.image.resize((320 - 9 * number, 240 + 7 * number)).save(folder / f"{number:02}.jpg")
    return sorted(folder.iterdir())


class TestOnePhoto:
    @pytest.mark.parametrize("colour", ["blue", "green", "red"])
    def test_the_label_is_that_of_the_highest_score(self, classifier, paint, colour):
        prediction = classifier.predict(paint("a.png", colour))
        assert prediction.label == colour
        assert prediction.confidence == prediction.scores[colour] == pytest.approx(PURE, abs=0.005)

    def test_every_label_has_a_score_and_scores_sum_to_1(self, classifier, drawn):
        scores = classifier.predict(drawn[0]).scores
        assert tuple(scores) == classifier.labels == ("blue", "green", "red")
        assert sum(scores.values()) == pytest.approx(1, abs=1e-12)

    def test_an_answer_names_its_photo_and_its_model(self, classifier, tiny_bundle, paint):
        path = paint("a.png", "red")
        prediction = classifier.predict(path)
        assert (prediction.path, prediction.sha256) == (str(path), sha256_of(path.read_bytes()))
        assert (prediction.model.name, prediction.model.version) == ("tiny", None)
        assert prediction.model.sha256 == sha256_of_file(tiny_bundle / bundles.SUMS)

    def test_a_path_its_text_bytes_and_pixels_have_the_same_scores(self, classifier, paint):
        path = paint("a.png", "green")
        with Image.open(path) as image:
            answers = [classifier.predict(source) for source in (path, str(path), path.read_bytes(), image)]
        assert all(answer.scores == answers[0].scores for answer in answers)
        assert [answer.path for answer in answers] == [str(path), str(path), None, None]
        assert [answer.sha256 for answer in answers] == [sha256_of(path.read_bytes())] * 3 + [None]

    @pytest.mark.parametrize(("colour", "verdict"), [("red", Verdict.CONFIDENT), ("grey", Verdict.UNCERTAIN)])
    def test_confidence_decides_the_verdict(self, classifier, paint, colour, verdict):
        assert classifier.predict(paint("a.png", colour)).verdict == verdict

    def test_an_answer_at_the_threshold_is_confident(self, classifier, paint):
        path = paint("a.png", "red")
        at = replace(classifier.bundle.description, confidence_threshold=classifier.predict(path).confidence)
        same = Classifier(replace(classifier.bundle, description=at), identity=classifier.identity)
        assert same.predict(path).verdict == Verdict.CONFIDENT

    def test_a_threshold_of_the_site_decides_and_is_named_and_the_models_own_is_a_step_away(self, classifier, paint):
        path, site = paint("a.png", "red"), ConfidenceThreshold(0.99, ThresholdOrigin.SITE)
        here = Classifier(classifier.bundle, identity=classifier.identity, threshold=site)
        answers = [one.predict(path) for one in (classifier, here, here.at_model_threshold())]
        assert [str(answer.verdict) for answer in answers] == ["confident", "uncertain", "confident"]
        assert [answer.threshold for answer in answers] == [ConfidenceThreshold(0.8), site, ConfidenceThreshold(0.8)]

    def test_a_photo_that_cannot_be_read_is_an_error_that_names_it(self, classifier, photos):
        with pytest.raises(ImageUnreadable, match=r"none\.jpg does not exist"):
            classifier.predict(photos / "none.jpg")


class TestManyPhotos:
    def test_answers_come_in_the_order_of_the_photos(self, classifier, paint):
        colours = ["red", "blue", "green", "blue", "red"] * 5
        paths = [paint(f"{number}.png", colour) for number, colour in enumerate(colours)]
        answers = list(classifier.predict_many(paths))
        assert [answer.label for answer in answers] == colours
        assert [answer.path for answer in answers] == [str(path) for path in paths]

    def test_a_bad_photo_is_an_answer_with_an_error_and_the_rest_goes_on(self, classifier, paint, photos):
        (photos / "bad.jpg").write_bytes(b"no picture")
        sources = [paint("a.png", "red"), photos / "bad.jpg", b"", photos, paint("b.png", "blue")]
        answers = list(classifier.predict_many(sources))
        assert [answer.label for answer in answers] == ["red", None, None, None, "blue"]
        assert answers[1].error.startswith(f"{photos}/bad.jpg cannot be decoded: ")
        assert (answers[1].path, answers[1].sha256, answers[1].scores) == (str(photos / "bad.jpg"), None, {})
        assert "is empty" in answers[2].error
        assert answers[3].model == classifier.identity

    @pytest.mark.parametrize("failure", [MemoryError(), RecursionError(), struct.error("unpack"), OSError(5, "broken")])
    def test_whatever_one_photo_fails_with_is_its_own_error(self, classifier, paint, monkeypatch, failure):
        bad = paint("b.png", "blue")
        predict_prepared = Classifier.predict_prepared

        def failing(self, picture, *, path):
            if path == str(bad):
                raise failure
            return predict_prepared(self, picture, path=path)

        monkeypatch.setattr(Classifier, "predict_prepared", failing)
        answers = list(classifier.predict_many([paint("a.png", "red"), bad, paint("c.png", "red")]))
        assert [answer.label for answer in answers] == ["red", None, "red"]
        assert answers[1].error.startswith(str(bad))
        for words in ("unpack", "broken", "Error", "object"):
            assert words not in answers[1].error

    def test_an_interruption_is_no_error_of_a_photo(self, classifier, paint, monkeypatch):
        def interrupted(self, picture, *, path):
            raise KeyboardInterrupt

        monkeypatch.setattr(Classifier, "predict_prepared", interrupted)
        with pytest.raises(KeyboardInterrupt):
            list(classifier.predict_many([paint("a.png", "red")]))

    def test_a_photo_has_the_same_scores_alone_in_a_batch_and_from_any_thread(self, classifier, drawn):
        alone = [classifier.predict(path).scores for path in drawn]
        batch = [answer.scores for answer in classifier.predict_many(drawn)]
        backwards = [answer.scores for answer in classifier.predict_many(reversed(drawn))][::-1]
        with ThreadPoolExecutor(4) as pool:
            threads = [answer.scores for answer in pool.map(classifier.predict, drawn)]
        assert alone == batch == backwards == threads

    def test_photos_are_asked_for_only_a_little_ahead(self, classifier, paint, monkeypatch):
        monkeypatch.setattr("os.cpu_count", lambda: 2)
        path, asked = paint("a.png", "red"), itertools.count()
        answers = classifier.predict_many(path for _ in asked)
        assert next(asked) == 0
        assert [next(answers).label for _ in range(3)] == ["red"] * 3
        assert next(asked) <= 12
        answers.close()

    def test_all_cores_work_at_once(self, classifier, paint, monkeypatch):
        together = threading.Barrier(3)
        monkeypatch.setattr("os.cpu_count", lambda: 3)
        answered = classifier.predict_prepared
        monkeypatch.setattr(
            classifier, "predict_prepared", lambda picture, path: (together.wait(10), answered(picture, path=path))[1]
        )
        assert [answer.error for answer in classifier.predict_many([paint("a.png", "red")] * 3)] == [None] * 3

    def test_whoever_stops_asking_leaves_no_thread_behind(self, classifier, paint):
        answers = classifier.predict_many([paint("a.png", "red")] * 50)
        next(answers)
        answers.close()
        assert not [thread for thread in threading.enumerate() if thread.name.startswith("acne-predict")]

    def test_no_photo_no_answer(self, classifier):
        assert list(classifier.predict_many([])) == []


class TestLoading:
    def reseal(self, folder, *, model):
        (folder / bundles.LITERT).write_bytes(model)
        bundles.seal(folder)
        return folder

    def test_a_model_that_litert_cannot_run_is_found_at_once(self, own_bundle):
        with pytest.raises(BundleInvalid, match=r"model\.tflite is no model that LiteRT can run \(.*\): fetch"):
            load_classifier(self.reseal(own_bundle, model=b"no model"))

    def test_a_model_with_another_contract_says_which(self, own_bundle):
        model = (own_bundle / bundles.LITERT).read_bytes().replace(b"scores", b"logits")
        with pytest.raises(BundleInvalid, match=r"takes \['image'\] and gives \['logits'\], expected image and scores"):
            load_classifier(self.reseal(own_bundle, model=model))

    def test_a_loaded_model_answers_even_when_its_folder_is_gone(self, own_bundle, paint):
        classifier = load_classifier(own_bundle)
        shutil.rmtree(own_bundle)
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(classifier.predict, paint("a.png", "blue")).result().label == "blue"

    def test_litert_announces_itself_to_nobody(self, tiny_bundle, capfd):
        load_classifier(tiny_bundle)
        assert capfd.readouterr() == ("", "")


def test_what_a_program_prints_while_threads_answer_is_its_own(classifier, drawn, monkeypatch):
    """Nothing is redirected once a classifier is there: a redirection would catch the program's own rows, too."""
    monkeypatch.setattr("acnelib.inference.classifier.native_output_logged", pytest.fail)
    assert [answer.error for answer in classifier.predict_many(drawn)] == [None] * len(drawn)
