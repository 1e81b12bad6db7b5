"""The list from one session to the next: only when it is wanted, and gone when it is not."""

from __future__ import annotations

import logging
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from acnelib.inference import ConfidenceThreshold, ModelIdentity, Prediction, Quality, ThresholdOrigin, Verdict
from gui.files.exporting import export_csv
from gui.state import history as histories
from gui.state.history import History, RememberedRow
from gui.state.preferences import PreferenceStore
from gui.state.results import Results, verdict_at

MODEL = ModelIdentity(name="acne", version="3", sha256="f" * 64)
AT = "2026-01-01T00:00:00+00:00"


@pytest.fixture
def history(home):
    return History(home, PreferenceStore(home))


@pytest.fixture
def kept(history):
    history.set_enabled(on=True)
    return history


def answer(path):
    scores = {"papules": 0.7, "cysts": 0.3}
    reported = {"label": "papules", "confidence": 0.7, "verdict": Verdict.OUT_OF_SCOPE, "scores": scores}
    return Prediction(path=str(path), sha256="5e", model=MODEL, **reported)


def rows_of(*names):
    """Return rows: the first answered, the second failed, all others waiting."""
    results = Results()
    rows = results.add([Path("/photos") / name for name in names])
    answers = (answer(rows[0].path), Prediction(path="b", sha256=None, model=MODEL, error="it is empty"))
    for row, prediction in zip(rows, answers, strict=False):
        results.put(row.answered(prediction, stage="Production", at=AT))
    return tuple(results)


def test_nothing_is_written_about_photos_unless_the_user_asked_for_it(history, home):
    assert history.save(rows_of("a.png")) is False
    assert list(home.iterdir()) == []
    assert history.load() == ()


def test_photos_answers_and_those_that_wait_come_back_in_their_order(kept, home):
    rows = rows_of("c.png", "b.png", "a\udcff.png")
    assert kept.save(rows) is True
    assert History(home, PreferenceStore(home)).load() == tuple(
        RememberedRow(path=row.path, prediction=row.prediction, stage=row.stage, answered_at=row.answered_at)
        for row in rows
    )


def test_what_is_wrong_with_a_photo_comes_back_and_it_stays_uncertain_at_any_threshold(kept):
    (row, *_) = rows_of("a.png")
    poor = replace(row.prediction, verdict=Verdict.UNCERTAIN, quality=(Quality.SMALL, Quality.DARK), fit=False)
    kept.save([row.answered(poor, stage=None, at=AT)])
    (remembered,) = kept.load()
    assert remembered.prediction == poor
    assert verdict_at(remembered.prediction, 0.0) is Verdict.UNCERTAIN


def test_the_threshold_of_a_verdict_comes_back_with_its_origin(kept):
    (row, *_) = rows_of("a.png")
    judged = replace(row.prediction, threshold=ConfidenceThreshold(0.93, ThresholdOrigin.SITE))
    kept.save([row.answered(judged, stage=None, at=AT)])
    (remembered,) = kept.load()
    assert remembered.prediction.threshold == judged.threshold


def test_a_verdict_comes_back_as_one(kept, tmp_path):
    kept.save(rows_of("a.png"))
    (remembered,) = kept.load()
    assert remembered.prediction.verdict is Verdict.OUT_OF_SCOPE
    results = Results()
    (row,) = results.add([remembered.path])
    export_csv(
        tmp_path / "t.csv",
        [row.answered(remembered.prediction, stage=remembered.stage, at=remembered.answered_at)],
        threshold=0.1,
    )
    assert "out-of-scope" in (tmp_path / "t.csv").read_text()


def test_only_the_user_can_read_it(kept):
    kept.save(rows_of("a.png"))
    assert stat.S_IMODE(kept.path.stat().st_mode) == 0o600


def test_of_very_many_photos_those_that_came_last_are_kept(kept, monkeypatch):
    monkeypatch.setattr(histories, "MOST", 3)
    kept.save(rows_of("a", "b", "c", "d", "e"))
    assert [each.path.name for each in kept.load()] == ["c", "d", "e"]


def test_switching_it_off_deletes_it_at_once_and_what_a_killed_process_left_too(kept, home):
    kept.save(rows_of("a.png"))
    (home / ".history.json.00000000.part").write_text("/photos/a.png")
    kept.set_enabled(on=False)
    assert [path.name for path in home.iterdir()] == ["app.json"]
    assert kept.save(rows_of("a.png")) is False


def test_what_another_window_switched_off_is_not_written_by_this_one(kept, home):
    other = History(home, PreferenceStore(home))
    other.set_enabled(on=False)
    assert kept.save(rows_of("a.png")) is False
    assert not kept.path.exists()


def test_a_list_that_is_written_while_another_window_switches_it_off_goes_too(kept, home, monkeypatch):
    write = histories.write_text

    def switched_off_meanwhile(*arguments, **options):
        History(home, PreferenceStore(home)).set_enabled(on=False)
        write(*arguments, **options)

    monkeypatch.setattr(histories, "write_text", switched_off_meanwhile)
    assert kept.save(rows_of("a.png")) is False
    assert not kept.path.exists()


def test_a_list_that_lies_there_though_it_is_switched_off_is_deleted_at_the_start(history):
    history.path.write_text("{}")
    assert history.load() == ()
    assert not history.path.exists()


def test_where_the_disk_is_full_switching_it_off_deletes_it_all_the_same(kept, monkeypatch):
    kept.save(rows_of("a.png"))

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("gui.state.preferences.write_text", full)
    with pytest.raises(Exception, match="No space left"):
        kept.set_enabled(on=False)
    assert not kept.path.exists()
    assert kept.save(rows_of("a.png")) is False


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"\xff", b'{"form": 2}', b'{"form": 2, "rows": [{}]}', b'{"form": 2, "rows": [3]}', b"[" * 100_000],
)
def test_a_damaged_list_is_an_empty_one_and_a_warning_without_paths(kept, caplog, content):
    kept.path.write_bytes(content)
    assert kept.load() == ()
    (record,) = [each for each in caplog.get_records("call") if each.levelno >= logging.WARNING]
    assert record.getMessage().startswith("history.json cannot be read (")
    caplog.clear()
    assert kept.save(rows_of("a.png"))
    assert len(kept.load()) == 1


def test_a_list_of_a_form_that_is_not_known_is_left_alone(kept):
    kept.path.write_text('{"form": 3, "rows": [{"other": 1}]}')
    assert kept.load() == ()
    assert kept.path.exists()


def test_what_was_kept_under_a_name_that_is_not_absolute_is_left_out(kept):
    results = Results()
    results.add([Path("a.png"), Path("/photos/b.png")])
    kept.save(tuple(results))
    assert [each.path for each in kept.load()] == [Path("/photos/b.png")]
