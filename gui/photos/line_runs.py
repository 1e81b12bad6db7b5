"""Runs of lines that stand together, which the table signals as one change; without Qt."""

from __future__ import annotations


def runs_of(lines: set[int]) -> list[tuple[int, int]]:
    """Return the first and last of the lines that stand together, from the top."""
    runs: list[tuple[int, int]] = []
    for line in sorted(lines):
        if runs and line == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], line)
        else:
            runs.append((line, line))
    return runs
