"""What is remembered of a source between runs: a file of JSON lines that survives a kill at any moment."""

from __future__ import annotations

import contextlib
import json
import logging
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar

from acnelib.storage.files import write_text

if TYPE_CHECKING:
    from dataclasses import Field
    from pathlib import Path
    from types import TracebackType
    from typing import TextIO

log = logging.getLogger(__name__)


class Memo(Protocol):
    """A dataclass that remembers something under a key."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def key(self) -> str:
        """What the memo is about."""


M = TypeVar("M", bound=Memo)


class SourceMemory(Generic[M]):
    """Memos by key, each on disk as soon as it is made: a kill loses none, and at most tears the last line.

    Memos of a run that never came to :meth:`settle` stay *unsettled*, which tells the next run that it goes on
    with an interrupted one. Lines that cannot be understood are forgotten: that costs a download, no more.
    """

    def __init__(self, path: Path, kind: type[M]) -> None:
        self._path = path
        self._kind = kind
        self._memos: dict[str, M] = {}
        self._settled: set[str] = set()
        self._stream: TextIO | None = None

    def __enter__(self) -> SourceMemory[M]:
        if self._load():
            self._rewrite()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._stream = self._path.open("a", encoding="ascii")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def get(self, key: str) -> M | None:
        """Return what is remembered under a key, or None."""
        return self._memos.get(key)

    def is_settled(self, key: str) -> bool:
        """Say whether a memo comes from a run that reached its end."""
        return key in self._settled

    def put(self, memo: M) -> None:
        """Remember something from now on, on disk before this returns."""
        if self._stream is None:
            raise RuntimeError(f"the memory {self._path} is not open: use it in a with block")
        self._memos[memo.key] = memo
        self._settled.discard(memo.key)
        self._stream.write(self._line(memo))
        self._stream.flush()

    def settle(self) -> None:
        """Mark the end of a run; nothing can be put into the memory afterwards."""
        self.__exit__(None, None, None)
        if self._settled != set(self._memos):
            self._settled = set(self._memos)
            self._rewrite()

    def _line(self, memo: M) -> str:
        return json.dumps({"settled": memo.key in self._settled, **asdict(memo)}) + "\n"

    def _rewrite(self) -> None:
        write_text(self._path, "".join(map(self._line, self._memos.values())))

    def _load(self) -> bool:
        """Read the file; return whether it holds lines that are of no use any more."""
        text = ""
        with contextlib.suppress(FileNotFoundError):
            text = self._path.read_text(encoding="ascii", errors="replace")
        lines = text.splitlines()
        for number, line in enumerate(lines, start=1):
            try:
                values = json.loads(line)
                settled = values.pop("settled")
                memo = self._kind(**values)
            except (ValueError, TypeError, KeyError, AttributeError):
                log.info("%s, line %d is torn or from another version: forgotten", self._path, number)
                continue
            self._memos[memo.key] = memo
            (self._settled.add if settled else self._settled.discard)(memo.key)
        return len(lines) != len(self._memos) or (text != "" and not text.endswith("\n"))


def remembered_photos(path: Path, *, unsettled_only: bool = False) -> set[str]:
    """Return the photos that a memory names, by SHA-256, whatever its memos are about.

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
            continue  # a torn line, which the next run forgets
    return found
