"""What the app remembers of its user: kept privately and whole, and never a reason not to start."""

from __future__ import annotations

import json
import logging
import stat
import threading

import pytest

from acnelib.errors import StorageFailed
from gui.state.preferences import FILE, Preferences, PreferenceStore


@pytest.fixture
def warnings(caplog):
    """Take the warnings of a test out of the log, so that they may be expected."""

    def taken():
        messages = [each.getMessage() for each in caplog.get_records("call") if each.levelno >= logging.WARNING]
        caplog.clear()
        return messages

    return taken


@pytest.fixture
def store(home):
    return PreferenceStore(home)


def test_without_a_file_everything_is_as_delivered_and_nothing_is_kept_about_photos(store, home):
    assert store.load() == Preferences()
    assert store.load().history is False
    assert list(home.iterdir()) == []


def test_what_is_changed_is_there_in_the_next_session(store, home):
    store.change(history=True, opacity=0.25, check_every=0, splitters={"list": "AAE="})
    assert PreferenceStore(home).load() == Preferences(
        history=True, opacity=0.25, check_every=0, splitters={"list": "AAE="}
    )


def test_only_the_user_can_read_the_file(store):
    store.change(opacity=0.5)
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600
    store.change(opacity=0.6)
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600


def test_a_window_changes_only_what_it_means_to(store, home):
    other = PreferenceStore(home)
    store.change(history=True)
    other.change(opacity=0.3)
    store.remember(geometry="AAE=")
    assert other.load() == Preferences(history=True, opacity=0.3, geometry="AAE=")


def test_what_a_newer_version_wrote_stays(store):
    store.path.write_text('{"colour": "green"}')
    store.change(opacity=0.3)
    assert json.loads(store.path.read_text()) == {"colour": "green", "opacity": 0.3}


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b'"text"', b"[" * 100_000])
def test_a_damaged_file_means_defaults_and_one_warning(store, warnings, content):
    store.path.write_bytes(content)
    assert (store.load(), store.load()) == (Preferences(), Preferences())
    (message,) = warnings()
    assert message.startswith("app.json ")
    assert str(store.path.parent) not in message
    assert store.change(opacity=0.3).opacity == 0.3


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("history", each) for each in (1, "yes", None)),
        *(("opacity", each) for each in (-0.1, 1.1, True, "0.5", float("nan"))),
        *(("check_every", each) for each in (-1, 1.5, True, 10**9)),
        *(("geometry", each) for each in (3, None)),
        *(("splitters", each) for each in ([], {"list": 3})),
    ],
)
def test_a_value_that_makes_no_sense_is_the_default_and_the_others_count(store, warnings, name, value):
    kept = {"check_every": 60} if name != "check_every" else {"opacity": 0.3}
    store.path.write_text(json.dumps({**kept, name: value}))
    assert store.load() == Preferences(**kept)
    assert warnings() == [f"app.json has wrong values for {name}: the defaults are used"]


def test_a_preference_that_does_not_exist_is_a_mistake_of_the_program(store):
    with pytest.raises(TypeError, match="no such preference: colour"):
        store.change(colour="green")


def test_what_cannot_be_written_is_shown_and_lasts_until_the_end(store, home, warnings):
    store.path.mkdir()
    with pytest.raises(StorageFailed, match=r"app\.json cannot be written"):
        store.change(history=True)
    store.remember(opacity=0.3)
    assert (store.load().history, store.load().opacity) == (True, 0.3)
    assert PreferenceStore(home).load() == Preferences()
    assert len(warnings()) == 2  # one for each window


def test_windows_that_write_at_once_leave_a_whole_file(store, home):
    threads = [
        threading.Thread(target=lambda n=n: [PreferenceStore(home).change(opacity=n / 8) for _ in range(20)])
        for n in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.load().opacity in {0, 1 / 8, 2 / 8, 3 / 8}
    assert [path.name for path in home.iterdir()] == [FILE]


def test_deleted_preferences_are_not_brought_back_by_the_way(store, home):
    store.change(history=True)
    (home / ".app.json.00000000.part").write_text("left by a killed process")
    store.delete()
    store.remember(geometry="AAE=")
    assert list(home.iterdir()) == []
    store.change(check_every=5)
    store.remember(geometry="AAE=")
    assert store.load() == Preferences(check_every=5, geometry="AAE=")
