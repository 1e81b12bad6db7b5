"""The command in this process, with what it tells people."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from acnelib.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Told:
    """What a command answered: its exit code, its result, and what it printed besides progress."""

    code: int
    out: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@pytest.fixture
def reported(capfd, caplog, record_property) -> Callable[..., Told]:
    """Run the command in this process, and keep what it tells for ``benchmarks/bad_input.py``."""

    def run(*arguments: object, case: str) -> Told:
        capfd.readouterr()
        caplog.clear()
        code = main([str(argument) for argument in arguments])
        out, error = capfd.readouterr()
        warned = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
        lines = [f"acne: {message}" for message in warned]
        lines += [line for line in error.splitlines() if not line.startswith(("✓ ", "  ", "Model ", "Starting "))]
        record_property(case, json.dumps([code, *lines]))
        return Told(code, out, tuple(lines))

    return run
