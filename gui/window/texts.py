"""The texts of the window itself: title, menus, toolbar and status line."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from acnelib.text.visible import visible
from gui.answer.texts import LOADING_MODEL, NO_MODEL
from gui.state.preferences import NORMAL_SIZE
from gui.state.session import ModelLoading, ModelMissing
from gui.state.wording import APPLICATION, NO_BREAK_SPACE, class_name, model_name, without_code_marks

if TYPE_CHECKING:
    from pathlib import Path

    from gui.state.session import ModelReady, ModelState, OpenPhoto

NO_PHOTO = "No photo open"
DISMISS = "Dismiss"

FILE_MENU = "&File"
OPEN = "&Open photos…"
OPEN_FOLDER = "Open &folder…"
OPEN_RECENT = "Open &recent"
PASTE = "&Paste"
SAMPLES = "Try &sample pictures"
EXPORT = "&Export table…"
SAVE_PICTURE = "Sa&ve picture as shown…"
PRINT_PHOTO = "Pr&int report of this photo…"
PRINT_LIST = "Print report of the list…"
PHOTO_REPORT = "Save rep&ort of this photo…"
LIST_REPORT = "Save report of the &list…"
SETTINGS = "Se&ttings…"
QUIT = "&Quit"

LIST_MENU = "&List"
NEXT = "&Next photo"
PREVIOUS = "P&revious photo"
CLASSIFY_PENDING = "&Classify pending photos"
CLASSIFY_AGAIN = "Classify all photos &again"
FIND = "F&ind photos"
COMPARE_PHOTOS = "Compare t&wo photos"
COPY_ANSWER = "Cop&y answer"
COPY_PATH = "Copy pa&th"
SHOW_IN_FOLDER = "Show in fol&der"
REMOVE = "Remove fro&m list"
CLEAR = "C&lear list"

REVIEW_MENU = "&Review"
REVIEW = "&Review photos"
REVIEW_TOOL = "Review"
BLIND = "&Hide answers until reviewed"
NONE_OF_THESE = "&None of these"
CANNOT_TELL = "&Cannot tell"
AGREE = "&Agree with the answer"
UNDO_REVIEW = "&Undo review"
TRAIN = "&Train with my reviews…"
REVIEW_FOLDER = "Change the &folder of reviews…"

VIEW_MENU = "&View"
ZOOM_IN = "Zoom &in"
ZOOM_OUT = "Zoom &out"
FIT = "&Fit to window"
ACTUAL_SIZE = f"&Actual size (100{NO_BREAK_SPACE}%)"
FULL_SCREEN = "F&ull screen"
TEXT_SIZE = "&Text size"
TEXT_SIZE_LATER = "The new text size is used when the app starts again."
GRID = "Show photos as a &grid"
GRID_TOOL = "Grid"
OVERLAY = "Where the model &looked"

MODEL_MENU = "&Model"
CHOOSE_MODEL = "&Choose model…"
CHECK_FOR_NEW = "Check for a &new version"
SERVER = "Model &server…"
ABOUT_MODEL = "&About this model"

HELP_MENU = "&Help"
HELP = f"{APPLICATION} &help"
SHORTCUTS = "&Keyboard shortcuts"
ABOUT = f"&About {APPLICATION}"

TOOLBAR = "Toolbar"
OPEN_TOOL = "Open photos"
OPEN_FOLDER_TOOL = "Open folder"
EXPORT_TOOL = "Export"
MODEL_TOOL = "Choose model"
FIT_TOOL = "Fit"
ACTUAL_SIZE_TOOL = f"100{NO_BREAK_SPACE}%"


def tip(text: str, key: str) -> str:
    """Return the tooltip of an action's button: its text and its key."""
    words = text.replace("&", "").rstrip("…")
    return f"{words} ({key})" if key else words


def recent(path: Path) -> str:
    """Return the text of what was opened: its name first, then its folder."""
    name, folder = visible(path.name or str(path)), visible(str(path.parent))
    return f"{name} ({folder})".replace("&", "&&")


def class_action(label: str) -> str:
    """Return the text of the action that says that a photo shows a class."""
    return class_name(label).replace("&", "&&")


def text_size(size: int) -> str:
    """Return a text size, in percent of the desktop's."""
    return "As on the desktop" if size == NORMAL_SIZE else f"{size}{NO_BREAK_SPACE}%"


def window_title(photo: OpenPhoto | None) -> str:
    """Return the title of the window."""
    return APPLICATION if photo is None else f"{visible(photo.path.name)} – {APPLICATION}"


def photo_name(photo: OpenPhoto | None) -> str:
    """Return the name of the open photo."""
    return NO_PHOTO if photo is None else visible(photo.path.name)


def model_line(model: ModelState, *, now: datetime) -> str:
    """Return the model's name and version, and when its server was last checked; ``now`` has a time zone."""
    if isinstance(model, ModelLoading):
        return LOADING_MODEL
    if isinstance(model, ModelMissing):
        return NO_MODEL
    checked = _checked(model, now=now)
    return f"Model: {model_name(model.identity)}" + (f" · {checked}" if checked else "")


def model_details(model: ModelState) -> str:
    """Return the details that the status line has no room for."""
    if isinstance(model, ModelLoading):
        return f"Looking for the model {model.name}"
    if isinstance(model, ModelMissing):
        return without_code_marks(model.reason)
    lines = [f"Bundle {model.identity.sha256}"]
    if model.offline:
        lines.append(without_code_marks(model.offline))
    return "\n".join(lines)


def _checked(model: ModelReady, *, now: datetime) -> str:
    if model.checked_at is None:
        return ""
    at = datetime.fromisoformat(model.checked_at).astimezone(now.tzinfo)
    time = f"{at:%H:%M}" if at.date() == now.date() else f"{at:%Y-%m-%d %H:%M}"
    return f"offline, last checked {time}" if model.offline else f"checked {time}"
