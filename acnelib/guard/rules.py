"""The rules for requests to an embedded server: no foreign page, no foreign name, and the login.

A page in the user's browser can send requests to every port of this machine, and the browser adds a login that it
remembers. Browsers say which page asks (``Sec-Fetch-Site``, ``Origin``), and by which name (``Host``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from acnelib.guard.login import ServerLogin

_OWN_NAMES = {"127.0.0.1", "localhost", "::1"}
_OWN_SITES = {"same-origin", "none"}  # none: typed, or opened from another program
_READING = {"GET", "HEAD"}


class RefusalStatus(IntEnum):
    """The HTTP status of a refusal."""

    UNAUTHORIZED = 401
    FORBIDDEN = 403


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """The answer to a request that is refused.

    Attributes:
        status: Its HTTP status.
        reason: Its text.
    """

    status: RefusalStatus
    reason: str


@dataclass(frozen=True, kw_only=True)
class AskedRequest:
    """The parts of a request that decide.

    Attributes:
        method: The HTTP method.
        path: The path, decoded.
        headers: Names in lower case, and values, in their order.
    """

    method: str
    path: str
    headers: Sequence[tuple[str, str]] = field(repr=False)

    def values(self, name: str) -> list[str]:
        """Return all values of a header."""
        return [value for each, value in self.headers if each == name]


@dataclass(frozen=True, kw_only=True)
class GuardRules:
    """The rules of one server.

    Attributes:
        login: The login.
        pages: Paths that a link on a foreign page may open; they change nothing.
        open_paths: Paths that need no login; they reveal nothing.
        calls: The start of paths that change something even by GET; None: GET changes nothing.
        reading_calls: Those of them that only read.
    """

    login: ServerLogin
    pages: Collection[str]
    open_paths: Collection[str] = ()
    calls: str | None = None
    reading_calls: Collection[str] = ()

    def refusal(self, request: AskedRequest) -> Refusal | None:
        """Return why a request is refused; None: it is answered."""
        if (reason := self._foreign(request)) is not None:
            return Refusal(status=RefusalStatus.FORBIDDEN, reason=f"Refused: {reason}\n")
        if request.path in self.open_paths and request.method in _READING:
            return None
        logins = request.values("authorization")
        if len(logins) != 1 or not self.login.accepts(logins[0]):
            reason = "Log in with the name and the password that `acne env` prints.\n"
            return Refusal(status=RefusalStatus.UNAUTHORIZED, reason=reason)
        return None

    def _foreign(self, request: AskedRequest) -> str | None:
        hosts = request.values("host")
        if len(hosts) != 1 or _name_of(hosts[0]) not in _OWN_NAMES:
            return "Invalid Host header: this server answers as 127.0.0.1 and localhost only"
        own = f"http://{hosts[0].lower()}"
        if any(origin.lower() != own for origin in request.values("origin")):
            return "a page of another site asks (Origin)"
        return None if self._is_opened_page(request) else self._foreign_part(request, own)

    def _foreign_part(self, request: AskedRequest, own: str) -> str | None:
        """Return why a request that opens no page is refused."""
        if any(site.lower() not in _OWN_SITES for site in request.values("sec-fetch-site")):
            return "a page of another site asks (Sec-Fetch-Site)"
        if any(not f"{page.lower()}/".startswith(f"{own}/") for page in request.values("referer")):
            return "a page of another site asks (Referer)"
        return "this call changes something: use POST" if self._changes_by_reading(request) else None

    def _is_opened_page(self, request: AskedRequest) -> bool:
        """Return whether the user follows a link to a page: a new document in a tab, not in a frame."""
        if request.method != "GET" or request.path not in self.pages:
            return False
        return request.values("sec-fetch-mode") == ["navigate"] and request.values("sec-fetch-dest") == ["document"]

    def _changes_by_reading(self, request: AskedRequest) -> bool:
        """Return whether a GET changes something, and no script of the server's own page can have sent it."""
        if self.calls is None or request.method not in _READING or not request.path.startswith(self.calls):
            return False
        if request.path.removeprefix(self.calls) in self.reading_calls:
            return False
        # No page can add this header to a request to another site, and jQuery adds it to those to its own.
        return not request.values("x-requested-with") and request.values("sec-fetch-site") != ["same-origin"]


def _name_of(host: str) -> str | None:
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port
    except ValueError:
        return None
    return parts.hostname if parts.netloc == host and "@" not in host else None
