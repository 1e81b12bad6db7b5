"""Deleting all that the app has stored, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from filelock import FileLock

from acnelib.config.settings import Settings
from acnelib.errors import StorageFailed
from gui.preferences import texts
from gui.preferences.stored_data import StoredItem, cache_size, clear_cache, delete_everything
from gui.state.history import History
from gui.state.preferences import PreferenceStore
from gui.state.results import Results


@pytest.fixture
def settings(home):
    return Settings.load(cwd=home)


@pytest.fixture
def used(settings, photo):
    """A computer on which everything that the app, the pipeline and the user could write is there."""
    preferences = PreferenceStore(settings.home)
    history = History(settings.home, preferences)
    history.set_enabled(on=True)
    results = Results()
    results.add([photo("papules")])
    history.save(tuple(results))
    fill_cache(settings.cache)
    for path in (settings.workdir / "images/a.png", settings.stack / "mlflow.db", settings.toml_file):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("# theirs")
    return preferences, history


def fill_cache(root):
    for path in (root / "bundles" / ("a" * 64) / "model.tflite", root / "servers" / ("b" * 16) / "production.json"):
        path.parent.mkdir(parents=True)
        path.write_bytes(b"0" * 1000)
    (root / "cache.lock").touch()


def files_below(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_all_that_the_app_stored_goes_and_all_else_stays(settings, used, photo, tmp_path):
    preferences, history = used
    outcome = delete_everything(lambda: settings, preferences=preferences, history=history)
    assert outcome.left == ()
    assert set(outcome.deleted) == {StoredItem.HISTORY, StoredItem.PREFERENCES, StoredItem.MODELS}
    assert files_below(settings.home) == {"cache/cache.lock", "data/images/a.png", "mlruns/mlflow.db", "settings.toml"}
    assert files_below(tmp_path) == {"papules.png"}


def test_afterwards_nothing_is_written_by_the_way(settings, used):
    preferences, history = used
    delete_everything(lambda: settings, preferences=preferences, history=history)
    before = files_below(settings.home)
    preferences.remember(opacity=0.3)
    assert history.save(tuple(Results())) is False
    assert files_below(settings.home) == before


def test_what_others_store_goes_by_their_own_hands(settings, used):
    preferences, history = used
    done = []
    more = [(StoredItem.SERVER, lambda: done.append(1))]
    outcome = delete_everything(lambda: settings, preferences=preferences, history=history, more=more)
    assert (done, outcome.deleted[-1]) == ([1], StoredItem.SERVER)


def test_what_cannot_be_deleted_is_named_with_the_reason_and_the_rest_goes(settings, used):
    preferences, history = used
    history.path.unlink()
    history.path.mkdir()

    def refuse():
        raise StorageFailed("the secrets are held by another program")

    outcome = delete_everything(
        lambda: settings, preferences=preferences, history=history, more=[(StoredItem.SERVER, refuse)]
    )
    assert outcome.deleted == (StoredItem.PREFERENCES, StoredItem.MODELS)
    (first, reason), second = outcome.left
    assert (first, second) == (StoredItem.HISTORY, (StoredItem.SERVER, "the secrets are held by another program"))
    assert reason.startswith(f"{history.path}: ")
    assert "the secrets are held by another program" in texts.outcome(outcome)


def test_where_nothing_was_stored_there_is_nothing_to_delete(settings):
    preferences = PreferenceStore(settings.home)
    outcome = delete_everything(lambda: settings, preferences=preferences, history=History(settings.home, preferences))
    assert outcome.left == ()
    assert files_below(settings.home) == set()


def test_a_folder_that_holds_other_things_too_keeps_them(tmp_path):
    fill_cache(tmp_path)
    for name in ("holiday.jpg", "bundles/mine/a.zip", "servers/list.txt", "bundles/b/model.tflite"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("mine")
    assert cache_size(tmp_path) == 2000
    clear_cache(tmp_path)
    assert cache_size(tmp_path) == 0
    expected = {"cache.lock", "holiday.jpg", "bundles/mine/a.zip", "servers/list.txt", "bundles/b/model.tflite"}
    assert files_below(tmp_path) == expected


def test_what_a_killed_download_left_goes_too(tmp_path):
    (tmp_path / ".bundle.x.part").mkdir()
    (tmp_path / ".bundle.x.part" / "model.tflite").touch()
    clear_cache(tmp_path)
    assert files_below(tmp_path) == {"cache.lock"}


def test_a_download_in_another_window_is_not_disturbed(settings, used, monkeypatch):
    preferences, history = used
    with FileLock(settings.cache / "cache.lock"):
        outcome = delete_everything(lambda: settings, preferences=preferences, history=history)
    ((item, reason),) = outcome.left
    assert item is StoredItem.MODELS
    assert "being downloaded" in reason
    assert cache_size(settings.cache) == 2000


def test_there_need_not_be_a_cache(tmp_path):
    clear_cache(tmp_path / "none")
    assert (cache_size(tmp_path / "none"), Path(tmp_path / "none").exists()) == (0, False)


@pytest.mark.parametrize(("number", "text"), [(999, "999 B"), (4_200_000, "4.2 MB"), (99_700_000, "99.7 MB")])
def test_the_size_of_the_downloaded_models_is_reported_with_its_unit(number, text):
    assert text in texts.cache(number).replace("\u00a0", " ")
