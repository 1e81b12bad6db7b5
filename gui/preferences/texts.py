"""The words of settings, shortcuts and of what the app says about itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gui.preferences.parts import SoftwareComponent
    from gui.preferences.stored_data import DeletionOutcome

_NO_BREAK_SPACE = "\u00a0"

SETTINGS = "Settings"
REGISTRY = "Model server"
NO_SERVER = "No server is set: the app uses the models of this machine."
CHANGE_SERVER = "C&hange…"
UPDATES = "New versions"
LOOK = "&Look for a new version of the model"
LOOK_EVERY = "at the start, and then &every"
MINUTES = f"{_NO_BREAK_SPACE}minutes"
ONE_MINUTE = f"{_NO_BREAK_SPACE}minute"
LOOK_EXPLAINED = "A new version is only shown: the app goes on with yours until you switch."
CACHE = "Downloaded models"
MEASURING_CACHE = "Finding out how much room they take…"
NO_CACHE = "No model is stored on this machine."
CLEAR_CACHE = "&Delete downloaded models"
CACHE_EXPLAINED = "They are downloaded again when they are needed; without their server, the app has no model then."
PRIVACY = "Privacy"
KEEP_HISTORY = "&Keep the list of photos and answers between sessions"
HISTORY_EXPLAINED = (
    "Off: nothing about your photos is written to this machine. On: where they lie and what the model answered is kept "
    "in a file that only you can read; the pictures themselves are not copied. Switching it off deletes the list."
)
DELETE_ALL = "Delete &all that the app has stored…"
DELETE_TITLE = "Delete all that the app has stored?"
DELETE = "Delete all"
DELETE_LEAVES = "Your photos stay where they are, and so does everything that was learnt from them."

STORED_HISTORY = "the list of photos and answers"
STORED_PREFERENCES = "settings, and the place of the window"
STORED_MODELS = "downloaded models"
STORED_SERVER = "the model server’s address and password"
STORED_FOLDERS = "the folders that file dialogs remember"
STORED_ALL = (STORED_PREFERENCES, STORED_HISTORY, STORED_MODELS, STORED_SERVER, STORED_FOLDERS)
BUSY_CACHE = "a model is being downloaded; try again in a moment"

SHORTCUTS = "Keyboard shortcuts"
ACTION = "Action"
KEYS = "Keys"

ABOUT = "About acnelib"
PURPOSE = (
    "acnelib shows which types of acne or rosacea a photo resembles most, among those that its model has learnt. "
    "What it says is a result of research, and no advice: ask a doctor about your skin."
)
OWN_LICENCE = "Apache License 2.0"
PARTS = "What it is made of"
PART, VERSION, LICENCE = "SoftwareComponent", "Version", "Licence"
QT_NOTICE = (
    "Qt and PySide6 are used under the GNU Lesser General Public License, version 3. You may replace them by versions "
    "of your own; their source is at code.qt.io, and the licence at gnu.org/licenses/lgpl-3.0."
)
NOT_KNOWN = "–"


def about_version(version: str) -> str:
    """Return the program's version in words."""
    return f"Version {version}"


def alternatives(keys: Iterable[str]) -> str:
    """Return keys of which each does the same."""
    return " or ".join(keys)


def part(part: SoftwareComponent) -> tuple[str, str, str]:
    """Return a part's name, version and licence as a row shows them."""
    return part.name, part.version or NOT_KNOWN, part.licence or "not stated"


def minutes_suffix(minutes: int) -> str:
    """Return what stands behind a number of minutes."""
    return ONE_MINUTE if minutes == 1 else MINUTES


def size(number: int) -> str:
    """Return a number of bytes as people read it."""
    value = float(number)
    for unit in ("bytes", "kB", "MB", "GB"):
        if value < 1000 or unit == "GB":
            break
        value /= 1000
    digits = 0 if unit == "bytes" or value >= 99.5 else 1
    return f"{value:.{digits}f}{_NO_BREAK_SPACE}{unit}"


def cache(number: int | None) -> str:
    """Return how much room downloaded models take; None: not known yet."""
    if number is None:
        return MEASURING_CACHE
    return NO_CACHE if number == 0 else f"They take {size(number)} on this machine."


def unknown_cache(reason: str) -> str:
    """Return that it is not known how much room downloaded models take, and why."""
    return f"How much room they take is not known: {reason}"


def what_goes(things: Iterable[str]) -> str:
    """Return what a deletion of everything takes away and what it leaves."""
    lines = "\n".join(f"•{_NO_BREAK_SPACE}{thing}" for thing in things)
    return f"This deletes:\n\n{lines}\n\n{DELETE_LEAVES}"


def outcome(outcome: DeletionOutcome) -> str:
    """Return what became of a deletion."""
    if not outcome.left:
        return "All that the app had stored is deleted."
    lines = "\n".join(f"•{_NO_BREAK_SPACE}{what} ({reason})" for what, reason in outcome.left)
    return f"This could not be deleted:\n\n{lines}\n\nEverything else is deleted."
