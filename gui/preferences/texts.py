"""The texts of the settings, of the keyboard shortcuts and of the About dialog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acnelib.text.formatting import format_bytes
from gui.preferences.stored_data import StoredItem
from gui.state.wording import APPLICATION, NO_BREAK_SPACE, bulleted, error_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gui.preferences.components import SoftwareComponent
    from gui.preferences.stored_data import DeletionOutcome

SETTINGS = "Settings"
SERVER = "Model server"
NO_SERVER = "No server is set. The app uses the models on this computer."
CHANGE_SERVER = "C&hange…"
UPDATES = "New versions"
CHECK = "&Check for new versions of the model"
CHECK_EVERY = "at startup, and then &every"
MINUTES = f"{NO_BREAK_SPACE}minutes"
ONE_MINUTE = f"{NO_BREAK_SPACE}minute"
CHECK_EXPLAINED = "The app only tells you about a new version. It keeps using yours until you switch."
CACHE = "Downloaded models"
MEASURING_CACHE = "Measuring their size…"
NO_CACHE = "There are no downloaded models on this computer."
CLEAR_CACHE = "&Delete downloaded models"
CACHE_EXPLAINED = (
    "Models are downloaded again when they are needed. If the server cannot be reached then, the app has no model."
)
PRIVACY = "Privacy"
KEEP_HISTORY = "&Keep the list of photos and answers between sessions"
HISTORY_EXPLAINED = (
    "Off: the app keeps no list of your photos. On: the paths of your photos, the model’s answers and what you opened "
    "last are stored in a file that only you can read. The photos themselves are not copied. Turning this off deletes "
    "the list. Reviews are stored in the folder that you chose for them, whatever this is set to."
)
DELETE_ALL = "Delete &all app data…"
DELETE_TITLE = "Delete all app data?"
DELETE = "Delete all"
DELETE_LEAVES = "Your photos, your reviews and your training results are not deleted."

SHORTCUTS = "Keyboard shortcuts"
HELD_KEYS = "While held"
HELD_SPACE = "Photo without what lies over it"
ACTION = "Action"
KEYS = "Keys"

ABOUT = f"About {APPLICATION}"
PURPOSE = (
    "acnelib shows which types of acne or rosacea a photo resembles most, among the types that its model has learned. "
    "Its answers are for research. They are not medical advice: see a doctor about your skin."
)
OWN_LICENCE = "Apache License 2.0"
COMPONENTS = "Third-party software"
COMPONENT, VERSION, LICENCE = "Component", "Version", "Licence"
QT_NOTICE = (
    "Qt and PySide6 are used under the GNU Lesser General Public License, version 3. You may replace them with your "
    "own versions. Their source code is at code.qt.io, and the licence is at gnu.org/licenses/lgpl-3.0."
)
UNKNOWN = "–"

_STORED = {
    StoredItem.PREFERENCES: "settings and the position of the window",
    StoredItem.HISTORY: "the list of photos and answers",
    StoredItem.MODELS: "downloaded models",
    StoredItem.SERVER: "the address of the model server and its login",
    StoredItem.FOLDERS: "the folders that file dialogs remember",
}


def stored(item: StoredItem) -> str:
    """Return a kind of stored data in words, within a sentence."""
    return _STORED[item]


def about_version(version: str) -> str:
    """Return the app's version in words."""
    return f"Version {version}"


def alternatives(keys: Iterable[str]) -> str:
    """Return keys that all do the same."""
    return " or ".join(keys)


def component(component: SoftwareComponent) -> tuple[str, str, str]:
    """Return a component's name, version and licence as cells of a row."""
    return component.name, component.version or UNKNOWN, component.licence


def minutes_suffix(minutes: int) -> str:
    """Return the unit after a number of minutes."""
    return ONE_MINUTE if minutes == 1 else MINUTES


def cache(number: int | None) -> str:
    """Return the size of the downloaded models in bytes; None: not known yet."""
    if number is None:
        return MEASURING_CACHE
    return NO_CACHE if number == 0 else f"They take up {format_bytes(number, space=NO_BREAK_SPACE)} on this computer."


def unknown_cache(reason: str) -> str:
    """Return that the size of the downloaded models is unknown, and why."""
    return f"Their size is unknown: {error_text(reason)}"


def deletion_question(items: Iterable[StoredItem]) -> str:
    """Return what deleting all app data deletes, and what it leaves."""
    return f"This deletes:\n\n{bulleted([stored(item) for item in items])}\n\n{DELETE_LEAVES}"


def outcome(outcome: DeletionOutcome) -> str:
    """Return the outcome of a deletion."""
    if not outcome.left:
        return "All app data has been deleted."
    left = bulleted([f"{stored(item)} ({reason})" for item, reason in outcome.left])
    return f"This could not be deleted:\n\n{left}\n\nEverything else has been deleted."
