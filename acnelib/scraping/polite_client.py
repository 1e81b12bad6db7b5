"""A polite HTTP client for one site: it identifies itself, obeys robots.txt, limits its rate and retries."""

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

from acnelib.bounded_http import AnswerRefused, AnswerTooSlow
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

_CHUNK_SIZE = 65536

TRIES = 4
LONGEST_WAIT = 120.0
"""Most seconds before another try, even if Retry-After asks for more."""
TIMEOUT = (10.0, 30.0)
"""Seconds to connect, and seconds without a byte."""
LONGEST_RESPONSE = 300.0
"""Seconds after which a response that is still arriving is given up."""
REDIRECTS = 5
LARGEST_ROBOTS = 1_000_000
LONGEST_DELAY = 600.0
"""Seconds between two requests above which a host counts as closed to crawlers."""
BUSY = frozenset({429, 500, 502, 503, 504})


@dataclass(frozen=True, kw_only=True)
class SiteResponse:
    """The last response to a request, after redirects and retries.

    Attributes:
        url: The address after the last redirect.
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
class _Requirements:
    """Limits on a response. For robots.txt itself, a missing file is a valid response too."""

    largest: int
    media: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    is_robots: bool = False
    is_api: bool = False


class _RetryableError(Exception):
    """A temporary failure: the host is busy or does not answer."""

    def __init__(self, reason: str, *, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


@dataclass(kw_only=True)
class PoliteClient:
    """Requests to one site and the hosts that it may lead to.

    Attributes:
        session: Connections and cookies.
        hosts: Hosts (``host`` or ``host:port``) that may be contacted.
        delay: Least seconds between two requests to a host that is not this machine.
        user_agent: Value of the ``User-Agent`` header.
        sleep: Waits for a number of seconds.
        clock: Seconds since 1970.
        display_url: Returns an address as messages show it, without signatures.
        unanswered: Requests in a row without an answer, each after all its retries.
    """

    session: requests.Session
    hosts: frozenset[str]
    delay: float
    user_agent: str
    sleep: Callable[[float], None]
    clock: Callable[[], float]
    display_url: Callable[[str], str] = without_signatures
    unanswered: int = field(default=0, init=False)
    _robots: dict[str, RobotsRules] = field(default_factory=dict, init=False)
    _last_request: dict[str, float] = field(default_factory=dict, init=False)

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
            url: Its address.
            largest: Maximum number of bytes.
            media: Required beginning of the content type; a generic type is accepted too.
            headers: More headers, such as ``If-None-Match``.
            is_api: The address belongs to an API for programs.

        Raises:
            ScrapeFailed: robots.txt forbids it, the host refuses, stays silent or leads elsewhere, or the answer is
                too large or of another type.
        """
        return self._fetch_with_retries(
            url, _Requirements(largest=largest, media=media, headers=headers or {}, is_api=is_api)
        )

    def _fetch_with_retries(self, url: str, requirements: _Requirements) -> SiteResponse:
        tries = tenacity.Retrying(
            sleep=self.sleep,
            stop=tenacity.stop_after_attempt(TRIES),
            wait=_wait,
            retry=tenacity.retry_if_exception_type(_RetryableError),
            reraise=True,
        )
        try:
            return tries(self._fetch_following_redirects, url, requirements)
        except _RetryableError as silence:
            self.unanswered += 1
            raise ScrapeFailed(
                f"{self.display_url(url)}: {silence}, {TRIES} times: "
                "check the address and the network, or run again later",
                kind=FailureKind.UNANSWERED,
            ) from silence
        except AnswerRefused as error:
            self.unanswered += 1
            raise ScrapeFailed(
                f"{self.display_url(url)}: cannot be fetched ({error})", kind=FailureKind.UNANSWERED
            ) from error
        except (requests.RequestException, urllib3.exceptions.HTTPError, ValueError) as error:
            raise ScrapeFailed(f"{self.display_url(url)}: cannot be fetched ({plain_reason(error)})") from error

    def _fetch_following_redirects(self, url: str, requirements: _Requirements) -> SiteResponse:
        """Fetch an address and follow its redirects, each of them checked like the first."""
        # Unquoted, a backslash could make the checked host differ from the contacted one.
        here = first = requote_uri(url)
        for _ in range(REDIRECTS + 1):
            self._check_host(here, start=url)
            if not requirements.is_robots:
                self._check_robots(here, is_api=requirements.is_api and here == first)
            self._wait_for_delay(here)
            try:
                with self._send(here, requirements.headers) as response:
                    target = self.session.get_redirect_target(response)
                    if target is None:
                        return self._checked_response(response, requirements, url=here)
            except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError) as error:
                raise _RetryableError(f"no answer ({plain_reason(error)})") from error
            here = requote_uri(urljoin(here, target))
        raise ScrapeFailed(
            f"{self.display_url(url)}: more than {REDIRECTS} redirects, the last to {self.display_url(here)}",
            kind=FailureKind.ELSEWHERE,
        )

    def _send(self, url: str, headers: Mapping[str, str]) -> requests.Response:
        return self.session.get(
            url,
            headers={"User-Agent": self.user_agent, **headers},
            timeout=TIMEOUT,
            allow_redirects=False,
            stream=True,
        )

    def _checked_response(self, response: requests.Response, requirements: _Requirements, *, url: str) -> SiteResponse:
        status, shown = response.status_code, self.display_url(url)
        if status in BUSY:
            after = _retry_after(response.headers.get("Retry-After"), now=self.clock())
            raise _RetryableError(f"HTTP {status} {response.reason}", after=after)
        self.unanswered = 0
        if status not in {200, 304} and not (requirements.is_robots and 400 <= status < 500):
            remedy = ": name a contact (ACNE_CONTACT), or ask the owner" if status in {401, 403} else ""
            raise ScrapeFailed(f"{shown}: HTTP {status} {response.reason}{remedy}", kind=_kind_of(status))
        content_type = response.headers.get("Content-Type", "")
        media = media_type_of(content_type)
        if status == 200 and not media.startswith(requirements.media) and media not in UNSTATED:
            raise ScrapeFailed(f"{shown}: is {content_type}, not {requirements.media}…", kind=FailureKind.NO_PICTURE)
        return SiteResponse(
            url=url,
            status=status,
            content=self._body(response, url=shown, largest=requirements.largest) if status == 200 else b"",
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
        for chunk in _chunks(response):
            content += chunk
            if len(content) > largest:
                raise ScrapeFailed(
                    f"{url}: has more than the {largest} bytes that are accepted", kind=FailureKind.TOO_LARGE
                )
            if self.clock() - started > LONGEST_RESPONSE:
                raise ScrapeFailed(
                    f"{url}: still not whole after {LONGEST_RESPONSE:.0f} s", kind=FailureKind.UNANSWERED
                )
        return bytes(content)

    def _check_host(self, url: str, *, start: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
            raise ScrapeFailed(
                f"{self.display_url(start)}: {self.display_url(url)!r} is no http:// or https:// address",
                kind=FailureKind.ELSEWHERE,
            )
        if host_of(url) not in self.hosts:
            redirect = "" if url == requote_uri(start) else f"leads to {self.display_url(url)}: "
            raise ScrapeFailed(
                f"{self.display_url(start)}: {redirect}the host {host_of(url)} is none of the site's "
                f"({', '.join(sorted(self.hosts))})",
                kind=FailureKind.ELSEWHERE,
            )

    def _check_robots(self, url: str, *, is_api: bool) -> None:
        origin = origin_of(url)
        if origin not in self._robots:
            self._robots[origin] = self._fetch_robots(f"{origin}/robots.txt")
        if not self._robots[origin].allow(url, is_api=is_api):
            raise ScrapeFailed(
                f"robots.txt of {origin} forbids {self.display_url(url)}: ask the site's owner, or use another source",
                kind=FailureKind.FORBIDDEN,
            )

    def _fetch_robots(self, url: str) -> RobotsRules:
        """Return a host's rules; a host without the file forbids nothing, one that fails forbids everything."""
        return RobotsRules.read(
            self._fetch_with_retries(url, _Requirements(largest=LARGEST_ROBOTS, is_robots=True)).text
        )

    def _wait_for_delay(self, url: str) -> None:
        host, rules = host_of(url), self._robots.get(origin_of(url))
        delay = 0.0 if is_loopback_url(url) else self.delay
        if rules is not None:
            delay = max(delay, rules.delay)
        if delay > LONGEST_DELAY:
            raise ScrapeFailed(
                f"{origin_of(url)} wants {delay:.0f} s between requests: ask the site's owner, or use another source",
                kind=FailureKind.FORBIDDEN,
            )
        if host in self._last_request:
            # A clock that was set back must not cause a wait longer than the delay.
            wait = min(delay, self._last_request[host] + delay - self.clock())
            if wait > 0:
                self.sleep(wait)
        self._last_request[host] = self.clock()


def user_agent(contact: str | None) -> str:
    """Return the ``User-Agent`` header: program, version and the operator's contact.

    Raises:
        SettingsInvalid: The contact is not valid in a header.
    """
    version = installed_version()
    if contact is None:
        return f"{AGENT}/{version}"
    if not (contact.isascii() and contact.isprintable()):
        raise SettingsInvalid(f"the contact {contact!r} is not valid in a header: write an address in plain ASCII")
    return f"{AGENT}/{version} (+{contact})"


def _kind_of(status: int) -> FailureKind:
    if status in {404, 410}:
        return FailureKind.MISSING
    return FailureKind.REFUSED if 400 <= status < 500 else FailureKind.OTHER


def _wait(state: tenacity.RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    requested = error.after if isinstance(error, _RetryableError) else None
    return min(LONGEST_WAIT, requested if requested is not None else 2.0 ** (state.attempt_number - 1))


def _retry_after(value: str | None, *, now: float) -> float | None:
    """Return the delay in seconds of a Retry-After header, which holds seconds or a date."""
    if value is None:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - now)
    except (ValueError, OverflowError):
        return None


def _chunks(response: requests.Response) -> Iterator[bytes]:
    """Yield the body in chunks as they arrive, so that a slow one can be timed.

    Raises:
        AnswerRefused: The body is not whole when its time is over.
        requests.ConnectionError: The connection broke or timed out.
    """
    try:
        while chunk := response.raw.read1(_CHUNK_SIZE, decode_content=True):
            yield chunk
    except AnswerTooSlow as error:
        raise AnswerRefused(str(error)) from error
    except urllib3.exceptions.HTTPError as error:
        raise requests.ConnectionError(error) from error
