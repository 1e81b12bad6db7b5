"""The working folder remembers its runs, whatever became of them."""

from __future__ import annotations

import json

import pytest

from acnelib.runs.history import past_runs
from acnelib.runs.outcome import OutcomeRecord, RunOutcome


@pytest.fixture
def run(tmp_path):
    """Make the folder of a run with some targets, by name and content."""

    def make(at, source="photos-ab12", **targets):
        folder = tmp_path / source / at
        folder.mkdir(parents=True)
        for name, content in targets.items():
            (folder / f"{name.replace('__', '-')}.json").write_text(json.dumps(content))
        return folder

    return make


PROMOTED = {"decision": "promoted", "reasons": ["better"], "version": "3"}


def test_the_latest_run_comes_first_and_no_more_than_wanted(run, tmp_path):
    run("2026-11-24T120000")
    run("2026-11-26T120000", source="sample")
    run("2026-11-25T120000")
    assert [past.at[:10] for past in past_runs(tmp_path)] == ["2026-11-26", "2026-11-25", "2026-11-24"]
    assert [past.source for past in past_runs(tmp_path, limit=2)] == ["sample", "photos-ab12"]


def test_other_folders_are_no_runs(run, tmp_path):
    run("scrape", source="results")
    (tmp_path / "sample").mkdir()
    (tmp_path / "sample" / "2026-11-24T120000").write_text("a file")
    assert past_runs(tmp_path) == ()
    assert past_runs(tmp_path / "nowhere") == ()


def test_what_the_gate_decided_is_known_without_any_ending(run, tmp_path):
    run("2026-11-24T120000", scrape={}, promote=PROMOTED)
    (past,) = past_runs(tmp_path)
    assert (past.outcome, past.decision, past.version, past.reached) == ("promoted", "promoted", "3", "promote")
    assert (past.reasons, past.seconds) == (("better",), None)


def test_a_run_of_which_nothing_is_left_but_targets_is_unfinished(run, tmp_path):
    run("2026-11-24T120000", scrape={}, curate={}, split={}, features__a={}, train__a={}, features__b={})
    (past,) = past_runs(tmp_path)
    assert (past.outcome, past.reached) == (RunOutcome.UNFINISHED, "features")


def test_a_failed_run_says_where_and_why(run, tmp_path):
    folder = run("2026-11-24T120000", scrape={}, curate={})
    OutcomeRecord(outcome=RunOutcome.FAILED, reasons=("one class",), seconds=2.5, task="Split").write(folder)
    (past,) = past_runs(tmp_path)
    assert (past.outcome, past.task, past.reasons, past.seconds) == ("failed", "Split", ("one class",), 2.5)
    assert past.reached == "curate"


def test_a_version_is_known_when_the_gate_was_never_asked(run, tmp_path):
    run("2026-11-24T120000", register={"version": "7"})
    (past,) = past_runs(tmp_path)
    assert (past.version, past.decision, past.outcome) == ("7", None, RunOutcome.UNFINISHED)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"outcome": "lost", "reasons": [], "seconds": 1}'])
def test_files_that_cannot_be_understood_are_as_if_they_were_not_there(run, tmp_path, content):
    folder = run("2026-11-24T120000", scrape={})
    (folder / "ending.json").write_text(content)
    (folder / "promote.json").write_text("[" if content else "[]")
    (past,) = past_runs(tmp_path)
    assert past.outcome == RunOutcome.UNFINISHED
