"""Programs that tests start and listen to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import subprocess


def wait_until_said(process: subprocess.Popen[str], reported: str) -> None:
    """Read a process' standard error up to a line that holds some words."""
    assert process.stderr is not None
    lines = []
    for line in process.stderr:
        lines.append(line)
        if reported in line:
            return
    pytest.fail(f"never said {reported!r}: {''.join(lines)}")
