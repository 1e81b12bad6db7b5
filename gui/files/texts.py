"""The texts about files that are opened, pasted, exported and saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acnelib.text.visible import visible
from gui.state.wording import class_within, counted, error_text
from gui.translation import translate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

OPEN_PHOTOS = translate("files", "Open photos")
OPEN_FOLDER = translate("files", "Open folder")
REVIEW_FOLDER = translate("files", "Choose a folder for your reviews")
PHOTO_FILES = translate(
    "files", "Photos (*.jpg *.jpeg *.png *.heic *.heif *.avif *.webp *.tif *.tiff *.bmp *.gif);;All files (*)"
)
EXPORT_TABLE = translate("files", "Export table")
TABLE_FILE = "acne-results.csv"
CSV_FILES = translate("files", "CSV for spreadsheets (*.csv)")
JSON_FILES = "JSON (*.json)"
SAVE_PICTURE = translate("files", "Save picture as shown")
SAVE_REPORT = translate("files", "Save report")
PRINT_REPORT = translate("files", "Print report")
REPORT_FILES = "PDF (*.pdf)"
LIST_REPORT = translate("files", "acne-report")
PICTURE_FILES = translate("files", "Picture (*.png *.jpg *.jpeg)")
REPLACE = translate("files", "&Replace")

SEARCHING = translate("files", "Searching for photos…")
WEB_ADDRESS = translate(
    "files", "A web address cannot be opened here. Save the photo as a file first, then open the file."
)
OTHER_COMPUTER = translate(
    "files",
    "This file is on another computer or on a phone. Copy it to this computer first, or open the folder that it is "
    "mounted in.",
)
NOTHING_TO_OPEN = translate("files", "Nothing here can be opened. Drop or paste photos, folders or their paths.")

NO_ANSWER_TO_COPY = translate("files", "There is no answer to copy yet.")
SELECT_TWO = translate("files", "Select two photos to compare them.")
NOTHING_TO_REPORT = translate("files", "None of the listed photos has an answer to report yet.")

PASTED_FILE = translate("files", "Pasted picture {}.png")
SAMPLE_WITHOUT_SKIN = translate("files", "Sample without skin.jpg")

_PROBLEMS_SHOWN = 3


def search_problems(problems: Sequence[str]) -> str:
    """Return what could not be searched, the first few problems in full; empty when there were none."""
    shown = " ".join(f"{error_text(problem)}." for problem in problems[:_PROBLEMS_SHOWN])
    more = len(problems) - _PROBLEMS_SHOWN
    if more <= 0:
        return shown
    rest = counted(
        more,
        translate("files", "There is 1 more problem."),
        translate("files", "There are {number} more problems."),
    )
    return f"{shown} {rest}"


def replace_question(path: Path) -> str:
    """Return the question whether to replace a file."""
    return translate("files", "{name} already exists. Replace it?").format(name=visible(path.name))


def listed_photo(name: str) -> str:
    """Return why a file that is one of the listed photos is not written."""
    return translate(
        "files", "{name} is one of the listed photos, and photos are never overwritten: choose another name"
    ).format(name=name)


def exported(path: Path, rows: int, *, hidden: int = 0) -> str:
    """Return that a table was written, and how many answers are not in it."""
    written = counted(
        rows,
        translate("files", "Exported 1 row to {name}."),
        translate("files", "Exported {number} rows to {name}."),
        name=path.name,
    )
    if not hidden:
        return written
    left_out = counted(
        hidden,
        translate("files", "The file has no answers for 1 photo that you have not reviewed yet."),
        translate("files", "The file has no answers for {number} photos that you have not reviewed yet."),
    )
    return f"{written} {left_out}"


def picture_saved(path: Path) -> str:
    """Return that a picture was written, and what it leaves out."""
    return translate("files", "Saved the picture to {name}, without the photo’s metadata.").format(name=path.name)


def report_saved(path: Path) -> str:
    """Return that a report was written, and what it leaves out."""
    return translate("files", "Saved the report to {name}, without the metadata of photos.").format(name=path.name)


def lines_skipped(number: int) -> str:
    """Return that some lines of a pasted text were not paths."""
    skipped = counted(
        number,
        translate("files", "1 line is not a path and was skipped."),
        translate("files", "{number} lines are not paths and were skipped."),
    )
    example = translate("files", "A path starts at the root: /home/me/photo.jpg or file:///home/me/photo.jpg.")
    return f"{skipped} {example}"


def picture_not_stored(reason: str) -> str:
    """Return that a pasted picture could not be stored, and why if that is known."""
    if not reason:
        return translate(
            "files",
            "The picture cannot be stored for classification. Free some disk space, or save it as a file first.",
        )
    return translate(
        "files",
        "The picture cannot be stored for classification ({reason}). Free some disk space, or save it as a file first.",
    ).format(reason=reason)


def report_printed(printer: str) -> str:
    """Return that a report was sent to a printer."""
    return translate("files", "Sent the report to the printer {printer}.").format(printer=visible(printer))


def photo_report(photo: str) -> str:
    """Return the proposed name of the report of a photo, both without their endings."""
    return translate("files", "{photo}-report").format(photo=photo)


def answers_copied(number: int) -> str:
    """Return that answers were copied."""
    return counted(number, translate("files", "Copied the answer."), translate("files", "Copied {number} answers."))


def paths_copied(number: int) -> str:
    """Return that paths were copied."""
    return counted(number, translate("files", "Copied the path."), translate("files", "Copied {number} paths."))


def folder_not_shown(folder: Path) -> str:
    """Return that the system shows no folder."""
    text = translate("files", "This system opens no folders for the app. The photo is in {folder}.")
    return text.format(folder=folder)


def sample_file(label: str) -> str:
    """Return the file name of a class's sample picture."""
    return translate("files", "Sample {name}.jpg").format(name=class_within(label))
