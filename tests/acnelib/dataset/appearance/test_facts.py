"""Facts per photo: what one decode tells, and that no photo is decoded twice."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageFilter

from acnelib.atlas.drawing import draw_picture, encode_jpeg
from acnelib.dataset.appearance import facts as facts_module
from acnelib.dataset.appearance.facts import measure_photo
from acnelib.storage.files import sha256_of


@pytest.fixture
def facts_of(store):
    def decode(content):
        sha256 = store.add(content)
        return measure_photo(sha256, store.path(sha256))[0]

    return decode


@pytest.fixture
def decoded(store):
    """Where photos lie; and, in order, which ones somebody asked for."""

    class Asked(list):
        def path(self, sha256):
            self.append(sha256)
            return store.path(sha256)

    return Asked()


def test_a_photo_has_a_size_a_brightness_a_sharpness_and_a_look(facts_of, photo):
    facts = facts_of(photo(0))
    assert (facts.error, facts.width, facts.height) == (None, 320, 240)
    assert 20 < facts.brightness < 235
    assert facts.sharpness > 0
    assert len(bytes.fromhex(facts.perceptual_hash)) * 8 == 256
    assert facts.mirrored_hash != facts.perceptual_hash


def test_a_blurred_photo_is_less_sharp(facts_of, photo):
    image = draw_picture(0, seed=7).image
    blurred = facts_of(encode_jpeg(image.filter(ImageFilter.GaussianBlur(4))))
    assert blurred.sharpness < facts_of(photo(0)).sharpness / 2


def test_the_size_is_that_of_the_upright_photo(facts_of):
    stream, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6  # taken with the camera on its side
    Image.new("RGB", (320, 240), "pink").save(stream, "JPEG", exif=exif)
    facts = facts_of(stream.getvalue())
    assert (facts.width, facts.height) == (240, 320)


@pytest.mark.parametrize("content", [b"not a picture", b"\xff\xd8\xff\xe0 and no more", b"<svg/>"])
def test_a_file_that_is_no_picture_is_a_fact_that_names_no_path(facts_of, tmp_path, content):
    facts = facts_of(content)
    assert "cannot be decoded" in facts.error
    assert str(tmp_path) not in facts.error
    assert (facts.sha256, facts.width, facts.perceptual_hash) == (sha256_of(content), 0, "")


def test_a_photo_of_which_pixels_are_missing_is_a_fact_that_says_so(facts_of):
    stream = io.BytesIO()
    draw_picture(1, seed=3).image.save(stream, "JPEG")
    whole = stream.getvalue()
    facts = facts_of(whole[: len(whole) * 6 // 10] + b"\xff\xd9")
    assert (facts.is_truncated, "truncated" in facts.error) == (True, True)
    assert not facts_of(b"not a picture").is_truncated
    assert not facts_of(whole).is_truncated


def test_whatever_one_photo_fails_with_is_its_own_fact(facts_of, monkeypatch):
    def failing(path):
        raise RecursionError("maximum recursion depth exceeded")

    monkeypatch.setattr("acnelib.dataset.appearance.facts.reading", failing)
    facts = facts_of(b"whatever")
    assert facts.error == "cannot be looked at, for a reason that was not foreseen"


def test_a_new_photo_costs_only_itself(fact_store, store, decoded, photo):
    known = [store.add(photo(index)) for index in range(3)]
    before = fact_store.facts(known, path_of=decoded.path)
    new = store.add(photo(3))
    decoded.clear()
    after = fact_store.facts([*known, new], path_of=decoded.path)
    assert decoded == [new]
    assert {sha256: after[sha256] for sha256 in known} == before


def test_an_unreadable_photo_is_not_tried_again(fact_store, store, decoded):
    broken = store.add(b"broken")
    fact_store.facts([broken], path_of=decoded.path)
    fact_store.facts([broken], path_of=decoded.path)
    assert decoded == [broken]


def test_only_facts_that_are_wanted_come_back(fact_store, store, photo):
    one, other = store.add(photo(0)), store.add(photo(1))
    fact_store.facts([one, other], path_of=store.path)
    assert fact_store.facts([other], path_of=store.path).keys() == {other}


def test_a_killed_run_loses_no_finished_shard(fact_store, store, decoded, photo, monkeypatch):
    monkeypatch.setattr(facts_module, "_SHARD", 2)
    photos = sorted(store.add(photo(index)) for index in range(5))

    def killed(sha256):
        if sha256 == photos[3]:
            raise KeyboardInterrupt
        return store.path(sha256)

    with pytest.raises(KeyboardInterrupt):
        fact_store.facts(photos, path_of=killed)
    assert fact_store.facts(photos, path_of=decoded.path).keys() == set(photos)
    assert decoded == photos[2:]


def test_progress_counts_the_photos_that_are_new(fact_store, store, photo):
    photos = [store.add(photo(index)) for index in range(3)]
    fact_store.facts(photos[:1], path_of=store.path)
    reported = []
    fact_store.facts(photos, path_of=store.path, progress=lambda *step: reported.append(step))
    assert reported == [(0, 2), (1, 2), (2, 2)]


@pytest.fixture
def looked_at(fact_store, store, photo):
    """Three photos whose facts and key points are kept in one file."""
    photos = sorted(store.add(photo(index)) for index in range(3))
    fact_store.facts(photos, path_of=store.path)
    return photos


def test_a_removed_photo_is_forgotten_and_the_others_are_not(fact_store, looked_at):
    gone, *others = looked_at
    points = fact_store.key_points(others)
    assert fact_store.remove([gone]) == 1
    assert not any(gone.encode() in path.read_bytes() for path in fact_store.root.iterdir())
    assert fact_store.facts(others, path_of=pytest.fail).keys() == set(others)
    found = fact_store.key_points(looked_at)
    assert found.keys() == points.keys() == set(others)
    assert all((found[name].descriptors == points[name].descriptors).all() for name in others)


def test_removing_a_photo_that_is_not_there_touches_no_file(fact_store, looked_at):
    before = {path: path.stat().st_mtime_ns for path in fact_store.root.iterdir()}
    assert fact_store.remove(["0" * 64]) == 0
    assert {path: path.stat().st_mtime_ns for path in fact_store.root.iterdir()} == before


def test_the_last_photo_of_a_file_takes_it_along(fact_store, looked_at):
    fact_store.remove(looked_at)
    assert list(fact_store.root.iterdir()) == []


def test_a_removal_that_was_killed_is_finished_by_the_next(fact_store, looked_at):
    gone, *others = looked_at
    (points,) = fact_store.root.glob("*.npz")
    old = points.read_bytes()
    fact_store.remove([gone])
    points.write_bytes(old)  # key points go last
    fact_store.remove([gone])
    assert fact_store.key_points(looked_at).keys() == set(others)
    assert fact_store.facts(others, path_of=pytest.fail).keys() == set(others)


def test_a_file_of_another_recipe_goes_as_a_whole(fact_store, looked_at):
    old = fact_store.root / "1-0a1b.jsonl"
    old.write_text(f'{{"sha256": "{looked_at[0]}", "sharp": 1}}\n{{"sha256": "{looked_at[1]}", "sharp": 2}}\n')
    fact_store.remove([looked_at[0]])
    assert not old.exists()
