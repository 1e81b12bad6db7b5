"""The app's sentences about what was measured: those of the command line, word for word in English."""

from __future__ import annotations

from dataclasses import replace

import pytest
import tiny_bundles

from acnelib.bundle import UnseenSources
from acnelib.inference import promise
from acnelib.verdicts import ConfidenceThreshold, ThresholdOrigin
from gui.state.promise_lines import measured_line, promise_line
from gui.state.wording import NO_BREAK_SPACE

MEASURED = tiny_bundles.DESCRIPTION.promise
PROMISES = [
    MEASURED,
    replace(MEASURED, reached=False),
    replace(MEASURED, sources=()),
    replace(MEASURED, unseen=UnseenSources(level=0.9, accuracy=None, coverage=0.0, photos=40, reached=False)),
    replace(MEASURED, unseen=UnseenSources(level=0.9, accuracy=0.8, coverage=0.4, photos=40, reached=False)),
]


@pytest.mark.parametrize("level", PROMISES)
@pytest.mark.parametrize("drawn", [False, True])
@pytest.mark.parametrize("origin", ThresholdOrigin)
def test_the_app_says_what_the_command_line_says(level: object, drawn: bool, origin: ThresholdOrigin) -> None:
    description = replace(tiny_bundles.DESCRIPTION, promise=level, drawn=drawn)
    threshold = ConfidenceThreshold(0.6, origin)
    line = promise_line(description, threshold)
    assert (line and line.replace(NO_BREAK_SPACE, " ")) == promise.promise_line(description, threshold)


def test_a_model_of_drawn_pictures_promises_nothing() -> None:
    drawn = replace(tiny_bundles.DESCRIPTION, drawn=True)
    assert measured_line(drawn) == "This model was trained on drawn pictures only, so it calls no answer confident."
