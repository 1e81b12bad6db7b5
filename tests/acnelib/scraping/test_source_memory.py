from __future__ import annotations

from dataclasses import dataclass

import pytest

from acnelib.scraping.memory import SourceMemory


@dataclass(frozen=True)
class Note:
    key: str
    text: str


@pytest.fixture
def path(tmp_path):
    return tmp_path / "notes.jsonl"


def test_what_was_put_is_there_after_a_kill(path):
    memory = SourceMemory(path, Note)
    with memory:
        memory.put(Note("a", "1"))
        with SourceMemory(path, Note) as as_after_a_kill:
            assert as_after_a_kill.get("a") == Note("a", "1")
            assert not as_after_a_kill.is_settled("a")


def test_a_run_that_ends_settles_what_it_knows(path):
    with SourceMemory(path, Note) as memory:
        memory.put(Note("a", "1"))
        memory.settle()
    with SourceMemory(path, Note) as memory:
        assert memory.is_settled("a")


def test_the_last_of_several_memos_counts(path):
    with SourceMemory(path, Note) as memory:
        memory.put(Note("a", "1"))
        memory.put(Note("a", "2"))
    with SourceMemory(path, Note) as memory:
        assert memory.get("a") == Note("a", "2")
    assert len(path.read_text().splitlines()) == 1


@pytest.mark.parametrize(
    "line", ['{"settled": true, "key": "b", "te', "[]", '{"settled": true}', '{"key": "b", "text": ""}', "\x00\xff"]
)
def test_a_line_that_cannot_be_understood_is_forgotten(path, line):
    with SourceMemory(path, Note) as memory:
        memory.put(Note("a", "1"))
    path.write_bytes(path.read_bytes() + line.encode("latin-1"))
    with SourceMemory(path, Note) as memory:
        memory.put(Note("c", "3"))
    with SourceMemory(path, Note) as memory:
        assert [memory.get(key) for key in "abc"] == [Note("a", "1"), None, Note("c", "3")]


def test_a_memory_that_is_not_open_takes_nothing(path):
    with pytest.raises(RuntimeError, match="is not open"):
        SourceMemory(path, Note).put(Note("a", "1"))
