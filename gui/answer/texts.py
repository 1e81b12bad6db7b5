"""The words of opening pictures and of understanding an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from acnelib.labels import display_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gui.state.session import ModelReady
    from gui.state.threshold import Chosen, ThresholdPoint

PASTED = "Pasted picture {}.png"
SAVE_FIRST = "A web address is not opened from here: save the photo as a file first, then open that."
NOTHING_TO_OPEN = "There is nothing in this that can be opened: drop or paste photos, folders, or their paths."

TRY_SAMPLES = "or try sample pictures"
SAMPLES_EXPLAINED = "Opens a few pictures that were drawn for this, one of each class and one without skin"
SAMPLE_OUT_OF_SCOPE = "Sample without skin.jpg"

THRESHOLD = "Threshold…"
THRESHOLD_NAME = "Threshold for a confident answer"
THRESHOLD_EXPLAINED = "From which score an answer is called confident"
HINTS_EXPLAINED = "Photos like this are answered less reliably, whatever the scores are"
UNFIT_EXPLAINED = (
    "Pictures like this one are left out of training, as too little can be seen in them. So this answer is not "
    "confident, whatever its score and the threshold are."
)
OPENED, CLOSED = "expanded", "collapsed"
OWN_THRESHOLD = "Use the model’s own"
NO_CURVE = (
    "This model’s bundle does not say how right it was at other thresholds, so nothing is known of what another "
    "one would do."
)
CURVE_AWAITED = "Reading how right the model was at other thresholds…"
NO_TEST_PHOTO = "No test photo was in this model’s scope, so nothing is known of what another threshold would do."

DRAWN_EXPLAINED = (
    "This model learnt from drawn pictures only, so it calls no answer confident, whatever the scores and the "
    "threshold."
)

_NO_BREAK_SPACE = "\u00a0"


def lines_left_out(number: int) -> str:
    """Return that some lines of a text were no paths."""
    lines = "1 line is no path and was" if number == 1 else f"{number} lines are no paths and were"
    return f"{lines} left out: a path begins at the root, like /home/me/photo.jpg or file:///home/me/photo.jpg."


def not_kept(reason: str) -> str:
    """Return that a pasted picture could not be written, and why if that is known."""
    why = f" ({reason})" if reason else ""
    return f"The picture cannot be kept for classifying{why}: see whether the disk is full, or save it as a file."


def sample(label: str) -> str:
    """Return the name of a sample picture of a class."""
    return f"Sample {display_name(label).lower()}.jpg"


def what_it_is(meaning: str) -> str:
    """Return what a class is, so that it is not taken for something said of the photo."""
    return f"What is this? {meaning}"


def read_more(address: str) -> str:
    """Return what a link to an atlas says: where it leads."""
    return f"Read more at {urlsplit(address).hostname}"


def threshold_button(threshold: float | None) -> str:
    """Return what opens and closes the threshold; it tells a threshold of the user's even while closed."""
    return THRESHOLD if threshold is None else f"Your threshold: {share(threshold)}"


def own_threshold(own: float) -> str:
    """Return the button that goes back to the model's own threshold."""
    return f"{OWN_THRESHOLD} ({share(own)})"


def verdict_at_threshold(value: str, threshold: float, model: ModelReady) -> str:
    """Return what a verdict at a threshold of the user's rests on; not for photos out of scope."""
    reaches = "reaches" if value == "confident" else "is below"
    return (
        f"The highest score {reaches} your threshold of {share(threshold)}. "
        f"The model’s own is {share(model.confidence_threshold)}."
    )


def photo_quality(quality: Iterable[str], *, size: tuple[int, int] | None = None) -> str:
    """Return what is wrong with a photo in one line, with its size where that is known; empty where nothing is."""
    small = "small" if size is None else f"small ({size[0]} × {size[1]})"
    words = {"small": small, "dark": "dark", "bright": "very bright", "blurred": "blurred"}
    told = ", ".join(words[one] for one in quality)
    return f"Photo quality: {told}" if told else ""


def threshold_meaning(chosen: Chosen) -> str:
    """Return what a threshold would have meant on the test photos."""
    photos = "1 test photo" if chosen.all_photos == 1 else f"{chosen.all_photos} test photos"
    if chosen.confident is None:
        return f"On {photos}: none would be called confident."
    found = chosen.confident
    told = (
        f"On {photos}: {share(chosen.coverage)} would be called confident, and {share(found.accuracy)} of those were "
        f"right ({_interval(found)})."
    )
    return f"{told} {_few(found)}" if chosen.few else told


def share(value: float) -> str:
    """Return a share as a whole percentage; only none and all are written as 0 and 100 %."""
    rounded = round(value * 100)
    number = str(rounded)
    if rounded == 0 and value > 0:
        number = "<1"
    elif rounded == 100 and value < 1:
        number = ">99"
    return f"{number}{_NO_BREAK_SPACE}%"


def _interval(found: ThresholdPoint) -> str:
    low, high = found.interval
    return f"95{_NO_BREAK_SPACE}% interval {round(low * 100)}–{round(high * 100)}{_NO_BREAK_SPACE}%"


def _few(found: ThresholdPoint) -> str:
    # Copies of a photo and photos of one scene say no more than one photo does.
    independent = "1 independent photo" if found.groups == 1 else f"{found.groups} independent photos"
    return f"With only {independent}, that says little."
