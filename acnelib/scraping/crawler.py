"""The crawler of a site: from its index and topic pages to image records, each picture fetched once."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from acnelib.bounded_http import bounded_session
from acnelib.config.loopback import is_loopback_url
from acnelib.config.settings import home_of
from acnelib.errors import ScrapeFailed
from acnelib.label_aliases import LabelAliases
from acnelib.progress import no_progress
from acnelib.scraping.addresses import host_of
from acnelib.scraping.collected import Collected, Failure, FailureKind
from acnelib.scraping.fetched_picture import FetchedPicture, PicturePlace
from acnelib.scraping.layout import IndexKind
from acnelib.scraping.mediawiki import read_category, topics_of_table
from acnelib.scraping.memory import SourceMemory
from acnelib.scraping.pages import Topic, TopicPage, read_topic_page, topics_of_index, within_limit
from acnelib.scraping.picture_types import non_picture_kind
from acnelib.scraping.polite_client import LONGEST_RESPONSE, PoliteClient, user_agent
from acnelib.scraping.topic_labels import labelled_topics
from acnelib.scraping.visit_conditions import base_of, check_contact
from acnelib.storage.files import sha256_of
from acnelib.storage.manifest import ImageRecord
from acnelib.storage.withdrawals import withdrawal_notice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from acnelib.progress import Progress
    from acnelib.scraping.layout import Layout
    from acnelib.scraping.polite_client import SiteResponse
    from acnelib.storage.workspace import ImageStore

__all__ = ["base_of", "check_contact", "crawl"]

MOST_PAGES = 500
"""Pages of one topic after which further links to a next page are ignored."""
RESUME_WINDOW = 86_400.0
"""Seconds within which an interrupted crawl is resumed: what it fetched is not requested again."""
PATIENCE = 10
"""Requests in a row without an answer after which the site counts as down."""


def crawl(
    layout: Layout,
    *,
    address: str | None = None,
    images: ImageStore,
    memory: Path,
    contact: str | None = None,
    aliases: LabelAliases | None = None,
    progress: Progress = no_progress,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.time,
) -> Collected:
    """Crawl a site and fetch the pictures that are new or have changed.

    Args:
        layout: How the site is laid out.
        address: Its address instead of the layout's; only this host is then contacted.
        images: The store of the pictures' bytes.
        memory: File of this source's memory, with which a new crawl resumes a killed one.
        contact: Address or page by which the site's owner can reach the operator.
        aliases: Other names of class labels; default: those of this process's home.
        progress: Called with done, total and ``pages`` or ``pictures``; an exception from it ends the crawl.
        sleep: Waits for a number of seconds.
        clock: Seconds since 1970.

    Raises:
        UsageError: The address cannot be used, or is missing; or the site requires a contact.
        ScrapeFailed: The site as a whole fails: no answer, robots.txt forbids its index, no topic has a class, no
            picture could be fetched. One bad picture or page is a failure in the result instead.
    """
    base = base_of(layout, address=address)
    check_contact(layout, contact)
    hosts = {host_of(base), *(layout.hosts if address is None else ())}
    with (
        bounded_session(largest=sys.maxsize, seconds=LONGEST_RESPONSE) as session,  # each request has a size of its own
        SourceMemory(memory, FetchedPicture) as known_pictures,
    ):
        # A proxy for the world outside cannot reach this machine's own servers.
        session.trust_env = not is_loopback_url(base)
        client = PoliteClient(
            session=session,
            hosts=frozenset(hosts),
            delay=layout.delay,
            user_agent=user_agent(contact),
            sleep=sleep,
            clock=clock,
            display_url=layout.lasting,
        )
        crawling = _Crawl(
            layout=layout,
            client=client,
            images=images,
            known_pictures=known_pictures,
            aliases=aliases or LabelAliases.load(home_of(os.environ)),
            progress=progress,
        )
        places = crawling.find_pictures(base)
        contents = crawling.fetch(places)
        collected = crawling.collected(places, contents)
        known_pictures.settle()
    return collected


@dataclass(kw_only=True)
class _Crawl:
    """One pass over a site."""

    layout: Layout
    client: PoliteClient
    images: ImageStore
    known_pictures: SourceMemory[FetchedPicture]
    aliases: LabelAliases
    progress: Progress
    failures: list[Failure] = field(default_factory=list)
    notes: tuple[str, ...] = ()
    downloaded: int = 0
    unchanged: int = 0
    pages: int = 0

    def find_pictures(self, base: str) -> list[PicturePlace]:
        """Return the places of all pictures of the site: each picture once per label."""
        topics, self.notes = labelled_topics(self._topics(base), layout=self.layout, aliases=self.aliases)
        if len(topics) > self.layout.most_topics:
            self._limited(base, f"has {len(topics)} topics, more than most_topics = {self.layout.most_topics}")
            topics = topics[: self.layout.most_topics]
        places: dict[tuple[str, str], PicturePlace] = {}
        for number, topic in enumerate(topics):
            if self.pages > self.layout.most_pages or len(places) > self.layout.most_pictures:
                break
            self.progress(number, len(topics), "pages")
            for url, page in self._pages(topic):
                for picture in page.pictures:
                    place = PicturePlace(
                        key=self.layout.key_of(picture.url),
                        address=picture.url,
                        url=self.layout.lasting(picture.url),
                        label=topic.label,
                        role=topic.role,
                        page=self.layout.lasting(picture.page or url),
                        title=picture.title or page.title or topic.name,
                        caption=picture.caption,
                        licence=picture.licence or self.layout.licence,
                    )
                    places.setdefault((place.key, place.label), place)
                if len(places) > self.layout.most_pictures:
                    self._limited(base, f"has more pictures than most_pictures = {self.layout.most_pictures}")
                    break
        self.progress(len(topics), len(topics), "pages")
        return list(places.values())[: self.layout.most_pictures]

    def fetch(self, places: list[PicturePlace]) -> dict[str, FetchedPicture]:
        """Fetch each picture once, and only if it is new or has changed; return each by its key."""
        pictures: dict[str, PicturePlace] = {}
        for place in places:
            pictures.setdefault(place.key, place)
        contents: dict[str, FetchedPicture] = {}
        for number, (key, place) in enumerate(pictures.items()):
            self.progress(number, len(pictures), "pictures")
            try:
                picture = self._picture(place)
            except ScrapeFailed as error:
                self._failed(place.url, error)
            else:
                if picture.sha256 in self.images.withdrawn:
                    self.failures.append(Failure(*withdrawal_notice(picture.sha256), FailureKind.WITHDRAWN))
                else:
                    contents[key] = picture
        self.progress(len(pictures), len(pictures), "pictures")
        return contents

    def collected(self, places: list[PicturePlace], contents: dict[str, FetchedPicture]) -> Collected:
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
                role=place.role,
                path=place.key,
                url=place.url,
                page=place.page,
                title=place.title,
                caption=place.caption,
                licence=place.licence,
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
            notes=self.notes,
        )

    @property
    def _is_mediawiki(self) -> bool:
        return self.layout.index.kind == IndexKind.MEDIAWIKI

    def _topics(self, base: str) -> tuple[Topic, ...]:
        if self._is_mediawiki:
            return topics_of_table(self.layout, base=base)
        answer = self.client.get(urljoin(base, self.layout.index.path), largest=self.layout.largest)
        return topics_of_index(self.layout, answer.text, url=self.layout.lasting(answer.url))

    def _page(self, url: str) -> tuple[str, TopicPage]:
        answer = self.client.get(url, largest=self.layout.largest, is_api=self._is_mediawiki)
        read, here = read_category if self._is_mediawiki else read_topic_page, self.layout.lasting(answer.url)
        return here, read(self.layout, answer.text, url=here)

    def _pages(self, topic: Topic) -> Iterator[tuple[str, TopicPage]]:
        """Yield a topic's pages until there is no next one, the site repeats itself, or its limit is reached."""
        url: str | None = topic.url
        visited: set[str] = set()
        pictures: set[str] = set()
        repeats = 0
        # A site repeats its last page for ever; that the first one also has a number is no such repeat.
        while url is not None and (lasting := self.layout.lasting(url)) not in visited and repeats < 2:
            if len(visited) == MOST_PAGES:
                reason = f"the topic {topic.topic} has more than {MOST_PAGES} pages"
                self.failures.append(Failure(lasting, reason, FailureKind.NO_FIT))
                return
            visited.add(lasting)
            self.pages += 1
            if self.pages > self.layout.most_pages:
                self._limited(lasting, f"has more pages than most_pages = {self.layout.most_pages}")
                return
            try:
                here, page = self._page(url)
            except ScrapeFailed as error:
                self._failed(lasting, error)
                return
            shown = {self.layout.key_of(picture.url) for picture in page.pictures}
            repeats = repeats + 1 if shown and shown <= pictures else 0
            if topic.limit is not None:
                page = within_limit(self.layout, page, earlier=pictures, limit=topic.limit)
            pictures |= shown
            self.failures += page.failures
            yield here, page
            url = page.next_url

    def _picture(self, place: PicturePlace) -> FetchedPicture:
        remembered = self.known_pictures.get(place.key)
        if remembered and remembered.sha256 in self.images.withdrawn:
            return remembered
        known = remembered if remembered and remembered.sha256 in self.images else None
        if known and self._is_resumed(known):
            self.unchanged += 1
            return known
        conditions = known.conditions(place.url) if known else {}
        answer = self.client.get(place.address, largest=self.layout.largest, media="image/", headers=conditions)
        if answer.status == 304:
            if not known:
                raise ScrapeFailed(f"{place.url}: HTTP 304, though nothing was known of it")
            self.unchanged += 1
            return known
        return self._store(place, answer)

    def _is_resumed(self, known: FetchedPicture) -> bool:
        """Return whether a picture was fetched by an interrupted crawl that this one resumes."""
        age = self.client.clock() - datetime.fromisoformat(known.fetched_at).timestamp()
        return not self.known_pictures.is_settled(known.key) and age < RESUME_WINDOW

    def _store(self, place: PicturePlace, answer: SiteResponse) -> FetchedPicture:
        content = answer.content
        if what := non_picture_kind(content, media=answer.media):
            raise ScrapeFailed(f"{place.url}: is {what}, not a picture", kind=FailureKind.NO_PICTURE)
        sha256, before = sha256_of(content), self.known_pictures.get(place.key)
        picture = FetchedPicture(
            key=place.key,
            url=place.url,
            sha256=sha256,
            fetched_at=before.fetched_at if before and before.sha256 == sha256 else self._now(),
            etag=answer.etag,
            last_modified=answer.last_modified,
        )
        if sha256 not in self.images.withdrawn:
            self.images.add(content)
            self.downloaded += 1
        self.known_pictures.put(picture)
        return picture

    def _now(self) -> str:
        return datetime.fromtimestamp(self.client.clock(), tz=UTC).isoformat(timespec="seconds")

    def _limited(self, url: str, what: str) -> None:
        """Note that a site has more than is visited."""
        reason = f"{self.layout.title} {what} of its layout: what lies beyond is left out"
        self.failures.append(Failure(url, reason, FailureKind.NO_FIT))

    def _failed(self, url: str, error: ScrapeFailed) -> None:
        """Note a failure; too many requests without an answer are the whole site's failure."""
        if self.client.unanswered >= PATIENCE:
            raise ScrapeFailed(
                f"{self.layout.title} left {PATIENCE} requests in a row without an answer, the last {error}: "
                "what was fetched is kept, run again later to go on"
            ) from error
        self.failures.append(Failure(url, str(error), error.kind))
