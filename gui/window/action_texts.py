"""The words of menus and of the bar of tools."""

from __future__ import annotations

FILE_MENU = "&File"
OPEN = "&Open photos…"
OPEN_FOLDER = "Open &folder…"
PASTE = "&Paste"
SAMPLES = "Try &sample pictures"
EXPORT = "&Export the table…"
SAVE_PICTURE = "Save the &picture as shown…"
SETTINGS = "Se&ttings…"
QUIT = "&Quit"

LIST_MENU = "&List"
NEXT = "&Next photo"
PREVIOUS = "P&revious photo"
ANSWER_WAITING = "&Classify what waits"
ANSWER_AGAIN = "Classify all &again"
REMOVE = "Remove from the &list"
CLEAR = "C&lear the list"

VIEW_MENU = "&View"
ZOOM_IN = "Zoom &in"
ZOOM_OUT = "Zoom &out"
FIT = "&Fit"
ACTUAL_SIZE = "&100\u00a0%"
OVERLAY = "Where the model &looked"

MODEL_MENU = "&Model"
CHOOSE_MODEL = "&Choose a model…"
LOOK_FOR_NEW = "Look for a &new version"
SERVER = "&Server…"
ABOUT_MODEL = "&About this model…"

HELP_MENU = "&Help"
SHORTCUTS = "&Keyboard shortcuts"
ABOUT = "&About acnelib"

TOOLS = "Tools"
OPEN_TOOL = "Open photos"
OPEN_FOLDER_TOOL = "Open folder"
EXPORT_TOOL = "Export"
MODEL_TOOL = "Choose model"


def tip(text: str, key: str) -> str:
    """Return what a button says of its action and of its key."""
    words = text.replace("&", "").rstrip("…")
    return f"{words} ({key})" if key else words
