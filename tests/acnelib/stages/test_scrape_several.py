"""Scrape of several sources: one manifest of all, and a source that fails."""

from __future__ import annotations

import importlib
import logging
import shutil
from dataclasses import replace

import pytest

from acnelib.atlas.drawing import draw_picture
from acnelib.atlas.server import serve_atlas
from acnelib.config.settings import Settings
from acnelib.errors import DataUnusable, ScrapeFailed, SourceUnknown, UsageError
from acnelib.scraping.collected import Collected
from acnelib.scraping.sources import Source, Sources
from acnelib.stages.scrape import check_permissions, scrape
from acnelib.storage.manifest import ImageRecord, PhotoRole, read_manifest
from acnelib.storage.workspace import Workspace


@pytest.fixture(scope="module")
def atlas():
    with serve_atlas(number=20) as address:
        yield address


@pytest.fixture
def put(tmp_path):
    """Put a drawn picture into a folder."""

    def put(path, index):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(draw_picture(index, seed=11).jpeg())

    return put


@pytest.fixture
def folder(tmp_path, put):
    """A source of two photos."""
    put("Mine/cysts/1.jpg", 1)
    put("Mine/papules/2.jpg", 2)
    return tmp_path / "Mine"


@pytest.fixture
def skin(tmp_path, put):
    """A folder of background photos."""
    put("Skin/eczema/3.jpg", 3)
    put("Skin/lupus/4.jpg", 4)
    return tmp_path / "Skin"


@pytest.fixture
def forbidden(httpserver_ipv4):
    """A site that wants no visits."""
    httpserver_ipv4.expect_request("/robots.txt").respond_with_data("User-agent: *\nDisallow: /\n")
    return f"sample@{httpserver_ipv4.url_for('')}"


@pytest.fixture
def settings():
    return Settings.load()


@pytest.fixture
def play(monkeypatch):
    """Let a site give these image records."""

    def played(*records):
        collected = Collected(records=records, failures=(), downloaded=len(records), unchanged=0)
        stage = importlib.import_module("acnelib.stages.scrape")
        monkeypatch.setattr(stage, "crawl", lambda *_arguments, **_options: collected)

    return played


def record(label, number, role=PhotoRole.CLASS):
    return ImageRecord(sha256=f"{label}{number}", label=label, path=f"/{label}/{number}.jpg", role=role)


def records_of(scraped):
    return list(read_manifest(scraped.manifest))


class TestTheManifest:
    def test_says_of_each_photo_from_which_source_it_is(self, folder, atlas, settings):
        scraped = scrape([str(folder), f"sample@{atlas}"], settings=settings)
        name = Source.parse(str(folder)).name
        assert scraped.source == f"{name}+sample"
        assert {one.source for one in records_of(scraped)} == {name, "sample"}
        assert [source.name for source in scraped.sources] == [name, "sample"]
        assert scraped.sources[0].photos == 2

    def test_is_the_same_whatever_the_order_of_the_sources(self, folder, atlas, settings):
        one = scrape([str(folder), f"sample@{atlas}"], settings=settings)
        other = scrape([f"sample@{atlas}", str(folder), str(folder)], settings=settings)
        assert other.model_copy(update={"downloaded": one.downloaded}) == one

    def test_of_an_unchanged_source_costs_no_download_when_another_is_added(self, folder, atlas, settings):
        scrape(f"sample@{atlas}", settings=settings)
        assert scrape([f"sample@{atlas}", str(folder)], settings=settings).downloaded == 2

    def test_marks_background_with_its_condition(self, folder, skin, settings):
        scraped = scrape(str(folder), background=[str(skin)], settings=settings)
        conditions = {one.label for one in records_of(scraped) if one.role == PhotoRole.BACKGROUND}
        assert conditions == {"eczema", "lupus"}
        assert scraped.source == Source.parse(str(folder)).name
        assert [source.photos for source in scraped.sources] == [2, 2]
        assert scraped.background.model_dump() == {"photos": 2, "conditions": 2}

    def test_takes_all_topics_of_a_background_layout_as_background(self, folder, settings, play):
        play(record("eczema", 1), record("lupus", 1))
        scraped = scrape(str(folder), background="dermnet@http://127.0.0.1:9", settings=settings)
        assert scraped.background.model_dump() == {"photos": 2, "conditions": 2}

    def test_keeps_the_background_topics_of_a_layout_and_counts_class_photos_only(self, settings, play, caplog):
        rosacea = [record("rosacea", number) for number in range(10)]
        few = [record("milia", number) for number in range(9)]
        play(*rosacea, *few, record("eczema", 1, PhotoRole.BACKGROUND))
        scraped = scrape("dermnet@http://127.0.0.1:9", settings=settings)
        assert {one.label: one.role for one in records_of(scraped)} == {
            "rosacea": PhotoRole.CLASS,
            "eczema": PhotoRole.BACKGROUND,
        }
        assert "milia (9)" in caplog.text


class TestBackground:
    def test_with_a_condition_named_like_a_class_is_an_error_with_its_remedy(self, folder, skin, put, settings):
        put("Skin/Cysts/5.jpg", 5)
        with pytest.raises(DataUnusable, match=r"cysts of skin-\w+ is a class of mine-\w+: take .* or add them"):
            scrape(str(folder), background=[str(skin)], settings=settings)

    @pytest.mark.parametrize("place", [".", "cysts"])
    def test_within_a_source_is_an_error_before_anything_is_read(self, folder, settings, place):
        with pytest.raises(UsageError, match="hold the same photos"):
            scrape(str(folder), background=[str(folder / place)], settings=settings)
        assert not settings.workdir.exists()

    def test_is_no_source_to_learn_classes_from(self, skin, settings):
        with pytest.raises(SourceUnknown, match="no source is named"):
            scrape([], background=[str(skin)], settings=settings)

    def test_without_photos_is_an_error_with_its_remedy(self, folder, tmp_path, settings):
        (tmp_path / "Empty").mkdir()
        with pytest.raises(DataUnusable, match="one sub-folder per condition"):
            scrape(str(folder), background=[str(tmp_path / "Empty")], settings=settings)

    def test_of_a_layout_that_names_none_is_an_error(self, settings, play):
        play(*(record("rosacea", number) for number in range(10)))
        site = "dermnet@http://127.0.0.1:9"
        with pytest.raises(DataUnusable, match="names no topics of background"):
            scrape(site, background=site, settings=settings)

    def test_in_a_part_of_a_data_set_names_the_option(self, folder, put, tmp_path, settings):
        for part in ("train", "test"):
            put(f"Parts/{part}/eczema/{part}.jpg", 3)
            put(f"Parts/{part}/lupus/{part}.jpg", 4)
        with pytest.raises(UsageError, match=r"--background .*train"):
            scrape(str(folder), background=[str(tmp_path / "Parts")], settings=settings)


class TestASourceThatFails:
    def test_ends_the_run_by_name_and_with_a_remedy(self, folder, forbidden, settings):
        with pytest.raises(ScrapeFailed, match=r"source sample failed: .*; --allow-missing-source"):
            scrape([str(folder), forbidden], settings=settings)

    def test_loses_nothing_that_another_has_given(self, folder, settings, atlas):
        broken = replace(Source.parse(str(folder)), name="zz-broken", folder=folder / "nowhere")
        with pytest.raises(DataUnusable, match="zz-broken"):
            scrape(Sources.of([Source.parse(f"sample@{atlas}"), broken]), settings=settings)
        assert scrape(f"sample@{atlas}", settings=settings).downloaded == 0

    def test_is_left_out_with_a_warning_where_it_may_be_missing(self, folder, forbidden, settings, caplog):
        scraped = scrape([str(folder), forbidden], allow_missing=True, settings=settings)
        mine, sample = scraped.sources
        assert (mine.error, sample.photos) == (None, 0)
        assert "forbids" in sample.error
        assert {one.source for one in records_of(scraped)} == {mine.name}
        assert scraped.source == f"{mine.name}+sample"
        (warning,) = [one.getMessage() for one in caplog.records if one.levelno == logging.WARNING]
        assert warning.startswith("sample is left out of this run")

    def test_may_be_a_folder_that_is_gone_and_is_told_without_its_path(self, folder, settings, tmp_path):
        gone = tmp_path / "Gone"
        with pytest.raises(SourceUnknown, match="no folder"):
            scrape([str(folder), str(gone)], settings=settings)
        scraped = scrape([str(folder), str(gone)], allow_missing=True, settings=settings)
        (error,) = [source.error for source in scraped.sources if source.error]
        assert "is no folder" in error
        assert str(tmp_path) not in scraped.model_dump_json(include={"sources"})

    def test_keeps_its_place_in_the_name_when_it_is_gone(self, folder, settings, atlas):
        sources = [str(folder), f"sample@{atlas}"]
        before = scrape(sources, settings=settings)
        shutil.move(folder, folder.with_name("elsewhere"))
        assert scrape(sources, allow_missing=True, settings=settings).source == before.source

    def test_may_be_one_of_background(self, folder, settings, tmp_path):
        (tmp_path / "Empty").mkdir()
        scraped = scrape(str(folder), background=[str(tmp_path / "Empty")], allow_missing=True, settings=settings)
        assert [source.error is None for source in scraped.sources] == [True, False]
        assert scraped.background.photos == 0

    def test_is_an_error_where_no_other_is_left(self, settings, tmp_path, skin, forbidden):
        with pytest.raises(DataUnusable, match=r"all sources of the classes are missing: gone-\w+: .*; sample: "):
            scrape([str(tmp_path / "Gone"), forbidden], background=[str(skin)], allow_missing=True, settings=settings)

    @pytest.mark.parametrize("wrong", ["smaple", "dermnet"])
    def test_is_no_excuse_for_a_wrong_name_or_terms_that_were_not_accepted(self, folder, settings, wrong):
        with pytest.raises(UsageError):
            scrape([str(folder), wrong], allow_missing=True, settings=settings)
        assert not Workspace(settings.workdir).memories()


def test_the_terms_of_all_sites_are_shown_before_anything_is_read(folder, settings):
    sources = Sources.parse([str(folder), "dermnet", "dermnet-classic@https://mirror.example"])
    with pytest.raises(UsageError) as raised:
        check_permissions(sources, settings=settings, accept_terms=False)
    assert str(raised.value).count("has terms to confirm first") == 2
