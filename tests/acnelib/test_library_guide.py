"""The guide to the library: its examples run one after the other, as a reader would type them."""

from __future__ import annotations

import ast
import re
import shutil
from importlib import import_module
from inspect import signature
from pathlib import Path

import pytest

GUIDE = Path(__file__).parents[2] / "docs" / "api.md"
BLOCKS = re.findall(
    r"(<!-- not run[^>]*-->\n)?^```python\n(.*?)^```", GUIDE.read_text("utf-8"), re.MULTILINE | re.DOTALL
)
RUN = [code for skipped, code in BLOCKS if not skipped]
NOT_RUN = [code for skipped, code in BLOCKS if skipped]


@pytest.fixture
def folder_with_photos(tmp_path, monkeypatch, tiny_bundle, paint, registry):
    """The current folder has ``photo.jpg`` and class folders in ``photos``; a server has a model in production."""
    shutil.copy(paint("red/a.jpg", "red"), tmp_path / "photo.jpg")
    paint("green/b.jpg", "green")
    registry.register(tiny_bundle, alias="production")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", registry.url)
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("folder_with_photos")
def test_the_examples_of_the_guide_run(capsys):
    names = {}
    for code in RUN:
        exec(compile(code, str(GUIDE), "exec"), names)
    printed = capsys.readouterr().out
    assert "photos/red/a.jpg red\n" in printed
    assert "photos is no sealed model bundle" in printed
    assert names["evaluation"].metrics.n == 2


@pytest.mark.parametrize("code", NOT_RUN, ids=["stages", "decisions"])
def test_examples_that_are_not_run_call_functions_with_arguments_that_exist(code):
    tree = ast.parse(code)
    imported = {
        alias.name: getattr(import_module(node.module), alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) != "print"]
    assert calls
    for call in calls:
        function = eval(ast.unparse(call.func), {"__builtins__": {}}, imported)
        signature(function).bind(*call.args, **{keyword.arg: keyword.value for keyword in call.keywords})
