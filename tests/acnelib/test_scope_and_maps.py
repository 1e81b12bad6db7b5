"""What a model says beside its scores: that a photo is unlike those it knows, and where it looked."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from acnelib.atlas.drawing import draw_pictures
from acnelib.errors import UsageError
from acnelib.inference import Verdict
from acnelib.models import load_classifier


@pytest.fixture(scope="module")
def production(walked):
    return load_classifier("production", settings=walked.settings)


@pytest.fixture(scope="module")
def pictures():
    """Drawn pictures of patients that nobody learnt from."""
    return list(draw_pictures(60, seed=4242))


def test_new_pictures_of_the_same_kind_are_in_scope(production, pictures):
    verdicts = [answer.verdict for answer in production.predict_many(picture.image for picture in pictures)]
    assert verdicts.count(Verdict.OUT_OF_SCOPE) <= 0.05 * len(verdicts)


@pytest.mark.parametrize("kind", ["noise", "stripes", "page"])
def test_pictures_of_something_else_are_out_of_scope_and_keep_their_top_label(production, kind):
    chance = np.random.default_rng(3)
    pixels = {
        "noise": chance.integers(0, 256, (240, 320, 3)),
        "stripes": np.broadcast_to((np.arange(320) // 8 % 2 * 255)[None, :, None], (240, 320, 3)),
        "page": np.kron(chance.integers(0, 2, (30, 40, 1)), np.ones((8, 8, 1))).repeat(3, axis=2) * 255,
    }[kind]
    answer = production.predict(Image.fromarray(pixels.astype(np.uint8)))
    assert answer.verdict == Verdict.OUT_OF_SCOPE
    assert answer.label == max(answer.scores, key=answer.scores.get)


@pytest.mark.parametrize("label", ["cysts", "pustules", "rosacea"])
def test_what_speaks_for_a_label_lies_where_its_lesions_are(production, pictures, label):
    """The place of every lesion is known: in nearly every picture they add more to the logit than the skin around."""
    shown = [picture for picture in pictures if picture.label == label]
    pointed = [speaks_for(production, picture) for picture in shown]
    assert len(pointed) >= 10
    assert np.mean(pointed) >= 0.9


def speaks_for(classifier, picture):
    seen = classifier.activation_map(picture.image, label=picture.label)
    rows, columns = np.indices(seen.shape)
    x = (columns + 0.5) / seen.shape[1] * picture.image.width
    y = (rows + 0.5) / seen.shape[0] * picture.image.height
    lesions = np.zeros(seen.shape, bool)
    for lesion in picture.lesions:
        lesions |= (x - lesion.x) ** 2 + (y - lesion.y) ** 2 <= max(lesion.radius, 7) ** 2
    return seen[lesions].mean() > seen[~lesions].mean()


def test_a_map_is_laid_over_the_upright_photo(production, pictures, tmp_path):
    plain = pictures[0].image
    turned, upright = tmp_path / "turned.png", tmp_path / "upright.png"
    plain.save(upright)
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90° clockwise
    plain.transpose(Image.Transpose.ROTATE_90).save(turned, exif=exif)
    assert production.activation_map(turned) == pytest.approx(production.activation_map(upright), abs=1e-4)


def test_without_a_label_the_map_is_that_of_the_top_label(production, pictures):
    image = pictures[1].image
    top = production.predict(image).label
    assert np.array_equal(production.activation_map(image), production.activation_map(image, label=top))


def test_a_label_that_the_model_does_not_know_is_refused_with_those_that_it_does(production, pictures):
    with pytest.raises(UsageError, match="the model knows no label 'scars': it has comedones, cysts"):
        production.activation_map(pictures[0].image, label="scars")


def test_a_model_that_gives_no_maps_says_so(classifier, paint):
    with pytest.raises(UsageError, match="gives no activation maps: train again"):
        classifier.activation_map(paint("a.png", "red"))
