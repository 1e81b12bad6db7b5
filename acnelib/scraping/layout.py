"""How a site is laid out, as data: one TOML file per site beside this module."""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import MISSING, dataclass, fields, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import parsel

from acnelib.errors import SettingsInvalid, SourceUnknown
from acnelib.labels import normalised_label

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable
    from pathlib import Path

T = TypeVar("T")


class IndexKind(StrEnum):
    """The forms in which a site lists its topics."""

    JSON = "json"
    """A JSON list of objects."""
    LINKS = "links"
    """Links on an HTML page."""


@dataclass(frozen=True, kw_only=True)
class Index:
    """Where a site lists its topics.

    Attributes:
        kind: How the list is written.
        path: Its path on the site.
        link: JSON: the key that holds a topic's address; links: the CSS selector of the links themselves.
        name: JSON: the key that holds a topic's name; a link's name is its text.
        topic: Regular expression on the path of a topic's address; its group ``topic`` is the topic.
    """

    kind: str
    path: str
    link: str
    topic: str
    name: str | None = None


@dataclass(frozen=True, kw_only=True)
class Pictures:
    """How a topic's page shows its pictures.

    Attributes:
        select: CSS selector of the elements that show one picture each.
        address: Attribute of such an element that holds the picture's address.
        caption: Attribute of such an element that holds its caption.
        title: CSS selector of the page's title.
        next: CSS selector of the link to the next page; None: a topic has one page.
    """

    select: str
    address: str = "src"
    caption: str = "alt"
    title: str = "title"
    next: str | None = None


@dataclass(frozen=True, kw_only=True)
class Rewriting:
    r"""One step from the address of a resized variant to that of the original.

    Attributes:
        pattern: Regular expression, replaced wherever it fits the address.
        replacement: What takes its place; may name groups like ``\1``.
    """

    pattern: str
    replacement: str = ""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """A site: where its topics and pictures stand, how politely it is read, and which topic is which class.

    Attributes:
        name: Name of the source.
        title: The site's own name.
        base: Scheme, host and port; None: an address must be given.
        hosts: Other hosts (``host`` or ``host:port``) that the site's links and redirects may lead to.
        delay: Least seconds between two requests to a host; a longer Crawl-delay in robots.txt counts instead.
        licence: What is written into every record.
        terms: What a user must confirm to have read before the site is visited; None: nothing.
        minimum: Least number of photos of a class that is worth training on.
        largest: Most bytes of one picture or page.
        index: Where the topics are listed.
        pictures: How a topic's page shows its pictures.
        originals: Steps from a variant's address to the original's, in order.
        topics: Topic, or a pattern with ``*``, and the class label it becomes; the first that fits counts, and
            an empty label leaves the topic out.
    """

    name: str
    title: str
    index: Index
    pictures: Pictures
    topics: tuple[tuple[str, str], ...]
    base: str | None = None
    hosts: tuple[str, ...] = ()
    delay: float = 1.0
    licence: str | None = None
    terms: str | None = None
    minimum: int = 1
    largest: int = 50_000_000
    originals: tuple[Rewriting, ...] = ()

    def topic_at(self, address: str) -> str | None:
        """Return the topic that an address is about, or None when it is about none."""
        found = self._topic.search(urlsplit(address).path)
        return found["topic"].casefold() if found else None

    def label_of(self, topic: str) -> str | None:
        """Return the class label that a topic becomes, or None when it is left out."""
        return next((label for pattern, label in self.topics if fnmatchcase(topic, pattern)), None) or None

    def original_of(self, address: str) -> str:
        """Return the address of the original picture, given that of a variant; an original stays itself."""
        for pattern, replacement in self._originals:
            address = pattern.sub(replacement, address)
        return address

    @cached_property
    def _topic(self) -> re.Pattern[str]:
        return re.compile(self.index.topic)

    @cached_property
    def _originals(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        return tuple((re.compile(step.pattern), step.replacement) for step in self.originals)


def layout_names() -> tuple[str, ...]:
    """Return the names of the layouts that come with this program."""
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in _folder().iterdir() if _is_layout(entry)))


def load_layout(name: str, *, topics: Path | None = None) -> Layout:
    """Return a layout by its name.

    Args:
        name: One of :func:`layout_names`.
        topics: TOML file of the user's whose table ``[topics]``, and ``minimum`` if it has one, count instead
            of the layout's own.

    Raises:
        SourceUnknown: There is no such layout.
        SettingsInvalid: The file of topics cannot be understood.
    """
    if name not in layout_names():
        near = difflib.get_close_matches(name, layout_names(), n=1)
        hint = f" (did you mean {near[0]!r}?)" if near else ""
        raise SourceUnknown(f"no layout is named {name!r}{hint}: there are {', '.join(layout_names())}")
    layout = _layout(_folder() / f"{name}.toml", name=name)
    if topics is None:
        return layout
    table = _table(topics)
    return replace(layout, topics=_topics(table, where=str(topics)), minimum=table.get("minimum", layout.minimum))


def read_layout(path: Path) -> Layout:
    """Return the layout that a TOML file of the user's describes; its name is the file's.

    Raises:
        SettingsInvalid: The file cannot be read, or a key in it is missing, unknown or wrong.
    """
    return _layout(path, name=path.stem)


def _folder() -> Traversable:
    return files("acnelib.scraping") / "layouts"


def _is_layout(entry: Traversable) -> bool:
    return entry.name.endswith(".toml") and not entry.name.startswith(".")


def _table(path: Traversable | Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsInvalid(f"{path} cannot be read as TOML ({error}): mend it") from error


def _layout(path: Traversable | Path, *, name: str) -> Layout:
    where, table = str(path), _table(path)
    parts = {
        "name": name,
        "index": _built(Index, table.get("index", {}), where=f"{where} [index]"),
        "pictures": _built(Pictures, table.get("pictures", {}), where=f"{where} [pictures]"),
        "originals": tuple(
            _built(Rewriting, step, where=f"{where} [[originals]]") for step in table.get("originals", ())
        ),
        "topics": _topics(table, where=where),
        "hosts": tuple(table.get("hosts", ())),
    }
    layout = _built(Layout, {**table, **parts}, where=where)
    _check(layout, where=where)
    return layout


def _topics(table: dict[str, Any], *, where: str) -> tuple[tuple[str, str], ...]:
    topics = table.get("topics")
    if not isinstance(topics, dict) or not topics:
        raise SettingsInvalid(f'{where}: there is no table [topics]: add one with lines like "rosacea" = "rosacea"')
    for topic, label in topics.items():
        if not isinstance(label, str) or (label and normalised_label(label) != label):
            raise SettingsInvalid(
                f"{where} [topics]: {topic!r} becomes {label!r}, which is no class label: "
                "write lower-case words joined by hyphens"
            )
    return tuple((topic.casefold(), label) for topic, label in topics.items())


def _built(kind: type[T], table: dict[str, Any], *, where: str) -> T:
    """Return a dataclass filled from a table of the same names."""
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    if unknown := sorted(set(table) - set(known)):
        raise SettingsInvalid(f"{where}: {unknown[0]!r} is no key of a layout: there are {', '.join(known)}")
    if missing := [name for name, field in known.items() if field.default is MISSING and name not in table]:
        raise SettingsInvalid(f"{where}: {missing[0]!r} is missing: add it")
    numbers = {"float": (int, float), "int": (int,)}
    for name, value in table.items():
        wanted = str(known[name].type)
        types = numbers.get(wanted, (str,) if wanted.startswith("str") else (object,))
        if isinstance(value, bool) or not isinstance(value, types):
            raise SettingsInvalid(f"{where}: {name} = {value!r} is not of type {wanted}")
    return kind(**table)


def _check(layout: Layout, *, where: str) -> None:
    """Raise an error for a kind, selector or regular expression that would only fail on the way."""
    if layout.index.kind not in list(IndexKind):
        raise SettingsInvalid(f"{where} [index]: kind = {layout.index.kind!r}: write {' or '.join(IndexKind)}")
    selectors = {"select": layout.pictures.select, "title": layout.pictures.title, "next": layout.pictures.next}
    if layout.index.kind == IndexKind.LINKS:
        selectors["link"] = layout.index.link
    for key, selector in selectors.items():
        try:
            parsel.css2xpath(selector or "a")
        except (SyntaxError, RuntimeError) as error:
            raise SettingsInvalid(f"{where}: {key} = {selector!r} is no CSS selector: {error}") from error
    for pattern in (layout.index.topic, *(step.pattern for step in layout.originals)):
        try:
            groups = re.compile(pattern).groupindex
        except re.error as error:
            raise SettingsInvalid(f"{where}: {pattern!r} is no regular expression: {error}") from error
        if pattern == layout.index.topic and "topic" not in groups:
            raise SettingsInvalid(f"{where} [index]: topic = {pattern!r} has no group (?P<topic>…)")
