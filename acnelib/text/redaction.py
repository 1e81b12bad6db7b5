"""Messages for others than the person at the terminal: without the paths and names of people's files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

A_PATH = "(a path)"
A_PHOTO = "(a photo)"

_STOPS = r"\s'\"`,;:()<>\[\]"
# A name with spaces goes up to its ending, any other up to a space.
_TAIL = rf"(?:[/\\][^\n'\"`:]*?\.[A-Za-z0-9]{{1,6}}(?=[{_STOPS}]|\.?$)|[/\\][^{_STOPS}]*)"
_ANY_PATH = re.compile(rf"(?<![\w/\\.:)])(?:~?(?={_TAIL})|[A-Za-z]:){_TAIL}", re.MULTILINE)
_ADDRESS = re.compile(r"\b(https?|s3)://(?:[^\s/@]*@)?([^\s'\"`<>]*)")
_FILE_ADDRESS = re.compile(rf"\bfile:/+[^{_STOPS}]*")
_PHOTO_NAME = re.compile(
    rf"[^{_STOPS}]+\.(?:jpe?g|jfif|png|gif|webp|tiff?|bmp|hei[cf]|avif|dng|cr2|nef|arw)\b", re.IGNORECASE
)


def redact_paths(text: str, *, known: Mapping[Path, str] | None = None) -> str:
    """Return a text in which no path and no name of a photo is left; addresses of servers stay, less user names.

    Args:
        text: What was written for the person at the terminal.
        known: Folders, and what they are called instead of their paths.
    """
    for folder, name in sorted((known or {}).items(), key=lambda entry: -len(str(entry[0]))):
        if folder != Path(folder.anchor):
            text = re.sub(rf"{re.escape(str(folder))}{_TAIL}?(?![\w-])", name.replace("\\", r"\\"), text)
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(f"{found[1]}://{found[2]}")
        return f"\0{len(kept) - 1}\0"

    text = _PHOTO_NAME.sub(A_PHOTO, _ANY_PATH.sub(A_PATH, _FILE_ADDRESS.sub(A_PATH, _ADDRESS.sub(keep, text))))
    return re.sub("\0(\\d+)\0", lambda found: kept[int(found.group(1))], text)
