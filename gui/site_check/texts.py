"""The texts of the site's own check: its figures beside what the model promises, and its threshold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from acnelib.inference.promise import format_threshold
from acnelib.threshold_fit import NOTHING_CONFIDENT
from acnelib.verdicts import ThresholdOrigin
from gui.state.site_check import FEWEST_BLIND
from gui.state.wording import NO_BREAK_SPACE, share, whole_percentage

if TYPE_CHECKING:
    from acnelib.evaluation_record import Metrics
    from acnelib.site_check import SiteValidation
    from acnelib.verdicts import ConfidenceThreshold
    from gui.state.site_check import SiteCheck

TITLE = "How far to trust it here"
UNDO = "Undo"
USE_OWN = "Use the model’s own threshold"
USE_TIP = "On this computer, for this version of the model. You can undo it."
NONE = "–"
NOT_CHECKED = "Not checked: "

_FIGURES = {
    "selective": ("Right when confident", "Share of the confident answers that is right, with its 95 % interval."),
    "coverage": ("Confident answers", "Share of the photos with a confident answer."),
    "accuracy": (
        "Right in all",
        "Share of all photos whose highest score is that of the right class, with its 95 % interval.",
    ),
    "ece": ("Calibration error", "Mean gap between scores and the share that is right: 0 is perfect."),
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
    return f"{check.blind} of {FEWEST_BLIND} blind reviews"


def missing(check: SiteCheck) -> str:
    """Return what is missing for a check."""
    number = FEWEST_BLIND - check.blind
    photos = "1 more photo" if number == 1 else f"{number} more photos"
    return f"Review {photos} with answers hidden to see how often the model is right on photos like yours."


def not_counted(check: SiteCheck) -> str:
    """Return which reviewed photos are not counted, and why; empty where all are."""
    lines = []
    if check.in_sight:
        seen = _photos(check.in_sight)
        lines.append(f"Not counted: {seen} reviewed with the answer in sight.")
    if check.learnt_from:
        lines.append(f"Left out: {_photos(check.learnt_from)} that the model was trained on.")
    if check.validation is not None and check.learnt_from is None:
        lines.append("The model does not say which photos it was trained on, so none could be left out.")
    if check.validation is not None and not check.finds_copies:
        lines.append(
            "Copies of a photo count as several, since the training extras are not installed here, so the threshold "
            "cannot be changed from here."
        )
    return " ".join(lines)


def conclusion(found: SiteValidation) -> str:
    """Return whether confident answers can be trusted here."""
    if found.selective_accuracy is None:
        return "No answer is confident here"
    if found.trusted:
        return "Confident answers can be trusted here"
    return "Confident answers cannot be trusted here" if found.failed else "Not shown yet that you can trust it here"


def explanation(found: SiteValidation) -> str:
    """Return the sentence below the conclusion: on how many photos, and what is missing."""
    photos = _photos(found.n)
    groups = "" if found.groups == found.n else f", {found.groups:,} without copies and shots of one scene"
    basis = f"Measured on {photos} reviewed blind here{groups}."
    if found.selective_accuracy is None or found.trusted or found.failed:
        return basis
    return f"{basis} These are too few to show the promised {whole_percentage(found.promised)}; more may show it."


def figures(found: SiteValidation, tested: Metrics | None) -> tuple[Figure, ...]:
    """Return the figures, beside what the model promises and what its own test found."""
    right = found.selective_accuracy
    promised = f"promised: {whole_percentage(found.promised)} or more"
    measured = {} if tested is None else {"coverage": share(tested.coverage), "accuracy": share(tested.accuracy)}
    measured |= {} if tested is None else {"ece": f"{tested.ece:.2f}"}
    here = {
        "selective": (NONE if right is None else share(right), _interval(found.selective_accuracy_interval), promised),
        "coverage": (share(found.coverage), "of the photos", _test(measured.get("coverage"))),
        "accuracy": (share(found.accuracy), _interval(found.accuracy_interval), _test(measured.get("accuracy"))),
        "ece": (f"{found.ece:.2f}", "", _test(measured.get("ece"))),
    }
    return tuple(
        Figure(name=name, meaning=meaning, here=here[key][0], beside="; ".join(filter(None, here[key][1:])))
        for key, (name, meaning) in _FIGURES.items()
    )


def threshold(found: SiteValidation, used: ConfidenceThreshold) -> str:
    """Return which threshold these photos suggest, and which one is used."""
    promised = whole_percentage(found.promised)
    own = "this site’s" if used.origin is ThresholdOrigin.SITE else "the model’s own"
    now = "no answer is confident" if used.value >= 1 else f"confident is from {format_threshold(used.value)}"
    if found.fitted >= NOTHING_CONFIDENT:
        return f"No threshold reaches {promised} on these photos. Now {now} ({own})."
    if is_used(found, used):
        return (
            f"These photos reach {promised} from {format_threshold(found.fitted)}, which is this site’s threshold now."
        )
    return f"These photos reach {promised} from {format_threshold(found.fitted)}. Now {now} ({own})."


def is_used(found: SiteValidation, used: ConfidenceThreshold) -> bool:
    """Tell whether the fitted threshold is the one in force."""
    return used.origin is ThresholdOrigin.SITE and used.value == found.fitted


def use(found: SiteValidation) -> str:
    """Return what the button does that keeps the fitted threshold."""
    if found.fitted >= NOTHING_CONFIDENT:
        return "Call none confident"
    return f"Use {format_threshold(found.fitted)} here"


def changed(used: ConfidenceThreshold) -> str:
    """Return that another threshold is used."""
    if used.value >= 1:
        return "No answer of this version is confident on this computer from now on."
    whose = "This site’s threshold" if used.origin is ThresholdOrigin.SITE else "The model’s own threshold"
    return f"{whose}, {format_threshold(used.value)}, is used from now on, for answers in the list, too."


def spoken(figure: Figure) -> str:
    """Return a figure as a screen reader reads it."""
    return f"{figure.name}: {figure.here}; {figure.beside}" if figure.beside else f"{figure.name}: {figure.here}"


def _photos(number: int) -> str:
    return "1 photo" if number == 1 else f"{number:,} photos"


def _interval(interval: tuple[float, float] | None) -> str:
    if interval is None:
        return ""
    low, high = (whole_percentage(value) for value in interval)
    return f"{low.removesuffix(f'{NO_BREAK_SPACE}%')}–{high}"


def _test(value: str | None) -> str:
    return "" if value is None else f"in its own test: {value}"
