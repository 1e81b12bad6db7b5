"""The texts of the settings, of the keyboard shortcuts and of the About dialog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.preferences.stored_data import StoredItem
from gui.state.wording import APPLICATION, bulleted, error_text, file_size
from gui.translation import translate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gui.preferences.components import SoftwareComponent
    from gui.preferences.stored_data import DeletionOutcome

SETTINGS = translate("preferences", "Settings")
LANGUAGE = translate("preferences", "Language")
SYSTEM_LANGUAGE = translate("preferences", "System")
LANGUAGE_EXPLAINED = translate("preferences", "Another language is used when the app starts again.")
SERVER = translate("preferences", "Model server")
NO_SERVER = translate("preferences", "No server is set. The app uses the models on this computer.")
CHANGE_SERVER = translate("preferences", "C&hange…")
UPDATES = translate("preferences", "New versions")
CHECK = translate("preferences", "&Check for new versions of the model")
CHECK_EVERY = translate("preferences", "at startup, and then &every")
MINUTES = translate("preferences", "\u00a0minutes")
ONE_MINUTE = translate("preferences", "\u00a0minute")
CHECK_EXPLAINED = translate(
    "preferences", "The app only tells you about a new version. It keeps using yours until you switch."
)
CACHE = translate("preferences", "Downloaded models")
MEASURING_CACHE = translate("preferences", "Measuring their size…")
NO_CACHE = translate("preferences", "There are no downloaded models on this computer.")
CLEAR_CACHE = translate("preferences", "&Delete downloaded models")
CACHE_EXPLAINED = translate(
    "preferences",
    "Models are downloaded again when they are needed. If the server cannot be reached then, the app has no model.",
)
PRIVACY = translate("preferences", "Privacy")
KEEP_HISTORY = translate("preferences", "&Keep the list of photos and answers between sessions")
HISTORY_EXPLAINED = translate(
    "preferences",
    "Off: the app keeps no list of your photos. On: the paths of your photos, the model’s answers and what you opened "
    "last are stored in a file that only you can read. The photos themselves are not copied. Turning this off deletes "
    "the list. Reviews are stored in the folder that you chose for them, whatever this is set to.",
)
DELETE_ALL = translate("preferences", "Delete &all app data…")
DELETE_TITLE = translate("preferences", "Delete all app data?")
DELETE = translate("preferences", "Delete all")
DELETE_LEAVES = translate("preferences", "Your photos, your reviews and your training results are not deleted.")

SHORTCUTS = translate("preferences", "Keyboard shortcuts")
HELD_KEYS = translate("preferences", "While held")
HELD_SPACE = translate("preferences", "Photo without what lies over it")
ACTION = translate("preferences", "Action")
KEYS = translate("preferences", "Keys")

ABOUT = translate("preferences", "About {app}").format(app=APPLICATION)
PURPOSE = translate(
    "preferences",
    "acnelib shows which types of acne or rosacea a photo resembles most, among the types that its model has learned. "
    "Its answers are for research. They are not medical advice: see a doctor about your skin.",
)
OWN_LICENCE = "Apache License 2.0"
COMPONENTS = translate("preferences", "Third-party software")
COMPONENT, VERSION, LICENCE = (
    translate("preferences", "Component"),
    translate("preferences", "Version"),
    translate("preferences", "Licence"),
)
QT_NOTICE = translate(
    "preferences",
    "Qt and PySide6 are used under the GNU Lesser General Public License, version 3. You may replace them with your "
    "own versions. Their source code is at code.qt.io, and the licence is at gnu.org/licenses/lgpl-3.0.",
)
UNKNOWN = "–"

_STORED = {
    StoredItem.PREFERENCES: translate("preferences", "settings and the position of the window"),
    StoredItem.HISTORY: translate("preferences", "the list of photos and answers"),
    StoredItem.MODELS: translate("preferences", "downloaded models"),
    StoredItem.SERVER: translate("preferences", "the address of the model server and its login"),
    StoredItem.FOLDERS: translate("preferences", "the folders that file dialogs remember"),
}


def stored(item: StoredItem) -> str:
    """Return a kind of stored data in words, within a sentence."""
    return _STORED[item]


def about_version(version: str) -> str:
    """Return the app's version in words."""
    return translate("preferences", "Version {version}").format(version=version)


def alternatives(keys: Iterable[str]) -> str:
    """Return keys that all do the same."""
    return translate("preferences", " or ").join(keys)


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
    if number == 0:
        return NO_CACHE
    return translate("preferences", "They take up {size} on this computer.").format(size=file_size(number))


def unknown_cache(reason: str) -> str:
    """Return that the size of the downloaded models is unknown, and why."""
    return translate("preferences", "Their size is unknown: {reason}").format(reason=error_text(reason))


def deletion_question(items: Iterable[StoredItem]) -> str:
    """Return what deleting all app data deletes, and what it leaves."""
    text = translate("preferences", "This deletes:\n\n{items}\n\n{left}")
    return text.format(items=bulleted([stored(item) for item in items]), left=DELETE_LEAVES)


def outcome(outcome: DeletionOutcome) -> str:
    """Return the outcome of a deletion."""
    if not outcome.left:
        return translate("preferences", "All app data has been deleted.")
    left = bulleted([f"{stored(item)} ({reason})" for item, reason in outcome.left])
    text = translate("preferences", "This could not be deleted:\n\n{items}\n\nEverything else has been deleted.")
    return text.format(items=left)
