"""Reviews overrule the labels of sources: what a photo teaches, what it is judged by, and what is left out."""

from __future__ import annotations

import json
import logging

import pytest

from acnelib import stages
from acnelib.atlas.drawing import draw_picture
from acnelib.config.settings import Settings
from acnelib.dataset.curation import Reason, read_curated
from acnelib.dataset.reviewed_records import NONE_OF_THE_CLASSES
from acnelib.dataset.splitting import Split, Subset
from acnelib.errors import DataUnusable, SourceUnknown, UsageError
from acnelib.pipeline.started_run import check_same_photos
from acnelib.reviews import Review, ReviewFile, ReviewVerdict
from acnelib.scraping.redaction import redaction_of
from acnelib.scraping.sources import Sources
from acnelib.storage.files import sha256_of_file
from acnelib.storage.manifest import PhotoRole, RecordReview, read_manifest

CLASSES = ("acne", "rosacea")


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    """Photos of two classes, of a background and of a test folder; no two show one scene."""
    root = tmp_path_factory.mktemp("sources")
    for number in range(12):
        place = f"classes/{CLASSES[number % 2]}" if number < 8 else f"skin/lupus-{number}"
        place = f"test/{CLASSES[number % 2]}" if number in {6, 7} else place
        path = root / place / f"{number}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(draw_picture(number, seed=11).jpeg())
    return root


@pytest.fixture(scope="module")
def photos(sources):
    """Hash of each photo by its number."""
    return {int(path.stem): sha256_of_file(path) for path in sources.rglob("*.jpg")}


@pytest.fixture
def review(tmp_path, photos):
    """Write a review into a file."""

    def review(number, opinion, *, reviewer="R1", blind=True, file="reviews.jsonl"):
        verdict = ReviewVerdict(opinion) if opinion in set(ReviewVerdict) else ReviewVerdict.CLASS
        label = opinion if verdict is ReviewVerdict.CLASS else None
        sha256 = photos.get(number, f"{number:064x}")
        ReviewFile(tmp_path / file).append(Review.now(sha256, verdict, label=label, reviewer=reviewer, blind=blind))
        return tmp_path / file

    return review


@pytest.fixture
def scraped(sources, tmp_path):
    """Scrape the sources with the reviews that were written."""

    def scraped(*, test=False):
        return stages.scrape(
            str(sources / "classes"),
            background=[str(sources / "skin")],
            test=str(sources / "test") if test else None,
            reviews=sorted(tmp_path.glob("*.jsonl")),
            settings=Settings.load(),
        )

    return scraped


@pytest.fixture
def record(scraped, photos):
    """Return the record of a photo after the reviews."""

    def record(number, **options):
        (found,) = [one for one in read_manifest(scraped(**options).manifest) if one.sha256 == photos[number]]
        return found

    return record


@pytest.fixture
def curated(scraped, photos):
    """Return a photo after curation."""

    def curated(number, **options):
        result = stages.curate(scraped(**options), settings=Settings.load())
        return {one.sha256: one for one in read_curated(result.photos)}[photos[number]]

    return curated


def test_a_reviewed_class_replaces_the_folders_name(review, record):
    review(0, "rosacea")
    found = record(0)
    assert (found.label, found.role, found.filed_as, found.reviewed) == (
        "rosacea",
        PhotoRole.CLASS,
        "acne",
        RecordReview.BLIND,
    )


def test_a_photo_of_none_of_the_classes_becomes_background(review, record):
    review(0, "none")
    found = record(0)
    assert (found.label, found.role, found.filed_as) == (NONE_OF_THE_CLASSES, PhotoRole.BACKGROUND, "acne")


def test_a_background_photo_that_shows_a_class_is_learnt_as_such(review, record):
    review(8, "acne")
    assert (record(8).label, record(8).role) == ("acne", PhotoRole.CLASS)


def test_a_background_photo_that_shows_none_of_the_classes_keeps_its_condition(review, record):
    review(8, "none")
    assert (record(8).label, record(8).role, record(8).filed_as) == ("lupus-8", PhotoRole.BACKGROUND, "")


def test_a_photo_of_which_nobody_can_tell_is_left_out(review, curated):
    review(0, "unsure")
    assert curated(0).reason is Reason.CANNOT_TELL


def test_a_photo_on_which_reviewers_disagree_is_left_out_and_listed_with_their_pseudonyms(review, curated):
    review(0, "acne", reviewer="A", file="a.jsonl")
    review(0, "rosacea", reviewer="B", file="b.jsonl")
    assert curated(0).reason is Reason.REVIEWERS_DISAGREE
    assert curated(0).detail == "A: acne, B: rosacea"


@pytest.mark.parametrize(("blind", "is_truth"), [(True, True), (False, False)])
def test_only_labels_of_blind_reviews_are_truth(review, curated, blind, is_truth):
    review(0, "rosacea", blind=blind)
    assert curated(0).labels == ("rosacea",)
    assert curated(0).is_truth is is_truth


def test_a_label_of_the_source_stays_truth_when_a_reviewer_agrees_with_an_answer_in_sight(review, curated):
    review(0, "acne", blind=False)
    assert curated(0).is_truth


class TestATestFolder:
    def test_changes_by_blind_reviews(self, review, record):
        review(6, "rosacea")
        assert record(6, test=True).label == "rosacea"

    def test_does_not_change_by_reviews_with_an_answer_in_sight(self, review, record):
        review(6, "rosacea", blind=False)
        assert (record(6, test=True).label, record(6, test=True).reviewed) == ("acne", None)

    def test_is_not_tested_on_photos_of_none_of_the_classes(self, review, curated):
        review(6, "none")
        assert curated(6, test=True).reason is Reason.SHOWS_NONE


def test_the_split_carries_labels_and_what_may_judge(review, scraped, photos):
    review(0, "rosacea", blind=False)
    review(2, "unsure")
    split = stages.split(stages.curate(scraped(), settings=Settings.load()), settings=Settings.load())
    placed = Split.read(split.split).photos
    assert (placed[photos[0]].labels, placed[photos[0]].is_truth) == (("rosacea",), False)
    assert placed[photos[2]].subset is Subset.EXCLUDED
    assert split.summary["reviews"]["relabelled"] == 1
    report = split.report.read_text(encoding="utf-8")
    assert "1 relabelled" in report
    assert "no reviewer can tell" in report


def test_what_reviews_change_is_counted_without_names(review, scraped, caplog):
    caplog.set_level(logging.INFO)
    for number, opinion in {0: "rosacea", 1: "rosacea", 2: "none", 3: "unsure", 99: "acne"}.items():
        review(number, opinion, reviewer="Dr. Grey")
    review(4, "rosacea", blind=False)
    reviews = scraped().reviews
    assert reviews.files == 1
    assert reviews.counts == {
        "reviewed": 5,
        "unknown": 1,
        "confirmed": 1,
        "relabelled": 2,
        "background": 1,
        "unsure": 1,
        "conflicts": 0,
        "not_blind": 1,
        "test": 0,
    }
    assert "Grey" not in json.dumps(reviews.model_dump())
    assert "reviews: 2 relabelled" in caplog.text


def test_sources_without_reviews_have_none(scraped):
    assert scraped().reviews is None


def test_a_damaged_file_ends_the_run_before_anything_is_read(review, scraped):
    path = review(0, "acne")
    with path.open("a", encoding="utf-8") as stream:
        stream.write("acne\n")
    with pytest.raises(DataUnusable, match="line 2 is no review"):
        scraped()


@pytest.mark.parametrize(
    ("name", "reason"), [("gone.jsonl", "does not exist"), ("", "does not exist"), (".", "folder")]
)
def test_a_file_that_is_none_is_named(sources, name, reason):
    with pytest.raises(SourceUnknown, match=f"{reason}.*--reviews"):
        Sources.parse(str(sources / "classes"), reviews=[name])


def test_a_run_is_resumed_with_as_many_files_of_reviews(review, scraped, sources, tmp_path):
    path = review(0, "rosacea")
    scraped().write(tmp_path / "run" / "scrape.json")
    same = Sources.parse(str(sources / "classes"), background=[str(sources / "skin")], reviews=[path])
    check_same_photos(tmp_path / "run", same, test_share=None)
    other = Sources.parse(str(sources / "classes"), background=[str(sources / "skin")])
    with pytest.raises(UsageError, match=r"another number of review files \(1\)"):
        check_same_photos(tmp_path / "run", other, test_share=None)


def test_messages_that_leave_the_terminal_do_not_name_the_file(review, sources):
    path = review(0, "acne")
    redact = redaction_of(Sources.parse(str(sources / "classes"), reviews=[path]), Settings.load())
    assert redact(f"{path}, line 2 is no review") == "the reviews, line 2 is no review"


class TestFolderWithoutClassFolders:
    @pytest.fixture
    def flat(self, sources, tmp_path):
        """The photos of the classes in one folder, as they come from a camera."""
        folder = tmp_path / "camera"
        folder.mkdir()
        for path in (sources / "classes").rglob("*.jpg"):
            (folder / path.name).write_bytes(path.read_bytes())
        return folder

    def test_its_reviewed_photos_teach_what_the_reviews_say(self, flat, review, photos):
        review(0, "rosacea")
        review(1, "acne", blind=False)
        file = review(2, "none")
        records = read_manifest(stages.scrape(str(flat), reviews=[file], settings=Settings.load()).manifest)
        found = {(one.sha256, one.label, one.role, one.reviewed) for one in records}
        assert found == {
            (photos[0], "rosacea", PhotoRole.CLASS, RecordReview.BLIND),
            (photos[1], "acne", PhotoRole.CLASS, RecordReview.NOT_BLIND),
            (photos[2], NONE_OF_THE_CLASSES, PhotoRole.BACKGROUND, RecordReview.BLIND),
        }

    def test_a_later_run_knows_its_files(self, flat, review, photos):
        file = review(0, "rosacea")
        for _ in range(2):
            records = read_manifest(stages.scrape(str(flat), reviews=[file], settings=Settings.load()).manifest)
            assert [one.sha256 for one in records] == [photos[0]]
        review(1, "acne")
        records = read_manifest(stages.scrape(str(flat), reviews=[file], settings=Settings.load()).manifest)
        assert {one.sha256 for one in records} == {photos[0], photos[1]}

    def test_without_reviews_it_is_refused_as_before(self, flat):
        with pytest.raises(DataUnusable, match="has no class folders"):
            stages.scrape(str(flat), settings=Settings.load())
