"""Decisions of people stand above curation's, and a file that cannot be understood says so in one line."""

from __future__ import annotations

import json

import pytest

from acnelib.dataset.curation import Reason
from acnelib.dataset.duplicates.pairs import PairKind
from acnelib.dataset.overrides import Overrides
from acnelib.errors import SettingsInvalid
from acnelib.storage.files import sha256_of


@pytest.fixture
def overruled(tmp_path):
    """Write the file and read it back."""

    def read(**parts):
        path = tmp_path / "overrule.json"
        path.write_text(json.dumps(parts))
        return Overrides.read(path)

    return read


def test_without_a_file_nothing_is_overruled(tmp_path):
    assert Overrides.read(tmp_path / "overrule.json") == Overrides()


def test_a_photo_is_kept_whatever_speaks_against_it(curated, square, overruled):
    tiny = sha256_of(square(40))
    (only,) = curated(("cysts", square(40)), overrule=overruled(keep=[tiny])).values()
    assert (only.reason, only.detail) == (None, "kept by overrule.json")


def test_one_of_two_copies_under_two_labels_is_kept(curated, photo, overruled):
    kept, other = photo(0), photo(0, copy="recompressed")
    photos = curated(("cysts", kept), ("papules", other), overrule=overruled(keep=[sha256_of(kept)]))
    assert photos[sha256_of(kept)].reason is None
    assert photos[sha256_of(other)].reason == Reason.TWO_LABELS


@pytest.mark.parametrize("content", [b"no picture", None])
def test_what_cannot_be_used_is_not_kept(curated, photo, overruled, content):
    content = content or photo(0)
    photos = curated(("cysts", content), ("papules", content), overrule=overruled(keep=[sha256_of(content)]))
    assert photos[sha256_of(content)].reason in {Reason.UNREADABLE, Reason.TWO_LABELS}


def test_a_photo_is_excluded_with_what_was_said(curated, photo, overruled):
    photos = curated(
        ("cysts", photo(0)), ("cysts", photo(1)), overrule=overruled(exclude={sha256_of(photo(0)): "a drawing"})
    )
    assert (photos[sha256_of(photo(0))].reason, photos[sha256_of(photo(0))].detail) == (Reason.OVERRULED, "a drawing")
    assert photos[sha256_of(photo(1))].reason is None


def test_strangers_are_joined(curated, photo, overruled):
    pair = [sha256_of(photo(0)), sha256_of(photo(1))]
    photos = curated(("cysts", photo(0)), ("papules", photo(1)), overrule=overruled(same=[pair]))
    assert len({one.group for one in photos.values()}) == 1
    assert {one.reason for one in photos.values()} == {None}


def test_copies_are_parted(curated, photo, overruled):
    pair = [sha256_of(photo(0)), sha256_of(photo(0, copy="mirrored"))]
    photos = curated(("cysts", photo(0)), ("papules", photo(0, copy="mirrored")), overrule=overruled(different=[pair]))
    assert len({one.group for one in photos.values()}) == 2
    assert {one.reason for one in photos.values()} == {None}


def test_photos_that_are_not_there_are_no_pair(overruled):
    assert overruled(same=[["a" * 64, "b" * 64]]).applied([], photos={"a" * 64: None}) == []


def test_a_pair_that_was_said_says_so(overruled):
    (pair,) = overruled(same=[["b" * 64, "a" * 64]]).applied([], photos={"a" * 64: None, "b" * 64: None})
    assert (pair.one, pair.kind, pair.evidence) == ("a" * 64, PairKind.OVERRULED, "said by overrule.json")


def test_the_digest_changes_with_what_is_said_and_not_with_its_order(overruled):
    one, other = "a" * 64, "b" * 64
    assert overruled(keep=[one, other]).digest == overruled(keep=[other, one]).digest
    assert len({overruled(keep=[one]).digest, overruled(exclude={one: ""}).digest, Overrides().digest}) == 3


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("{", "is no JSON"),
        ("[]", "is no table: write any of keep, exclude, same, different"),
        ('{"keeps": []}', "has keeps: write any of keep, exclude, same, different"),
        ('{"keep": "a"}', "keep = 'a': write a list"),
        ('{"keep": ["abc"]}', "keep names 'abc': write the whole SHA-256"),
        ('{"exclude": ["a"]}', "exclude = ['a']: write"),
        ('{"same": [["a"]]}', "same holds ['a']: write"),
    ],
)
def test_a_file_that_cannot_be_understood_is_one_line(tmp_path, text, reported):
    path = tmp_path / "overrule.json"
    path.write_text(text)
    with pytest.raises(SettingsInvalid) as failure:
        Overrides.read(path)
    assert reported in str(failure.value)
    assert str(path) in str(failure.value)
    assert "\n" not in str(failure.value)
