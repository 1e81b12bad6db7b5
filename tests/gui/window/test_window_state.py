"""A window comes back where it was left, and is always to be seen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QSplitter, QWidget

from gui.state.preferences import Preferences, PreferenceStore
from gui.window.window_state import first_size, make_room, remembered, restore


@pytest.fixture
def make(qtbot):
    def window():
        window = QWidget()
        window.setMinimumSize(300, 200)
        qtbot.addWidget(window)
        return window

    return window


@pytest.fixture
def screen(qapp):
    return qapp.primaryScreen().availableGeometry()


def left(window, **options):
    """Return the preferences after a window was left so."""
    return Preferences(**remembered(window, **options))


def test_a_window_comes_back_where_and_as_large_as_it_was(make, home):
    before, after, store = make(), make(), PreferenceStore(home)
    before.setGeometry(QRect(60, 70, 420, 310))
    before.show()
    store.remember(**remembered(before))
    restore(after, PreferenceStore(home).load())
    after.show()
    assert after.geometry() == before.geometry()


def test_a_maximised_window_comes_back_maximised_and_knows_its_other_size(qtbot, make):
    before, after = make(), make()
    before.setGeometry(QRect(60, 70, 420, 310))
    before.show()
    before.showMaximized()
    qtbot.waitUntil(before.isMaximized)
    restore(after, left(before))
    after.show()
    assert after.windowState() & Qt.WindowState.WindowMaximized
    assert after.normalGeometry().size() == QSize(420, 310)


def test_the_first_time_a_window_takes_a_good_part_of_the_screen_in_its_middle(make, screen):
    window = make()
    restore(window, Preferences())
    assert window.size() == first_size(screen.size(), least=QSize(300, 200))
    assert abs(window.geometry().center().x() - screen.center().x()) <= 1
    assert abs(window.geometry().center().y() - screen.center().y()) <= 1


@pytest.mark.parametrize(
    ("screen_size", "size"),
    [((1000, 800), (800, 640)), ((3840, 2160), (1400, 950)), ((320, 240), (300, 200)), ((200, 100), (200, 100))],
)
def test_the_first_size_follows_the_screen_within_reason(screen_size, size):
    assert first_size(QSize(*screen_size), least=QSize(300, 200)) == QSize(*size)


@pytest.mark.parametrize("place", [(5000, 100), (100, 5000), (-5000, -5000), (100, -3000)])
def test_a_window_from_a_screen_that_is_gone_is_brought_back(make, screen, place):
    before, after = make(), make()
    before.setGeometry(QRect(*place, 420, 310))
    before.show()
    restore(after, left(before))
    after.show()
    assert screen.contains(after.geometry())


@pytest.mark.parametrize("geometry", ["", "AAE=", "no base64 at all…", "A" * 1000])
def test_a_place_that_makes_no_sense_is_as_none(make, screen, geometry):
    window = make()
    restore(window, Preferences(geometry=geometry))
    assert screen.contains(window.geometry())


def test_splitters_come_back_by_their_names_and_new_ones_stay_as_they_are(qtbot, make):
    windows = []
    for _ in range(2):
        window = make()
        splitter = QSplitter(window)
        splitter.addWidget(QWidget())
        splitter.addWidget(QWidget())
        splitter.resize(200, 50)
        windows.append((window, splitter))
    (before, first), (after, second) = windows
    before.show()
    first.setSizes([150, 50])
    restore(after, left(before, splitters={"list": first}), splitters={"list": second})
    after.show()
    assert second.sizes() == first.sizes()
    restore(after, Preferences(splitters={"list": "no state"}), splitters={"list": second, "new": QSplitter(after)})
    assert second.sizes() == first.sizes()


def test_a_window_is_made_higher_for_more_but_no_higher_than_its_screen(make, screen):
    window = make()
    window.resize(400, 300)
    window.show()
    make_room(window, 500)
    assert window.height() == 500
    make_room(window, 400)
    assert window.height() == 500
    make_room(window, 100_000)
    assert window.height() <= screen.height()
