"""From a site to image records: its index, its topics' pages, its pictures, each fetched once."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import requests

from acnelib.errors import ScrapeFailed, UsageError
from acnelib.manifest import ImageRecord
from acnelib.scraping.collected import Collected, Failure, silent
from acnelib.scraping.memory import Memory
from acnelib.scraping.pages import Topic, TopicPage, read_topic_page, topics_of_index
from acnelib.scraping.visitor import Visitor, host_of, is_loopback, user_agent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from acnelib.scraping.collected import Progress
    from acnelib.scraping.layout import Layout
    from acnelib.workspace import ImageStore

MOST_PAGES = 500
"""Pages of one topic after which its links to a next page are no longer believed."""
PATIENCE = 10
"""Requests in a row without an answer after which the site counts as down."""


@dataclass(frozen=True, kw_only=True)
class Visit:
    """What is remembered of a picture.

    Attributes:
        key: Path and query of its address, so that it is known again where the site moves.
        url: Its address at that time.
        sha256: The bytes it gave.
        fetched_at: When these bytes were first fetched, ISO 8601 in UTC.
        etag: Validator to ask with again.
        last_modified: Validator to ask with again.
    """

    key: str
    url: str
    sha256: str
    fetched_at: str
    etag: str | None
    last_modified: str | None

    def conditions(self, url: str) -> dict[str, str]:
        """Return the headers that ask for a picture only if it has changed.

        Another host may have another picture under the same path, and only an ETag would show it.
        """
        conditions = {"If-None-Match": self.etag} if self.etag else {}
        if self.last_modified and host_of(url) == host_of(self.url):
            conditions["If-Modified-Since"] = self.last_modified
        return conditions


@dataclass(frozen=True, kw_only=True)
class Place:
    """A place where a picture stands: a page of a topic."""

    url: str
    label: str
    page: str
    title: str | None
    caption: str | None

    @property
    def key(self) -> str:
        """Path and query of the picture's address."""
        return _key(self.url)


def crawl(
    layout: Layout,
    *,
    address: str | None = None,
    images: ImageStore,
    memory: Path,
    contact: str | None = None,
    progress: Progress = silent,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.time,
) -> Collected:
    """Look at a site anew and fetch the pictures that are not known yet or have changed.

    Args:
        layout: How the site is laid out.
        address: Where it stands, instead of where the layout says; only this host is then asked.
        images: Where the pictures' bytes are kept.
        memory: File of what is remembered of this source; after a kill, a new crawl with it goes on.
        contact: How the site's owner can reach whoever runs this.
        progress: Called with done, total and ``pages`` or ``pictures``; an exception from it ends the crawl.
        sleep: Waits so many seconds.
        clock: Seconds since 1970.

    Raises:
        UsageError: The address cannot be used, or is needed.
        ScrapeFailed: The site as a whole fails: no answer, robots.txt forbids its index, no topic has a class, no
            picture could be had. One bad picture or page is a failure in the result instead.
    """
    base = _base(layout, address=address)
    hosts = {host_of(base), *(layout.hosts if address is None else ())}
    with requests.Session() as session, Memory(memory, Visit) as visits:
        # A proxy for the world outside cannot reach this machine's own servers.
        session.trust_env = not is_loopback(base)
        visitor = Visitor(
            session=session,
            hosts=frozenset(hosts),
            delay=layout.delay,
            user_agent=user_agent(contact),
            sleep=sleep,
            clock=clock,
        )
        crawling = _Crawl(layout=layout, visitor=visitor, images=images, visits=visits, progress=progress)
        places = crawling.look_around(base)
        contents = crawling.fetch(places)
        collected = crawling.collected(places, contents)
        visits.settle()
    return collected


@dataclass(kw_only=True)
class _Crawl:
    """One crawl under way."""

    layout: Layout
    visitor: Visitor
    images: ImageStore
    visits: Memory[Visit]
    progress: Progress
    failures: list[Failure] = field(default_factory=list)
    downloaded: int = 0
    unchanged: int = 0

    def look_around(self, base: str) -> list[Place]:
        """Return where the site shows which pictures: each picture once per label."""
        index = urljoin(base, self.layout.index.path)
        answer = self.visitor.get(index, largest=self.layout.largest)
        topics = topics_of_index(self.layout, answer.text, url=answer.url)
        places: dict[tuple[str, str], Place] = {}
        for number, topic in enumerate(topics):
            self.progress(number, len(topics), "pages")
            for url, page in self._pages(topic):
                for picture in page.pictures:
                    place = Place(
                        url=picture.url,
                        label=topic.label,
                        page=url,
                        title=page.title or topic.name,
                        caption=picture.caption,
                    )
                    places.setdefault((place.key, place.label), place)
        self.progress(len(topics), len(topics), "pages")
        return list(places.values())

    def fetch(self, places: list[Place]) -> dict[str, Visit]:
        """Fetch each picture once, and only if it is new or has changed; return what is now known of each."""
        urls: dict[str, str] = {}
        for place in places:
            urls.setdefault(place.key, place.url)
        contents: dict[str, Visit] = {}
        for number, (key, url) in enumerate(urls.items()):
            self.progress(number, len(urls), "pictures")
            try:
                contents[key] = self._picture(url)
            except ScrapeFailed as error:
                self._failed(url, error)
        self.progress(len(urls), len(urls), "pictures")
        return contents

    def collected(self, places: list[Place], contents: dict[str, Visit]) -> Collected:
        """Return the result.

        Raises:
            ScrapeFailed: There is not a single photo.
        """
        if not contents:
            first = f", the first: {self.failures[0].reason}" if self.failures else ""
            raise ScrapeFailed(f"{self.layout.title} gave no picture: {len(self.failures)} failures{first}")
        records = (
            ImageRecord(
                sha256=contents[place.key].sha256,
                label=place.label,
                path=place.key,
                url=place.url,
                page=place.page,
                title=place.title,
                caption=place.caption,
                licence=self.layout.licence,
                fetched_at=contents[place.key].fetched_at,
            )
            for place in places
            if place.key in contents
        )
        return Collected(
            records=tuple(sorted(records, key=lambda record: (record.path, record.label))),
            failures=tuple(self.failures),
            downloaded=self.downloaded,
            unchanged=self.unchanged,
        )

    def _pages(self, topic: Topic) -> Iterator[tuple[str, TopicPage]]:
        """Yield a topic's pages until there is no next one, or the site repeats itself."""
        url: str | None = topic.url
        visited: set[str] = set()
        pictures: set[str] = set()
        repeats = 0
        # A site repeats its last page for ever; that the first one also has a number is no such repeat.
        while url is not None and url not in visited and repeats < 2:
            if len(visited) == MOST_PAGES:
                self.failures.append(Failure(url, f"the topic {topic.topic} has more than {MOST_PAGES} pages"))
                return
            visited.add(url)
            try:
                answer = self.visitor.get(url, largest=self.layout.largest)
                page = read_topic_page(self.layout, answer.text, url=answer.url)
            except ScrapeFailed as error:
                self._failed(url, error)
                return
            shown = {picture.url for picture in page.pictures}
            repeats = repeats + 1 if shown <= pictures else 0
            pictures |= shown
            yield answer.url, page
            url = page.next_url

    def _picture(self, url: str) -> Visit:
        known = self._known(url)
        conditions = known.conditions(url) if known else {}
        if known and not conditions and not self.visits.is_settled(known.key):
            # The run that fetched it was interrupted, and its host offers no way to ask for changes only.
            self.unchanged += 1
            return known
        answer = self.visitor.get(url, largest=self.layout.largest, media="image/", headers=conditions)
        if answer.status == 304:
            if not known:
                raise ScrapeFailed(f"{url}: HTTP 304, though nothing was known of it")
            self.unchanged += 1
            return known
        return self._keep(url, answer.content, etag=answer.etag, last_modified=answer.last_modified)

    def _known(self, url: str) -> Visit | None:
        known = self.visits.get(_key(url))
        return known if known and known.sha256 in self.images else None

    def _keep(self, url: str, content: bytes, *, etag: str | None, last_modified: str | None) -> Visit:
        if not content or content.lstrip()[:1] == b"<":
            raise ScrapeFailed(f"{url}: is {'a page' if content else 'empty'}, not a picture")
        sha256, before = self.images.add(content), self.visits.get(_key(url))
        visit = Visit(
            key=_key(url),
            url=url,
            sha256=sha256,
            fetched_at=before.fetched_at if before and before.sha256 == sha256 else self._now(),
            etag=etag,
            last_modified=last_modified,
        )
        self.visits.put(visit)
        self.downloaded += 1
        return visit

    def _now(self) -> str:
        return datetime.fromtimestamp(self.visitor.clock(), tz=UTC).isoformat(timespec="seconds")

    def _failed(self, url: str, error: ScrapeFailed) -> None:
        """Note a failure; too many requests without an answer are the whole site's failure."""
        if self.visitor.unanswered >= PATIENCE:
            raise ScrapeFailed(
                f"{self.layout.title} left {PATIENCE} requests in a row without an answer, the last {error}: "
                "what was fetched is kept, run again later to go on"
            ) from error
        self.failures.append(Failure(url, str(error)))


def _base(layout: Layout, *, address: str | None) -> str:
    base = address or layout.base
    if base is None:
        raise UsageError(
            f"{layout.title} has no address of its own: name one, like {layout.name}@http://127.0.0.1:8000"
        )
    if not _is_site(base):
        raise UsageError(f"{base!r} is no address of a site: write http:// or https://, host and port, no more")
    return base


def _is_site(address: str) -> bool:
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(host) and "@" not in parts.netloc and parts.path in {"", "/"}


def _key(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
