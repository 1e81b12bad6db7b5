"""Photos of several sources, and of background, are curated together."""

from __future__ import annotations

import json

import pytest

from acnelib import stages
from acnelib.dataset.curation import Reason, read_curated
from acnelib.errors import SettingsInvalid
from acnelib.storage.manifest import PhotoRole
from acnelib.storage.workspace import Workspace

CLASSES = ("cysts", "nodules", "papules", "pustules")


@pytest.fixture
def curate(tmp_path, settings):
    """Scrape and curate folders of photos; return the result and its photos by hash."""

    def curate(*sources, background=(), **options):
        scraped = stages.scrape(
            [str(tmp_path / name) for name in sources],
            background=[str(tmp_path / name) for name in background],
            settings=settings,
            **options,
        )
        curated = stages.curate(scraped, settings=settings)
        return curated, {one.sha256: one for one in read_curated(curated.photos)}

    return curate


@pytest.fixture
def stored(settings):
    """Return the stored facts of photos, and the pairs of photos that were compared."""

    def stored():
        facts = {path: path.stat().st_mtime_ns for path in (settings.workdir / "facts").rglob("*") if path.is_file()}
        files = sorted((settings.workdir / "pairs").glob("*.jsonl"))
        return facts, [tuple(json.loads(line)[:3]) for path in files for line in path.read_text().splitlines()]

    return stored


@pytest.fixture
def overrule(tmp_path, settings):
    """Write overrule.json for a source, or for several together."""

    def overrule(*sources, **decisions):
        name = stages.Sources.parse([str(tmp_path / source) for source in sources]).name
        folder = Workspace(settings.workdir).source(name)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "overrule.json").write_text(json.dumps(decisions))

    return overrule


def test_forty_copies_across_two_sources_end_in_the_groups_of_their_originals(put, curate):
    copies = ("recompressed", "shrunk", "mirrored", "brightened")
    planted = [
        (
            put(f"one/{CLASSES[index % 4]}/{index}.jpg", index),
            put(f"other/{CLASSES[index % 4]}/again-{index}.jpg", index, copies[index // 4 % 4]),
        )
        for index in range(40)
    ]
    _, photos = curate("one", "other")
    assert [photos[one].group for one, _ in planted] == [photos[copy].group for _, copy in planted]
    assert {len(photos[one].sources) for one, _ in planted} == {1}


def test_a_photo_in_two_sources_is_one_photo_of_both(put, curate, tmp_path):
    photo = put("one/cysts/1.jpg", 1)
    put("other/cysts/the same.jpg", 1)
    curated, photos = curate("one", "other")
    names = [stages.Source.parse(str(tmp_path / name)).name for name in ("one", "other")]
    assert photos[photo].sources == tuple(names)
    assert [(source.name, source.photos) for source in curated.sources] == [(name, 1) for name in names]


def test_copies_under_two_labels_are_found_across_sources(put, curate):
    one = put("one/cysts/1.jpg", 1)
    other = put("other/papules/1.jpg", 1, "recompressed")
    _, photos = curate("one", "other")
    assert {photos[one].reason, photos[other].reason} == {Reason.TWO_LABELS}


def test_a_class_may_be_missing_in_a_source(put, curate):
    for index, path in enumerate(("one/cysts/1.jpg", "one/papules/1.jpg", "other/papules/2.jpg")):
        put(path, index)
    _, photos = curate("one", "other")
    assert sorted(photo.labels for photo in photos.values()) == [("cysts",), ("papules",), ("papules",)]


def test_the_order_of_sources_changes_nothing(put, curate):
    put("one/cysts/1.jpg", 1)
    put("other/papules/2.jpg", 2)
    (first, _), (second, _) = curate("one", "other"), curate("other", "one")
    assert (first.source, first.data, first.digest) == (second.source, second.data, second.digest)


def test_for_a_source_that_is_added_later_nothing_is_computed_twice(put, curate, stored):
    for index in range(6):
        put(f"one/{CLASSES[index % 2]}/{index}.jpg", index)
    curate("one")
    facts_before, pairs_before = stored()
    later = put("later/cysts/7.jpg", 7)
    curated, _ = curate("one", "later")
    facts, pairs = stored()
    assert curated.used == 7
    assert facts_before
    assert facts_before.items() <= facts.items()
    assert len(set(pairs)) == len(pairs)
    assert all(later in pair for pair in set(pairs) - set(pairs_before))


def test_background_photos_keep_their_condition_and_role(put, curate):
    put("one/cysts/1.jpg", 1)
    other = put("skin/eczema/2.jpg", 2)
    loose = put("skin/3.jpg", 3)
    curated, photos = curate("one", background=["skin"])
    assert (photos[other].role, photos[other].labels, photos[other].reason) == (PhotoRole.BACKGROUND, ("eczema",), None)
    assert (photos[loose].role, photos[loose].labels) == (PhotoRole.BACKGROUND, ("skin",))
    assert (curated.background.photos, curated.background.conditions) == (2, 2)


@pytest.mark.parametrize("copy", ["equal", "mirrored"])
def test_a_background_copy_of_a_class_photo_is_left_out_with_its_reason(put, curate, copy):
    photo = put("one/cysts/1.jpg", 1)
    copied = put("skin/eczema/1.jpg", 1, copy)
    _, photos = curate("one", background=["skin"])
    assert photos[photo].reason is None
    assert photos[photo].role == PhotoRole.CLASS
    if copy != "equal":  # then it is the photo of the class itself
        assert photos[copied].reason == Reason.COPY_OF_CLASS


def test_decisions_beside_each_source_and_beside_all_count_together(put, curate, overrule):
    first, second = put("one/cysts/1.jpg", 1), put("other/cysts/2.jpg", 2)
    third = put("one/cysts/3.jpg", 3)
    overrule("one", exclude={first: "a drawing"})
    overrule("other", exclude={second: "blurred"})
    overrule("one", "other", exclude={third: "a face", first: "no skin"})
    _, photos = curate("one", "other")
    assert {photo.sha256: photo.detail for photo in photos.values()} == {
        first: "a drawing; no skin",
        second: "blurred",
        third: "a face",
    }


@pytest.mark.parametrize(
    ("beside_one", "beside_both"),
    [
        ({"keep": ["a" * 64]}, {"exclude": {"a" * 64: "why"}}),
        ({"different": [["b" * 64, "a" * 64]]}, {"same": [["a" * 64, "b" * 64]]}),
    ],
)
def test_decisions_that_contradict_each_other_are_an_error_that_names_both_files(
    put, curate, overrule, beside_one, beside_both
):
    put("one/cysts/1.jpg", 1)
    put("other/cysts/2.jpg", 2)
    overrule("one", **beside_one)
    overrule("one", "other", **beside_both)
    with pytest.raises(SettingsInvalid, match=r"overrule\.json and .*overrule\.json contradict.* aaaa.*delete one"):
        curate("one", "other")
