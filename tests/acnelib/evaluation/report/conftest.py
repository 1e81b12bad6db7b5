"""What an evaluation report tells of a middling model."""

from __future__ import annotations

import pytest
from evaluation_reports import BACKGROUND, confident_from, content_of, five_sets, suspicion


@pytest.fixture(scope="module")
def content(drawn):
    """Content of a middling model, with everything that a report can show."""
    answers = drawn(60, seed=1)
    return content_of(
        answers,
        out_of_fold=drawn(50, seed=3),
        uncalibrated=drawn(60, seed=1, sharpened=3),
        label_errors=(suspicion(900),),
        slices={"Place": {photo.sha256: "face" for photo in answers.photos[:30]}},
    )


@pytest.fixture(scope="module")
def of_two_sources(drawn):
    """Content of a model that learnt from two sources and from background photos, each held out."""
    answers = five_sets(drawn(60, seed=1), refused=range(3))
    names = [photo.sha256 for photo in answers.once().photos]
    sources = {name: ("clinic",) if place < 40 else ("atlas",) for place, name in enumerate(names)}
    unseen = {
        source: confident_from(drawn(60, seed=5), 0.95).subset(
            {name for name, one in sources.items() if one == (source,)}
        )
        for source in ("atlas", "clinic")
    }
    return content_of(
        answers,
        out_of_fold=answers,
        unseen_sources=unseen,
        sources=sources,
        angles={name: float(place) for place, name in enumerate(names)},
        background=BACKGROUND,
    )
