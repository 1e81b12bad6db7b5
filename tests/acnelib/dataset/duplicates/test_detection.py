"""Which photos belong together: by their looks alone, without comparing each with each."""

from __future__ import annotations

import io
import random

import numpy as np
import pytest
from PIL import Image, ImageFilter

from acnelib.atlas.drawing import draw_picture, encode_jpeg
from acnelib.dataset.appearance.facts import FactStore
from acnelib.dataset.duplicates import candidates
from acnelib.dataset.duplicates.detection import connected, find_pairs
from acnelib.dataset.duplicates.pairs import PairKind, PairStore, read_pairs, write_pairs
from acnelib.storage.files import sha256_of
from acnelib.storage.workspace import ImageStore

COPIES = [
    "mirrored", "mirrored and recompressed", "cropped", "tilted", "tilted on white", "black border", "white border",
    "brightened", "darkened", "recompressed", "shrunk", "written over", "grey", "tinted", "marked",
]  # fmt: skip
MANY = 300
SEED = 7
STRANGERS = tuple({draw_picture(index, seed=SEED).patient: index for index in range(14)}.values())[:9]
"""Pictures of as many patients, none of them twice."""


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Facts and key points of 300 drawn pictures, the patient of each, and how to ask about some of them."""
    root = tmp_path_factory.mktemp("many")
    store, patients = ImageStore(root / "images"), {}
    for index in range(MANY):
        picture = draw_picture(index, seed=11)
        patients[store.add(picture.jpeg())] = picture.patient
    facts = FactStore(root / "facts")
    return facts.facts(patients, path_of=store.path), facts.key_points(patients), patients


@pytest.mark.parametrize("copy", COPIES)
def test_a_copy_is_found_among_strangers(pairs_of, photo, copy):
    originals = [photo(index) for index in STRANGERS]
    pairs = pairs_of(*originals, *(photo(index, copy=copy) for index in STRANGERS[:3]))
    wanted = {frozenset(sha256_of(photo(index, copy=kind)) for kind in ("equal", copy)) for index in STRANGERS[:3]}
    assert {frozenset((pair.one, pair.other)) for pair in pairs} == wanted


@pytest.mark.parametrize("copy", ["recompressed", "mirrored", "cropped", "darkened", "grey"])
def test_a_copy_is_near_equal_and_says_why(pairs_of, photo, copy):
    (pair,) = pairs_of(photo(0), photo(0, copy=copy))
    assert pair.kind == PairKind.NEAR_EQUAL
    assert "points match in" in pair.evidence
    assert ("mirrored" in pair.evidence) == (copy == "mirrored")


def test_the_same_pixels_in_another_file_are_equal(pairs_of, photo, encoded, tmp_path):
    (tmp_path / "photo.jpg").write_bytes(photo(0))
    with Image.open(tmp_path / "photo.jpg") as image:
        (pair,) = pairs_of(photo(0), encoded(image.convert("RGB")))
    assert pair.kind == PairKind.EQUAL


def test_a_watermark_that_all_photos_carry_joins_nothing(pairs_of, photo):
    assert pairs_of(*(photo(index, copy="marked") for index in STRANGERS)) == []


def test_a_copy_is_found_where_all_photos_carry_a_watermark(pairs_of, photo):
    photos = [photo(index, copy="marked") for index in STRANGERS]
    with Image.open(io.BytesIO(photos[4])) as image:
        (pair,) = pairs_of(*photos, encode_jpeg(image.crop((20, 10, 310, 236))))
    assert sha256_of(photos[4]) in {pair.one, pair.other}


def test_letters_and_borders_that_photos_share_join_nothing(pairs_of, photo):
    written = [photo(index, copy="written over") for index in STRANGERS[:5]]
    bordered = [photo(index, copy="black border") for index in STRANGERS[5:]]
    assert pairs_of(*written, *bordered) == []


def test_a_copy_of_a_soft_photo_without_key_points_is_found(pairs_of, encoded):
    chance = np.random.default_rng(0)
    soft = [
        Image.fromarray(chance.integers(0, 255, (6, 8, 3), dtype=np.uint8))
        .resize((320, 240), Image.Resampling.BICUBIC)
        .filter(ImageFilter.GaussianBlur(9))
        for _ in range(4)
    ]
    (pair,) = pairs_of(*map(encoded, soft), encode_jpeg(soft[2], quality=60))
    assert sha256_of(encoded(soft[2])) in {pair.one, pair.other}


def test_plain_pictures_of_one_colour_are_not_joined(pairs_of, encoded):
    assert pairs_of(*(encoded(Image.new("RGB", (320, 240), colour))
                      for colour in ("pink", "tan", "brown", "black", "white"))) == []  # fmt: skip


def test_only_photos_of_one_patient_are_joined_and_most_of_them_are(many):
    facts, points, patients = many
    pairs = find_pairs(facts, points)
    assert [pair for pair in pairs if patients[pair.one] != patients[pair.other]] == []
    groups = connected(facts, [(pair.one, pair.other) for pair in pairs])
    assert len(set(groups.values())) <= 1.15 * len(set(patients.values()))


def test_few_pairs_of_many_photos_are_compared(many):
    facts, points, _ = many
    judged = PairStore()
    find_pairs(facts, points, store=judged)
    assert judged.comparisons < 8 * MANY < MANY * (MANY - 1) // 2 // 10


def test_a_pair_once_judged_is_not_judged_again(many, tmp_path):
    facts, points, _ = many
    some, known = sorted(facts)[:60], sorted(facts)[:50]
    first, second = PairStore(tmp_path), PairStore(tmp_path)
    find_pairs({name: facts[name] for name in known}, points, store=first)
    second.load(points)
    pairs = find_pairs({name: facts[name] for name in some}, points, store=second)
    third = PairStore(tmp_path)
    third.load(points)
    assert find_pairs({name: facts[name] for name in some}, points, store=third) == pairs
    assert (second.comparisons < first.comparisons, third.comparisons) == (True, 0)
    assert find_pairs({name: facts[name] for name in some}, points) == pairs


def test_pairs_do_not_depend_on_the_order_of_photos(many):
    facts, points, _ = many
    names = sorted(facts)[:80]
    mixed = random.Random(5).sample(names, len(names))
    assert find_pairs({name: facts[name] for name in mixed}, points) == find_pairs(
        {name: facts[name] for name in names}, points
    )


def test_a_flood_of_copies_is_one_group_and_each_is_compared_with_some_only(pairs_of, monkeypatch):
    monkeypatch.setattr(candidates, "MOST_PHOTOS_OF_A_WORD", 6)
    picture, judged = draw_picture(0, seed=SEED).image, PairStore()
    flood = [encode_jpeg(picture, quality=quality) for quality in range(30, 90)]
    pairs = pairs_of(*flood, judged=judged)
    groups = connected({sha256_of(content) for content in flood}, [(pair.one, pair.other) for pair in pairs])
    assert len(set(groups.values())) == 1
    assert judged.comparisons < len(flood) * 20


def test_no_photos_are_no_pairs():
    assert find_pairs({}, {}) == []


def test_pairs_come_back_from_their_file(pairs_of, photo, tmp_path):
    pairs = pairs_of(photo(0), photo(0, copy="mirrored"), photo(1), photo(1, copy="cropped"))
    write_pairs(tmp_path / "pairs.jsonl", pairs)
    assert list(read_pairs(tmp_path / "pairs.jsonl")) == pairs
