"""The preferences of the user, which hold nothing about photos; without Qt."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from acnelib.errors import StorageFailed
from acnelib.storage.files import PART_SUFFIX, write_text
from acnelib.storage.trust import is_trusted
from acnelib.text.plain_reasons import plain_reason
from gui.state.review_session import LONGEST_NAME, QueueOrder
from gui.translation import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

logger = logging.getLogger(__name__)

FILE = "app.json"
TEXT_SIZES = (100, 115, 130, 150)
NORMAL_SIZE = TEXT_SIZES[0]
MAX_CHECK_EVERY = 24 * 60
"""Minutes between two checks for a new version, at most."""


@dataclass(frozen=True, kw_only=True)
class Preferences:
    """The preferences of one user.

    Attributes:
        history: Whether the list of photos and answers is kept between sessions.
        check_every: Minutes between checks for a new version, the first at startup; 0: no checks.
        opacity: Of what is laid over the photo, 0–1.
        geometry: Place and size of the window as Qt writes them, in Base64; empty: not known.
        splitters: States of splitters by name, likewise.
        grid: Whether photos are listed as a grid of thumbnails rather than as a table.
        review_folder: The folder of the file of reviews; empty before the first review.
        reviewer: Pseudonym of the reviewer; empty without one.
        blind: Whether answers are hidden until their photos are reviewed.
        review_order: The order in which photos are reviewed.
        text_size: Size of all text in percent of the desktop's, one of TEXT_SIZES.
        language: Code of the app's language, or ``SYSTEM``; it is used from the next start on.
    """

    history: bool = False
    check_every: int = 10
    opacity: float = 0.6
    geometry: str = ""
    splitters: Mapping[str, str] = field(default_factory=dict)
    grid: bool = False
    review_folder: str = ""
    reviewer: str = ""
    blind: bool = False
    review_order: str = QueueOrder.LISTED.value
    text_size: int = NORMAL_SIZE
    language: str = SYSTEM


class PreferenceStore:
    """The file of preferences in the home; of two windows that change the same one, the last has its way."""

    def __init__(self, home: Path) -> None:
        self.path = home / FILE
        self._complained = False
        self._forgotten = False
        self._unwritten: dict[str, Any] = {}

    def load(self) -> Preferences:
        """Return the preferences as they are now; the default for each that is missing or makes no sense."""
        written = {**self._read(), **self._unwritten}
        known = {name: written[name] for name in _IS_RIGHT if name in written}
        wrong = {name for name, value in known.items() if not _IS_RIGHT[name](value)}
        if wrong:
            self._complain("%s has wrong values for %s: the defaults are used", FILE, ", ".join(sorted(wrong)))
        return Preferences(**{name: value for name, value in known.items() if name not in wrong})

    def change(self, **changes: Any) -> Preferences:
        """Write some preferences and return all; the others stay as they are in the file.

        Raises:
            StorageFailed: The file cannot be written; the changes last until the app ends.
        """
        unknown = changes.keys() - {each.name for each in fields(Preferences)}
        if unknown:
            raise TypeError(f"no such preference: {', '.join(sorted(unknown))}")
        try:
            content = json.dumps({**self._read(), **self._unwritten, **changes}, indent=1) + "\n"
            write_text(self.path, content, mode=0o600)
        except OSError as error:
            self._unwritten |= changes
            raise StorageFailed(
                f"{self.path} cannot be written ({error.strerror}): check its permissions and the free disk space"
            ) from error
        self._unwritten.clear()
        self._forgotten = False
        return self.load()

    def remember(self, **changes: Any) -> None:
        """Write what changes in passing, such as the window's position: a failure is only logged.

        Nothing is written once the preferences were deleted: that would bring them back.
        """
        if self._forgotten:
            return
        try:
            self.change(**changes)
        except StorageFailed as error:
            self._complain("%s cannot be written (%s): changes last until the app ends", FILE, error.__cause__)

    def delete(self) -> None:
        """Delete the file, and what a killed process left of it.

        Raises:
            OSError: It cannot be deleted.
        """
        self._forgotten = True
        self._unwritten.clear()
        delete_with_parts(self.path)

    def _read(self) -> dict[str, Any]:
        if not is_trusted(self.path):
            return {}
        try:
            written = json.loads(self.path.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, RecursionError) as error:
            self._complain("%s cannot be read (%s): the defaults are used", FILE, plain_reason(error, quoting=False))
            return {}
        if not isinstance(written, dict):
            self._complain("%s holds no preferences: the defaults are used", FILE)
            return {}
        return written

    def _complain(self, message: str, *values: object) -> None:
        """Log once what is wrong with the file."""
        if not self._complained:
            self._complained = True
            logger.warning(message, *values)


def delete_with_parts(path: Path) -> None:
    """Delete a file, and what processes that were killed while they wrote it left beside it."""
    for each in (path, *path.parent.glob(f".{path.name}.*{PART_SUFFIX}")):
        each.unlink(missing_ok=True)


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def _is_wait(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_CHECK_EVERY


def _is_words(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(each, str) for each in value.values())


_IS_RIGHT: Mapping[str, Callable[[object], bool]] = {
    "history": lambda value: isinstance(value, bool),
    "check_every": _is_wait,
    "opacity": _is_share,
    "geometry": lambda value: isinstance(value, str),
    "splitters": _is_words,
    "grid": lambda value: isinstance(value, bool),
    "review_folder": lambda value: isinstance(value, str),
    "reviewer": lambda value: isinstance(value, str) and len(value) <= LONGEST_NAME and value.isprintable(),
    "blind": lambda value: isinstance(value, bool),
    "text_size": lambda value: value in TEXT_SIZES and not isinstance(value, bool | float),
    "review_order": lambda value: value in list(QueueOrder),
    "language": lambda value: isinstance(value, str),
}
