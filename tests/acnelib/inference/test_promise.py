"""The sentence about the photos on which “confident” was measured."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tiny_bundles import DESCRIPTION

from acnelib.bundle import Promise, UnseenSources
from acnelib.inference import ConfidenceThreshold, ThresholdOrigin
from acnelib.inference.promise import promise_line, threshold_line

ONE = Promise(level=0.9, sources=("dermnet",), accuracy=0.93, coverage=0.6, reached=True)
MODELS = ConfidenceThreshold(0.8)
SITES = ConfidenceThreshold(0.93, ThresholdOrigin.SITE)
UNSEEN = UnseenSources(level=0.8, accuracy=0.44, coverage=0.25, photos=119, reached=False)


def line(promise, threshold=MODELS, **changed):
    return promise_line(replace(DESCRIPTION, promise=promise, **changed), threshold)


def test_one_source_is_named_and_others_were_not_measured():
    assert line(ONE) == (
        "“Confident” was measured on photos of dermnet (held-out patients): right in at least 90 %. "
        "Photos of other sources: not measured; check it on your photos: acne validate DIR"
    )


def test_what_was_measured_on_sources_held_apart_is_said():
    reported = line(replace(ONE, sources=("classic-atlas", "dermnet"), unseen=UNSEEN))
    assert "photos of classic-atlas, dermnet (held-out patients)" in reported
    assert (
        "Photos of other sources (each held apart): right in 44 %, where 25 % of the answers are confident" in reported
    )


def test_where_no_answer_was_confident_elsewhere_nothing_is_claimed():
    assert "held apart): none confident" in line(replace(ONE, unseen=replace(UNSEEN, accuracy=None, coverage=0.0)))


def test_a_level_that_was_not_shown_is_not_promised():
    reported = line(replace(ONE, accuracy=None, coverage=0.0, reached=False))
    assert reported.startswith("No answer is confident")
    assert "was not shown on photos of dermnet" in reported


def test_it_is_silent_where_the_sites_threshold_applies_and_for_drawn_pictures():
    assert line(ONE, SITES) is None
    assert line(ONE, drawn=True) is None


@pytest.mark.parametrize(
    ("threshold", "reported"),
    [
        (MODELS, "confident from 0.80 (the model's own)"),
        (SITES, "confident from 0.93 (fitted on photos of this site"),
        (ConfidenceThreshold(0.99996), "confident from 0.999 (the model's own)"),
        (ConfidenceThreshold(1.0, ThresholdOrigin.SITE), "none holds, so no answer is confident (fitted"),
    ],
)
def test_a_threshold_is_one_line_with_its_origin(threshold, reported):
    assert reported in threshold_line(threshold)
