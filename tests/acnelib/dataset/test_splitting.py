"""The split: by groups, the same everywhere, stable while the data grow, with a test part on request."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from acnelib.dataset.curation import CuratedPhoto, Reason
from acnelib.dataset.splitting import Split, Subset, split
from acnelib.errors import DataUnusable
from acnelib.storage.files import digest_of
from acnelib.storage.manifest import PhotoRole

TRAIN, TEST, EXCLUDED = Subset.TRAIN, Subset.TEST, Subset.EXCLUDED
SHARE = 0.15


def photo(name, *, label="cysts", group=None, reason=None, path=None, **more):
    sha256 = digest_of(name)
    return CuratedPhoto(
        sha256=sha256,
        labels=(label,),
        paths=(path or f"{label}/{name}.jpg",),
        group=group or sha256[:16],
        reason=reason,
        **more,
    )


def photos(number, *, label="cysts", start=0):
    """Return photos of one class, each a group of its own."""
    return [photo(f"{label}-{place}", label=label) for place in range(start, start + number)]


def divided(some, *, previous=None, test_share=SHARE):
    """Split photos, going on from an earlier split."""
    assignments = previous.assignments if previous else {}
    return split(some, previous=assignments, grouped_by="look", test_share=test_share)


def shares(result, label):
    counts = Counter(photo.subset for photo in result.photos.values() if photo.labels == (label,))
    return {subset: count / counts.total() for subset, count in counts.items()}


curated_photos = st.lists(
    st.builds(
        photo,
        st.integers(0, 10_000),
        label=st.sampled_from(["cysts", "papules", "rosacea"]),
        group=st.integers(0, 25).map(lambda number: f"group-{number}"),
        reason=st.sampled_from([None, None, None, None, Reason.UNREADABLE, Reason.TWO_LABELS]),
    ),
    min_size=20,
    max_size=80,
    unique_by=lambda one: one.sha256,
).filter(lambda some: len({one.labels for one in some if one.reason is None}) > 1)


def divided_if_possible(some, *, previous=None):
    try:
        return divided(some, previous=previous)
    except DataUnusable:  # the groups that tie the classes together went to one subset
        return None


@given(some=curated_photos)
@settings(deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
def test_a_group_is_never_parted(some):
    result = divided_if_possible(some)
    subsets = defaultdict(set)
    for one in result.photos.values() if result else ():
        subsets[one.group].add(one.subset)
    assert all(len(found - {EXCLUDED}) <= 1 for found in subsets.values())


@given(first=curated_photos, later=curated_photos)
@settings(deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
def test_a_group_is_never_parted_while_the_data_grow_and_groups_merge(first, later):
    before = divided_if_possible(first)
    after = divided_if_possible({one.sha256: one for one in [*first, *later]}.values(), previous=before)
    subsets = defaultdict(set)
    for one in after.photos.values() if before and after else ():
        subsets[one.group].add(one.subset)
    assert all(len(found - {EXCLUDED}) <= 1 for found in subsets.values())


@given(some=curated_photos, data=st.data())
@settings(deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
def test_neither_order_nor_paths_matter(some, data):
    moved = [photo_elsewhere(one) for one in data.draw(st.permutations(some))]
    result, again = divided_if_possible(some), divided_if_possible(moved)
    assert (result is None) == (again is None)
    if result and again:
        assert list(result.photos) == list(again.photos)
        assert result.digest == again.digest


def photo_elsewhere(one):
    return CuratedPhoto(
        sha256=one.sha256, labels=one.labels, paths=(f"moved/{one.sha256[::-1]}",), group=one.group, reason=one.reason
    )


def test_by_default_every_usable_photo_is_learnt_from():
    result = split([*photos(20), *photos(20, label="papules")], previous={}, grouped_by="look")
    assert {one.subset for one in result.photos.values()} == {TRAIN}
    assert result.test_sha256 is None


def test_a_share_of_every_class_is_kept_out_on_request():
    result = divided([*photos(200, label="cysts"), *photos(40, label="papules")])
    for label in ("cysts", "papules"):
        assert shares(result, label)[TEST] == pytest.approx(SHARE, abs=0.03)


def test_a_large_group_does_not_spoil_the_share():
    series = [photo(f"series-{place}", group="series") for place in range(30)]
    result = divided([*series, *photos(170), *photos(100, label="papules")])
    assert shares(result, "cysts")[TEST] == pytest.approx(SHARE, abs=0.08)


@pytest.mark.parametrize(("groups", "subsets"), [(1, {TRAIN}), (2, {TRAIN, TEST}), (3, {TRAIN, TEST})])
def test_a_small_class_serves_training_first(groups, subsets):
    result = divided([*photos(groups, label="rosacea"), *photos(20)])
    assert shares(result, "rosacea").keys() == subsets


def test_a_background_photo_is_learnt_from_and_no_class():
    wart = photo("wart", label="warts", role=PhotoRole.BACKGROUND)
    result = divided([*photos(20), *photos(20, label="papules"), wart])
    assert (result.background, result.labels) == ([wart.sha256], ("cysts", "papules"))


def test_background_alone_is_nothing_to_learn():
    background = [photo(f"{label}-{n}", label=label, role=PhotoRole.BACKGROUND) for label in "ab" for n in range(5)]
    with pytest.raises(DataUnusable, match="at least two classes"):
        divided([*photos(20), *background])


@pytest.fixture
def with_test_folder():
    """A split of 40 photos and of a test folder, one of whose photos has a copy among them."""
    own = [photo(f"own-{place}", label="papules", held_out=True) for place in range(5)]
    copied = photo("copied", group="shared", held_out=True)
    copy = photo("copy", group="shared")
    return split(
        [*photos(20), *photos(20, label="papules"), *own, copied, copy], previous={}, grouped_by="look"
    ), copy.sha256


def test_the_photos_of_a_test_folder_are_tested_on(with_test_folder):
    result, _ = with_test_folder
    assert len(result.of(TEST)) == 6


def test_a_copy_of_a_test_folders_photo_is_not_learnt_from(with_test_folder):
    result, copy = with_test_folder
    assert (result.photos[copy].subset, result.photos[copy].reason) == (EXCLUDED, Reason.JOINED_TO_TEST)
    assert len(result.of(TRAIN)) == 40


def test_an_excluded_photo_keeps_its_group_and_reason():
    conflict = photo("conflict", group="a group", reason=Reason.TWO_LABELS)
    one = divided([*photos(10), *photos(10, label="papules"), conflict]).photos[conflict.sha256]
    assert (one.subset, one.reason, one.group) == (EXCLUDED, Reason.TWO_LABELS, "a group")


@pytest.mark.parametrize(
    ("some", "said"),
    [
        ([], "0 usable groups of photos in 0 classes .labels found: none."),
        (photos(20), "in 1 classes .labels found: cysts."),
        ([*photos(20), photo("bad", label="papules", reason=Reason.UNREADABLE)], "labels found: cysts, papules"),
    ],
)
def test_one_class_is_not_enough(some, said):
    with pytest.raises(DataUnusable, match=said) as failure:
        divided(some)
    assert "at least two classes of readable photos" in str(failure.value)


@pytest.fixture
def rounds():
    """Six splits of a source that grows by a fifth each time, each going on from the one before."""
    sizes = [60, 72, 86, 103, 124, 149]
    found = []
    for size in sizes:
        some = [*photos(size), *photos(size // 2, label="papules")]
        found.append(divided(some, previous=found[-1] if found else None))
    return found


@pytest.mark.parametrize("subset", [TEST, TRAIN])
def test_a_photo_stays_where_it_is_over_five_rounds_of_growth(rounds, subset):
    for before, after in pairwise(rounds):
        assert set(before.of(subset)) < set(after.of(subset))


def test_the_share_holds_over_five_rounds_of_growth(rounds):
    for label in ("cysts", "papules"):
        assert shares(rounds[-1], label)[TEST] == pytest.approx(SHARE, abs=0.03)


def test_a_photo_keeps_its_folds_over_five_rounds_of_growth(rounds):
    for before, after in pairwise(rounds):
        assert all(after.photos[sha256].folds == one.folds for sha256, one in before.photos.items())


def test_the_photos_of_a_group_share_their_folds():
    result = divided([*photos(20, label="papules"), *(photo(f"series-{n}", group="series") for n in range(9))])
    assert len({one.folds for one in result.photos.values() if one.group == "series"}) == 1


def test_a_group_that_a_photo_joins_keeps_its_folds():
    before = divided([*photos(20), *photos(20, label="papules")], test_share=0)
    first, second = sorted(before.of(TRAIN))[:2]
    after = divided(joined(before, first, second), previous=before, test_share=0)
    assert after.photos[first].folds == after.photos[second].folds == before.photos[first].folds


def test_two_machines_give_a_photo_the_same_folds():
    one, other = (
        divided([*photos(20), *photos(20, label="papules")]),
        divided([*photos(9), *photos(30, label="papules")]),
    )
    assert all(one.photos[sha256].folds == other.photos[sha256].folds for sha256 in one.photos.keys() & other.photos)


def test_a_test_part_that_is_no_longer_asked_for_is_learnt_from():
    before = divided([*photos(20), *photos(20, label="papules")])
    after = divided([*photos(20), *photos(20, label="papules")], previous=before, test_share=0)
    assert before.of(TEST)
    assert not after.of(TEST)


def joined(before, one, other):
    """Return all photos of a split, two of them now tied together."""
    return [
        CuratedPhoto(
            sha256=sha256,
            labels=known.labels,
            paths=known.paths,
            group="joined" if sha256 in {one, other} else known.group,
            reason=None,
        )
        for sha256, known in before.photos.items()
    ]


def test_a_photo_that_turns_out_to_belong_to_a_held_out_group_is_excluded():
    before = divided([*photos(20), *photos(20, label="papules")])
    seen, held_out = before.of(TRAIN)[0], before.of(TEST)[0]
    after = divided(joined(before, seen, held_out), previous=before)
    assert after.photos[held_out].subset == TEST
    assert (after.photos[seen].subset, after.photos[seen].reason) == (EXCLUDED, Reason.JOINED_TO_TEST)


def test_a_photo_excluded_for_its_group_does_not_become_a_test_photo_a_round_later():
    before = divided([*photos(20), *photos(20, label="papules")])
    seen, held_out = before.of(TRAIN)[0], before.of(TEST)[0]
    some = joined(before, seen, held_out)
    after = divided(some, previous=before)
    later = divided(some, previous=after)
    assert later.photos == after.photos


def test_a_new_photo_of_a_test_group_is_a_test_photo():
    before = divided([*photos(20), *photos(20, label="papules")])
    held_out = before.of(TEST)[0]
    label, group = before.label(held_out), before.photos[held_out].group
    new = photo("new", label=label, group=group)
    after = divided([*photos(20), *photos(20, label="papules"), new], previous=before)
    assert after.photos[new.sha256].subset == TEST


def test_a_conflict_that_was_mended_is_a_new_photo():
    some = [*photos(20), *photos(20, label="papules")]
    conflict = photo("conflict", reason=Reason.TWO_LABELS)
    before = divided([*some, conflict])
    after = divided([*some, photo("conflict")], previous=before)
    assert after.photos[conflict.sha256].subset != EXCLUDED


def test_split_json_comes_back_as_it_was(tmp_path):
    result = divided([*photos(10), *photos(10, label="papules"), photo("bad", reason=Reason.TOO_SMALL)])
    result.write(tmp_path / "split.json")
    assert Split.read(tmp_path / "split.json") == result


def test_split_json_says_what_its_readers_rely_on(tmp_path):
    bad = photo("bad", reason=Reason.TOO_SMALL, group="some group")
    result = divided([*photos(10), *photos(10, label="papules"), bad])
    result.write(tmp_path / "split.json")
    content = json.loads((tmp_path / "split.json").read_text())
    assert content.keys() == {"photos", "test_sha256", "grouped_by"}
    assert content["photos"][bad.sha256] == {
        "labels": ["cysts"],
        "paths": ["cysts/bad.jpg"],
        "group": "some group",
        "subset": "excluded",
        "role": "class",
        "sources": [],
        "folds": list(result.photos[bad.sha256].folds),
        "reason": "too-small",
        "is_truth": True,
    }
    assert {one["subset"] for one in content["photos"].values()} == {"train", "test", "excluded"}
    assert {len(one["folds"]) for one in content["photos"].values()} == {5}
    assert all((one["reason"] is None) == (one["subset"] != "excluded") for one in content["photos"].values())
    assert (content["grouped_by"], content["test_sha256"]) == ("look", result.test_sha256)


def test_the_digest_of_the_test_photos_changes_only_with_them():
    before = divided([*photos(20), *photos(20, label="papules")])
    some = [photo_elsewhere(one) for one in [*photos(20), *photos(20, label="papules")]]
    assert divided(some).test_sha256 == before.test_sha256
    assert divided([*some, *photos(20, start=20)]).test_sha256 != before.test_sha256
