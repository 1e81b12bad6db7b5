"""The memory of a source between runs: a file of JSON lines that survives a kill at any moment."""

from __future__ import annotations

import contextlib
import json
import logging
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar

from acnelib.storage.files import PRIVATE, private_folder, write_text

if TYPE_CHECKING:
    from dataclasses import Field
    from pathlib import Path
    from types import TracebackType
    from typing import TextIO

log = logging.getLogger(__name__)


class MemoryEntry(Protocol):
    """A dataclass that is stored under a key."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def key(self) -> str:
        """The key of the entry."""


M = TypeVar("M", bound=MemoryEntry)


class SourceMemory(Generic[M]):
    """Entries by key, each on disk as soon as it is made: a kill loses none, and at most tears the last line.

    Entries of a run that never came to :meth:`settle` stay *unsettled*, which shows the next run that it resumes
    an interrupted one. Lines that cannot be parsed are dropped, which costs a download, no more.
    """

    def __init__(self, path: Path, kind: type[M]) -> None:
        self._path = path
        self._kind = kind
        self._entries: dict[str, M] = {}
        self._settled: set[str] = set()
        self._stream: TextIO | None = None

    def __enter__(self) -> SourceMemory[M]:
        if self._load():
            self._rewrite()
        private_folder(self._path.parent)
        self._path.touch(mode=PRIVATE)
        self._stream = self._path.open("a", encoding="ascii")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def get(self, key: str) -> M | None:
        """Return the entry under a key, or None."""
        return self._entries.get(key)

    def is_settled(self, key: str) -> bool:
        """Return whether an entry comes from a run that reached its end."""
        return key in self._settled

    def put(self, entry: M) -> None:
        """Store an entry, on disk before this returns."""
        if self._stream is None:
            raise RuntimeError(f"the memory {self._path} is not open: use it in a with block")
        self._entries[entry.key] = entry
        self._settled.discard(entry.key)
        self._stream.write(self._line(entry))
        self._stream.flush()

    def settle(self) -> None:
        """Mark the end of a run; nothing can be put into the memory afterwards."""
        self.__exit__(None, None, None)
        if self._settled != set(self._entries):
            self._settled = set(self._entries)
            self._rewrite()

    def _line(self, entry: M) -> str:
        return json.dumps({"settled": entry.key in self._settled, **asdict(entry)}) + "\n"

    def _rewrite(self) -> None:
        write_text(self._path, "".join(map(self._line, self._entries.values())))

    def _load(self) -> bool:
        """Read the file; return whether it holds lines that are no longer needed."""
        text = ""
        with contextlib.suppress(FileNotFoundError):
            text = self._path.read_text(encoding="ascii", errors="replace")
        lines = text.splitlines()
        for number, line in enumerate(lines, start=1):
            try:
                values = json.loads(line)
                settled = values.pop("settled")
                entry = self._kind(**values)
            except (ValueError, TypeError, KeyError, AttributeError):
                log.info("%s, line %d is damaged and dropped", self._path, number)
                continue
            self._entries[entry.key] = entry
            (self._settled.add if settled else self._settled.discard)(entry.key)
        return len(lines) != len(self._entries) or (text != "" and not text.endswith("\n"))


def remembered_photos(path: Path, *, unsettled_only: bool = False) -> set[str]:
    """Return the photos that a memory names, by SHA-256, for entries of any kind.

    Args:
        path: The file.
        unsettled_only: Leave out photos that only runs which reached their end have met.
    """
    found = set()
    for line in path.read_text(encoding="ascii", errors="replace").splitlines():
        try:
            values = json.loads(line)
            if not (unsettled_only and values["settled"]):
                found.add(str(values["sha256"]))
        except (ValueError, TypeError, KeyError):
            continue  # a damaged line, which the next run drops
    return found
