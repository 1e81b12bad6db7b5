"""The front page answers the questions that readers ask first, and leads to the page of each."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
OPENING = 12
"""Lines of a page or section in which a reader finds the answer."""

QUESTIONS = {
    "How do I train on my photos?": ("data.md", "acne pipeline --source photos/"),
    "Why was my model rejected?": ("explanation/gate.md#why-a-model-is-rejected", "probability"),
    "What does out-of-scope mean?": ("explanation/scope.md", "unlike the photos that the model was trained on"),
    "How do I run it on a server?": ("operations.md", "acne serve"),
    "Is my photo sent anywhere?": ("app.md#privacy", "No photo leaves your computer"),
}


def opening(target):
    """Return the first lines of a page, or of the section that an anchor names."""
    page, _, anchor = target.partition("#")
    lines = (DOCS / page).read_text(encoding="utf-8").splitlines()
    headings = [number for number, line in enumerate(lines) if line.startswith("#")]
    start = next((one for one in headings if re.sub(r"\W+", "-", lines[one].lstrip("# ").lower()) == anchor), 0)
    return " ".join(lines[start : start + OPENING])


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_leads_to_a_page_that_begins_with_its_answer(question):
    section = (DOCS / "index.md").read_text(encoding="utf-8").split(f"### {question}\n")[1].split("\n#")[0]
    target, answer = QUESTIONS[question]
    assert f"]({target})" in section
    assert answer in opening(target)
