import json
from datetime import datetime
from pathlib import Path

import luigi
import pytest

from acnelib.errors import UsageError
from acnelib.scraping.sources import Source, Sources
from luigi_tasks import Pipeline, Scrape, Split, Train
from luigi_tasks.parameters import ReviewFilesParameter


def test_a_task_of_a_folder_is_known_by_a_name_without_the_folders_path(tmp_path):
    folder = tmp_path / "Ward 7 photos"
    folder.mkdir()
    task = Pipeline(source=str(folder), workdir=str(tmp_path / "work"))
    reported = f"{task.task_id} {task.to_str_params(only_public=True)}"
    assert "ward-7-photos" in reported
    assert str(tmp_path) not in reported


def test_two_folders_of_one_name_are_two_sources(tmp_path):
    (tmp_path / "a" / "photos").mkdir(parents=True)
    (tmp_path / "b" / "photos").mkdir(parents=True)
    names = {Source.parse(str(tmp_path / place / "photos")).name for place in "ab"}
    assert len(names) == 2


def test_a_file_of_weights_is_told_without_its_path(tmp_path):
    task = Train(
        source="sample",
        at=datetime(2026, 1, 1),
        backbone="mobilenet_v1_0.25_128",
        weights=str(tmp_path / "mine.h5"),
    )
    assert str(tmp_path) not in f"{task.task_id} {task.to_str_params(only_public=True)}"


def test_the_sample_is_trained_on_starter_weights_unless_others_are_named():
    task = Pipeline(source="sample")
    assert [candidate.weights for candidate in task.requires().requires().requires()] == ["starter"]


def test_the_sample_atlas_is_the_same_source_wherever_it_is_served():
    elsewhere = Source.parse("sample@http://127.0.0.1:8000")
    assert (elsewhere.name, elsewhere.address) == ("sample", "http://127.0.0.1:8000")
    assert Pipeline(source="sample@http://127.0.0.1:8000").candidates() == Pipeline(source="sample").candidates()


@pytest.fixture
def folders(tmp_path):
    """Two folders and one of background photos."""
    for name in ("One", "Other", "Skin"):
        (tmp_path / name).mkdir()
    return [str(tmp_path / name) for name in ("One", "Other", "Skin")]


def test_a_bare_name_and_a_json_list_of_it_are_the_same_source():
    assert Pipeline(source='["sample"]').task_id == Pipeline(source="sample").task_id


def test_several_sources_are_a_json_list_in_any_order(folders):
    one, other, _ = folders
    tasks = [Pipeline(source=json.dumps(some)) for some in ([one, other, "sample"], ["sample", other, one])]
    assert tasks[0].task_id == tasks[1].task_id
    assert tasks[0].sources.name == Sources.parse(["sample", one, other]).name
    assert tasks[0].output().path == tasks[1].output().path


def test_neither_sources_nor_background_are_told_with_their_paths(folders, tmp_path):
    one, other, skin = folders
    task = Pipeline(source=json.dumps([one, other]), background=skin)
    reported = f"{task.task_id} {task.to_str_params()}"
    assert str(tmp_path) not in reported
    assert all(Source.parse(folder).name in str(task.to_str_params()) for folder in folders)


def test_tasks_with_different_background_are_different_tasks_of_one_folder(folders):
    _, other, skin = folders
    tasks = [Pipeline(source="sample", background=some) for some in ("[]", "", other, skin, json.dumps([skin, other]))]
    assert len({task.task_id for task in tasks}) == 4
    assert len({Path(task.output().path).parent.parent for task in tasks}) == 1


def test_a_list_that_is_none_is_a_clear_error():
    with pytest.raises(UsageError, match=r'write it like \["sample", "photos/"\]'):
        Pipeline(source="[sample]")


def test_every_task_of_a_run_has_the_same_sources(folders):
    one, other, skin = folders
    task = Pipeline(source=json.dumps([one, other]), background=skin, allow_missing_source=True, backbones=["a"])
    while task.task_family != "Scrape":
        (task,) = luigi.task.flatten(task.requires())
        assert task.sources == Sources.parse([one, other], background=skin)
    assert task.allow_missing_source


def test_the_configuration_names_sources_in_the_same_way(folders):
    one, _, skin = folders
    config = luigi.configuration.get_config()
    config.set("Scrape", "source", json.dumps(["sample", one]))
    config.set("Scrape", "background", skin)
    try:
        task = Scrape(at=datetime(2026, 1, 1))
    finally:
        config.remove_section("Scrape")
    assert task.sources == Sources.parse(["sample", one], background=skin)


def test_the_test_folder_is_told_without_its_path_and_makes_another_task(folders, tmp_path):
    _, other, skin = folders
    tasks = [Pipeline(source="sample", test=some) for some in ("", other, skin)]
    assert len({task.task_id for task in tasks}) == 3
    assert str(tmp_path) not in "".join(f"{task.task_id} {task.to_str_params()}" for task in tasks)
    assert tasks[1].to_str_params()["test"] == Source.parse(other).name


def test_files_of_reviews_are_told_without_their_paths_and_make_another_task(tmp_path):
    files = [tmp_path / name for name in ("b.jsonl", "a.jsonl")]
    for file in files:
        file.touch()
    several = json.dumps([str(file) for file in files])
    tasks = [Pipeline(reviews=some) for some in ("", str(files[0]), ReviewFilesParameter().parse(several))]
    assert len({task.task_id for task in tasks}) == 3
    assert str(tmp_path) not in "".join(f"{task.task_id} {task.to_str_params()}" for task in tasks)
    (scrape,) = luigi.task.flatten(tasks[2].requires())
    while scrape.task_family != "Scrape":
        (scrape, *_) = luigi.task.flatten(scrape.requires())
    assert scrape.sources.reviews == tuple(sorted(files))


def test_every_task_of_a_run_has_the_same_test_part(folders):
    *_, own = folders
    tested, shared = Pipeline(test=own, backbones=["a"]), Pipeline(test_share=0.2, backbones=["a"])
    while shared.task_family != "Curate":
        assert shared.test_share == 0.2
        (tested,), (shared,) = (luigi.task.flatten(task.requires()) for task in (tested, shared))
        assert tested.sources.test == Source.parse(own)
    (scrape,) = luigi.task.flatten(tested.requires())
    assert scrape.sources.test == Source.parse(own)


def test_another_test_share_is_another_task_of_the_same_photos():
    tasks = [Split(at=datetime(2026, 1, 1), test_share=share) for share in (0, 0.1, 0.2)]
    assert len({task.task_id for task in tasks}) == 3
    assert len({task.requires().task_id for task in tasks}) == 1


@pytest.mark.parametrize("options", [{"test_share": 1.0}, {"test_share": -1.0}, {"test_share": 0.2, "test": "."}])
def test_a_test_part_that_cannot_be_is_a_clear_error(options):
    with pytest.raises(UsageError, match=r"out of range|exclude each other"):
        Pipeline(**options)


def test_the_configuration_names_the_test_part_too(folders):
    *_, own = folders
    config = luigi.configuration.get_config()
    config.set("Split", "test", "")
    config.set("Split", "test_share", "0.15")
    config.set("Scrape", "test", own)
    try:
        assert Split(at=datetime(2026, 1, 1)).test_share == 0.15
        assert Scrape(at=datetime(2026, 1, 1)).sources.test == Source.parse(own)
    finally:
        config.remove_section("Split")
        config.remove_section("Scrape")
