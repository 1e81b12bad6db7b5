"""The texts of a training with reviews: what it will do, its steps, and what has come of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acnelib.runs.outcome import RunOutcome
from acnelib.text.formatting import format_duration
from gui.state.training_plan import StartingWeights, estimated_seconds
from gui.state.wording import capitalized, class_name, error_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.state.training_progress import AnswerChanges, TrainingEnd, TrainingStep

TITLE = "Train with my reviews"
INTRODUCTION = (
    "A new version of the model learns from the photos in these folders. Where you have reviewed a photo, your review "
    "counts instead of its folder’s name; photos of “none of these” become background, and what reviewers cannot tell "
    "is left out. The new version replaces production only if it is better on photos that it was not trained on. "
    "Everything stays on this computer and your model server."
)
FOLDERS, FOLDERS_TIP = (
    "&Folders of photos",
    "With a sub-folder for each class, or without: then only reviewed photos count.",
)
BACKGROUNDS = "&Background (optional)"
BACKGROUNDS_TIP = "Folders of photos that show none of the classes."
ADD, REMOVE = "Add…", "Remove"
REVIEWS, WORKDIR, CHANGE = "Reviews", "Results", "Change…"
WEIGHTS = "Start fr&om"
START, CANCEL, HIDE, CLOSE = "&Start training", "&Cancel training", "&Hide", "&Close"
COPY = "Co&py the command"
COPIED = "The command was copied."
INSTALL = "pip install 'acnelib[train,pipeline]'"
NO_FOLDER = "Name at least one folder of photos."
AGAIN = "&Back"
CANCELLING = "Training is ending …"
STARTING = "Starting …"
COMPARE_EXPLAINED = "All listed photos will be classified again, and those that get another class will be listed here."
TRAINED_WITH = (
    "The new version was trained with the photos that you have reviewed, so this does not show how good it is."
)
COMPARING = "The listed photos are being classified by the new version …"
PHOTO, BEFORE, AFTER, REVIEW = "Photo", "Before", "Now", "Your review"
CLOSE_TITLE = "Training is under way"
CLOSE_QUESTION = (
    "If you quit, training ends. Finished steps are kept: start the same training again, and it goes on from there."
)
STOP_AND_QUIT = "Stop and quit"
CHOOSE_FOLDER = "Choose a folder of photos"
CHOOSE_BACKGROUND = "Choose a folder of background photos"
CHOOSE_WORKDIR = "Choose the folder for results"

_WEIGHTS = {
    StartingWeights.IMAGENET: "ImageNet weights (best; downloaded once)",
    StartingWeights.STARTER: "Starter weights (small and quick, for a trial)",
}
_STAGES = {
    "Scrape": "Read the photos and reviews",
    "Curate": "Sort out copies and bad photos",
    "Split": "Set photos apart for testing",
    "Adapt": "Adapt the networks",
    "Features": "Look at each photo",
    "Train": "Train",
    "Evaluate": "Test on photos set apart",
    "Register": "Register the new version",
    "Promote": "Compare with production",
}


def weights(which: StartingWeights) -> str:
    """Return what networks start from, in words."""
    return _WEIGHTS[which]


def missing(modules: Sequence[str]) -> str:
    """Return that the training extras are missing, and how to get them."""
    return (
        f"Training needs parts that are not installed with this app ({', '.join(modules)} missing). Install them with "
        f"“{INSTALL}”, or copy the command and run it on a computer that has them."
    )


def estimate(photos: int | None) -> str:
    """Return about how long it takes; None: the photos are still being counted."""
    if photos is None:
        return "Counting the photos …"
    number = "1 photo" if photos == 1 else f"{photos:,} photos"
    time = format_duration(estimated_seconds(photos))
    return f"{number} in these folders: {time} on two cores. Photos of an earlier training take no time again."


def step(one: TrainingStep) -> str:
    """Return what a step does; the names of networks are left to its tooltip."""
    return _STAGES.get(one.task.partition(" ")[0], one.task)


def detail(one: TrainingStep) -> str:
    """Return how far a step is."""
    if one.is_finished:
        return "done"
    return f"{one.text} {one.done:,} of {one.total:,}" if one.total else one.text


def outcome(end: TrainingEnd) -> str:
    """Return how a training has ended, as a heading."""
    version = f"Version {end.version}" if end.version else "The new version"
    match end.outcome:
        case RunOutcome.PROMOTED:
            return f"{version} was promoted: it is the production model now"
        case RunOutcome.REJECTED:
            return f"{version} was not promoted: production stays"
        case RunOutcome.UNCHANGED:
            return "Nothing to learn: photos and reviews are the same as in the last training"
        case RunOutcome.INTERRUPTED:
            return "Training was cancelled"
        case _:
            return "Training failed" if not end.outcome.is_success else "Training has ended"


def explanation(end: TrainingEnd) -> str:
    """Return why, in sentences."""
    if end.outcome is RunOutcome.INTERRUPTED:
        return "Finished steps are kept: start the same training again, and it goes on from there."
    reasons = "\n".join(_sentence(reason) for reason in end.reasons)
    if end.outcome.is_success or end.log is None:
        return reasons
    return f"{reasons}\nThe log is in {end.log}."


def notice(end: TrainingEnd) -> str:
    """Return how a training has ended, for the notice above the picture."""
    return f"{outcome(end)}. Review → Train with my reviews… says more."


def use(end: TrainingEnd) -> str:
    """Return what the button does that uses the promoted version."""
    return f"&Use version {end.version} and compare" if end.version else "&Use it and compare"


def changes(found: AnswerChanges) -> str:
    """Return how many answers are others with a new version."""
    photos = "1 photo" if found.compared == 1 else f"{found.compared:,} photos"
    if not found.compared:
        return "No listed photo has an answer of both versions."
    number = len(found.changed)
    words = "No answer has" if not number else "1 answer has" if number == 1 else f"{number:,} answers have"
    hidden = f" {found.hidden:,} hidden answers are left out." if found.hidden else ""
    return f"{words} changed, of {photos}.{hidden} {TRAINED_WITH}"


def label(name: str) -> str:
    """Return a class label as people read it."""
    return class_name(name)


def _sentence(reason: str) -> str:
    text = capitalized(error_text(reason))
    return text if text.endswith((".", "!", "?")) else f"{text}."
