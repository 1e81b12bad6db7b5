"""What is known of a picture: where it stands, and what it gave when it was fetched."""

from __future__ import annotations

from dataclasses import dataclass, field

from acnelib.scraping.addresses import host_of


@dataclass(frozen=True, kw_only=True)
class Visit:
    """What is remembered of a picture.

    Attributes:
        key: Path and query of its address, so that it is known again where the site moves; signatures left out.
        url: Its address at that time, signatures left out.
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
class PicturePlace:
    """A place where a picture stands: a page of a topic.

    Attributes:
        key: What the picture is known by, as in :class:`Visit`.
        address: Where it is fetched; may hold a signature, so it is written down nowhere.
        url: The same address, signatures left out.
        label: Class label that the place gives it.
        page: Page that shows it.
        title: Title of that page.
        caption: Caption or description.
        licence: Licence that is stated.
    """

    key: str
    address: str = field(repr=False)
    url: str
    label: str
    page: str
    title: str | None
    caption: str | None
    licence: str | None
