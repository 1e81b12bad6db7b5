"""The texts of the site's own check: its figures beside what the model promises, and its threshold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from acnelib.inference.promise import format_threshold
from acnelib.threshold_fit import NOTHING_CONFIDENT
from acnelib.verdicts import ThresholdOrigin
from gui.state.site_check import FEWEST_BLIND
from gui.state.wording import (
    NO_BREAK_SPACE,
    counted,
    decimal,
    number,
    photos,
    share,
    whole_percentage,
    with_decimal_mark,
)
from gui.translation import translate

if TYPE_CHECKING:
    from acnelib.evaluation_record import Metrics
    from acnelib.site_check import SiteValidation
    from acnelib.verdicts import ConfidenceThreshold
    from gui.state.site_check import SiteCheck

TITLE = translate("site_check", "How far to trust it here")
UNDO = translate("site_check", "Undo")
USE_OWN = translate("site_check", "Use the model’s own threshold")
USE_TIP = translate("site_check", "On this computer, for this version of the model. You can undo it.")
NONE = "–"
NOT_CHECKED = translate("site_check", "Not checked: ")

_UNKNOWN_TRAINING = translate(
    "site_check", "The model does not say which photos it was trained on, so none could be left out."
)
_COPIES_COUNT = translate(
    "site_check",
    "Copies of a photo count as several, since the training extras are not installed here, so the threshold cannot be "
    "changed from here.",
)

_FIGURES = {
    "selective": (
        translate("site_check", "Right when confident"),
        translate("site_check", "Share of the confident answers that is right, with its 95 % interval."),
    ),
    "coverage": (
        translate("site_check", "Confident answers"),
        translate("site_check", "Share of the photos with a confident answer."),
    ),
    "accuracy": (
        translate("site_check", "Right in all"),
        translate(
            "site_check", "Share of all photos whose highest score is that of the right class, with its 95 % interval."
        ),
    ),
    "ece": (
        translate("site_check", "Calibration error"),
        translate("site_check", "Mean gap between scores and the share that is right: 0 is perfect."),
    ),
}


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A figure of the check.

    Attributes:
        name: Its name.
        meaning: What it means, in a sentence.
        here: Its value on the photos that were reviewed blind here.
        beside: How sure that is, and what the model promises or its own test found; empty where there is neither.
    """

    name: str
    meaning: str
    here: str
    beside: str


def blind_reviews(check: SiteCheck) -> str:
    """Return how many blind reviews there are, of how many that are needed."""
    return translate("site_check", "{done} of {needed} blind reviews").format(done=check.blind, needed=FEWEST_BLIND)


def missing(check: SiteCheck) -> str:
    """Return what is missing for a check."""
    return counted(
        FEWEST_BLIND - check.blind,
        translate(
            "site_check",
            "Review 1 more photo with answers hidden to see how often the model is right on photos like yours.",
        ),
        translate(
            "site_check",
            "Review {number} more photos with answers hidden to see how often the model is right on photos like yours.",
        ),
    )


def not_counted(check: SiteCheck) -> str:
    """Return which reviewed photos are not counted, and why; empty where all are."""
    lines = []
    if check.in_sight:
        text = translate("site_check", "Not counted: {photos} reviewed with the answer in sight.")
        lines.append(text.format(photos=photos(check.in_sight)))
    if check.learnt_from:
        text = translate("site_check", "Left out: {photos} that the model was trained on.")
        lines.append(text.format(photos=photos(check.learnt_from)))
    if check.validation is not None and check.learnt_from is None:
        lines.append(_UNKNOWN_TRAINING)
    if check.validation is not None and not check.finds_copies:
        lines.append(_COPIES_COUNT)
    return " ".join(lines)


def conclusion(found: SiteValidation) -> str:
    """Return whether confident answers can be trusted here."""
    if found.selective_accuracy is None:
        return translate("site_check", "No answer is confident here")
    if found.trusted:
        return translate("site_check", "Confident answers can be trusted here")
    if found.failed:
        return translate("site_check", "Confident answers cannot be trusted here")
    return translate("site_check", "Not shown yet that you can trust it here")


def explanation(found: SiteValidation) -> str:
    """Return the sentence below the conclusion: on how many photos, and what is missing."""
    if found.groups == found.n:
        text = translate("site_check", "Measured on {photos} reviewed blind here.")
    else:
        text = translate(
            "site_check",
            "Measured on {photos} reviewed blind here, {groups} without copies and shots of one scene.",
        )
    basis = text.format(photos=photos(found.n), groups=number(found.groups))
    if found.selective_accuracy is None or found.trusted or found.failed:
        return basis
    few = translate("site_check", "These are too few to show the promised {share}; more may show it.")
    return f"{basis} {few.format(share=whole_percentage(found.promised))}"


def figures(found: SiteValidation, tested: Metrics | None) -> tuple[Figure, ...]:
    """Return the figures, beside what the model promises and what its own test found."""
    right = found.selective_accuracy
    promised = translate("site_check", "promised: {share} or more").format(share=whole_percentage(found.promised))
    measured = {} if tested is None else {"coverage": share(tested.coverage), "accuracy": share(tested.accuracy)}
    measured |= {} if tested is None else {"ece": decimal(tested.ece, digits=2)}
    of_photos = translate("site_check", "of the photos")
    here = {
        "selective": (NONE if right is None else share(right), _interval(found.selective_accuracy_interval), promised),
        "coverage": (share(found.coverage), of_photos, _test(measured.get("coverage"))),
        "accuracy": (share(found.accuracy), _interval(found.accuracy_interval), _test(measured.get("accuracy"))),
        "ece": (decimal(found.ece, digits=2), "", _test(measured.get("ece"))),
    }
    return tuple(
        Figure(name=name, meaning=meaning, here=here[key][0], beside="; ".join(filter(None, here[key][1:])))
        for key, (name, meaning) in _FIGURES.items()
    )


def threshold(found: SiteValidation, used: ConfidenceThreshold) -> str:
    """Return which threshold these photos suggest, and which one is used."""
    promised, fitted = whole_percentage(found.promised), _written(found.fitted)
    if found.fitted >= NOTHING_CONFIDENT:
        text = translate("site_check", "No threshold reaches {share} on these photos. {now}")
        return text.format(share=promised, now=_now(used))
    if is_used(found, used):
        return translate(
            "site_check", "These photos reach {share} from {threshold}, which is this site’s threshold now."
        ).format(share=promised, threshold=fitted)
    text = translate("site_check", "These photos reach {share} from {threshold}. {now}")
    return text.format(share=promised, threshold=fitted, now=_now(used))


def _now(used: ConfidenceThreshold) -> str:
    of_site = used.origin is ThresholdOrigin.SITE
    if used.value >= 1:
        if of_site:
            return translate("site_check", "Now no answer is confident (this site’s).")
        return translate("site_check", "Now no answer is confident (the model’s own).")
    if of_site:
        text = translate("site_check", "Now confident is from {threshold} (this site’s).")
    else:
        text = translate("site_check", "Now confident is from {threshold} (the model’s own).")
    return text.format(threshold=_written(used.value))


def is_used(found: SiteValidation, used: ConfidenceThreshold) -> bool:
    """Tell whether the fitted threshold is the one in force."""
    return used.origin is ThresholdOrigin.SITE and used.value == found.fitted


def use(found: SiteValidation) -> str:
    """Return what the button does that keeps the fitted threshold."""
    if found.fitted >= NOTHING_CONFIDENT:
        return translate("site_check", "Call none confident")
    return translate("site_check", "Use {threshold} here").format(threshold=_written(found.fitted))


def changed(used: ConfidenceThreshold) -> str:
    """Return that another threshold is used."""
    if used.value >= 1:
        return translate("site_check", "No answer of this version is confident on this computer from now on.")
    if used.origin is ThresholdOrigin.SITE:
        text = translate(
            "site_check", "This site’s threshold, {threshold}, is used from now on, for answers in the list, too."
        )
    else:
        text = translate(
            "site_check", "The model’s own threshold, {threshold}, is used from now on, for answers in the list, too."
        )
    return text.format(threshold=_written(used.value))


def spoken(figure: Figure) -> str:
    """Return a figure as a screen reader reads it."""
    return f"{figure.name}: {figure.here}; {figure.beside}" if figure.beside else f"{figure.name}: {figure.here}"


def _written(threshold: float) -> str:
    return with_decimal_mark(format_threshold(threshold))


def _interval(interval: tuple[float, float] | None) -> str:
    if interval is None:
        return ""
    low, high = (whole_percentage(value) for value in interval)
    return f"{low.removesuffix(f'{NO_BREAK_SPACE}%')}–{high}"


def _test(value: str | None) -> str:
    return "" if value is None else translate("site_check", "in its own test: {value}").format(value=value)
