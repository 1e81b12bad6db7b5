"""A polite visitor of one site: says who it is, asks robots.txt, goes slowly, and comes back when told to."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import requests
import tenacity
import urllib3
from requests.utils import get_encoding_from_headers, requote_uri

from acnelib.config.loopback import is_loopback_url
from acnelib.errors import ScrapeFailed, SettingsInvalid
from acnelib.scraping.addresses import host_of, origin_of, without_signatures
from acnelib.scraping.collected import FailureKind
from acnelib.scraping.picture_types import UNSTATED, media_type_of
from acnelib.scraping.robots import AGENT, RobotsRules
from acnelib.text.plain_reasons import plain_reason
from acnelib.version import installed_version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

log = logging.getLogger(__name__)

_PIECE = 65536

TRIES = 4
LONGEST_WAIT = 120.0
"""Most seconds before another try, whatever Retry-After says."""
TIMEOUT = (10.0, 30.0)
"""Seconds to connect, and seconds without a byte."""
LONGEST_ANSWER = 300.0
"""Seconds after which an answer that still trickles in is given up."""
REDIRECTS = 5
LARGEST_ROBOTS = 1_000_000
LONGEST_DELAY = 600.0
"""Seconds between two requests above which a host does not want to be asked at all."""
BUSY = frozenset({429, 500, 502, 503, 504})


@dataclass(frozen=True, kw_only=True)
class SiteResponse:
    """What a host answered in the end.

    Attributes:
        url: Where the last redirect led.
        status: 200, or 304 when nothing changed.
        content: The body; empty with 304.
        charset: Character set that the host states, for text.
        etag: Validator for the next time.
        last_modified: Validator for the next time.
        media: Media type that the host states; empty where it states none.
    """

    url: str
    status: int
    content: bytes
    charset: str | None
    etag: str | None
    last_modified: str | None
    media: str = ""

    @property
    def text(self) -> str:
        """The body as text."""
        try:
            return self.content.decode(self.charset or "utf-8", errors="replace")
        except LookupError:
            return self.content.decode(errors="replace")


@dataclass(frozen=True, kw_only=True)
class _Wish:
    """What an answer must be like; for robots.txt itself, that there is none is an answer too."""

    largest: int
    media: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    is_robots: bool = False
    is_api: bool = False


class _TryAgain(Exception):
    """The host asks, or its silence suggests, to try again."""

    def __init__(self, reason: str, *, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


@dataclass(kw_only=True)
class PoliteClient:
    """Requests to one site and the hosts that it may lead to.

    Attributes:
        session: Connections and cookies.
        hosts: Hosts (``host`` or ``host:port``) that may be asked.
        delay: Least seconds between two requests to a host that is not this machine.
        user_agent: Who asks.
        sleep: Waits so many seconds.
        clock: Seconds since 1970.
        written: Address → what messages call it, without signatures.
        unanswered: How many requests in a row stayed without an answer, all their tries included.
    """

    session: requests.Session
    hosts: frozenset[str]
    delay: float
    user_agent: str
    sleep: Callable[[float], None]
    clock: Callable[[], float]
    written: Callable[[str], str] = without_signatures
    unanswered: int = field(default=0, init=False)
    _robots: dict[str, RobotsRules] = field(default_factory=dict, init=False)
    _asked: dict[str, float] = field(default_factory=dict, init=False)

    def get(
        self,
        url: str,
        *,
        largest: int,
        media: str = "",
        headers: Mapping[str, str] | None = None,
        is_api: bool = False,
    ) -> SiteResponse:
        """Fetch an address.

        Args:
            url: What to fetch.
            largest: Most bytes that are accepted.
            media: What the content type must begin with, unless the host states a type that says nothing.
            headers: More headers, such as ``If-None-Match``.
            is_api: The address is there for programs, not for crawlers of pages.

        Raises:
            ScrapeFailed: robots.txt forbids it, the host refuses, stays silent or leads elsewhere, or the answer is
                too large or of another type.
        """
        return self._persistently(url, _Wish(largest=largest, media=media, headers=headers or {}, is_api=is_api))

    def _persistently(self, url: str, wish: _Wish) -> SiteResponse:
        tries = tenacity.Retrying(
            sleep=self.sleep,
            stop=tenacity.stop_after_attempt(TRIES),
            wait=_wait,
            retry=tenacity.retry_if_exception_type(_TryAgain),
            reraise=True,
        )
        try:
            return tries(self._follow, url, wish)
        except _TryAgain as silence:
            self.unanswered += 1
            raise ScrapeFailed(
                f"{self.written(url)}: {silence}, {TRIES} times: check the address and the network, or run again later",
                kind=FailureKind.UNANSWERED,
            ) from silence
        except (requests.RequestException, urllib3.exceptions.HTTPError, ValueError) as error:
            raise ScrapeFailed(f"{self.written(url)}: cannot be fetched ({plain_reason(error)})") from error

    def _follow(self, url: str, wish: _Wish) -> SiteResponse:
        """Fetch an address and follow its redirects, each of them checked like the first."""
        here = first = requote_uri(url)  # before a backslash, the host that is checked may not be the one that is asked
        for _ in range(REDIRECTS + 1):
            self._check_host(here, start=url)
            if not wish.is_robots:
                self._check_robots(here, is_api=wish.is_api and here == first)
            self._wait_turn(here)
            try:
                with self._ask(here, wish.headers) as response:
                    target = self.session.get_redirect_target(response)
                    if target is None:
                        return self._answer(response, wish, url=here)
            except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError) as error:
                raise _TryAgain(f"no answer ({plain_reason(error)})") from error
            here = requote_uri(urljoin(here, target))
        raise ScrapeFailed(
            f"{self.written(url)}: more than {REDIRECTS} redirects, the last to {self.written(here)}",
            kind=FailureKind.ELSEWHERE,
        )

    def _ask(self, url: str, headers: Mapping[str, str]) -> requests.Response:
        return self.session.get(
            url,
            headers={"User-Agent": self.user_agent, **headers},
            timeout=TIMEOUT,
            allow_redirects=False,
            stream=True,
        )

    def _answer(self, response: requests.Response, wish: _Wish, *, url: str) -> SiteResponse:
        status, shown = response.status_code, self.written(url)
        if status in BUSY:
            after = _retry_after(response.headers.get("Retry-After"), now=self.clock())
            raise _TryAgain(f"HTTP {status} {response.reason}", after=after)
        self.unanswered = 0
        if status not in {200, 304} and not (wish.is_robots and 400 <= status < 500):
            remedy = ": name a contact (ACNE_CONTACT), or ask the owner" if status in {401, 403} else ""
            raise ScrapeFailed(f"{shown}: HTTP {status} {response.reason}{remedy}", kind=_kind_of(status))
        content_type = response.headers.get("Content-Type", "")
        media = media_type_of(content_type)
        if status == 200 and not media.startswith(wish.media) and media not in UNSTATED:
            raise ScrapeFailed(f"{shown}: is {content_type}, not {wish.media}…", kind=FailureKind.NO_PICTURE)
        return SiteResponse(
            url=url,
            status=status,
            content=self._body(response, url=shown, largest=wish.largest) if status == 200 else b"",
            charset=get_encoding_from_headers(response.headers) if "charset" in content_type.lower() else None,
            etag=response.headers.get("ETag"),
            last_modified=response.headers.get("Last-Modified"),
            media=media,
        )

    def _body(self, response: requests.Response, *, url: str, largest: int) -> bytes:
        announced = response.headers.get("Content-Length", "")
        if announced.isdecimal() and int(announced) > largest:
            raise ScrapeFailed(
                f"{url}: has {announced} bytes, more than the {largest} that are accepted", kind=FailureKind.TOO_LARGE
            )
        content, started = bytearray(), self.clock()
        for piece in _pieces(response):
            content += piece
            if len(content) > largest:
                raise ScrapeFailed(
                    f"{url}: has more than the {largest} bytes that are accepted", kind=FailureKind.TOO_LARGE
                )
            if self.clock() - started > LONGEST_ANSWER:
                raise ScrapeFailed(f"{url}: still not whole after {LONGEST_ANSWER:.0f} s", kind=FailureKind.UNANSWERED)
        return bytes(content)

    def _check_host(self, url: str, *, start: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
            raise ScrapeFailed(
                f"{self.written(start)}: {self.written(url)!r} is no http:// or https:// address",
                kind=FailureKind.ELSEWHERE,
            )
        if host_of(url) not in self.hosts:
            whither = "" if url == requote_uri(start) else f"leads to {self.written(url)}: "
            raise ScrapeFailed(
                f"{self.written(start)}: {whither}the host {host_of(url)} is none of the site's "
                f"({', '.join(sorted(self.hosts))})",
                kind=FailureKind.ELSEWHERE,
            )

    def _check_robots(self, url: str, *, is_api: bool) -> None:
        origin = origin_of(url)
        if origin not in self._robots:
            self._robots[origin] = self._read_robots(f"{origin}/robots.txt")
        if not self._robots[origin].allow(url, is_api=is_api):
            raise ScrapeFailed(
                f"robots.txt of {origin} forbids {self.written(url)}: ask the site's owner, or use another source",
                kind=FailureKind.FORBIDDEN,
            )

    def _read_robots(self, url: str) -> RobotsRules:
        """Return a host's rules; a host without the file forbids nothing, one that cannot say forbids everything."""
        return RobotsRules.read(self._persistently(url, _Wish(largest=LARGEST_ROBOTS, is_robots=True)).text)

    def _wait_turn(self, url: str) -> None:
        host, rules = host_of(url), self._robots.get(origin_of(url))
        delay = 0.0 if is_loopback_url(url) else self.delay
        if rules is not None:
            delay = max(delay, rules.delay)
        if delay > LONGEST_DELAY:
            raise ScrapeFailed(
                f"{origin_of(url)} wants {delay:.0f} s between requests: ask the site's owner, or use another source",
                kind=FailureKind.FORBIDDEN,
            )
        if host in self._asked:
            # A clock that was set back must not make us wait for longer than the delay.
            wait = min(delay, self._asked[host] + delay - self.clock())
            if wait > 0:
                self.sleep(wait)
        self._asked[host] = self.clock()


def user_agent(contact: str | None) -> str:
    """Return who we say we are: program, version, and how to reach whoever runs it.

    Raises:
        SettingsInvalid: The contact cannot stand in a header.
    """
    version = installed_version()
    if contact is None:
        return f"{AGENT}/{version}"
    if not (contact.isascii() and contact.isprintable()):
        raise SettingsInvalid(f"the contact {contact!r} cannot stand in a request: write an address in plain ASCII")
    return f"{AGENT}/{version} (+{contact})"


def _kind_of(status: int) -> FailureKind:
    if status in {404, 410}:
        return FailureKind.MISSING
    return FailureKind.REFUSED if 400 <= status < 500 else FailureKind.OTHER


def _wait(state: tenacity.RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = error.after if isinstance(error, _TryAgain) else None
    return min(LONGEST_WAIT, asked if asked is not None else 2.0 ** (state.attempt_number - 1))


def _retry_after(value: str | None, *, now: float) -> float | None:
    """Return the seconds that a Retry-After header, seconds or a date, asks for."""
    if value is None:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - now)
    except (ValueError, OverflowError):
        return None


def _pieces(response: requests.Response) -> Iterator[bytes]:
    """Yield what has come as it comes, so that a body that trickles in is noticed.

    Raises:
        requests.ConnectionError: The connection broke, or nothing came for too long.
    """
    try:
        while piece := response.raw.read1(_PIECE, decode_content=True):
            yield piece
    except urllib3.exceptions.HTTPError as error:
        raise requests.ConnectionError(error) from error
