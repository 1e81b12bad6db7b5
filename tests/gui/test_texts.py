"""The texts of all rooms, read from their sources."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import gui

MODULES = sorted(Path(gui.__file__).parent.glob("*/*texts.py"))
DATED = r"\b(anew|whoever|somebody|nobody|meanwhile|learnt)\b"


def texts_of(module: Path) -> list[str]:
    """Return the strings of a module that are no docstrings."""
    tree = ast.parse(module.read_text())
    documented = (ast.Module, ast.FunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    strings = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return [node.value for node in strings if id(node) not in docstrings]


@pytest.fixture(params=MODULES, ids=lambda module: f"{module.parent.name}-{module.stem}")
def texts(request: pytest.FixtureRequest) -> list[str]:
    found = texts_of(request.param)
    assert found
    return found


def test_no_text_shows_the_marks_of_code(texts: list[str]) -> None:
    assert [text for text in texts if "`" in text] == []


def test_no_text_has_a_word_that_readers_do_not_use(texts: list[str]) -> None:
    assert [text for text in texts if re.search(DATED, text, re.IGNORECASE)] == []


def test_dots_that_stand_for_more_are_one_character(texts: list[str]) -> None:
    assert [text for text in texts if "..." in text] == []
