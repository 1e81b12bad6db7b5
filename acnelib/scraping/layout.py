"""The layout of a site, as data."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cached_property
from urllib.parse import urlsplit

from acnelib.labels import normalised_label
from acnelib.scraping.addresses import key_of, without_parameters, without_signatures


class IndexKind(StrEnum):
    """The forms in which a site lists its topics."""

    JSON = "json"
    """A JSON list of objects."""
    LINKS = "links"
    """Links on an HTML page."""
    MEDIAWIKI = "mediawiki"
    """No list: the topics of the layout's table are categories of a MediaWiki, which its API lists."""


@dataclass(frozen=True, kw_only=True)
class Index:
    """The index page that lists a site's topics.

    Attributes:
        kind: How the list is written.
        path: Its path on the site; of a MediaWiki, that of its API.
        link: JSON: the key that holds a topic's address; links: the CSS selector of the links themselves.
        name: JSON: the key that holds a topic's name; a link's name is its text.
        topic: Regular expression on the path of a topic's address; its group ``topic`` is the topic.
    """

    kind: str
    path: str
    link: str = ""
    topic: str = ""
    name: str | None = None


@dataclass(frozen=True, kw_only=True)
class PictureRules:
    """Rules that find the pictures in a topic's page; a MediaWiki's API needs none of this.

    Attributes:
        select: CSS selector of the elements that show one picture each.
        address: Attribute of such an element that holds the picture's address.
        caption: Attribute of such an element that holds its caption.
        title: CSS selector of the page's title.
        next: CSS selector of the link to the next page; None: a topic has one page.
    """

    select: str = ""
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
class BackgroundTopic:
    """Topics whose photos are background: they show conditions that are none of the classes.

    Attributes:
        topic: Topic, or a pattern with ``*``; of a MediaWiki the name of a category.
        label: The condition that its photos show; ``*``: the topic's own name.
        limit: Most photos of one such topic, the first of it; None: the layout's ``background_limit``.
    """

    topic: str
    label: str
    limit: int | None = None


OWN_NAME = "*"
"""Label of background topics that are called by their own names."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """A site: the places of its topics and pictures, its request rate, and the class of each topic.

    Attributes:
        name: Name of the source.
        title: The site's own name.
        base: Scheme, host and port; None: an address must be given.
        hosts: Other hosts (``host`` or ``host:port``) that the site's links and redirects may lead to.
        delay: Least seconds between two requests to a host; a longer Crawl-delay in robots.txt counts instead.
        licence: What is written into every record; a MediaWiki states it per file.
        terms: What a user must confirm to have read before the site is visited; None: nothing.
        needs_contact: Whether the site is visited only by those who say how they can be reached.
        ignored_parameters: Query parameters that do not say which picture or page is meant, such as a signature that
            is new at each visit; ``*`` matches anything. They are sent, but never stored. Those of
            :data:`~acnelib.scraping.addresses.SIGNATURES` are always ignored.
        minimum: Least number of photos of a class that is worth training on.
        largest: Most bytes of one picture or page.
        most_topics: Most topics that are visited.
        most_pages: Most pages of all topics together.
        most_pictures: Most pictures of the whole site.
        index: Where the topics are listed.
        pictures: How a topic's page shows its pictures.
        originals: Steps from a variant's address to the original's, in order.
        topics: Topic, or a pattern with ``*``, and the class label it becomes; the first that fits counts, and
            an empty label leaves the topic out. Of a MediaWiki: the names of categories.
        background: Topics that are background; one that the table of topics names is not.
        background_limit: Most photos of each background topic.
    """

    name: str
    title: str
    index: Index
    topics: tuple[tuple[str, str], ...]
    pictures: PictureRules = field(default_factory=PictureRules)
    base: str | None = None
    hosts: tuple[str, ...] = ()
    delay: float = 1.0
    licence: str | None = None
    terms: str | None = None
    needs_contact: bool = False
    ignored_parameters: tuple[str, ...] = ()
    minimum: int = 1
    largest: int = 50_000_000
    most_topics: int = 5_000
    most_pages: int = 20_000
    most_pictures: int = 200_000
    originals: tuple[Rewriting, ...] = ()
    background: tuple[BackgroundTopic, ...] = ()
    background_limit: int = 30

    def topic_at(self, address: str) -> str | None:
        """Return the topic that an address is about, or None when it is about none."""
        found = self._topic.search(urlsplit(address).path)
        return found["topic"].casefold() if found else None

    def label_of(self, topic: str) -> str | None:
        """Return the class label that a topic becomes, or None when it is left out."""
        return next((label for pattern, label in self.topics if fnmatchcase(topic, pattern.casefold())), None) or None

    def background_of(self, topic: str) -> BackgroundTopic | None:
        """Return the condition and limit of a background topic; None if the topic is a class, or left out."""
        if any(fnmatchcase(topic, pattern.casefold()) for pattern, _ in self.topics):
            return None
        fitting = (entry for entry in self.background if fnmatchcase(topic, entry.topic.casefold()))
        return self.as_background(entry, topic) if (entry := next(fitting, None)) else None

    def as_background(self, entry: BackgroundTopic, topic: str) -> BackgroundTopic:
        """Return a background topic's entry for one topic: with its condition's label and its limit."""
        label = normalised_label(topic) if entry.label == OWN_NAME else entry.label
        return BackgroundTopic(topic=topic, label=label, limit=entry.limit or self.background_limit)

    @property
    def classes(self) -> frozenset[str]:
        """The class labels of its topics."""
        return frozenset(label for _, label in self.topics if label)

    def original_of(self, address: str) -> str:
        """Return the address of the original picture, given that of a variant; an original stays itself."""
        for pattern, replacement in self._originals:
            address = pattern.sub(replacement, address)
        return address

    def lasting(self, address: str) -> str:
        """Return an address as it is written down: without the parameters that are ignored."""
        return without_parameters(without_signatures(address), self.ignored_parameters)

    def key_of(self, address: str) -> str:
        """Return what a picture is known by: the path of its address, and what of the query is not ignored."""
        return key_of(self.lasting(address))

    @cached_property
    def _topic(self) -> re.Pattern[str]:
        return re.compile(self.index.topic)

    @cached_property
    def _originals(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        return tuple((re.compile(step.pattern), step.replacement) for step in self.originals)
