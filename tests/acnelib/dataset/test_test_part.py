"""The part kept out for a test: a test folder, or a share of each class, from the folders to the split."""

from __future__ import annotations

import logging
import shutil

import pytest

from acnelib import stages
from acnelib.dataset.curation import CuratedPhoto, Reason
from acnelib.dataset.splitting import Split, Subset, split
from acnelib.dataset.test_part import check_test_share
from acnelib.errors import DataUnusable, UsageError
from acnelib.storage.files import digest_of

TRAIN, TEST, EXCLUDED = Subset.TRAIN, Subset.TEST, Subset.EXCLUDED


@pytest.fixture
def own(put):
    """A source of two photos of each of two classes."""
    return [put(f"own/{label}/{index}.jpg", index) for index, label in enumerate(("cysts", "papules") * 2)]


@pytest.fixture
def divide(tmp_path, settings, own):
    """Run the stages as far as the split, with folders by their names; return the result and its photos."""

    def divide(test=None, *, background=(), test_share=0.0):
        scraped = stages.scrape(
            str(tmp_path / "own"),
            background=[str(tmp_path / name) for name in background],
            test=None if test is None else str(tmp_path / test),
            settings=settings,
        )
        result = stages.split(stages.curate(scraped, settings=settings), test_share=test_share, settings=settings)
        return result, Split.read(result.split).photos

    return divide


class TestATestFolder:
    def test_is_tested_on_and_not_learnt_from(self, put, divide, own):
        tested = put("test/cysts/10.jpg", 10)
        _, photos = divide("test")
        assert photos[tested].subset == TEST
        assert {photos[sha256].subset for sha256 in own} == {TRAIN}

    def test_is_named_apart_from_the_sources(self, put, divide, tmp_path):
        put("test/cysts/10.jpg", 10)
        result, _ = divide("test")
        assert [source.name.partition("-")[0] for source in result.sources] == ["own"]
        assert result.test.name.startswith("test-")
        assert result.test.photos == 1
        assert result.source == stages.Source.parse(str(tmp_path / "own")).name

    def test_wins_a_photo_that_a_source_has_too(self, put, divide, own):
        assert put("test/cysts/again.jpg", 0) == own[0]
        _, photos = divide("test")
        assert photos[own[0]].subset == TEST

    @pytest.mark.parametrize("copy", ["mirrored", "recompressed", "cropped"])
    def test_keeps_copies_of_its_photos_out_of_what_is_learnt(self, put, divide, own, copy):
        put("test/cysts/copy.jpg", 0, copy)
        _, photos = divide("test")
        assert (photos[own[0]].subset, photos[own[0]].reason) == (EXCLUDED, Reason.JOINED_TO_TEST)

    @pytest.mark.parametrize("copy", ["equal", "mirrored"])
    def test_keeps_copies_of_its_photos_out_of_the_background(self, put, divide, copy):
        tested = put("test/cysts/10.jpg", 10)
        copied = put("skin/eczema/10.jpg", 10, copy)
        put("skin/eczema/11.jpg", 11)
        result, photos = divide("test", background=["skin"])
        assert photos[tested].subset == TEST
        if copy != "equal":  # then it is the test photo itself
            assert (photos[copied].subset, photos[copied].reason) == (EXCLUDED, Reason.COPY_OF_CLASS)
        assert len(Split.read(result.split).background) == 1

    def test_with_a_photo_under_another_label_than_its_copy_settles_nothing(self, put, divide, own):
        tested = put("test/papules/copy.jpg", 0, "recompressed")
        put("test/papules/10.jpg", 10)
        _, photos = divide("test")
        assert {photos[tested].reason, photos[own[0]].reason} == {Reason.TWO_LABELS}

    def test_of_a_class_that_no_source_teaches_is_a_warning_with_its_numbers(self, put, divide, caplog):
        put("test/cysts/10.jpg", 10)
        for index in (11, 12):
            put(f"test/scars/{index}.jpg", index)
        result, _ = divide("test")
        (warning,) = [line for line in result.statements if line.startswith("scars")]
        assert "scars (2 photos in 2 groups)" in warning
        assert "not scored" in warning
        assert warning in caplog.text

    def test_of_other_classes_alone_is_an_error_before_training(self, put, divide):
        put("test/scars/10.jpg", 10)
        with pytest.raises(DataUnusable, match=r"1 of scars, which no source teaches.*learnt, cysts, papules"):
            divide("test")

    def test_of_unreadable_files_is_an_error_before_training(self, tmp_path, divide):
        (tmp_path / "test" / "cysts").mkdir(parents=True)
        (tmp_path / "test" / "cysts" / "1.jpg").write_bytes(b"no picture")
        with pytest.raises(DataUnusable, match="1 unreadable"):
            divide("test")

    def test_may_show_a_class_that_is_background_elsewhere(self, put, divide):
        put("test/cysts/10.jpg", 10)
        put("test/eczema/11.jpg", 11)
        put("skin/eczema/12.jpg", 12)
        result, _ = divide("test", background=["skin"])
        assert Split.read(result.split).labels == ("cysts", "papules")

    def test_that_is_named_no_longer_is_gone_from_the_split(self, put, divide):
        tested = put("test/cysts/10.jpg", 10)
        divide("test")
        result, photos = divide()
        assert tested not in photos
        assert (result.test, result.test_sha256) == (None, None)

    def test_whose_photos_were_learnt_from_before_says_what_the_gate_leaves_out(self, put, divide, caplog):
        divide()
        put("test/cysts/copy.jpg", 0, "mirrored")
        put("test/papules/10.jpg", 10)
        result, _ = divide("test")
        (warning,) = [line for line in result.statements if "learnt from before" in line]
        assert warning.startswith("1 of 2 test photos")
        assert "the gate leaves out" in warning
        assert warning in caplog.text

    def test_and_a_share_exclude_each_other(self, put, divide):
        put("test/cysts/10.jpg", 10)
        with pytest.raises(UsageError, match="exclude each other"):
            divide("test", test_share=0.2)


class TestAShare:
    @pytest.mark.parametrize("share", [0, 1, -0.1, 15, float("nan")])
    def test_is_between_nothing_and_all(self, share):
        with pytest.raises(UsageError, match="more than 0 and less than 1"):
            check_test_share(share, test_folder=False)

    def test_leaves_something_to_learn_however_large_it_is(self, divide):
        _, photos = divide(test_share=0.99)
        assert sorted(photo.subset for photo in photos.values()) == [TEST, TEST, TRAIN, TRAIN]

    def test_of_classes_of_one_group_each_is_an_error_with_its_remedy(self):
        with pytest.raises(DataUnusable, match="add photos, or leave out --test-share"):
            divided(curated("cysts", 1) + curated("papules", 1), share=0.5)

    def test_that_leaves_out_a_class_says_so(self, divide, put):
        put("own/scars/10.jpg", 10)
        result, _ = divide(test_share=0.3)
        assert any(line.startswith("scars") and "no test photo shows it" in line for line in result.statements)

    def test_that_comes_later_says_what_the_gate_leaves_out(self, divide, caplog):
        divide()
        with caplog.at_level(logging.WARNING):
            result, photos = divide(test_share=0.3)
        tested = sum(photo.subset == TEST for photo in photos.values())
        assert f"{tested} of {tested} test photos were learnt from before" in caplog.text
        assert "acne promote" in "".join(result.statements)

    def test_from_the_first_run_on_needs_no_such_warning(self, divide, put):
        divide(test_share=0.3)
        put("own/cysts/10.jpg", 10)
        result, _ = divide(test_share=0.3)
        assert "learnt from before" not in "".join(result.statements)

    def test_that_comes_later_takes_new_photos_first(self):
        before = divided([*curated("cysts", 20), *curated("papules", 20)])
        after = divided([*curated("cysts", 25), *curated("papules", 25)], share=0.2, previous=before)
        assert {sha256 for sha256, photo in after.photos.items() if photo.subset == TEST}.isdisjoint(before.photos)
        assert len(after.of(TEST)) == 10

    def test_that_is_raised_takes_more(self):
        some = [*curated("cysts", 20), *curated("papules", 20)]
        before = divided(some, share=0.1)
        after = divided(some, share=0.4, previous=before)
        assert len(after.of(TEST)) == 16
        assert set(before.of(TEST)) < set(after.of(TEST))

    def test_after_a_test_folder_is_not_satisfied_by_photos_that_are_gone(self):
        some = [*curated("cysts", 20), *curated("papules", 20)]
        before = divided([*some, *curated("cysts", 30, start=20, held_out=True)])
        assert len(divided(some, share=0.2, previous=before).of(TEST)) == 8


def curated(label, stop, *, start=0, held_out=False):
    return [
        CuratedPhoto(sha256=name, labels=(label,), paths=(), group=name[:16], reason=None, held_out=held_out)
        for name in (digest_of(f"{label}-{place}") for place in range(start, stop))
    ]


def divided(some, *, share=0.0, previous=None):
    return split(some, previous=previous.assignments if previous else {}, grouped_by="look", test_share=share)


def test_a_test_folder_that_is_gone_ends_the_run_even_if_sources_may_be_missing(put, tmp_path, settings, own):
    put("test/cysts/10.jpg", 10)
    sources = stages.Sources.parse(str(tmp_path / "own"), test=str(tmp_path / "test"))
    shutil.rmtree(tmp_path / "test")
    with pytest.raises(DataUnusable, match="the test folder test-"):
        stages.scrape(sources, allow_missing=True, settings=settings)
