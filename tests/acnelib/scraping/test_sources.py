"""The sources of a run have one name, whatever their order and number."""

from __future__ import annotations

from dataclasses import replace

import pytest

from acnelib.config.settings import Settings
from acnelib.errors import SourceUnknown, UsageError
from acnelib.scraping.redaction import redaction_of
from acnelib.scraping.sources import Source, Sources


@pytest.fixture
def folders(tmp_path):
    """Make folders of these names; return their paths as a user writes them."""

    def make(*names):
        for name in names:
            (tmp_path / name).mkdir(parents=True)
        return [str(tmp_path / name) for name in names]

    return make


def test_the_name_is_the_sorted_names_joined(folders):
    (folder,) = folders("Photos")
    name = Sources.parse(["sample", folder]).name
    assert name == f"{Source.parse(folder).name}+sample"
    assert Sources.parse([folder, "sample", folder]).name == name


def test_a_single_source_has_its_own_name(folders):
    (folder,) = folders("Photos")
    assert Sources.parse(folder).name == Source.parse(folder).name


def test_background_is_no_part_of_the_name(folders):
    assert Sources.parse("sample", background=folders("Other skin")).name == "sample"


def test_long_names_are_shortened_and_stay_different(folders, tmp_path):
    paths = folders(*(f"{'a very long name ' * 14}{number}" for number in range(6)))
    names = {Sources.parse(paths[:number]).name for number in range(1, 7)} | {Source.parse(path).name for path in paths}
    assert len(names) == 11
    for name in names:
        (tmp_path / name / "2026-01-01T000000").mkdir(parents=True)
        assert len(name) < 140


def test_a_long_address_is_shortened():
    site = f"dermnet@https://{'very-' * 40}far.example"
    assert len(Source.parse(site).name) < 100
    assert Source.parse(site).name != Source.parse(site.replace("far", "near")).name


@pytest.mark.parametrize("background", [(), ("sample@http://127.0.0.1:8000",)])
def test_one_source_at_two_addresses_is_a_mistake(background):
    classes = ["sample"] if background else ["sample", "sample@http://127.0.0.1:8000"]
    with pytest.raises(UsageError, match="two addresses"):
        Sources.parse(classes, background=background)


def test_no_source_is_a_mistake():
    with pytest.raises(SourceUnknown, match="no source is named"):
        Sources.parse([])


def test_a_folder_that_is_gone_keeps_its_name(folders, tmp_path):
    (folder,) = folders("Photos")
    before = Source.parse(folder)
    (tmp_path / "Photos").rmdir()
    assert Source.parse(folder, missing_folder=True) == before
    with pytest.raises(SourceUnknown, match="no folder"):
        Source.parse(folder)


def test_a_misspelt_layout_is_never_taken_for_a_folder():
    with pytest.raises(SourceUnknown, match="did you mean sample"):
        Source.parse("smaple", missing_folder=True)


def test_messages_name_no_folder_and_no_file_of_any_source(folders, tmp_path):
    one, other, background = folders("One", "Other", "Skin")
    for folder in (one, other, background):
        (tmp_path / folder / "cysts").mkdir()
        (tmp_path / folder / "cysts" / "Anna at home").touch()
    sources = Sources.parse([one, other], background=background)
    redact = redaction_of(sources, replace(Settings.load(), workdir=tmp_path / "work"))
    message = redact(f"{one}/cysts is bad, {other} too, and in {background}: cysts/Anna at home")
    assert str(tmp_path) not in message
    assert "Anna" not in message
    assert all(source.name in message for source in sources.all)


class TestTheTestFolder:
    def test_is_no_part_of_the_name(self, folders):
        one, own = folders("One", "Own")
        assert Sources.parse(one, test=own).name == Sources.parse(one).name

    def test_is_read_last_and_not_learnt_from(self, folders):
        one, own = folders("One", "Own")
        sources = Sources.parse(one, test=own)
        assert sources.all[-1] == sources.test
        assert sources.test not in sources.learnt

    @pytest.mark.parametrize("place", [".", "inside", ".."])
    @pytest.mark.parametrize("role", ["source", "background"])
    def test_that_holds_photos_of_a_source_is_a_mistake(self, folders, tmp_path, place, role):
        one, other = folders("Group/One", "Other")
        (tmp_path / "Group" / "One" / "inside").mkdir()
        test = str(tmp_path / "Group" / "One" / place)
        with pytest.raises(UsageError, match=r"hold the same photos: .*--test-share"):
            Sources.parse(one if role == "source" else other, background=one if role != "source" else (), test=test)

    @pytest.mark.parametrize("site", ["sample", "dermnet", "sample@http://127.0.0.1:9"])
    def test_is_no_site(self, site):
        with pytest.raises(UsageError, match="no site can be the test folder"):
            Sources.parse("dermnet-classic", test=site)

    @pytest.mark.parametrize("text", ["nowhere", "no/where", "", " "])
    def test_that_is_not_there_is_a_mistake_even_if_sources_may_be_missing(self, text):
        with pytest.raises(SourceUnknown, match="--test takes a folder"):
            Sources.parse("sample", test=text, missing_folder=True)

    def test_that_is_a_file_is_a_mistake(self, tmp_path):
        (tmp_path / "photo.jpg").touch()
        with pytest.raises(SourceUnknown, match="is a file"):
            Sources.parse("sample", test=str(tmp_path / "photo.jpg"))

    def test_is_named_in_no_message_by_its_path(self, folders, tmp_path):
        one, own = folders("One", "Own")
        sources = Sources.parse(one, test=own)
        assert str(tmp_path) not in redaction_of(sources, Settings.load())(f"{own}/cysts is no folder")
