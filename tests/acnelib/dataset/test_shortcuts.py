"""What gives classes away beside the skin is found, and nothing where there is nothing."""

from __future__ import annotations

import numpy as np
import pytest

from acnelib.dataset.appearance.facts import PhotoFacts
from acnelib.dataset.curation import CuratedPhoto, Reason
from acnelib.dataset.shortcuts import find_shortcuts, read_shortcuts, write_shortcuts

NOTHING = (0.0, 0.0, 0.0, 0.0)


@pytest.fixture
def found():
    """What is found among 60 photos of two classes, given what makes the facts of a class."""

    def ask(facts_of, *, reason: Reason | None = None, number: int = 60):
        chance = np.random.default_rng(3)
        photos, facts = [], {}
        for place in range(number):
            label, name = ("cysts", "papules")[place % 2], f"{place:064x}"
            photos.append(CuratedPhoto(sha256=name, labels=(label,), paths=(), group=name[-16:], reason=reason))
            facts[name] = PhotoFacts(sha256=name, **facts_of(label, chance))
        return {finding.name: finding for finding in find_shortcuts(photos, facts)}

    return ask


def any_size(chance):
    return {"width": int(chance.integers(300, 900)), "height": 480, "bytes": int(chance.integers(9000, 90000))}


@pytest.mark.parametrize(
    ("name", "facts_of"),
    [
        ("size", lambda label, chance: {"width": 640 if label == "cysts" else 600, "height": 480, "bytes": 9000}),
        ("border", lambda label, chance: any_size(chance) | {"border": (0.1 if label == "cysts" else 0.0,) * 4}),
        ("watermark", lambda label, chance: any_size(chance) | {"corners": (8.0 if label == "cysts" else 0.3,) * 4}),
    ],
)
def test_what_gives_the_class_away_is_a_warning(found, name, facts_of):
    findings = found(facts_of)
    assert [finding.name for finding in findings.values() if finding.warns] == [name]
    assert findings[name].balanced_accuracy == 1.0
    assert "a model may learn that instead of the skin" in findings[name].text


def test_what_says_nothing_of_the_class_is_no_warning(found):
    findings = found(lambda label, chance: any_size(chance) | {"corners": tuple(chance.uniform(0, 9, 4))})
    assert findings.keys() == {"size", "border", "watermark"}
    assert not any(finding.warns for finding in findings.values())


def test_photos_that_are_not_used_are_not_asked(found):
    assert found(lambda label, chance: any_size(chance), reason=Reason.BLURRED) == {}


def test_of_few_photos_nothing_is_said(found):
    assert found(lambda label, chance: any_size(chance), number=12) == {}


def test_findings_come_back_from_their_file(found, tmp_path):
    findings = tuple(found(lambda label, chance: any_size(chance)).values())
    write_shortcuts(tmp_path / "findings.json", findings)
    assert read_shortcuts(tmp_path / "findings.json") == findings
