"""Garbage collection of a command: seldom, and not at its end."""

from __future__ import annotations

import gc
import weakref

import pytest

from acnelib.cli.main import seldom_collected


class Cycle:
    def __init__(self) -> None:
        self.own = self


@pytest.fixture(autouse=True)
def thawed():
    yield
    gc.unfreeze()


def test_garbage_is_collected_seldom_during_the_command():
    usual = gc.get_threshold()
    with seldom_collected():
        assert gc.get_threshold()[0] > 10 * usual[0]
    assert gc.get_threshold() == usual


def test_what_is_left_at_the_end_is_not_searched_for_garbage():
    with seldom_collected():
        left = weakref.ref(Cycle())
    gc.collect()
    assert left() is not None


def test_the_thresholds_come_back_after_a_failure():
    usual = gc.get_threshold()
    with pytest.raises(ValueError, match="failed"), seldom_collected():
        raise ValueError("failed")
    assert gc.get_threshold() == usual
