"""The texts of the answer panel: messages, verdicts, scores and the threshold."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from acnelib.verdicts import ThresholdOrigin
from gui.state.session import ModelLoading, ModelMissing
from gui.state.wording import (
    bulleted,
    capitalized,
    class_name,
    class_within,
    counted,
    interval,
    percentage_of,
    share,
    verdict_name,
    whole_percentage,
)
from gui.translation import translate

if TYPE_CHECKING:
    from acnelib.evaluation_record import ThresholdShare
    from gui.state.session import ModelReady, ModelState, OpenPhoto
    from gui.state.threshold import ThresholdEffect

LOADING_MODEL = translate("answer", "Loading the model…")
READING = translate("answer", "Reading the photo…")
CLASSIFYING = translate("answer", "Classifying…")
NO_MODEL = translate("answer", "No model")
UNREADABLE = translate("answer", "This photo cannot be shown")
NOT_CLASSIFIED = translate("answer", "This photo cannot be classified")
HIDDEN = translate("answer", "Answer hidden")
HIDDEN_EXPLAINED = translate("answer", "The model’s answer appears here when you have reviewed this photo.")
TRY_AGAIN = translate("answer", "&Try again")

HIGHEST_SCORE = translate("answer", "Highest score")
HIGHEST_SCORE_OUT_OF_SCOPE = translate("answer", "Highest score (not reliable here)")
SCORES = translate("answer", "Scores")
SCORES_OUT_OF_SCOPE = translate("answer", "Scores (not reliable here)")
SELECTED = translate("answer", "selected")
QUALITY_EXPLAINED = translate("answer", "Answers are less reliable for photos like this, whatever the scores are")
UNFIT_EXPLAINED = translate(
    "answer",
    "Photos like this one are left out of training because too little can be seen in them. This answer is therefore "
    "not confident, whatever its score and the threshold are.",
)
DRAWN_EXPLAINED = translate(
    "answer",
    "This model was trained on drawn pictures only, so it calls no answer confident, whatever the scores and the "
    "threshold are.",
)

THRESHOLD = translate("answer", "Threshold")
THRESHOLD_NAME = translate("answer", "Threshold for a confident answer")
THRESHOLD_EXPLAINED = translate("answer", "The lowest score that counts as confident")
EXPANDED, COLLAPSED = translate("answer", "expanded"), translate("answer", "collapsed")
MODEL_THRESHOLD = translate("answer", "Use the model’s threshold")
SITE_THRESHOLD = translate("answer", "Use this site’s threshold")
NO_CURVE = translate(
    "answer",
    "This model’s bundle does not record its accuracy at other thresholds, so the effect of another threshold is "
    "unknown.",
)
CURVE_LOADING = translate("answer", "Reading the model’s accuracy at other thresholds…")
NONE_IN_SCOPE = translate(
    "answer", "No measured photo was in this model’s scope, so the effect of another threshold is unknown."
)


def no_answer_yet(model: ModelState) -> str:
    """Return what to expect before a photo is open."""
    if isinstance(model, ModelLoading | ModelMissing):
        return translate("answer", "The model’s answer will appear here.")
    labels = bulleted([class_name(label) for label in model.labels])
    text = translate("answer", "The model’s answer will appear here. It distinguishes these classes:\n\n{classes}")
    return text.format(classes=labels)


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
        return translate(
            "answer",
            "This photo is unlike the photos that the model was trained on, so its scores are not reliable. Try a "
            "sharp photo that shows little but skin. The model also rejects {share} of suitable photos.",
        ).format(share=whole_percentage(model.false_rejection))
    if model.confidence_threshold >= 1:
        return _nothing_confident(model).format(share=right)
    text = _confident(model) if value == "confident" else _uncertain(model)
    return text.format(threshold=percentage_of(model.confidence_threshold, digits=digits), share=right)


def _nothing_confident(model: ModelReady) -> str:
    if _is_of_site(model):
        return translate(
            "answer",
            "No answer is confident: no threshold reached {share} of right answers on the labelled photos of this "
            "site. Look at all scores.",
        )
    return translate(
        "answer",
        "No answer is confident: no threshold reached {share} of right answers when this model was trained. Look at "
        "all scores.",
    )


def _confident(model: ModelReady) -> str:
    if _is_of_site(model):
        return translate(
            "answer",
            "The highest score reaches this site’s threshold of {threshold}. At or above it, about {share} of answers "
            "are expected to be right on photos like those of this site.",
        )
    return translate(
        "answer",
        "The highest score reaches this model’s threshold of {threshold}. At or above it, about {share} of answers "
        "are expected to be right on photos like those of the model’s own sources.",
    )


def _uncertain(model: ModelReady) -> str:
    if _is_of_site(model):
        return translate(
            "answer",
            "The highest score is below this site’s threshold of {threshold}. Only at or above it, about {share} of "
            "answers are expected to be right on photos like those of this site. Look at the other scores too.",
        )
    return translate(
        "answer",
        "The highest score is below this model’s threshold of {threshold}. Only at or above it, about {share} of "
        "answers are expected to be right on photos like those of the model’s own sources. Look at the other scores "
        "too.",
    )


def verdict_at_threshold(value: str, threshold: float, model: ModelReady, *, digits: int = 0) -> str:
    """Return what a verdict at the user's threshold is based on; not for photos out of scope.

    Args:
        value: The verdict.
        threshold: The user's threshold, 0–1.
        model: Whose answer it is.
        digits: Of the user's threshold after the point, where fewer would not tell it from the score.
    """
    if value == "confident":
        first = translate("answer", "The highest score reaches your threshold of {threshold}.")
    else:
        first = translate("answer", "The highest score is below your threshold of {threshold}.")
    if _is_of_site(model):
        second = translate("answer", "This site’s threshold is {threshold}.")
    else:
        second = translate("answer", "The model’s threshold is {threshold}.")
    own = percentage_of(threshold, digits=digits) if digits else share(threshold)
    return f"{first.format(threshold=own)} {second.format(threshold=share(model.confidence_threshold))}"


def _is_of_site(model: ModelReady) -> bool:
    return model.threshold_origin is ThresholdOrigin.SITE


def choice(label: str) -> str:
    """Return what selecting a class does."""
    return translate("answer", "Show where the model looked for {name}").format(name=class_within(label))


def class_explained(meaning: str) -> str:
    """Return what a class is, worded so that it is not read as a statement about the photo."""
    return translate("answer", "What is this? {meaning}").format(meaning=meaning)


def read_more(address: str) -> str:
    """Return the text of a link to an atlas: the site that it opens."""
    return translate("answer", "Read more at {site}").format(site=urlsplit(address).hostname)


def threshold_button(threshold: float | None) -> str:
    """Return the text of the button that expands the threshold; it names the user's threshold even when collapsed."""
    if threshold is None:
        return THRESHOLD
    return translate("answer", "Your threshold: {threshold}").format(threshold=share(threshold))


def default_threshold(threshold: float, *, origin: ThresholdOrigin) -> str:
    """Return the text of the button that restores the threshold of the model, or of this site."""
    return f"{SITE_THRESHOLD if origin is ThresholdOrigin.SITE else MODEL_THRESHOLD} ({share(threshold)})"


def threshold_effect(effect: ThresholdEffect) -> str:
    """Return what a threshold would have meant on photos that the model never saw."""
    found = effect.confident
    if found is None:
        return counted(
            effect.all_photos,
            translate("answer", "On 1 photo that the model never saw: no answer would be called confident."),
            translate("answer", "On {number} photos that the model never saw: no answer would be called confident."),
        )
    text = counted(
        effect.all_photos,
        translate("answer", "On 1 photo that the model never saw:"),
        translate("answer", "On {number} photos that the model never saw:"),
    )
    figures = translate(
        "answer",
        "{share} of answers would be called confident, and {right} of those were right (95\u00a0% interval "
        "{interval}).",
    ).format(share=share(effect.coverage), right=share(found.accuracy), interval=interval(*found.interval))
    return " ".join(filter(None, (text, figures, _few(found) if effect.is_small else "")))


def _few(found: ThresholdShare) -> str:
    # Photos of one patient, and copies of a photo, say no more than one photo does.
    return counted(
        found.groups,
        translate("answer", "With only 1 independent photo, these figures say little."),
        translate("answer", "With only {number} independent photos, these figures say little."),
    )
