"""What the MLflow UI shows in words: decisions on top, what people wrote left alone, nothing longer than it keeps."""

from __future__ import annotations

from dataclasses import replace

from acnelib.registry.decisions import DecidedBy, Decision, DecisionRecord
from acnelib.registry.tracking.notes import MOST_CHARACTERS, decided, fitting

PROMOTED = DecisionRecord(
    version="2",
    decision=Decision.PROMOTED,
    by=DecidedBy.GATE,
    user="somebody",
    decided_at="2026-11-25T12:00:00+00:00",
    previous="1",
    reasons=("0.6 beats 0.5", "on the same 10 photos"),
    numbers={"candidate": 0.6},
)
ROLLED_BACK = replace(PROMOTED, by=DecidedBy.ROLLBACK, reasons=("went back",), numbers={}, previous="3")


def test_a_decision_stands_above_what_was_said_before():
    note = decided([PROMOTED], "# Model card\n\ntext")
    assert note.startswith(
        "Promoted by gate (somebody) at 2026-11-25 12:00 UTC; production was version 1\n\n- 0.6 beats"
    )
    assert "- numbers: candidate 0.6" in note
    assert note.endswith("\n\n---\n\n# Model card\n\ntext")


def test_a_later_decision_stands_first_and_nothing_twice():
    note = decided([PROMOTED, ROLLED_BACK], decided([PROMOTED], "about it"))
    assert note.index("by rollback") < note.index("by gate")
    assert (note.count("by gate"), note.count("about it")) == (1, 1)


def test_a_version_without_any_description_shows_its_decisions_alone():
    alone = decided([PROMOTED], "")
    assert "---" not in alone
    assert decided([PROMOTED], alone) == alone


def test_what_a_person_wrote_stays():
    assert decided([PROMOTED], "Mine.\n\n---\n\nMore of mine.").endswith("Mine.\n\n---\n\nMore of mine.")


def test_a_long_note_is_cut_between_lines_and_says_so():
    note = fitting("\n".join(f"line {number}" for number in range(5000)))
    assert len(note) <= MOST_CHARACTERS
    assert note.splitlines()[-1].startswith("*Cut here")
    assert note.splitlines()[-3].startswith("line ")
