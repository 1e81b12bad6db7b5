"""How the program without Python begins."""

import os
import runpy
import sys
from pathlib import Path

import pytest

BEGINNING = Path(__file__).parents[2] / "packaging" / "desktop_app.py"


@pytest.fixture
def begin(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["acnelib", "--version"])
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    return runpy.run_path(str(BEGINNING))["main"]


def test_what_it_opens_finds_the_libraries_that_its_user_had_chosen(begin, monkeypatch):
    monkeypatch.setenv("LD_LIBRARY_PATH", "/program/_internal:/chosen")
    monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", "/chosen")
    assert begin() == 0
    assert os.environ["LD_LIBRARY_PATH"] == "/chosen"


def test_what_it_opens_never_finds_its_own_libraries(begin, monkeypatch):
    monkeypatch.setenv("LD_LIBRARY_PATH", "/program/_internal")
    monkeypatch.delenv("LD_LIBRARY_PATH_ORIG", raising=False)
    assert begin() == 0
    assert "LD_LIBRARY_PATH" not in os.environ


def test_without_a_terminal_it_does_not_fail(begin, monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    assert begin() == 0
    sys.stdout.close()
