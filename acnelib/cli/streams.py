"""Standard streams of the process: closed ones, readers that go away, and the encoding."""

from __future__ import annotations

import codecs
import errno
import io
import os
import select
import sys
from typing import Any, TextIO

_STANDARD = 3  # descriptors 0, 1 and 2
_UTF8 = "utf-8"


class _Output(io.FileIO):
    """A descriptor whose reader may go away: what nobody can read is discarded, and the process goes on."""

    def __init__(self, descriptor: int, *, owned: bool) -> None:
        super().__init__(descriptor, "w", closefd=owned)
        self._is_terminal = os.isatty(descriptor)
        self.reader_gone = False

    def write(self, data: Any, /) -> int:
        """Write, or discard once the pipe or the terminal is closed at the other end."""
        try:
            return super().write(data)
        except OSError as error:
            if error.errno != errno.EPIPE and not (self._is_terminal and error.errno == errno.EIO):
                raise
        self.reader_gone = True
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.fileno())  # native libraries write past Python
        os.close(nowhere)
        return len(data)


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
    sys.stdout = _text(_Output(1, owned=False), _encoding(sys.stdout), line_buffering=os.isatty(1))
    sys.stderr = _text(_Output(2, owned=False), _encoding(sys.stderr), line_buffering=True)


def duplicate(stream: TextIO) -> TextIO:
    """Return a stream with a duplicated descriptor, which redirections of the original do not affect.

    Raises:
        OSError: There is no descriptor behind the stream.
        ValueError: The stream is closed.
    """
    return _text(_Output(os.dup(stream.fileno()), owned=True), stream.encoding, line_buffering=True)


def has_reader(stream: TextIO) -> bool:
    """Return whether what is written can still be read: not if it is a pipe whose reader has gone."""
    raw = getattr(getattr(stream, "buffer", None), "raw", None)
    if not isinstance(raw, _Output):
        return True
    if raw.reader_gone or not hasattr(select, "poll"):
        return not raw.reader_gone
    poll = select.poll()
    poll.register(raw.fileno(), 0)
    return not any(event & select.POLLERR for _, event in poll.poll(0))


def is_utf8(stream: TextIO) -> bool:
    """Return whether a stream is written in UTF-8."""
    return codecs.lookup(stream.encoding or _UTF8).name == _UTF8


def _encoding(stream: TextIO | None) -> str:
    return stream.encoding if stream is not None and stream.isatty() else _UTF8


def _text(raw: _Output, encoding: str, *, line_buffering: bool) -> TextIO:
    return io.TextIOWrapper(
        io.BufferedWriter(raw), encoding=encoding, errors="backslashreplace", line_buffering=line_buffering
    )
