"""Native libraries write to file descriptors, past Python; that must never reach a command's output."""

from __future__ import annotations

import logging
import os
import sys

import pytest

from acnelib.native_output import native_output_logged


def test_what_a_native_library_prints_goes_to_the_log(capfd, caplog):
    with caplog.at_level(logging.DEBUG, logger="acnelib.native_output"), native_output_logged():
        os.write(1, b"to standard output\n")
        os.write(2, b"to standard error\xff\n")
    assert caplog.messages == ["to standard output", "to standard error�"]
    assert capfd.readouterr() == ("", "")


def test_python_prints_before_and_after_as_ever(capfd):
    sys.stdout.write("before\n")
    with native_output_logged():
        os.write(1, b"native\n")
    sys.stdout.write("after\n")
    assert capfd.readouterr().out == "before\nafter\n"


def test_a_failure_in_the_block_gives_the_output_back(capfd):
    with pytest.raises(ZeroDivisionError), native_output_logged():
        1 / 0  # noqa: B018
    os.write(1, b"native\n")
    assert capfd.readouterr().out == "native\n"


def test_a_windowed_program_has_no_output_to_flush(monkeypatch):
    monkeypatch.setattr("sys.stdout", None)
    monkeypatch.setattr("sys.stderr", None)
    with native_output_logged():
        os.write(1, b"native\n")
