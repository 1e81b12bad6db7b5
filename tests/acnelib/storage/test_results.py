"""Results of stages: records carry fields and references forward, and folders list the photos that they name."""

from __future__ import annotations

import pytest

from acnelib.errors import DataUnusable
from acnelib.storage.latest_split import LatestSplit
from acnelib.storage.results import JsonRecord, References, StageResult, WorkPath, build_once, photos_of
from acnelib.storage.workspace import Workspace


class First(StageResult):
    source: str
    seconds: float
    only_here: str


class Second(StageResult):
    source: str
    seconds: float
    file: WorkPath


FIRST = First(references=References(folders=("results/scrape/a",)), source="sample", seconds=1.0, only_here="x")


def test_a_result_takes_over_what_it_shares_with_the_one_before_and_adds_its_own(tmp_path):
    second = Second.following(FIRST, References(), seconds=2.0, file=tmp_path / "made")
    assert (second.source, second.seconds, second.file) == ("sample", 2.0, tmp_path / "made")
    assert "only_here" not in second.model_dump()


def test_a_result_refers_to_all_that_those_before_it_refer_to():
    own = References(folders=("results/curate/b",), runs=("run",), versions=("1",))
    assert Second.following(FIRST, own, file="made").references == References(
        folders=("results/scrape/a", "results/curate/b"), runs=("run",), versions=("1",)
    )


def test_references_are_joined_in_order_and_each_once():
    joined = References(folders=("b", "a"), photos=("2",)) | References(folders=("a", "c"), photos=("1", "2"))
    assert (joined.folders, joined.photos) == (("b", "a", "c"), ("1", "2"))


def test_a_record_without_references_is_none_of_this_version(tmp_path):
    path = tmp_path / "source" / "at" / "scrape.json"
    path.parent.mkdir(parents=True)
    path.write_text('{"source": "sample", "manifest": "results/scrape/a/manifest.jsonl"}')
    with pytest.raises(DataUnusable, match="is no record of this version of acnelib: delete it and run again"):
        StageResult.read(path)


def test_a_path_in_a_record_moves_with_the_working_folder(tmp_path):
    class Made(JsonRecord):
        file: WorkPath

    Made(file=tmp_path / "old" / "results" / "made").write(tmp_path / "old" / "source" / "at" / "made.json")
    (tmp_path / "old").rename(tmp_path / "new")
    assert Made.read(tmp_path / "new" / "source" / "at" / "made.json").file == tmp_path / "new" / "results" / "made"


def test_a_folder_lists_the_photos_that_its_files_name(tmp_path):
    folder = tmp_path / "results" / "scrape" / "a"
    assert build_once(folder, lambda part: (part / "manifest").touch() or ["2", "1", "2"])
    assert photos_of(folder) == {"1", "2"}
    assert not build_once(folder, pytest.fail)


def test_a_folder_that_fails_half_way_is_not_there(tmp_path):
    def fail(part):
        (part / "manifest").touch()
        raise DataUnusable("no photo")

    with pytest.raises(DataUnusable):
        build_once(tmp_path / "results" / "scrape" / "a", fail)
    assert list((tmp_path / "results" / "scrape").iterdir()) == []


def test_a_folder_that_is_gone_names_no_photo_and_one_without_its_list_is_an_error(tmp_path):
    assert photos_of(tmp_path / "gone") == frozenset()
    with pytest.raises(DataUnusable, match=r"lacks references\.json: delete the folder and run again"):
        photos_of(tmp_path)


class TestLatestSplit:
    @pytest.fixture
    def workspace(self, tmp_path):
        return Workspace(tmp_path)

    def test_comes_back_as_it_was_saved(self, workspace):
        pointer = LatestSplit(
            curated="c" * 64, split="results/split/a/split.json", sources=("sample",), references=FIRST.references
        )
        pointer.save(workspace.source("sample"))
        assert LatestSplit.of(workspace.source("sample")) == pointer
        assert list(LatestSplit.all_in(workspace)) == [pointer]

    def test_of_a_source_that_was_never_split_is_none(self, workspace):
        assert LatestSplit.of(workspace.source("sample")) is None
        assert list(LatestSplit.all_in(workspace)) == []

    def test_has_a_path_where_the_split_is_still_there(self, workspace):
        pointer = LatestSplit(
            curated="c" * 64, split="results/split/a/split.json", sources=("sample",), references=References()
        )
        assert pointer.path(workspace) is None
        (workspace.root / "results" / "split" / "a").mkdir(parents=True)
        (workspace.root / "results" / "split" / "a" / "split.json").touch()
        assert pointer.path(workspace) == workspace.root / "results" / "split" / "a" / "split.json"

    @pytest.mark.parametrize("content", ["", "{}", "[]", '{"split": 3}'])
    def test_that_is_damaged_is_one_clear_error(self, workspace, content):
        (workspace.root / "sample").mkdir()
        (workspace.root / "sample" / "latest_split.json").write_text(content)
        with pytest.raises(DataUnusable, match="delete it and run again"):
            LatestSplit.of(workspace.source("sample"))
