"""What nobody foresaw is one line; its traceback is for those who ask for it with --debug."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

BREAKS = """
import sys, threading
from acnelib.cli.unexpected import report_unexpected
report_unexpected(debug="--debug" in sys.argv)
"""
IN_A_THREAD = "thread = threading.Thread(target=lambda: 1 / 0); thread.start(); thread.join()"
IN_A_DESTRUCTOR = "Broken = type('Broken', (), {'__del__': lambda self: 1 / 0}); Broken()"


def acne_with_broken(package, content, folder, *arguments):
    """Run the command where a package cannot be imported as it should."""
    (folder / f"{package}.py").write_text(content)
    return subprocess.run(
        [sys.executable, "-m", "acnelib.cli", *arguments],
        env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("raise ImportError('libx.so.1: cannot open shared object file', name='uvicorn')", "libx.so.1: cannot open"),
        ("raise ImportError", "cannot be imported"),
        ("raise RuntimeError('first\\nsecond')", "RuntimeError: first second"),
        ("raise AssertionError", "AssertionError"),
        ("raise RecursionError('too deep')", "too deep"),
        ("raise MemoryError", "memory"),
    ],
)
def test_a_command_that_fails_unexpectedly_says_so_in_one_line(tmp_path, content, words):
    ran = acne_with_broken("uvicorn", content, tmp_path, "serve", "--port", "0")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.count("\n") == 1
    assert ran.stderr.startswith("acne: ")
    assert words in ran.stderr


def test_with_debug_the_traceback_is_shown(tmp_path):
    ran = acne_with_broken("uvicorn", "raise RuntimeError('why')", tmp_path, "serve", "--port", "0", "--debug")
    assert ran.returncode == 1
    assert "Traceback (most recent call last):" in ran.stderr
    assert ran.stderr.endswith("(RuntimeError: why): run the same command with --debug for the traceback\n")


@pytest.mark.parametrize("where", [IN_A_THREAD, IN_A_DESTRUCTOR, "1 / 0"])
def test_what_no_command_catches_is_one_line_too(where):
    def run(*arguments):
        command = [sys.executable, "-c", BREAKS + where, *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False).stderr

    assert run().startswith("acne: unexpected failure (ZeroDivisionError: ")
    assert run().count("\n") == 1
    assert "Traceback" in run("--debug")


def test_ctrl_c_while_the_program_is_read_is_an_interruption(tmp_path):
    ran = acne_with_broken("typer", "raise KeyboardInterrupt", tmp_path, "status")
    assert (ran.returncode, ran.stdout, ran.stderr) == (130, "", "acne: interrupted\n")


def test_what_a_library_logs_is_one_line(tmp_path):
    content = """
import logging
try:
    raise ValueError("why")
except ValueError:
    logging.getLogger("of.a.library").exception("it failed")
raise ImportError("no")
"""
    ran = acne_with_broken("uvicorn", content, tmp_path, "serve", "--port", "0")
    assert ran.stderr.splitlines()[0] == "acne: it failed (ValueError: why)"
    assert "Traceback" not in ran.stderr
