"""Decisions on versions: come back as they were written, and a damaged tag is one clear error."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from acnelib.errors import TrackingFailed
from acnelib.registry import decisions
from acnelib.registry.decisions import DECISIONS_TAG, DecidedBy, Decision, DecisionRecord

FIRST = DecisionRecord(
    version="1",
    decision=Decision.PROMOTED,
    by=DecidedBy.GATE,
    user="account",
    decided_at="2026-01-01T00:00:00.000+00:00",
    previous=None,
    reasons=("it is better",),
    numbers={"difference": 0.1},
    test_sha256="a" * 64,
)
SECOND = replace(FIRST, decision=Decision.REJECTED, by=DecidedBy.PERSON, previous="2", numbers={}, test_sha256=None)


def test_they_come_back_as_they_were_written():
    tags = decisions.tags_of((FIRST, SECOND))
    assert decisions.read(tags[DECISIONS_TAG], where="version 1") == (FIRST, SECOND)


def test_the_latest_one_has_tags_of_its_own():
    tags = decisions.tags_of((FIRST, SECOND))
    assert (tags["acnelib.decision"], json.loads(tags["acnelib.reasons"])) == ("rejected", ["it is better"])


def test_without_a_tag_there_are_none():
    assert decisions.read(None, where="version 1") == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("version", 1),
        ("decision", "lost"),
        ("by", None),
        ("decided_at", 2026),
        ("reasons", "it is better"),
        ("reasons", [1]),
        ("numbers", ["0.1"]),
        ("numbers", {"difference": "0.1"}),
        ("previous", 2),
    ],
)
def test_a_value_of_another_type_is_one_clear_error(name, value):
    text = json.dumps([FIRST.as_json() | {name: value}])
    with pytest.raises(
        TrackingFailed, match=rf"version 1: its tag {DECISIONS_TAG} cannot be understood .*: delete the tag"
    ):
        decisions.read(text, where="version 1")


@pytest.mark.parametrize("text", ["", "{}", "[1]", "[{}]", "not JSON", "null"])
def test_a_tag_of_another_program_is_one_clear_error(text):
    with pytest.raises(TrackingFailed, match="delete the tag"):
        decisions.read(text, where="version 1")
