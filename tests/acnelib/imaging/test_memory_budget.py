"""All pictures that are decoded at the same time share one budget of memory."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import hostile_pictures as hostile
import pytest

from acnelib.imaging import memory_budget, read_picture, reading
from acnelib.imaging.memory_budget import MemoryBudget

PATIENCE = 10


def test_never_more_than_the_budget_is_held():
    budget, lock, held, most = MemoryBudget(10), threading.Lock(), 0, 0

    def hold(needed):
        nonlocal held, most
        with budget.of(needed):
            with lock:
                held += needed
                most = max(most, held)
            with lock:
                held -= needed

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(hold, [1, 4, 7, 10, 3] * 20))
    assert 0 < most <= 10


def test_a_large_picture_gets_its_turn_while_small_ones_keep_coming():
    budget, large, small = MemoryBudget(10), threading.Event(), threading.Event()

    def take(needed, event):
        with budget.of(needed):
            event.set()

    with budget.of(5):
        threads = [threading.Thread(target=take, args=(10, large))]
        threads[0].start()
        while not budget._waiting:
            pass
        threads.append(threading.Thread(target=take, args=(1, small)))
        threads[1].start()
        assert not small.wait(0.1)
    assert large.wait(PATIENCE)
    assert small.wait(PATIENCE)
    for thread in threads:
        thread.join()


def test_what_exceeds_the_whole_budget_gets_all_of_it():
    with MemoryBudget(10).of(100):
        pass


def test_a_thread_that_reads_a_picture_within_another_does_not_wait_for_itself(monkeypatch):
    monkeypatch.setattr(memory_budget, "decoding", MemoryBudget(1))
    content = hostile.jpeg(64)
    with reading(content) as outer, reading(content) as inner:
        assert outer.image.size == inner.image.size


def test_memory_is_given_back_after_a_failure(monkeypatch):
    budget = MemoryBudget(1)
    monkeypatch.setattr(memory_budget, "decoding", budget)
    with pytest.raises(ZeroDivisionError), reading(hostile.jpeg(16)):
        raise ZeroDivisionError
    assert read_picture(hostile.jpeg(16)).image.size == (16, 16)
    assert budget._free == 1
