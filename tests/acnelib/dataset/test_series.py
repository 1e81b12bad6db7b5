"""Series of photos that are likely of one patient."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from PIL import Image, ImageDraw

from acnelib.atlas.drawing import draw_picture
from acnelib.dataset.series import LARGEST, MOST_PHOTOS, colours_of, find_series, similarity
from acnelib.errors import DataUnusable

PATIENTS, SHOTS = 20, 3
LABELS = [("cysts", "papules")[patient % 2] for patient in range(PATIENTS) for _ in range(SHOTS)]
GROUPS = [f"group-{place:03d}" for place in range(PATIENTS * SHOTS)]


def shots(*, apart: float = 0.2, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Vectors and colours of some shots of each patient."""
    chance = np.random.default_rng(seed)
    found = []
    for size in (40, 60):
        centres = np.repeat(chance.normal(size=(PATIENTS, size)), SHOTS, axis=0)
        found.append((centres + apart * chance.normal(size=centres.shape)).astype(np.float32))
    return found[0], np.abs(found[1])


@pytest.fixture(scope="module")
def alike():
    return similarity(*shots())


def parts(series):
    """The partition that names of series mean."""
    return {frozenset(place for place, name in enumerate(series) if name == one) for one in series}


def test_the_shots_of_a_patient_make_a_series(alike):
    of_patients = {frozenset(range(first, first + SHOTS)) for first in range(0, PATIENTS * SHOTS, SHOTS)}
    assert parts(find_series(alike, LABELS, GROUPS)) == of_patients


def test_photos_that_are_not_alike_mostly_stay_alone():
    unlike = similarity(*shots(apart=50.0))
    assert len(set(find_series(unlike, LABELS, GROUPS))) >= 0.9 * len(GROUPS)


def test_a_series_stays_within_its_class(alike):
    labels = ["cysts", "papules", "papules"] * PATIENTS
    series = find_series(alike, labels, GROUPS)
    assert len(set(zip(series, labels, strict=True))) == len(set(series))


def test_groups_stay_whole_whatever_their_likeness(alike):
    groups = [f"group-{place % 7}" for place in range(PATIENTS * SHOTS)]
    series = find_series(alike, LABELS, groups)
    assert len(set(zip(series, groups, strict=True))) == len(set(groups))


def test_no_series_grows_beyond_the_limit():
    chain = np.eye(40, k=1) + np.eye(40, k=-1)
    series = find_series((10 * chain).astype(np.float32), ["cysts"] * 40, [f"g{place:02d}" for place in range(40)])
    assert max(Counter(series).values()) <= LARGEST
    assert len(set(series)) < 40


def test_the_order_of_the_photos_does_not_matter(alike):
    order = np.random.default_rng(1).permutation(len(LABELS))
    turned = find_series(
        alike[np.ix_(order, order)], [LABELS[place] for place in order], [GROUPS[place] for place in order]
    )
    assert parts(find_series(alike, LABELS, GROUPS)) == {
        frozenset(int(order[place]) for place in part) for part in parts(turned)
    }


@pytest.mark.parametrize("photos", [1, 2, 3])
def test_a_few_equal_photos_are_no_trouble(photos):
    alike = similarity(np.ones((photos, 4), np.float32), np.ones((photos, 5), np.float32))
    groups = [f"g{place}" for place in range(photos)]
    assert find_series(alike, ["cysts"] * photos, groups) == groups


def test_too_many_photos_are_refused_with_the_limit():
    number = MOST_PHOTOS + 1
    with pytest.raises(DataUnusable, match=rf"{number} photos are too many .*\(at most {MOST_PHOTOS}\)"):
        similarity(np.zeros((number, 1), np.float32), np.zeros((number, 1), np.float32))


@pytest.mark.parametrize("corner", [(0, 0), (280, 0), (0, 200), (280, 200)])
def test_a_mark_in_a_corner_is_not_seen(corner):
    photo = draw_picture(3, seed=7).image.resize((320, 240))
    marked = photo.copy()
    x, y = corner
    ImageDraw.Draw(marked).rectangle((x, y, x + 39, y + 39), fill="yellow")
    assert colours_of(marked) == pytest.approx(colours_of(photo), abs=0.02)


def test_another_background_is_seen_and_the_mirror_image_is_not():
    photo = draw_picture(3, seed=7).image
    other = photo.copy()
    ImageDraw.Draw(other).rectangle((0, 0, other.width, other.height // 8), fill="blue")
    own = colours_of(photo)
    assert own @ own == pytest.approx(4, abs=1e-3)
    assert own @ colours_of(photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT)) > 3.95
    assert own @ colours_of(other) < 3.9
