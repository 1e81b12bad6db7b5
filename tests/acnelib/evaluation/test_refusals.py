"""Photos of the classes that are refused, by source and by estimated skin tone."""

from __future__ import annotations

import pytest
from evaluation_reports import five_sets

from acnelib.evaluation.refusals import refusals_of, tone_sentence


def refusals(answers, *, dark_last=False, unseen=None):
    names = [photo.sha256 for photo in answers.once().photos]
    angles = {name: float(-place if dark_last else place) for place, name in enumerate(names)}
    sources = {name: ("clinic",) if place < 40 else ("atlas", "clinic") for place, name in enumerate(names)}
    return refusals_of(answers, sources=sources, unseen_sources=unseen or {}, angles=angles)


def test_a_photo_of_two_sources_counts_in_both(drawn):
    by_source = refusals(five_sets(drawn(60, seed=1))).by_source
    assert {name: one.photos for name, one in by_source.items()} == {"atlas": 20, "clinic": 60}


def test_refusals_with_series_and_with_the_source_held_out_stand_side_by_side(drawn):
    answers = five_sets(drawn(60, seed=1), refused=range(6))
    apart = five_sets(drawn(60, seed=1), refused=range(30)).once()
    clinic = refusals(answers, unseen={"clinic": apart}).by_source["clinic"]
    assert clinic.series_held_out.value == pytest.approx(0.1)
    assert clinic.source_held_out.value == pytest.approx(0.5)
    assert clinic.source_held_out.interval is not None


def test_a_source_that_was_not_held_out_says_nothing_of_that(drawn):
    assert refusals(five_sets(drawn(60, seed=1))).by_source["atlas"].source_held_out is None


def test_a_photo_that_some_sets_of_folds_refuse_counts_by_their_share(drawn):
    answers = five_sets(drawn(60, seed=1), refused=range(20))
    kept = [photo for photo in answers.photos if photo.in_scope or photo.repeat < 2]
    kept += [photo for photo in five_sets(drawn(60, seed=1)).photos[:20] for _ in range(2)]
    mixed = type(answers)(labels=answers.labels, confidence_threshold=answers.confidence_threshold, photos=tuple(kept))
    assert refusals(mixed).by_tone.thirds[0].refused == pytest.approx(0.5)


@pytest.mark.parametrize(("dark_last", "more", "less"), [(False, "darkest", "lightest"), (True, "lightest", "darkest")])
def test_a_gap_is_said_in_words_with_its_interval(drawn, dark_last, more, less):
    by_tone = refusals(five_sets(drawn(60, seed=1), refused=range(10)), dark_last=dark_last).by_tone
    sentence = tone_sentence(by_tone)
    assert sentence.startswith(f"The {more} third is refused more often than the {less}: ")
    assert f"50.0% of the {more}" in sentence
    assert "95 % interval" in sentence


def test_a_small_gap_is_said_to_be_small(drawn):
    assert "about equally often" in tone_sentence(refusals(five_sets(drawn(60, seed=1))).by_tone)


def test_a_gap_that_may_be_chance_says_so(drawn):
    sentence = tone_sentence(refusals(five_sets(drawn(60, seed=1), refused=range(2))).by_tone)
    assert "which may be chance" in sentence


def test_without_estimates_there_is_no_comparison_of_tones(drawn):
    answers = five_sets(drawn(60, seed=1))
    assert refusals_of(answers, sources={}, unseen_sources={}, angles={}).by_tone is None
