"""Pictures of a site: the pages that show them, and the content that was last fetched."""

from __future__ import annotations

from dataclasses import dataclass, field

from acnelib.scraping.addresses import host_of
from acnelib.storage.manifest import PhotoRole


@dataclass(frozen=True, kw_only=True)
class FetchedPicture:
    """The memory entry of a picture: its content and the validators for a conditional request.

    Attributes:
        key: Path and query of its address without signatures, so that it is recognised after the site moves.
        url: Its address at that time, signatures left out.
        sha256: Hexadecimal SHA-256 of its bytes.
        fetched_at: When these bytes were first fetched, ISO 8601 in UTC.
        etag: Validator for the next request.
        last_modified: Validator for the next request.
    """

    key: str
    url: str
    sha256: str
    fetched_at: str
    etag: str | None
    last_modified: str | None

    def conditions(self, url: str) -> dict[str, str]:
        """Return the headers of a conditional request, which is answered with 304 while the picture is unchanged.

        Another host may have another picture under the same path, and only an ETag would show it.
        """
        conditions = {"If-None-Match": self.etag} if self.etag else {}
        if self.last_modified and host_of(url) == host_of(self.url):
            conditions["If-Modified-Since"] = self.last_modified
        return conditions


@dataclass(frozen=True, kw_only=True)
class PicturePlace:
    """A place of a picture: a page of a topic.

    Attributes:
        key: Key of the picture, as in :class:`FetchedPicture`.
        address: Where it is fetched; may hold a signature, so it is written down nowhere.
        url: The same address, signatures left out.
        label: Class label that the place gives it.
        page: Page that shows it.
        title: Title of that page.
        caption: Caption or description.
        licence: Licence that is stated.
        role: Whether the topic's photos show a class or are background.
    """

    key: str
    address: str = field(repr=False)
    url: str
    label: str
    page: str
    title: str | None
    caption: str | None
    licence: str | None
    role: PhotoRole = PhotoRole.CLASS
