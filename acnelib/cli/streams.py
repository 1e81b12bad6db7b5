"""Standard streams of the process: closed ones, readers that go away, and the encoding."""

from __future__ import annotations

import codecs
import contextlib
import errno
import io
import os
import select
import stat
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator

_STANDARD = 3  # descriptors 0, 1 and 2
_UTF8 = "utf-8"


class _Output(io.TextIOWrapper):
    """A stream whose reader may go away: what can no longer be read is discarded, and the process goes on."""

    def __init__(self, descriptor: int, encoding: str, *, line_buffering: bool, owned: bool = False) -> None:
        raw = io.FileIO(descriptor, "w", closefd=owned)
        super().__init__(
            io.BufferedWriter(raw), encoding=encoding, errors="backslashreplace", line_buffering=line_buffering
        )
        self._is_device = stat.S_ISCHR(os.fstat(descriptor).st_mode)  # a closed terminal no longer says what it is
        self.reader_gone = False

    def write(self, text: str, /) -> int:
        """Write a text."""
        with self._discarding():
            return super().write(text)
        return len(text)

    def flush(self) -> None:
        """Write what is buffered."""
        with self._discarding():
            super().flush()

    @contextlib.contextmanager
    def _discarding(self) -> Iterator[None]:
        """Discard the output once the pipe or the terminal is closed at the other end."""
        try:
            yield
        except OSError as error:
            if error.errno != errno.EPIPE and not (self._is_device and error.errno == errno.EIO):
                raise
            self.reader_gone = True
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())  # native libraries write past Python
            os.close(nowhere)


def set_up_streams() -> None:
    """Prepare standard input, output and error of this process for commands.

    A closed stream becomes the null device; otherwise the next file that is opened would get its descriptor, and
    messages of native libraries would be written into it. Files and pipes are written in UTF-8, whatever the locale; a
    terminal has its locale's encoding. Characters that it lacks, and bytes of file names that are no text, are escaped.
    """
    while (descriptor := os.open(os.devnull, os.O_RDWR)) < _STANDARD:
        os.set_inheritable(descriptor, True)
    os.close(descriptor)
    sys.stdin = sys.stdin or os.fdopen(0, closefd=False)
    sys.stdout = _Output(1, _encoding(sys.stdout), line_buffering=os.isatty(1))
    sys.stderr = _Output(2, _encoding(sys.stderr), line_buffering=True)


def duplicate(stream: TextIO) -> TextIO:
    """Return a stream with a duplicated descriptor, which redirections of the original do not affect.

    Raises:
        OSError: There is no descriptor behind the stream.
        ValueError: The stream is closed.
    """
    return _Output(os.dup(stream.fileno()), stream.encoding, line_buffering=True, owned=True)


def has_reader(stream: TextIO) -> bool:
    """Return whether what is written can still be read: not if it is a pipe whose reader has gone."""
    if not isinstance(stream, _Output):
        return True
    if stream.reader_gone or not hasattr(select, "poll"):
        return not stream.reader_gone
    poll = select.poll()
    poll.register(stream.fileno(), 0)
    return not any(event & select.POLLERR for _, event in poll.poll(0))


def is_utf8(stream: TextIO) -> bool:
    """Return whether a stream is written in UTF-8."""
    return codecs.lookup(stream.encoding or _UTF8).name == _UTF8


def _encoding(stream: TextIO | None) -> str:
    return stream.encoding if stream is not None and stream.isatty() else _UTF8
