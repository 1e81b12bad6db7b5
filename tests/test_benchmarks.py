"""Benchmarks are run by hand: that they still fit what they measure is looked at here, without running them."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
OURS = (
    "acnelib",
    "gui",
    "luigi_tasks",
    "load",
    "mutated_pictures",
    "picture_doors",
    "picture_kinds",
    "serving",
    "tiny_bundles",
)


def imported(benchmark: Path) -> set[tuple[str, str]]:
    """Return what a benchmark imports of ours, wherever in it that stands: module and name."""
    return {
        (node.module, alias.name)
        for node in ast.walk(ast.parse(benchmark.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in OURS
        for alias in node.names
    }


def exists(module: str, name: str) -> bool:
    if hasattr(importlib.import_module(module), name):
        return True
    return importlib.util.find_spec(f"{module}.{name}") is not None


@pytest.mark.parametrize("benchmark", sorted(BENCHMARKS.rglob("*.py")), ids=lambda path: path.stem)
def test_whatever_a_benchmark_imports_of_the_project_exists(benchmark, monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)  # as it is where a benchmark runs
    assert {name for name in imported(benchmark) if not exists(*name)} == set()
