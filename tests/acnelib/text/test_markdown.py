"""A licence or a reason is words in Markdown, whatever it holds."""

from __future__ import annotations

import pytest

from acnelib.registry.decisions import Decision, DecisionRecord
from acnelib.registry.tracking.notes import decided
from acnelib.text.markdown import code_markdown, plain_markdown


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("CC BY-NC 4.0, © A_B", "CC BY-NC 4.0, © A_B"),
        ("<img src=x onerror=alert(1)>", r"\<img src=x onerror=alert(1)\>"),
        ("![](http://example.org/seen.png)", r"!\[\](http://example.org/seen.png)"),
        ("a\n# heading", r"a\\n# heading"),
        ("**bold** | `code`", r"\*\*bold\*\* \| \`code\`"),
    ],
)
def test_markup_is_shown_as_it_is_written(text, markdown):
    assert plain_markdown(text) == markdown


def test_code_does_not_end_early():
    assert code_markdown("a`<b>\x1b") == "`a’<b>\\x1b`"


def test_the_reason_of_a_decision_brings_no_picture_into_the_description():
    record = DecisionRecord(
        version="3",
        decision=Decision.PROMOTED,
        by="hand",
        user="eve <b>",
        decided_at="2026-11-24T12:00:00+00:00",
        previous=None,
        reasons=("![](http://example.org/seen.png)",),
        numbers={},
    )
    note = decided([record], "")
    assert r"- !\[\](http://example.org/seen.png)" in note
    assert r"(eve \<b\>)" in note
