"""A command that is asked to end ends in order: after Ctrl-C, SIGTERM and when its terminal is closed."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from acnelib.ending_signals import handled

ENDING = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
SWALLOWS_ITS_INTERRUPTION = """
import contextlib, threading
from acnelib.cli.interruption import interruptible
with interruptible(lambda: print("last words", flush=True), grace=0.1):
    with contextlib.suppress(KeyboardInterrupt):
        print("begun", flush=True)
        threading.Event().wait()
    threading.Event().wait()
"""


def serve_atlas(**options):
    process = subprocess.Popen(
        [sys.executable, "-m", "acnelib.cli", "atlas", "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )
    process.stdout.readline()
    process.stderr.readline()
    return process


@pytest.mark.parametrize("number", ENDING)
def test_any_command_ends_with_one_line_and_the_code_of_the_signal(number):
    process = serve_atlas()
    process.send_signal(number)
    out, error = process.communicate(timeout=30)
    assert (process.returncode, out, error) == (128 + number, "", "acne: interrupted\n")


def test_a_command_that_was_started_to_survive_its_terminal_does():
    process = serve_atlas(preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))  # as nohup does
    process.send_signal(signal.SIGHUP)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    assert process.returncode == 128 + signal.SIGTERM


@pytest.mark.parametrize("number", ENDING)
def test_a_block_that_swallows_its_interruption_is_ended_after_its_last_words(number):
    process = subprocess.Popen([sys.executable, "-c", SWALLOWS_ITS_INTERRUPTION], stdout=subprocess.PIPE, text=True)
    process.stdout.readline()
    process.send_signal(number)
    out, _ = process.communicate(timeout=30)
    assert (process.returncode, out) == (128 + number, "last words\n")


def test_a_closed_terminal_is_never_a_second_request():
    received = []
    with handled(received.append):
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGHUP, signal.SIGINT):
            signal.raise_signal(number)
    assert received == [signal.SIGTERM, signal.SIGINT]


def test_after_the_block_the_signals_mean_what_they_meant_before():
    before = [signal.getsignal(number) for number in ENDING]
    with handled(print):
        assert [signal.getsignal(number) for number in ENDING] != before
    assert [signal.getsignal(number) for number in ENDING] == before
