"""The texts about files that are opened, pasted, exported and saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acnelib.text.visible import visible
from gui.state.wording import class_name, error_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

OPEN_PHOTOS = "Open photos"
OPEN_FOLDER = "Open folder"
REVIEW_FOLDER = "Choose a folder for your reviews"
PHOTO_FILES = "Photos (*.jpg *.jpeg *.png *.heic *.heif *.avif *.webp *.tif *.tiff *.bmp *.gif);;All files (*)"
EXPORT_TABLE = "Export table"
TABLE_FILE = "acne-results.csv"
CSV_FILES = "CSV for spreadsheets (*.csv)"
JSON_FILES = "JSON (*.json)"
SAVE_PICTURE = "Save picture as shown"
SAVE_REPORT = "Save report"
PRINT_REPORT = "Print report"
REPORT_FILES = "PDF (*.pdf)"
LIST_REPORT = "acne-report"
PICTURE_FILES = "Picture (*.png *.jpg *.jpeg)"
REPLACE = "&Replace"

SEARCHING = "Searching for photos…"
WEB_ADDRESS = "A web address cannot be opened here. Save the photo as a file first, then open the file."
OTHER_COMPUTER = (
    "This file is on another computer or on a phone. Copy it to this computer first, or open the folder that it is "
    "mounted in."
)
NOTHING_TO_OPEN = "Nothing here can be opened. Drop or paste photos, folders or their paths."

NO_ANSWER_TO_COPY = "There is no answer to copy yet."
SELECT_TWO = "Select two photos to compare them."
NOTHING_TO_REPORT = "None of the listed photos has an answer to report yet."

PASTED_FILE = "Pasted picture {}.png"
SAMPLE_WITHOUT_SKIN = "Sample without skin.jpg"

_PROBLEMS_SHOWN = 3


def search_problems(problems: Sequence[str]) -> str:
    """Return what could not be searched, the first few problems in full; empty when there were none."""
    shown = " ".join(f"{error_text(problem)}." for problem in problems[:_PROBLEMS_SHOWN])
    more = len(problems) - _PROBLEMS_SHOWN
    if more <= 0:
        return shown
    return f"{shown} There is 1 more problem." if more == 1 else f"{shown} There are {more} more problems."


def replace_question(path: Path) -> str:
    """Return the question whether to replace a file."""
    return f"{visible(path.name)} already exists. Replace it?"


def listed_photo(name: str) -> str:
    """Return why a file that is one of the listed photos is not written."""
    return f"{name} is one of the listed photos, and photos are never overwritten: choose another name"


def exported(path: Path, rows: int, *, hidden: int = 0) -> str:
    """Return that a table was written, and how many answers are not in it."""
    written = f"Exported {rows} {'row' if rows == 1 else 'rows'} to {path.name}."
    if not hidden:
        return written
    photos = "1 photo that you have" if hidden == 1 else f"{hidden:,} photos that you have"
    return f"{written} The file has no answers for {photos} not reviewed yet."


def picture_saved(path: Path) -> str:
    """Return that a picture was written, and what it leaves out."""
    return f"Saved the picture to {path.name}, without the photo’s metadata."


def report_saved(path: Path) -> str:
    """Return that a report was written, and what it leaves out."""
    return f"Saved the report to {path.name}, without the metadata of photos."


def lines_skipped(number: int) -> str:
    """Return that some lines of a pasted text were not paths."""
    skipped = "1 line is not a path and was" if number == 1 else f"{number} lines are not paths and were"
    return f"{skipped} skipped. A path starts at the root: /home/me/photo.jpg or file:///home/me/photo.jpg."


def picture_not_stored(reason: str) -> str:
    """Return that a pasted picture could not be stored, and why if that is known."""
    why = f" ({reason})" if reason else ""
    return f"The picture cannot be stored for classification{why}. Free some disk space, or save it as a file first."


def report_printed(printer: str) -> str:
    """Return that a report was sent to a printer."""
    return f"Sent the report to the printer {visible(printer)}."


def photo_report(photo: str) -> str:
    """Return the proposed name of the report of a photo, both without their endings."""
    return f"{photo}-report"


def answers_copied(number: int) -> str:
    """Return that answers were copied."""
    return "Copied the answer." if number == 1 else f"Copied {number} answers."


def paths_copied(number: int) -> str:
    """Return that paths were copied."""
    return "Copied the path." if number == 1 else f"Copied {number} paths."


def folder_not_shown(folder: Path) -> str:
    """Return that the system shows no folder."""
    return f"This system opens no folders for the app. The photo is in {folder}."


def sample_file(label: str) -> str:
    """Return the file name of a class's sample picture."""
    return f"Sample {class_name(label).lower()}.jpg"
