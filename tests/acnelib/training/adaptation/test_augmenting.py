"""Changes of training photos hide where a photo comes from, keep its shape, and depend on their seed alone."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from acnelib.training.adaptation import augmenting
from acnelib.training.adaptation.options import Augmentation

SIZE = 48
CHANGES = (
    augmenting.blurred,
    augmenting.coarsened,
    augmenting.recompressed,
    augmenting.corner_painted,
    augmenting.strip_painted,
)
ALWAYS = Augmentation(blurred=1, coarsened=1, recompressed=1, corner_painted=1, strip_painted=1)
NEVER = Augmentation(
    least_share=1, light=0, cast=0, blurred=0, coarsened=0, recompressed=0, corner_painted=0, strip_painted=0
)


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.fixture(scope="module")
def image():
    """Noise on a gradient: every change shows."""
    ramp = np.linspace(40, 200, 80)[None, :, None]
    return Image.fromarray(np.clip(ramp + rng().normal(0, 20, (60, 80, 3)), 0, 255).astype(np.uint8))


@pytest.fixture(scope="module")
def pixels(image):
    return np.asarray(image)


@pytest.mark.parametrize("options", [Augmentation(), Augmentation.plain(), ALWAYS, NEVER])
def test_a_changed_photo_has_the_networks_size_and_type(image, options):
    changed = augmenting.augmented(image, size=SIZE, options=options, rng=rng())
    assert (changed.shape, changed.dtype) == ((SIZE, SIZE, 3), np.uint8)


def test_the_same_seed_gives_the_same_pixels_and_another_seed_gives_others(image):
    one, same, other = (augmenting.augmented(image, size=SIZE, options=ALWAYS, rng=rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_without_any_change_a_photo_is_resized_and_at_most_mirrored(image):
    whole = np.asarray(image.resize((SIZE, SIZE), Image.Resampling.BILINEAR)).astype(int)
    for seed in range(4):
        changed = augmenting.augmented(image, size=SIZE, options=NEVER, rng=rng(seed)).astype(int)
        assert min(abs(changed - whole).max(), abs(changed[:, ::-1] - whole).max()) <= 1


@pytest.mark.parametrize("change", CHANGES)
def test_each_change_alters_a_photo_and_leaves_the_given_one_as_it_was(pixels, change):
    before = pixels.copy()
    changed = change(pixels, rng())
    assert np.array_equal(pixels, before)
    assert changed.shape == pixels.shape
    assert not np.array_equal(changed, pixels)


def test_a_crop_keeps_the_demanded_share(image):
    left_to_right = np.asarray(image.convert("L"), dtype=float).mean(axis=0)
    for seed in range(8):
        crop = augmenting.cropped(image, size=SIZE, least_share=0.75, rng=rng(seed)).mean(axis=(0, 2))
        shown = (crop[-3:].mean() - crop[:3].mean()) / (left_to_right[-5:].mean() - left_to_right[:5].mean())
        assert 0.65 < shown < 1.1


def test_light_and_white_balance_change_together_and_nothing_else_does(pixels):
    relit = augmenting.relit(pixels, light=0.2, cast=0.1, rng=rng(3))
    shift = relit.mean(axis=(0, 1)) - pixels.mean(axis=(0, 1))
    assert np.ptp(shift) > 1  # the channels move apart
    assert np.array_equal(augmenting.relit(pixels, light=0, cast=0, rng=rng(3)), pixels)


def test_a_painted_corner_is_of_one_colour_and_touches_two_edges(pixels):
    for seed in range(8):
        painted = augmenting.corner_painted(pixels, rng(seed))
        rows, columns = np.nonzero((painted != pixels).any(axis=2))
        assert {rows.min() == 0, rows.max() == pixels.shape[0] - 1} == {True, False}
        assert {columns.min() == 0, columns.max() == pixels.shape[1] - 1} == {True, False}
        inside = painted[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
        assert len(np.unique(inside.reshape(-1, 3), axis=0)) == 1


def test_a_painted_strip_goes_right_across(pixels):
    painted = augmenting.strip_painted(pixels, rng(1))
    assert any(len(np.unique(row, axis=0)) == 1 for row in painted)
