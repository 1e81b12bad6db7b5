"""Three scheduled runs in a row, each in a process of its own, against a real stack and an atlas that grows."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "cadence.py"
QUICK = 30.0
"""Seconds in which a run ends that finds nothing new, with room for a busy machine."""


@pytest.fixture(scope="module")
def mondays() -> dict[str, list[dict[str, Any]]]:
    command = [sys.executable, str(BENCHMARK), "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=800)
    assert done.returncode == 0, done.stdout + done.stderr
    return dict(json.loads(done.stdout))


@pytest.fixture(scope="module")
def runs(mondays: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    return mondays["runs"]


def test_each_run_begins_on_its_monday(runs: list[dict[str, Any]]) -> None:
    assert [run["due"] for run in runs] == ["2026-11-30 03:00", "2026-12-07 03:00", "2026-12-14 03:00"]


def test_the_first_run_is_promoted(runs: list[dict[str, Any]]) -> None:
    assert (runs[0]["decision"], runs[0]["version"]) == ("promoted", "1")


def test_a_run_that_finds_nothing_new_ends_soon_and_fetches_no_picture(runs: list[dict[str, Any]]) -> None:
    assert runs[1]["decision"] == "unchanged"
    assert runs[1]["seconds"] < QUICK
    assert runs[1]["given"] == 0


def test_a_run_that_finds_more_fetches_only_that_and_decides_with_reasons(runs: list[dict[str, Any]]) -> None:
    assert (runs[2]["decision"] in {"promoted", "rejected"}, runs[2]["version"]) == (True, "2")
    assert "production (version 1)" in runs[2]["reason"]
    assert runs[2]["drawn"] - runs[0]["drawn"] <= runs[2]["given"] < runs[0]["given"]


def test_all_three_are_remembered(mondays: dict[str, list[dict[str, Any]]]) -> None:
    endings = [run["outcome"] for run in reversed(mondays["history"])]
    assert endings == [run["decision"] for run in mondays["runs"]]
