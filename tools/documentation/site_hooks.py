"""What MkDocs calls when it builds the site: generated pages are made in memory, and no file is written for them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from command_reference import command_reference
from http_reference import http_reference
from library_reference import library_reference
from mkdocs.structure.files import File
from repository_links import DOCS, ROOT_PAGES, linked_files, with_blank_lines, with_site_links

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

REPOSITORY = Path(__file__).parents[2]
GENERATED = {
    "reference/command_line.md": command_reference,
    "reference/python_api.md": library_reference,
    "reference/http_api.md": http_reference,
}
_DECISIONS = "adr/index.md"
_FOLDERS = {"Tutorial": "tutorial", "Decisions": "adr"}
_NOT_SEARCHED = "---\nsearch:\n  exclude: true\n---\n"
_LANGUAGES = {".py": "python", ".toml": "toml", ".cfg": "ini", ".json": "json", ".spec": "python"}


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Complete the navigation: folders are listed by their pages, and pages that it does not name come last."""
    config.nav = complete_navigation(config.nav or [], pages=_pages())
    return config


def complete_navigation(navigation: list[Any], *, pages: list[str]) -> list[Any]:
    """Return the navigation with the pages of folders, and with a last section of pages that it does not name.

    Args:
        navigation: Entries of ``mkdocs.yml``.
        pages: Pages of ``docs/``, sorted.
    """
    completed = []
    for entry in navigation:
        title = next(iter(entry))
        folder = _FOLDERS.get(title)
        in_folder = sorted((page for page in pages if page.startswith(f"{folder}/")), key=_reading_order)
        if folder is None:
            completed.append(entry)
        elif in_folder:
            completed.append({title: [_DECISIONS, *in_folder] if _DECISIONS.startswith(f"{folder}/") else in_folder})
    named = str(completed)
    if unnamed := [page for page in pages if f"'{page}'" not in named]:
        completed.append({"More": unnamed})
    return completed


def _reading_order(page: str) -> tuple[bool, int, str]:
    """Put a folder's own page first, then numbered pages by their number."""
    name = page.rsplit("/", 1)[-1]
    number = re.match(r"\d+", name)
    return name != "index.md", int(number[0]) if number else 0, name


def _pages() -> list[str]:
    return sorted(path.relative_to(REPOSITORY / DOCS).as_posix() for path in (REPOSITORY / DOCS).rglob("*.md"))


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the generated pages, those of the repository's root, and each source file that a document links to."""
    pages = {uri: generate() for uri, generate in GENERATED.items()}
    pages[_DECISIONS] = _decisions()
    sources: set[str] = set()
    for page in _pages():
        document = f"{DOCS}/{page}"
        sources |= linked_files((REPOSITORY / document).read_text(encoding="utf-8"), document=document)
    for document, uri in ROOT_PAGES.items():
        text = (REPOSITORY / document).read_text(encoding="utf-8")
        sources |= linked_files(text, document=document)
        pages[uri] = with_site_links(text, document=document, page=uri, repository=REPOSITORY)
    pages |= {f"source/{path}.md": _source_page(path) for path in sources if (REPOSITORY / path).is_file()}
    for uri, content in pages.items():
        files.append(File.generated(config, uri, content=content))
    return files


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Lead links that leave ``docs/`` to the site's pages, and separate lists and tables from the text before them."""
    uri = page.file.src_uri
    if (REPOSITORY / DOCS / uri).is_file():
        markdown = with_site_links(markdown, document=f"{DOCS}/{uri}", page=uri, repository=REPOSITORY)
    return with_blank_lines(markdown)


def on_page_content(html: str, **_: Any) -> str:
    """Remove the marks of docstrings for which Markdown has no meaning: roles, and colons before a block."""
    html = re.sub(r":(?:mod|func|class|meth):(?=<(?:code|a|autoref))", "", html)
    return html.replace("<p>::</p>", "").replace("::</p>", ":</p>")


def _decisions() -> str:
    lines = ["# Decisions", "", "Why the project is as it is: one page for each decision, with what was rejected.", ""]
    for path in sorted((REPOSITORY / DOCS / "adr").glob("*.md")):
        title = re.sub(r"^# *", "", path.read_text(encoding="utf-8").split("\n", 1)[0])
        lines.append(f"- [{title}]({path.name})")
    return "\n".join(lines) + "\n"


def _source_page(path: str) -> str:
    text = (REPOSITORY / path).read_text(encoding="utf-8")
    language = _LANGUAGES.get(Path(path).suffix, "text")
    return f"{_NOT_SEARCHED}# {path}\n\n~~~~{language}\n{text}\n~~~~\n"
