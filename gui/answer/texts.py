"""The texts of the answer panel: messages, verdicts, scores and the threshold."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from acnelib.verdicts import ThresholdOrigin
from gui.state.session import ModelLoading, ModelMissing
from gui.state.wording import (
    NO_BREAK_SPACE,
    bulleted,
    capitalized,
    class_name,
    percentage_of,
    share,
    verdict_name,
    whole_percentage,
)

if TYPE_CHECKING:
    from acnelib.evaluation_record import ThresholdShare
    from gui.state.session import ModelReady, ModelState, OpenPhoto
    from gui.state.threshold import ThresholdEffect

LOADING_MODEL = "Loading the model…"
READING = "Reading the photo…"
CLASSIFYING = "Classifying…"
NO_MODEL = "No model"
UNREADABLE = "This photo cannot be shown"
NOT_CLASSIFIED = "This photo cannot be classified"
HIDDEN = "Answer hidden"
HIDDEN_EXPLAINED = "The model’s answer appears here when you have reviewed this photo."
TRY_AGAIN = "&Try again"

HIGHEST_SCORE = "Highest score"
HIGHEST_SCORE_OUT_OF_SCOPE = "Highest score (not reliable here)"
SCORES = "Scores"
SCORES_OUT_OF_SCOPE = "Scores (not reliable here)"
SELECTED = "selected"
QUALITY_EXPLAINED = "Answers are less reliable for photos like this, whatever the scores are"
UNFIT_EXPLAINED = (
    "Photos like this one are left out of training because too little can be seen in them. This answer is therefore "
    "not confident, whatever its score and the threshold are."
)
DRAWN_EXPLAINED = (
    "This model was trained on drawn pictures only, so it calls no answer confident, whatever the scores and the "
    "threshold are."
)

THRESHOLD = "Threshold"
THRESHOLD_NAME = "Threshold for a confident answer"
THRESHOLD_EXPLAINED = "The lowest score that counts as confident"
EXPANDED, COLLAPSED = "expanded", "collapsed"
MODEL_THRESHOLD = "Use the model’s threshold"
SITE_THRESHOLD = "Use this site’s threshold"
NO_CURVE = (
    "This model’s bundle does not record its accuracy at other thresholds, so the effect of another threshold is "
    "unknown."
)
CURVE_LOADING = "Reading the model’s accuracy at other thresholds…"
NONE_IN_SCOPE = "No measured photo was in this model’s scope, so the effect of another threshold is unknown."


def no_answer_yet(model: ModelState) -> str:
    """Return what to expect before a photo is open."""
    if isinstance(model, ModelLoading | ModelMissing):
        return "The model’s answer will appear here."
    labels = bulleted([class_name(label) for label in model.labels])
    return f"The model’s answer will appear here. It distinguishes these classes:\n\n{labels}"


def failure_title(photo: OpenPhoto) -> str:
    """Return the heading above a photo's failure."""
    return UNREADABLE if photo.picture is None else NOT_CLASSIFIED


def verdict(value: str) -> str:
    """Return a verdict in a word or two."""
    return capitalized(verdict_name(value))


def verdict_explained(value: str, model: ModelReady, *, digits: int = 0) -> str:
    """Return what a verdict is based on, and for a photo out of scope what to do.

    Args:
        value: The verdict.
        model: Whose answer it is.
        digits: Of the threshold after the point, where fewer would not tell it from the score.
    """
    right = whole_percentage(model.confident_accuracy)
    if value == "out-of-scope":
        return (
            "This photo is unlike the photos that the model was trained on, so its scores are not reliable. Try a "
            "sharp photo that shows little but skin. The model also rejects "
            f"{whole_percentage(model.false_rejection)} of suitable photos."
        )
    if model.confidence_threshold >= 1:
        where = "on the labelled photos of this site" if _is_of_site(model) else "when this model was trained"
        return f"No answer is confident: no threshold reached {right} of right answers {where}. Look at all scores."
    threshold = f"{_whose(model)} threshold of {percentage_of(model.confidence_threshold, digits=digits)}"
    like = "of this site" if _is_of_site(model) else "of the model’s own sources"
    expected = f"about {right} of answers are expected to be right on photos like those {like}"
    if value == "confident":
        return f"The highest score reaches {threshold}. At or above it, {expected}."
    return f"The highest score is below {threshold}. Only at or above it, {expected}. Look at the other scores too."


def verdict_at_threshold(value: str, threshold: float, model: ModelReady, *, digits: int = 0) -> str:
    """Return what a verdict at the user's threshold is based on; not for photos out of scope.

    Args:
        value: The verdict.
        threshold: The user's threshold, 0–1.
        model: Whose answer it is.
        digits: Of the user's threshold after the point, where fewer would not tell it from the score.
    """
    reaches = "reaches" if value == "confident" else "is below"
    whose = "This site’s" if _is_of_site(model) else "The model’s"
    return (
        f"The highest score {reaches} your threshold of {_threshold(threshold, digits)}. "
        f"{whose} threshold is {share(model.confidence_threshold)}."
    )


def _threshold(value: float, digits: int) -> str:
    return percentage_of(value, digits=digits) if digits else share(value)


def _whose(model: ModelReady) -> str:
    return "this site’s" if _is_of_site(model) else "this model’s"


def _is_of_site(model: ModelReady) -> bool:
    return model.threshold_origin is ThresholdOrigin.SITE


def choice(label: str) -> str:
    """Return what selecting a class does."""
    return f"Show where the model looked for {class_name(label).lower()}"


def class_explained(meaning: str) -> str:
    """Return what a class is, worded so that it is not read as a statement about the photo."""
    return f"What is this? {meaning}"


def read_more(address: str) -> str:
    """Return the text of a link to an atlas: the site that it opens."""
    return f"Read more at {urlsplit(address).hostname}"


def threshold_button(threshold: float | None) -> str:
    """Return the text of the button that expands the threshold; it names the user's threshold even when collapsed."""
    return THRESHOLD if threshold is None else f"Your threshold: {share(threshold)}"


def default_threshold(threshold: float, *, origin: ThresholdOrigin) -> str:
    """Return the text of the button that restores the threshold of the model, or of this site."""
    return f"{SITE_THRESHOLD if origin is ThresholdOrigin.SITE else MODEL_THRESHOLD} ({share(threshold)})"


def threshold_effect(effect: ThresholdEffect) -> str:
    """Return what a threshold would have meant on photos that the model never saw."""
    photos = "1 photo" if effect.all_photos == 1 else f"{effect.all_photos} photos"
    if effect.confident is None:
        return f"On {photos} that the model never saw: no answer would be called confident."
    found = effect.confident
    text = (
        f"On {photos} that the model never saw: {share(effect.coverage)} of answers would be called confident, and "
        f"{share(found.accuracy)} of those were right ({_interval(found)})."
    )
    return f"{text} {_few(found)}" if effect.is_small else text


def _interval(found: ThresholdShare) -> str:
    low, high = found.interval
    return f"95{NO_BREAK_SPACE}% interval {round(low * 100)}–{round(high * 100)}{NO_BREAK_SPACE}%"


def _few(found: ThresholdShare) -> str:
    # Photos of one patient, and copies of a photo, say no more than one photo does.
    independent = "1 independent photo" if found.groups == 1 else f"{found.groups} independent photos"
    return f"With only {independent}, these figures say little."
