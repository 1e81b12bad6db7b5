"""Links between documents, led to pages of the site where they leave ``docs/``."""

from __future__ import annotations

import posixpath
import re
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DOCS = "docs"
ROOT_PAGES = {
    "README.md": "readme.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "CODE_OF_CONDUCT.md": "code_of_conduct.md",
}
"""Pages of the repository's root that the site shows."""

FOLDER_PAGES = {"docs/adr": "adr/index.md"}
"""Pages that stand for a folder."""

_FENCE = re.compile(r"^\s*(```|~~~)")
_LINK = re.compile(r"(!?\[[^\]]*\]\()([^)\s]+)(\))")
_LIST_ITEM = re.compile(r"^(?:[-*+]|\d+\.) ")


class BrokenLink(Exception):
    """A link leads to no file of the repository."""


def with_site_links(markdown: str, *, document: str, page: str, repository: Path) -> str:
    """Return a document with every relative link led to its page of the site.

    Args:
        markdown: The document's text.
        document: Its path in the repository, such as ``docs/data.md``.
        page: Its path in the site, such as ``data.md``.
        repository: The repository.

    Raises:
        BrokenLink: A link leads to no file of the repository.
    """

    def led_to_page(found: re.Match[str]) -> str:
        target, hash_sign, anchor = found[2].partition("#")
        if not _is_relative(target):
            return found[0]
        uri = page_of(_path_of(target, document), document=document, repository=repository)
        return f"{found[1]}{posixpath.relpath(uri, posixpath.dirname(page) or '.')}{hash_sign}{anchor}{found[3]}"

    return "\n".join(_LINK.sub(led_to_page, piece) if is_text else piece for piece, is_text in _pieces(markdown))


def page_of(path: str, *, document: str, repository: Path) -> str:
    """Return the page of the site that shows a file of the repository.

    Raises:
        BrokenLink: There is no such file.
    """
    if page := ROOT_PAGES.get(path) or FOLDER_PAGES.get(path):
        return page
    if path.startswith(f"{DOCS}/"):
        return path.removeprefix(f"{DOCS}/")  # MkDocs checks these, and knows the generated ones
    if not (repository / path).is_file():
        raise BrokenLink(f"{document} links to {path}, which is no file: mend the link")
    return f"source/{path}.md"


def linked_files(markdown: str, *, document: str) -> set[str]:
    """Return the files outside ``docs/`` that a document links to and that need a page of their own."""
    targets = {
        _path_of(found[2].partition("#")[0], document)
        for piece, is_text in _pieces(markdown)
        if is_text
        for found in _LINK.finditer(piece)
        if _is_relative(found[2].partition("#")[0])
    }
    return {target for target in targets if target not in ROOT_PAGES and not target.startswith(f"{DOCS}/")}


def with_blank_lines(markdown: str) -> str:
    """Return a document with a blank line before each list and table, which the site's Markdown needs to see them."""
    lines: list[str] = []
    for line, is_text in _lines(markdown):
        before = lines[-1] if lines else ""
        starts_list = is_text and bool(_LIST_ITEM.match(line)) and not _belongs_to_list(before)
        starts_table = is_text and line.startswith("|") and not before.startswith("|")
        if before.strip() and (starts_list or starts_table):
            lines.append("")
        lines.append(line)
    return "\n".join(lines)


def _belongs_to_list(line: str) -> bool:
    return bool(_LIST_ITEM.match(line)) or line.startswith(" ")


def _pieces(markdown: str) -> Iterator[tuple[str, bool]]:
    """Yield the stretches of text and of code in turn, since the words of a link may go over two lines."""
    for is_text, lines in groupby(_lines(markdown), key=lambda line: line[1]):
        yield "\n".join(line for line, _ in lines), is_text


def _lines(markdown: str) -> Iterator[tuple[str, bool]]:
    """Yield each line, and whether it is text rather than code."""
    in_code = False
    for line in markdown.split("\n"):
        is_fence = bool(_FENCE.match(line))
        yield line, not in_code and not is_fence
        in_code ^= is_fence


def _is_relative(target: str) -> bool:
    return bool(target) and not re.match(r"[a-z]+:", target)


def _path_of(target: str, document: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(document), target)).rstrip("/")
