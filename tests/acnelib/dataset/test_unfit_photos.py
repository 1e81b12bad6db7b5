"""No photo exists that curation leaves out for its looks and the classifier calls confident."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from acnelib.atlas.drawing import draw_picture
from acnelib.dataset.appearance.facts import PhotoFacts, measure_photo
from acnelib.dataset.curation import curate
from acnelib.imaging import resized
from acnelib.imaging.quality import is_clearly_fit, measures_of, quality_of, unfitness
from acnelib.inference import Classifier, Quality, Verdict
from acnelib.storage.files import sha256_of
from acnelib.storage.manifest import ImageRecord

WORDS = {"too-small": Quality.SMALL, "too-dark": Quality.DARK, "too-bright": Quality.BRIGHT, "blurred": Quality.BLURRED}
COLOURS = st.sampled_from(["black", "white", "grey", "pink", "red"])
PARTS = st.floats(0, 1)


@cache
def drawn(index):
    return draw_picture(index, seed=5).image.resize((160, 120))  # small, for curation looks for key points, too


def chart(image, width):
    plain = Image.new("RGB", image.size, "lightgrey")
    ImageDraw.Draw(plain).line([(x, 20 + x * x % 90) for x in range(0, 160, 10)], fill="blue", width=width)
    return plain


def text(image, lines):
    page = ImageDraw.Draw(image := image.copy() if lines % 2 else Image.new("RGB", image.size, "white"))
    for line in range(lines):
        page.text((5, 12 * line), "words and words and more words of a page " * 2, "black", font_size=11)
    return image


CHANGES = st.one_of(
    st.builds(lambda share: lambda image: ImageEnhance.Brightness(image).enhance(share), PARTS),
    st.builds(lambda share: lambda image: Image.blend(image, Image.new("RGB", image.size, "white"), share), PARTS),
    st.builds(lambda radius: lambda image: image.filter(ImageFilter.GaussianBlur(radius)), st.floats(0.1, 8)),
    st.builds(
        lambda width, height: lambda image: image.resize((width, height)), st.integers(1, 300), st.integers(1, 300)
    ),
    st.builds(
        lambda widths, colour: lambda image: ImageOps.expand(image, widths, colour),
        st.tuples(*(st.integers(0, 70) for _ in range(4))),
        COLOURS,
    ),
    st.builds(lambda colour: lambda image: Image.new("RGB", image.size, colour), COLOURS),
    st.builds(lambda width: lambda image: chart(image, width), st.integers(1, 9)),
    st.builds(lambda lines: lambda image: text(image, lines), st.integers(1, 9)),
    st.builds(lambda levels: lambda image: image.quantize(levels).convert("RGB"), st.integers(2, 9)),
)


@pytest.fixture(scope="module")
def eager(classifier):
    """The tiny model with a threshold that every score reaches."""
    description = replace(classifier.bundle.description, confidence_threshold=0.0)
    return Classifier(replace(classifier.bundle, description=description), identity=classifier.identity)


@pytest.fixture(scope="module")
def reason_of(tmp_path_factory):
    """Why curation leaves a file out; None where it does not."""
    path = tmp_path_factory.mktemp("curated") / "photo"

    def reason(content):
        path.write_bytes(content)
        sha256 = sha256_of(content)
        facts: PhotoFacts = measure_photo(sha256, path)[0]
        (photo,) = curate([ImageRecord(sha256=sha256, label="cysts", path="a.png")], {sha256: facts}, [])
        return photo.reason

    return reason


@settings(max_examples=40, deadline=None)
@given(index=st.integers(0, 5), changes=st.lists(CHANGES, max_size=3), form=st.sampled_from(["PNG", "JPEG"]))
def test_what_curation_leaves_out_is_never_confident_and_anything_else_may_be(eager, reason_of, index, changes, form):
    image = drawn(index)
    for change in changes:
        image = change(image)
    stream = io.BytesIO()
    image.save(stream, form)
    content = stream.getvalue()
    reason, prediction = reason_of(content), eager.predict(content)
    assert (prediction.verdict == Verdict.CONFIDENT) is prediction.fit is (reason is None)
    if reason in WORDS:
        assert WORDS[reason] in prediction.quality


def test_a_photo_of_60_pixels_is_small_and_uncertain_from_every_source(eager, tmp_path):
    image = drawn(0).resize((60, 60))
    image.save(tmp_path / "a.png")
    for source in (tmp_path / "a.png", (tmp_path / "a.png").read_bytes(), image):
        prediction = eager.predict(source)
        assert (prediction.quality, prediction.verdict) == ((Quality.SMALL,), Verdict.UNCERTAIN)
    assert [answer.quality for answer in eager.predict_many([image])] == [(Quality.SMALL,)]


@given(
    index=st.integers(0, 5),
    changes=st.lists(CHANGES, max_size=2),
    size=st.sampled_from([(320, 240), (900, 700)]),
    side=st.sampled_from([160, 264]),
)
@settings(max_examples=60, deadline=None)
def test_what_is_clearly_fit_at_a_networks_size_is_fit_by_the_exact_measures_too(index, changes, size, side):
    image = draw_picture(index, seed=5).image.resize(size)
    for change in changes:
        image = change(image)
    if min(image.size) >= 128 and is_clearly_fit(resized(image, height=side, width=side)):
        measures = measures_of(image)
        assert (unfitness(measures), quality_of(measures)) == (None, ())


@pytest.mark.parametrize("side", [160, 264])
def test_an_ordinary_picture_is_clearly_fit_and_a_framed_or_blurred_one_is_not(side):
    image = draw_picture(0, seed=5).image.resize((640, 480))
    framed = ImageOps.expand(image, 60, "white")
    blurred = image.filter(ImageFilter.GaussianBlur(4))
    found = [is_clearly_fit(resized(one, height=side, width=side)) for one in (image, framed, blurred)]
    assert found == [True, False, False]
