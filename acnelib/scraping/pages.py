"""Pages of a site → the links that matter; no network."""

from __future__ import annotations

import json
import logging
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urldefrag, urljoin

from parsel import Selector
from requests.exceptions import RequestException
from requests.utils import requote_uri

from acnelib.errors import ScrapeFailed
from acnelib.scraping.collected import FailureKind
from acnelib.scraping.layout import IndexKind
from acnelib.storage.manifest import PhotoRole
from acnelib.text.plain_reasons import plain_reason

if TYPE_CHECKING:
    from acnelib.scraping.collected import Failure
    from acnelib.scraping.layout import BackgroundTopic, Layout

log = logging.getLogger(__name__)

_READABLE = "/?&=%"
"""Characters that separate the parts of an address; they stay unquoted in an address that cannot be parsed."""


@dataclass(frozen=True, kw_only=True)
class Topic:
    """One topic of a site that the layout's tables name.

    Attributes:
        topic: The topic, as the layout's tables call it.
        label: Class label that it becomes; of a background topic, the condition.
        url: Address of its first page.
        name: The name that the index gives it.
        role: Whether its photos show a class or are background.
        limit: Most photos that are taken of it; None: all.
    """

    topic: str
    label: str
    url: str
    name: str | None
    role: PhotoRole = PhotoRole.CLASS
    limit: int | None = None


@dataclass(frozen=True, kw_only=True)
class PictureLink:
    """One picture that a page shows.

    Attributes:
        url: Address of the original.
        caption: Caption or description.
        page: The page that is its own; None: the one that shows it.
        title: The title that is its own; None: that of the page.
        licence: The licence that is its own; None: that of the site.
    """

    url: str
    caption: str | None
    page: str | None = None
    title: str | None = None
    licence: str | None = None


@dataclass(frozen=True, kw_only=True)
class TopicPage:
    """One page of a topic: its title, what it shows, where it goes on, and what on it cannot be had."""

    title: str | None
    pictures: tuple[PictureLink, ...]
    next_url: str | None
    failures: tuple[Failure, ...] = ()


def topics_of_index(layout: Layout, text: str, *, url: str) -> tuple[Topic, ...]:
    """Return the topics of an index that have a class, then its background topics, in the order of the index.

    Each page stands for one topic, so that it is fetched once.

    Args:
        layout: How the site is laid out.
        text: The index, JSON or HTML.
        url: Its address; links are relative to it.

    Raises:
        ScrapeFailed: The index does not fit the layout, or none of its topics has a class.
    """
    links = _links_in_json if layout.index.kind == IndexKind.JSON else _links_in_html
    chosen: dict[str, Topic] = {}
    background: dict[str, Topic] = {}
    others: set[str] = set()
    for address, name in links(layout, text, url=url):
        topic = layout.topic_at(address)
        if topic is None:
            continue
        page = address.partition("?")[0]
        if label := layout.label_of(topic):
            chosen.setdefault(page, Topic(topic=topic, label=label, url=address, name=name))
        elif entry := layout.background_of(topic):
            background.setdefault(page, background_topic(entry, url=address, name=name))
        else:
            others.add(topic)
    if not chosen:
        raise ScrapeFailed(
            f"{url}: none of its {len(others)} topics ({_some(others)}) is in the table of the layout "
            f"{layout.name} ({_some({pattern for pattern, _ in layout.topics})}): add the topics that you want",
            kind=FailureKind.NO_FIT,
        )
    log.info(
        "%s: %d topics have a class, %d are background, %d are neither (%s)",
        *(url, len(chosen), len(background), len(others), _some(others)),
    )
    return (*chosen.values(), *background.values())


def background_topic(entry: BackgroundTopic, *, url: str, name: str | None) -> Topic:
    """Return a topic whose photos are background."""
    return Topic(topic=entry.topic, label=entry.label, url=url, name=name, role=PhotoRole.BACKGROUND, limit=entry.limit)


def read_topic_page(layout: Layout, text: str, *, url: str) -> TopicPage:
    """Return what a topic's page shows.

    Args:
        layout: How the site is laid out.
        text: The page's HTML.
        url: Its address; links are relative to it.

    Raises:
        ScrapeFailed: Nothing on the page is where the layout says that pictures are.
    """
    page, rules = _html(text), layout.pictures
    base = _base(page, url=url)
    shown = page.css(rules.select)
    if not any(rules.address in element.attrib for element in shown):
        lack = f"an attribute {rules.address!r}" if shown else "anything"
        raise ScrapeFailed(
            f"{url} does not fit the layout {layout.name}: its selector {rules.select!r} finds "
            f"{len(shown) or 'no'} elements{f' without {lack}' if shown else ''}; {_what_is_there(page)}",
            kind=FailureKind.NO_FIT,
        )
    pictures: dict[str, PictureLink] = {}
    for element in shown:
        address = layout.original_of(_absolute(base, element.attrib.get(rules.address, "")))
        pictures.setdefault(address, PictureLink(url=address, caption=_words(element.attrib.get(rules.caption))))
    following = page.css(rules.next) if rules.next else []
    return TopicPage(
        title=_words(page.css(rules.title).xpath("string()").get()),
        pictures=tuple(pictures.values()),
        next_url=_absolute(base, following[0].attrib.get("href", "")) if following else None,
    )


def within_limit(layout: Layout, page: TopicPage, *, earlier: set[str], limit: int) -> TopicPage:
    """Return a page without the pictures beyond its topic's limit, and without a next page once that is reached.

    Args:
        layout: How the site is laid out.
        page: The page.
        earlier: Keys of the pictures on the topic's pages before it.
        limit: Most pictures of the topic.
    """
    chosen: dict[str, PictureLink] = {}
    for picture in page.pictures:
        key = layout.key_of(picture.url)
        if key in earlier or len(earlier | chosen.keys()) < limit:
            chosen.setdefault(key, picture)
    is_full = len(earlier | chosen.keys()) >= limit
    return replace(page, pictures=tuple(chosen.values()), next_url=None if is_full else page.next_url)


def _links_in_json(layout: Layout, text: str, *, url: str) -> list[tuple[str, str | None]]:
    key, name = layout.index.link, layout.index.name or ""
    try:
        entries = json.loads(text)
    except ValueError as error:
        raise ScrapeFailed(
            f"{url} does not fit the layout {layout.name}: its index should be JSON, found {text[:40]!r} "
            f"({plain_reason(error)})",
            kind=FailureKind.NO_FIT,
        ) from error
    if not isinstance(entries, list) or not any(isinstance(_get(entry, key), str) for entry in entries):
        raise ScrapeFailed(
            f"{url} does not fit the layout {layout.name}: its index should be a list of objects with {key!r}, "
            f"found {_shape(entries)}",
            kind=FailureKind.NO_FIT,
        )
    return [
        (_absolute(url, _get(entry, key)), _words(_get(entry, name)))
        for entry in entries
        if isinstance(_get(entry, key), str)
    ]


def _links_in_html(layout: Layout, text: str, *, url: str) -> list[tuple[str, str | None]]:
    page, selector = _html(text), layout.index.link
    links = [link for link in page.css(selector) if "href" in link.attrib]
    if not links:
        raise ScrapeFailed(
            f"{url} does not fit the layout {layout.name}: its selector {selector!r} finds no links; "
            f"{_what_is_there(page)}",
            kind=FailureKind.NO_FIT,
        )
    base = _base(page, url=url)
    return [(_absolute(base, link.attrib["href"]), _words(link.xpath("string()").get())) for link in links]


def _html(text: str) -> Selector:
    return Selector(text=text or "<html></html>", type="html")


def _base(page: Selector, *, url: str) -> str:
    return _absolute(url, page.css("base::attr(href)").get(default=""))


def _absolute(base: str, address: str) -> str:
    """Return an address in full; one that cannot be understood becomes one that fails when it is fetched."""
    try:
        return requote_uri(urldefrag(urljoin(base, address.strip())).url)
    except (ValueError, RequestException):
        return f"unreadable:{quote(address, safe=_READABLE)}"


def _get(entry: Any, key: str) -> Any:
    return entry.get(key) if isinstance(entry, dict) else None


def _words(text: Any) -> str | None:
    return " ".join(text.split()) or None if isinstance(text, str) else None


def _some(names: set[str], *, most: int = 5) -> str:
    shown = ", ".join(sorted(names)[:most]) or "none"
    return shown + (", …" if len(names) > most else "")


def _shape(value: Any) -> str:
    if isinstance(value, dict):
        return f"an object with {_some(set(value))}"
    if isinstance(value, list):
        return f"a list of {len(value)}" + (f", the first {_shape(value[0])}" if value else "")
    return repr(value)[:40]


def _what_is_there(page: Selector) -> str:
    """Describe where the page has pictures, which helps to correct the layout."""
    title = _words(page.css("title").xpath("string()").get())
    around = Counter(
        ".".join([parent.root.tag, *parent.attrib.get("class", "").split()]) for parent in page.css("img").xpath("..")
    )
    pictures = ", ".join(f"{count} in {where}" for where, count in around.most_common(3)) or "none"
    return f"the page is titled {title!r}, and its img elements are: {pictures}"
