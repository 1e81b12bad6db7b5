"""What an evaluation report tells of a middling model."""

from __future__ import annotations

import pytest
from evaluation_reports import content_of, suspicion


@pytest.fixture(scope="module")
def content(drawn):
    """Content of a middling model, with everything that can be told of it."""
    test = drawn(60, seed=1)
    return content_of(
        test,
        out_of_fold=drawn(50, seed=3),
        uncalibrated_test=drawn(60, seed=1, sharpened=3),
        label_errors=(suspicion(900),),
        slices={"Place": {photo.sha256: "face" for photo in test.photos[:30]}},
    )
