"""What is known of a picture: where it stands, and what it gave when it was fetched."""

from __future__ import annotations

from dataclasses import dataclass

from acnelib.scraping.addresses import host_of, key_of


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
    licence: str | None

    @property
    def key(self) -> str:
        """Path and query of the picture's address."""
        return key_of(self.url)
