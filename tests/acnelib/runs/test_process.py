"""The end of a pipeline's process is read the same way by the schedule and by the HTTP API."""

from __future__ import annotations

import json

import pytest

from acnelib.runs.outcome import RunOutcome
from acnelib.runs.process import ProcessResult

ANSWER = json.dumps({"decision": "promoted", "reasons": ["better"], "version": "3", "seconds": 2.5})


@pytest.mark.parametrize("code", [0, None])
def test_a_complete_answer_is_a_success_even_where_the_exit_code_is_unknown(code):
    assert str(ProcessResult.read(code=code, stdout=ANSWER)) == "promoted, version 3 in 2.5 s: better"


def test_a_run_that_was_stopped_early_as_asked_succeeded():
    answer = json.dumps({"decision": None, "reasons": None, "version": None, "seconds": 1.0})
    result = ProcessResult.read(code=0, stdout=answer)
    assert result.outcome is RunOutcome.STOPPED
    assert result.outcome.is_success


@pytest.mark.parametrize("stdout", ["", "no JSON", "[]", '{"decision": "maybe", "reasons": [], "seconds": 1}', "{}"])
def test_output_that_is_not_an_answer_is_a_failure_whatever_the_exit_code(stdout):
    result = ProcessResult.read(code=0, stdout=stdout)
    assert result.outcome is RunOutcome.FAILED
    assert "not the expected JSON" in result.reason


def test_the_reason_of_a_failure_is_the_last_line_that_the_command_wrote_for_people():
    lines = ["acne: old", "acne: the site refuses", "Exception ignored in: <...>"]
    assert ProcessResult.read(code=1, stdout="", stderr=lines).reason == "the site refuses"
    assert ProcessResult.read(code=1, stdout="", stderr=["a crash", ""]).reason == "a crash"
    assert ProcessResult.read(code=1, stdout="").reason == "exit code 1"


@pytest.mark.parametrize(
    ("code", "interrupted"),
    [(130, False), (143, False), (129, False), (-2, False), (-15, False), (-1, False), (-9, True), (None, False)],
)
def test_a_run_that_was_cancelled_or_is_gone_is_interrupted(code, interrupted):
    result = ProcessResult.read(code=code, stdout="", interrupted=interrupted)
    assert result.outcome is RunOutcome.INTERRUPTED


def test_a_run_that_was_killed_names_the_signal():
    assert str(ProcessResult.read(code=-9, stdout="")) == "failed: the process was killed by signal 9"
