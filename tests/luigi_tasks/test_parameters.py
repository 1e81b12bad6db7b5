from datetime import datetime

from acnelib.scraping.sources import Source
from luigi_tasks import Pipeline, Train


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
