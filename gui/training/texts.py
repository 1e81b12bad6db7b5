"""The texts of a training with reviews: what it will do, its steps, and what has come of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acnelib.runs.outcome import RunOutcome
from gui.state.training_plan import StartingWeights, estimated_seconds
from gui.state.wording import capitalized, class_name, counted, duration, error_text, number, photos
from gui.translation import translate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.state.training_progress import AnswerChanges, TrainingEnd, TrainingStep

TITLE = translate("training", "Train with my reviews")
INTRODUCTION = translate(
    "training",
    "A new version of the model learns from the photos in these folders. Where you have reviewed a photo, your review "
    "counts instead of its folder’s name; photos of “none of these” become background, and what reviewers cannot tell "
    "is left out. The new version replaces production only if it is better on photos that it was not trained on. "
    "Everything stays on this computer and your model server.",
)
FOLDERS, FOLDERS_TIP = (
    translate("training", "&Folders of photos"),
    translate("training", "With a sub-folder for each class, or without: then only reviewed photos count."),
)
BACKGROUNDS = translate("training", "&Background (optional)")
BACKGROUNDS_TIP = translate("training", "Folders of photos that show none of the classes.")
ADD, REMOVE = translate("training", "Add…"), translate("training", "Remove")
REVIEWS, WORKDIR, CHANGE = (
    translate("training", "Reviews"),
    translate("training", "Results"),
    translate("training", "Change…"),
)
WEIGHTS = translate("training", "Start fr&om")
START, CANCEL, HIDE, CLOSE = (
    translate("training", "&Start training"),
    translate("training", "&Cancel training"),
    translate("training", "&Hide"),
    translate("training", "&Close"),
)
COPY = translate("training", "Co&py the command")
COPIED = translate("training", "The command was copied.")
INSTALL = "pip install 'acnelib[train,pipeline]'"
NO_FOLDER = translate("training", "Name at least one folder of photos.")
AGAIN = translate("training", "&Back")
CANCELLING = translate("training", "Training is ending …")
STARTING = translate("training", "Starting …")
COMPARE_EXPLAINED = translate(
    "training",
    "All listed photos will be classified again, and those that get another class will be listed here.",
)
TRAINED_WITH = translate(
    "training",
    "The new version was trained with the photos that you have reviewed, so this does not show how good it is.",
)
COMPARING = translate("training", "The listed photos are being classified by the new version …")
PHOTO, BEFORE, AFTER, REVIEW = (
    translate("training", "Photo"),
    translate("training", "Before"),
    translate("training", "Now"),
    translate("training", "Your review"),
)
CLOSE_TITLE = translate("training", "Training is under way")
CLOSE_QUESTION = translate(
    "training",
    "If you quit, training ends. Finished steps are kept: start the same training again, and it goes on from there.",
)
STOP_AND_QUIT = translate("training", "Stop and quit")
CHOOSE_FOLDER = translate("training", "Choose a folder of photos")
CHOOSE_BACKGROUND = translate("training", "Choose a folder of background photos")
CHOOSE_WORKDIR = translate("training", "Choose the folder for results")

_WEIGHTS = {
    StartingWeights.IMAGENET: translate("training", "ImageNet weights (best; downloaded once)"),
    StartingWeights.STARTER: translate("training", "Starter weights (small and quick, for a trial)"),
}
_STAGES = {
    "Scrape": translate("training", "Read the photos and reviews"),
    "Curate": translate("training", "Sort out copies and bad photos"),
    "Split": translate("training", "Set photos apart for testing"),
    "Adapt": translate("training", "Adapt the networks"),
    "Features": translate("training", "Look at each photo"),
    "Train": translate("training", "Train"),
    "Evaluate": translate("training", "Test on photos set apart"),
    "Register": translate("training", "Register the new version"),
    "Promote": translate("training", "Compare with production"),
}


def weights(which: StartingWeights) -> str:
    """Return what networks start from, in words."""
    return _WEIGHTS[which]


def missing(modules: Sequence[str]) -> str:
    """Return that the training extras are missing, and how to get them."""
    return translate(
        "training",
        "Training needs parts that are not installed with this app ({modules} missing). Install them with “{command}”, "
        "or copy the command and run it on a computer that has them.",
    ).format(modules=", ".join(modules), command=INSTALL)


def estimate(number: int | None) -> str:
    """Return about how long it takes with a number of photos; None: they are still being counted."""
    if number is None:
        return translate("training", "Counting the photos …")
    text = translate(
        "training",
        "{photos} in these folders: {time} on two cores. Photos of an earlier training take no time again.",
    )
    return text.format(photos=photos(number), time=duration(estimated_seconds(number)))


def step(one: TrainingStep) -> str:
    """Return what a step does; the names of networks are left to its tooltip."""
    return _STAGES.get(one.task.partition(" ")[0], one.task)


def detail(one: TrainingStep) -> str:
    """Return how far a step is."""
    if one.is_finished:
        return translate("training", "done")
    if not one.total:
        return one.text
    text = translate("training", "{what} {done} of {total}")
    return text.format(what=one.text, done=number(one.done), total=number(one.total))


def outcome(end: TrainingEnd) -> str:
    """Return how a training has ended, as a heading."""
    if end.version:
        version = translate("training", "Version {version}").format(version=end.version)
    else:
        version = translate("training", "The new version")
    match end.outcome:
        case RunOutcome.PROMOTED:
            text = translate("training", "{version} was promoted: it is the production model now")
            return text.format(version=version)
        case RunOutcome.REJECTED:
            text = translate("training", "{version} was not promoted: production stays")
            return text.format(version=version)
        case RunOutcome.UNCHANGED:
            return translate("training", "Nothing to learn: photos and reviews are the same as in the last training")
        case RunOutcome.INTERRUPTED:
            return translate("training", "Training was cancelled")
        case _:
            if end.outcome.is_success:
                return translate("training", "Training has ended")
            return translate("training", "Training failed")


def explanation(end: TrainingEnd) -> str:
    """Return why, in sentences."""
    if end.outcome is RunOutcome.INTERRUPTED:
        return translate(
            "training",
            "Finished steps are kept: start the same training again, and it goes on from there.",
        )
    reasons = "\n".join(_sentence(reason) for reason in end.reasons)
    if end.outcome.is_success or end.log is None:
        return reasons
    return translate("training", "{reasons}\nThe log is in {log}.").format(reasons=reasons, log=end.log)


def notice(end: TrainingEnd) -> str:
    """Return how a training has ended, for the notice above the picture."""
    text = translate("training", "{outcome}. Review → Train with my reviews… says more.")
    return text.format(outcome=outcome(end))


def use(end: TrainingEnd) -> str:
    """Return what the button does that uses the promoted version."""
    if not end.version:
        return translate("training", "&Use it and compare")
    return translate("training", "&Use version {version} and compare").format(version=end.version)


def changes(found: AnswerChanges) -> str:
    """Return how many answers are others with a new version."""
    if not found.compared:
        return translate("training", "No listed photo has an answer of both versions.")
    changed, compared = len(found.changed), photos(found.compared)
    if changed:
        text = counted(
            changed,
            translate("training", "1 answer has changed, of {photos}."),
            translate("training", "{number} answers have changed, of {photos}."),
            photos=compared,
        )
    else:
        text = translate("training", "No answer has changed, of {photos}.").format(photos=compared)
    hidden = translate("training", "{number} hidden answers are left out.").format(number=number(found.hidden))
    return " ".join(filter(None, (text, hidden if found.hidden else "", TRAINED_WITH)))


def label(name: str) -> str:
    """Return a class label as people read it."""
    return class_name(name)


def _sentence(reason: str) -> str:
    text = capitalized(error_text(reason))
    return text if text.endswith((".", "!", "?")) else f"{text}."
