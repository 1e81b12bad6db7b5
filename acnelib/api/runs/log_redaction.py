"""Lines of a run's log without the paths of people's files."""

from __future__ import annotations

import re
import time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from acnelib.folders.walk import Walk
from acnelib.text.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_FILE = "<file>"
_PATH = "<path>"
_ABSOLUTE = re.compile(r"(?:file:/+|(?<![\w.:/<>#])~?/(?!/))[^\s:;,'\"()]+")
_PICTURE = re.compile(r"[^\s:;,'\"()]{1,255}\.(?:jpe?g|jfif|png|hei[cf]|webp|tiff?|bmp|gif|avif)\b", re.IGNORECASE)
_BOUNDARY = re.compile(r"(?<=[\s:;,'\"()])|(?=[\s:;,'\"()])|^|$")
_LONGEST = 400  # characters of a line within which names with spaces are looked for
_WORDS = 40  # boundaries that one name may have
_REMEMBERED = 10.0  # seconds for which the names of a source's files are known


class Redaction:
    """Takes the paths of people's files out of lines.

    Args:
        folder: The source's folder, whose files are told by names relative to it; None for a site.
        roots: Folders that lines may name, and what stands for each.
    """

    def __init__(self, folder: Path | None, *, roots: Iterable[tuple[Path, str]] = ()) -> None:
        self._folder = folder
        named = [(folder, "<source>")] if folder else []
        named += [*roots, (Path.home(), "<home>")]
        # The deepest first, or a folder in the home would be told by its own name.
        self._roots = sorted(((visible(str(path)), word) for path, word in named), key=lambda root: -len(root[0]))

    def __call__(self, line: str) -> str:
        """Return a line without them, and with everything in it visible, as the log has names."""
        line = visible(line)
        for root, word in self._roots:
            if len(root) > 1:
                line = re.sub(rf"{re.escape(root)}(?![\w-])", word, line)
        if self._folder is not None:
            line = self._without_names(line)
        line = _ABSOLUTE.sub(_PATH, line)
        return line if self._folder is None else _PICTURE.sub(_FILE, line)

    def _without_names(self, line: str) -> str:
        """Replace the names of files that lie in the source's folder, which may hold blanks."""
        assert self._folder is not None  # noqa: S101 - for the type checker
        names = _names_below(self._folder, int(time.monotonic() / _REMEMBERED))
        edges = [match.start() for match in _BOUNDARY.finditer(line[:_LONGEST])]
        pieces: list[str] = []
        position = 0
        for start, end in self._candidates(edges):
            if start >= position and line[start:end].removeprefix("<source>/").removeprefix("./") in names:
                pieces += [line[position:start], _FILE]
                position = end
        return "".join([*pieces, line[position:]])

    @staticmethod
    def _candidates(edges: list[int]) -> Iterator[tuple[int, int]]:
        """Yield stretches of a line, the longest from each start first."""
        for index, start in enumerate(edges):
            for end in reversed(edges[index + 1 : index + 1 + _WORDS]):
                yield start, end


@lru_cache(maxsize=4)
def _names_below(folder: Path, _moment: int) -> frozenset[str]:
    """Return what lies below a folder by its path from there, but for the class folders; looked up once in a while."""
    walk = Walk(folder)
    names = {visible(path.as_posix()) for path in walk.files()}
    inner = {visible(path) for path in walk.folders if "/" in path}
    classes = set(map(visible, walk.folders_at_top))
    return frozenset(names | inner | ({visible(each.path) for each in walk.left_out} - classes - {"."}))
