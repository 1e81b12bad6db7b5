"""Review files: JSON Lines that only grow, readable by their owner alone."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from filelock import FileLock

from acnelib.errors import DataUnusable
from acnelib.reviews.decisions import last_reviews
from acnelib.reviews.review import Review
from acnelib.storage.files import errors_with_path
from acnelib.storage.strict_json import parse_json
from acnelib.text.plain_reasons import plain_reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_MOST_BYTES = 256_000_000
_LONGEST_LINE = 10_000


@dataclass(frozen=True)
class ReviewFile:
    """A file of reviews; it comes into being with the first review.

    Attributes:
        path: The file.
    """

    path: Path

    def read(self) -> tuple[Review, ...]:
        """Return the reviews in the order of their lines.

        A last line without an end was being written when a program or machine stopped, and is left out.

        Raises:
            DataUnusable: The file is missing, is none of reviews, or a line is damaged.
        """
        try:
            with errors_with_path(self.path):
                size = self.path.stat().st_size
                if size > _MOST_BYTES:
                    raise DataUnusable(f"{self.path} has {size:,} bytes, which no file of reviews has: name another")
                lines = self.path.read_bytes().split(b"\n")
        except OSError as error:
            raise DataUnusable(f"the reviews {self.path} cannot be read: {plain_reason(error)}") from error
        return tuple(self._review(number, line) for number, line in enumerate(lines[:-1], start=1) if line.strip())

    def append(self, review: Review) -> None:
        """Add a line, which is on the disk when this returns.

        Raises:
            OSError: It cannot be written, with the name of the file.
        """
        with self._locked(), errors_with_path(self.path):
            stream = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                end = os.fstat(stream).st_size
                torn = end > 0 and os.pread(stream, 1, end - 1) != b"\n"
                line = ("\n" if torn else "") + review.as_line() + "\n"
                _write(stream, line.encode(), end=end)
            finally:
                os.close(stream)

    def take_back(self, review: Review, *, before: Review | None) -> None:
        """Undo a review: remove its line if it is the last one, else repeat the reviewer's opinion before it.

        Args:
            review: The review.
            before: What the same reviewer had said about the photo before; None for nothing.

        Raises:
            DataUnusable: It is not the last line, and there is nothing to repeat.
            OSError: The file cannot be written.
        """
        line = review.as_line().encode() + b"\n"
        with self._locked(), errors_with_path(self.path), self.path.open("rb+") as stream:
            start = stream.seek(0, os.SEEK_END) - len(line)
            is_last = start >= 0 and stream.seek(start) == start and stream.read() == line
            if is_last:
                stream.truncate(start)
                os.fsync(stream.fileno())
                return
        if before is None:
            raise DataUnusable(f"{self.path} has grown since: review the photo again instead")
        self.append(before)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with FileLock(self.path.with_name(f".{self.path.name}.lock"), mode=0o600):
            yield

    def _review(self, number: int, line: bytes) -> Review:
        try:
            return Review.from_json(parse_json(line, largest=_LONGEST_LINE))
        except ValueError as error:
            is_no_json = isinstance(error, json.JSONDecodeError | UnicodeDecodeError)
            reason = "it is no JSON" if is_no_json else str(error)
            raise DataUnusable(
                f"{self.path}, line {number} is no review ({reason}): mend or remove the line"
            ) from error


def read_reviews(paths: Iterable[Path]) -> tuple[Review, ...]:
    """Return the reviews that count, by time: of each file a reviewer's last line about a photo.

    Within a file, lines count in their order, since clocks are set back; reviews of several files are ordered by time,
    so that the order of the files does not matter.

    Raises:
        DataUnusable: A file is missing or damaged.
    """
    last = [
        review
        for path in sorted(set(paths))
        for by_reviewer in last_reviews(ReviewFile(path).read()).values()
        for review in by_reviewer.values()
    ]
    return tuple(sorted(last, key=lambda review: datetime.fromisoformat(review.time)))


def _write(stream: int, content: bytes, *, end: int) -> None:
    """Write all bytes at the end of a file, or none of them."""
    try:
        written = os.write(stream, content)
        while written < len(content):
            written += os.write(stream, content[written:])
        os.fsync(stream)
    except OSError:
        with contextlib.suppress(OSError):
            os.ftruncate(stream, end)
        raise
