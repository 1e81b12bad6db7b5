"""The mark of a version that is pruned: comes back as it was written; a tag of another program is no mark."""

from __future__ import annotations

import pytest

from acnelib.registry.tracking.removal import PruneMark

MARK = PruneMark(at="2026-01-01T00:00:00+00:00", bundle_sha256="a" * 64)


def test_it_comes_back_as_it_was_written():
    assert PruneMark.read(MARK.written()) == MARK


@pytest.mark.parametrize("text", [None, "", "[]", "{}", "not JSON", "3"])
def test_a_tag_of_another_program_is_none(text):
    assert PruneMark.read(text) is None
