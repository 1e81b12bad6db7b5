"""Scrape, on the sample atlas served on this machine, and on sites that are only played."""

from __future__ import annotations

import importlib
import logging

import pytest

from acnelib.atlas.server import serve_atlas
from acnelib.config.settings import Settings
from acnelib.errors import DataUnusable, SettingsInvalid, SourceUnknown, UsageError
from acnelib.scraping.collected import Collected, Failure, FailureKind
from acnelib.scraping.sources import Source
from acnelib.stages.scrape import check_permission, scrape
from acnelib.storage.manifest import ImageRecord, read_manifest

FAR = "dermnet@http://atlas.example"


@pytest.fixture(scope="module")
def atlas():
    """The sample atlas, which is in DermNet's form: 12 pictures of each of 5 classes, and flawed copies."""
    with serve_atlas(number=60) as address:
        yield address


@pytest.fixture
def look(tmp_path):
    """Scrape a source into a working folder of the test's own."""

    def looked(source, **options):
        return scrape(source, settings=Settings.load(), **options)

    return looked


@pytest.fixture
def own(own_home):
    """Write one of the user's files of layouts."""

    def write(name, text):
        (own_home / "layouts").mkdir(exist_ok=True)
        (own_home / "layouts" / f"{name}.toml").write_text(text)

    return write


@pytest.fixture
def play(monkeypatch):
    """Let a site that is far away give so many photos of each class, and these failures."""

    def played(failures=(), **classes):
        records = tuple(
            ImageRecord(sha256=f"{label}{number}", label=label, path=f"/{label}/{number}.jpg")
            for label, photos in classes.items()
            for number in range(photos)
        )
        collected = Collected(records=records, failures=tuple(failures), downloaded=len(records), unchanged=0)
        stage = importlib.import_module("acnelib.stages.scrape")  # the package has a function of this name
        monkeypatch.setattr(stage, "crawl", lambda *_arguments, **_options: collected)

    return played


def labels(scraped):
    return {record.label for record in read_manifest(scraped.manifest)}


class TestTerms:
    @pytest.mark.parametrize("source", ["dermnet", FAR, "dermnet-classic@https://mirror.example"])
    def test_are_confirmed_once_for_each_site(self, look, play, source):
        play(rosacea=10)
        with pytest.raises(UsageError, match=r"has terms to confirm first: .* say so with --accept-terms"):
            look(source)
        look(source, accept_terms=True)
        assert look(source).photos == 10

    def test_of_a_mirror_on_this_machine_are_not_asked_for(self, look, atlas):
        assert labels(look(f"dermnet@{atlas}")) == {"acne-vulgaris", "rosacea"}

    def test_are_asked_for_before_anything_is_started(self):
        with pytest.raises(UsageError, match="--accept-terms"):
            check_permission(Source.parse("dermnet"), settings=Settings.load(), accept_terms=False)

    @pytest.mark.parametrize("source", ["sample", "."])
    def test_of_the_sample_and_of_folders_there_are_none(self, source):
        check_permission(Source.parse(source), settings=Settings.load(), accept_terms=False)

    def test_an_address_that_is_none_is_told_first(self):
        with pytest.raises(UsageError, match="is no address of a site"):
            check_permission(Source.parse("dermnet@atlas.example"), settings=Settings.load(), accept_terms=True)

    def test_wikimedia_commons_wants_a_contact_even_on_this_machine(self, look):
        with pytest.raises(UsageError, match="ACNE_CONTACT"):
            look("wikimedia-commons@http://127.0.0.1:9", accept_terms=True)


class TestSmallClasses:
    def test_are_left_out_and_named(self, look, play, caplog):
        play(rosacea=10, milia=9, rhinophyma=1)
        assert labels(look(FAR, accept_terms=True)) == {"rosacea"}
        (line,) = [record.getMessage() for record in caplog.records]
        assert line.startswith("left out, with fewer than 10 photos: milia (9), rhinophyma (1); to keep")
        assert "dermnet.toml" in line

    def test_alone_are_an_error_that_counts_them(self, look, play):
        play(milia=9)
        with pytest.raises(DataUnusable, match=r"DermNet: no class has 10 photos: milia \(9\); to keep such"):
            look(FAR, accept_terms=True)

    def test_stay_where_the_user_says_so(self, look, play, own):
        play(rosacea=10, milia=9)
        own("dermnet", "minimum = 9")
        assert labels(look(FAR, accept_terms=True)) == {"rosacea", "milia"}


class TestAUsersFiles:
    def test_give_topics_other_classes(self, look, atlas, own):
        own("dermnet", '[topics]\n"*-acne" = "acne"\nrosacea = "rosacea"\n')
        assert labels(look(f"dermnet@{atlas}")) == {"acne", "rosacea"}

    def test_describe_a_site(self, look, atlas, own):
        own(
            "mine",
            'title = "Mine"\nterms = "Ask me."\n[index]\nkind = "json"\npath = "/image-library/imagesJson"\n'
            'link = "url"\ntopic = "^/topics/(?P<topic>.+)-images$"\n'
            "[pictures]\nselect = '.imageLinkBlock__item img'\n[topics]\nrosacea = \"redness\"\n",
        )
        scraped = look(f"mine@{atlas}")
        assert scraped.source.startswith("mine-127-0-0-1-")
        assert labels(scraped) == {"redness"}

    def test_that_are_wrong_are_named(self, look, atlas, own):
        own("sample", "delay = 3")
        with pytest.raises(SettingsInvalid, match=r"layouts/sample\.toml: 'delay'"):
            look("sample")

    def test_are_among_the_names_that_are_offered(self, own):
        own("mine", "")
        with pytest.raises(SourceUnknown, match="mine, sample, wikimedia-commons"):
            Source.parse("nothing")


class TestWhatIsTold:
    def test_a_summary_ends_the_progress(self, look, atlas):
        reported = []
        look(f"sample@{atlas}", progress=lambda *step: reported.append(step))
        done, total, what = reported[-1]
        assert (done, total) == (0, 0)
        assert what.endswith("photos: 65 fetched, 0 unchanged")

    def test_a_few_failures_are_told_and_the_rest_is_counted(self, look, play, caplog):
        failures = [Failure(f"/{number}", f"/{number}: HTTP 404", FailureKind.MISSING) for number in range(200)]
        failures += [Failure(f"/{number}", "is large", FailureKind.TOO_LARGE) for number in range(200, 300)]
        play(failures, rosacea=10)
        look(FAR, accept_terms=True)
        lines = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
        assert lines[:2] == ["/0: HTTP 404", "/1: HTTP 404"]
        assert lines[5:] == ["and 295 failures (195 not there, 100 too large) more"]
