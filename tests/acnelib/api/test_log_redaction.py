"""Lines of a run's log do not tell the names of people's files, however these are written there."""

from __future__ import annotations

import pytest

from acnelib.api.runs.log_redaction import Redaction
from acnelib.text.visible import visible


@pytest.mark.parametrize("name", ["Anna\nacne: forged.dat", "Anna\x1b[31m.dat", "Anna \u202e Berta.dat"])
def test_a_name_that_had_to_be_made_visible_is_not_told(tmp_path, name):
    (tmp_path / name).write_bytes(b"")
    line = Redaction(tmp_path)(f"acne: {visible(str(tmp_path / name))}: cannot be read")
    assert "Anna" not in line
    assert line.endswith(": cannot be read")


def test_a_line_holds_no_controls(tmp_path):
    assert Redaction(tmp_path)("a\x1b[2Jb\rc") == "a\\x1b[2Jb\\rc"
