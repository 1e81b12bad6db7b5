"""The texts of the window itself: title, menus, toolbar and status line."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from acnelib.text.visible import visible
from gui.answer.texts import LOADING_MODEL, NO_MODEL
from gui.state.preferences import NORMAL_SIZE
from gui.state.session import ModelLoading, ModelMissing
from gui.state.wording import APPLICATION, NO_BREAK_SPACE, class_name, model_name, without_code_marks, written_time
from gui.translation import translate

if TYPE_CHECKING:
    from pathlib import Path

    from gui.state.session import ModelReady, ModelState, OpenPhoto

NO_PHOTO = translate("window", "No photo open")
DISMISS = translate("window", "Dismiss")

FILE_MENU = translate("window", "&File")
OPEN = translate("window", "&Open photos…")
OPEN_FOLDER = translate("window", "Open &folder…")
OPEN_RECENT = translate("window", "Open &recent")
PASTE = translate("window", "&Paste")
SAMPLES = translate("window", "Try &sample pictures")
EXPORT = translate("window", "&Export table…")
SAVE_PICTURE = translate("window", "Sa&ve picture as shown…")
PRINT_PHOTO = translate("window", "Pr&int report of this photo…")
PRINT_LIST = translate("window", "Print report of the list…")
PHOTO_REPORT = translate("window", "Save rep&ort of this photo…")
LIST_REPORT = translate("window", "Save report of the &list…")
SETTINGS = translate("window", "Se&ttings…")
QUIT = translate("window", "&Quit")

LIST_MENU = translate("window", "&List")
NEXT = translate("window", "&Next photo")
PREVIOUS = translate("window", "P&revious photo")
CLASSIFY_PENDING = translate("window", "&Classify pending photos")
CLASSIFY_AGAIN = translate("window", "Classify all photos &again")
FIND = translate("window", "F&ind photos")
COMPARE_PHOTOS = translate("window", "Compare t&wo photos")
COPY_ANSWER = translate("window", "Cop&y answer")
COPY_PATH = translate("window", "Copy pa&th")
SHOW_IN_FOLDER = translate("window", "Show in fol&der")
REMOVE = translate("window", "Remove fro&m list")
CLEAR = translate("window", "C&lear list")

REVIEW_MENU = translate("window", "&Review")
REVIEW = translate("window", "&Review photos")
REVIEW_TOOL = translate("window", "Review")
BLIND = translate("window", "&Hide answers until reviewed")
NONE_OF_THESE = translate("window", "&None of these")
CANNOT_TELL = translate("window", "&Cannot tell")
AGREE = translate("window", "&Agree with the answer")
UNDO_REVIEW = translate("window", "&Undo review")
TRAIN = translate("window", "&Train with my reviews…")
REVIEW_FOLDER = translate("window", "Change the &folder of reviews…")

VIEW_MENU = translate("window", "&View")
ZOOM_IN = translate("window", "Zoom &in")
ZOOM_OUT = translate("window", "Zoom &out")
FIT = translate("window", "&Fit to window")
ACTUAL_SIZE = translate("window", "&Actual size (100\u00a0%)")
FULL_SCREEN = translate("window", "F&ull screen")
TEXT_SIZE = translate("window", "&Text size")
TEXT_SIZE_LATER = translate("window", "The new text size is used when the app starts again.")
GRID = translate("window", "Show photos as a &grid")
GRID_TOOL = translate("window", "Grid")
OVERLAY = translate("window", "Where the model &looked")

MODEL_MENU = translate("window", "&Model")
CHOOSE_MODEL = translate("window", "&Choose model…")
CHECK_FOR_NEW = translate("window", "Check for a &new version")
SERVER = translate("window", "Model &server…")
ABOUT_MODEL = translate("window", "&About this model")

HELP_MENU = translate("window", "&Help")
HELP = translate("window", "{app} &help").format(app=APPLICATION)
SHORTCUTS = translate("window", "&Keyboard shortcuts")
ABOUT = translate("window", "&About {app}").format(app=APPLICATION)

TOOLBAR = translate("window", "Toolbar")
OPEN_TOOL = translate("window", "Open photos")
OPEN_FOLDER_TOOL = translate("window", "Open folder")
EXPORT_TOOL = translate("window", "Export")
MODEL_TOOL = translate("window", "Choose model")
FIT_TOOL = translate("window", "Fit")
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
    return translate("window", "As on the desktop") if size == NORMAL_SIZE else f"{size}{NO_BREAK_SPACE}%"


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
    line = translate("window", "Model: {name}").format(name=model_name(model.identity))
    return " · ".join(filter(None, (line, _checked(model, now=now))))


def model_details(model: ModelState) -> str:
    """Return the details that the status line has no room for."""
    if isinstance(model, ModelLoading):
        return translate("window", "Looking for the model {name}").format(name=model.name)
    if isinstance(model, ModelMissing):
        return without_code_marks(model.reason)
    lines = [translate("window", "Bundle {digest}").format(digest=model.identity.sha256)]
    if model.offline:
        lines.append(without_code_marks(model.offline))
    return "\n".join(lines)


def _checked(model: ModelReady, *, now: datetime) -> str:
    if model.checked_at is None:
        return ""
    at = datetime.fromisoformat(model.checked_at).astimezone(now.tzinfo)
    time = f"{at:%H:%M}" if at.date() == now.date() else written_time(at)
    if model.offline:
        return translate("window", "offline, last checked {time}").format(time=time)
    return translate("window", "checked {time}").format(time=time)
