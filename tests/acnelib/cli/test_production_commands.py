"""``acne promote``, ``rollback``, ``history`` as people meet them."""

from __future__ import annotations

import json

import pytest


def test_history_says_who_decided_what_when_and_why(walked):
    ran = walked.acne("history")
    assert ran.returncode == 0, ran.stderr
    assert "version 1 promoted by gate (" in ran.stdout
    assert "\n    there is no production version yet\n" in ran.stdout


def test_history_as_json_has_the_numbers(walked):
    (record,) = json.loads(walked.acne("history", "--format", "json").stdout)
    assert record["numbers"]["candidate"] > record["numbers"]["majority"]
    assert record["test_sha256"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("promote", "1"), "acne: Missing option '--reason'"),
        (("promote", "1", "--reason", " "), "needs a reason"),
        (("promote", "1", "--reason", "why not"), "version 1 is in production already"),
        (("rollback",), "version 1 is the first that was in production: there is none to go back to"),
    ],
)
def test_what_cannot_be_done_is_one_line(walked, arguments, said):
    ran = walked.acne(*arguments)
    assert ran.returncode == 2
    assert said in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


def test_a_version_that_does_not_exist_is_one_line(walked):
    ran = walked.acne("promote", "77", "--reason", "because")
    assert ran.returncode == 1
    assert "77" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1
