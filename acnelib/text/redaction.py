"""Redaction of paths and file names in messages that leave the user's terminal: logs, notifications, task pages."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from acnelib.text.visible import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

A_FILE = "<file>"
A_PATH = "<path>"
THE_SOURCE = "<source>"

_STOPS = r"\s'\"`,;:()<>\[\]"
# A name with spaces goes up to its ending, any other up to a space.
_TAIL = rf"(?:[/\\][^\n'\"`:]*?\.[A-Za-z0-9]{{1,6}}(?=[{_STOPS}]|\.?$)|[/\\][^{_STOPS}]*)"
_ESCAPE = r"\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})"  # an invisible character, as visible() writes it
_ANY_PATH = re.compile(rf"(?<![\w/\\.:)<>])(?!{_ESCAPE})(?:~?(?={_TAIL})|[A-Za-z]:){_TAIL}")
_ADDRESS = re.compile(r"\b(https?|s3)://(?:[^\s/]*@)?([^\s'\"`<>]*)")
_FILE_ADDRESS = re.compile(rf"\bfile:/+[^{_STOPS}]*")
_PHOTO_NAME = re.compile(
    rf"(?:<[\w ]+>)?[^{_STOPS}]+\.(?:jpe?g|jfif|png|gif|webp|tiff?|bmp|hei[cf]|avif|dng|cr2|nef|arw)\b", re.IGNORECASE
)
_BOUNDARY = re.compile(r"(?<=[\s:;,'\"()])|(?=[\s:;,'\"()])|^|$")
_SEARCHED = 400  # characters of a message that are searched for file names with spaces
_MOST_BOUNDARIES = 40  # within one file name


def without_logins(text: str) -> str:
    """Return a text without the user names and passwords of the addresses in it."""
    return _ADDRESS.sub(r"\1://\2", text)


def _no_file_names() -> Collection[str]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Redaction:
    """The redaction of one source's messages: no absolute path and no photo's name is left in the result.

    Addresses of servers stay, without user names and passwords.

    Attributes:
        folders: Folders and their replacements; a path below such a folder is replaced whole.
        roots: Folders and their replacements; what follows in a path below such a folder stays.
        file_names: Returns the names of the files of the source, relative to its folder, as :func:`visible` writes
            them. Unlike other names they are recognised in whole even where they have spaces and no ending.
    """

    folders: Mapping[Path, str] = field(default_factory=dict)
    roots: Mapping[Path, str] = field(default_factory=dict)
    file_names: Callable[[], Collection[str]] = _no_file_names

    def __call__(self, message: str) -> str:
        """Return the message in one visible line, redacted."""
        text = self._without_known_folders(visible(message))
        return _without_paths(self._without_file_names(text))

    def _without_known_folders(self, text: str) -> str:
        """Replace known folders, the deepest first, so that each gets its own replacement."""
        known = [(folder, name, rf"{_TAIL}?") for folder, name in self.folders.items()]
        known += [(folder, name, "") for folder, name in self.roots.items()]
        for folder, name, tail in sorted(known, key=lambda entry: -len(str(entry[0]))):
            if folder != Path(folder.anchor):
                path = re.escape(visible(str(folder)))
                text = re.sub(rf"(?:\bfile://)?{path}(?![\w-]){tail}", name.replace("\\", r"\\"), text)
        return text

    def _without_file_names(self, text: str) -> str:
        names = self.file_names()
        if not names:
            return text
        boundaries = [match.start() for match in _BOUNDARY.finditer(text[:_SEARCHED])]
        pieces: list[str] = []
        position = 0
        for start, end in _candidates(boundaries):
            if start >= position and text[start:end].removeprefix(f"{THE_SOURCE}/").removeprefix("./") in names:
                pieces += [text[position:start], A_FILE]
                position = end
        return "".join([*pieces, text[position:]])


def _candidates(boundaries: list[int]) -> Iterator[tuple[int, int]]:
    """Yield stretches of a text, the longest from each start first."""
    for index, start in enumerate(boundaries):
        for end in reversed(boundaries[index + 1 : index + 1 + _MOST_BOUNDARIES]):
            yield start, end


def _without_paths(text: str) -> str:
    """Replace paths and names of photos; addresses of servers are set aside until that is done."""
    addresses: list[str] = []

    def set_aside(match: re.Match[str]) -> str:
        addresses.append(f"{match[1]}://{match[2]}")
        return f"\0{len(addresses) - 1}\0"

    text = _FILE_ADDRESS.sub(A_PATH, _ADDRESS.sub(set_aside, text))
    text = _PHOTO_NAME.sub(A_FILE, _ANY_PATH.sub(A_PATH, text))
    return re.sub("\0(\\d+)\0", lambda match: addresses[int(match[1])], text)
