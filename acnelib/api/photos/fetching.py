"""Fetching photos by URL from the public internet, and from nowhere else.

A name is resolved once; each of its addresses must be public, and the connection goes to the very address that was
looked at, so that a name which means something else a moment later does not matter. A redirect is a new URL with the
same questions asked. No proxy, no cookie, no credential, no other port than a site's own.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import quote, urljoin, urlsplit

import h11

import acnelib
from acnelib.api.photos.addresses import is_public
from acnelib.errors import AcneError
from acnelib.text.formatting import format_bytes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection

    from acnelib.api.limits import Limits

Resolve: TypeAlias = Callable[[str, int], Awaitable[list[str]]]
"""A host's name and a port → its addresses."""

_PORTS = {"http": 80, "https": 443}
_REDIRECTS = {301, 302, 303, 307, 308}
_CONNECT_SECONDS = 5.0
_ADDRESSES_TRIED = 4
_PIECE = 65_536
_HEADER_BYTES = 32_768
_NOT_IN_URLS = re.compile(r"[\x00-\x20\x7f\\]")
_SAFE = "%:@!$&'()*+,;=~-._/"


class NotFetched(AcneError):
    """A URL that gives no photo."""


@dataclass(frozen=True)
class _ParsedUrl:
    """A URL, taken apart.

    Attributes:
        secure: Whether it begins with https.
        host: The name as DNS has it, or an address.
        port: Of the connection.
        target: Path and query, as a request has them.
    """

    secure: bool
    host: str
    port: int
    target: str

    @property
    def host_header(self) -> str:
        """The header ``Host``."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS["https" if self.secure else "http"] else f"{host}:{self.port}"


@dataclass(frozen=True)
class _Response:
    """What a site said: a photo's bytes, or where else to look."""

    content: bytes
    location: str | None = None


async def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host as the system's resolver gives them."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class PhotoFetcher:
    """Fetches photos by URL.

    Args:
        limits: Bytes, seconds and redirects of one photo; photos at a time.
        allowed: Hosts, or ``host:port``, that are asked although their addresses are not public.
        resolve: Names → addresses.
        tls: How certificates are checked; default: as the system does.
    """

    def __init__(
        self,
        limits: Limits,
        *,
        allowed: Collection[str] = (),
        resolve: Resolve = resolve,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._limits = limits
        self._allowed = frozenset(host.casefold() for host in allowed)
        self._resolve = resolve
        self._tls = tls

    async def fetch(self, url: str) -> bytes:
        """Return what is at a URL.

        Raises:
            NotFetched: It is no URL of the public internet, or gives no photo in time and size.
        """
        try:
            async with asyncio.timeout(self._limits.fetch_seconds):
                return await self._follow(url)
        except TimeoutError as error:
            raise NotFetched(f"took longer than {self._limits.fetch_seconds:g} s: upload the photo") from error
        except (OSError, UnicodeError) as error:
            raise NotFetched("cannot be reached: check the address, or upload the photo") from error
        except h11.RemoteProtocolError as error:
            raise NotFetched("is not answered as HTTP asks: upload the photo") from error

    async def _follow(self, url: str) -> bytes:
        for _ in range(self._limits.redirects + 1):
            place = _place(url)
            addresses = await self._addresses(place)
            async with self._connected(place, addresses) as (reader, writer):
                answer = await self._ask(place, reader, writer)
            if answer.location is None:
                return answer.content
            following = _joined(url, answer.location)
            if place.secure and not following.casefold().startswith("https:"):
                raise NotFetched("leads from https to an address without it: upload the photo")
            url = following
        raise NotFetched(f"leads elsewhere more than {self._limits.redirects} times: give the photo's own address")

    async def _addresses(self, place: _ParsedUrl) -> list[str]:
        """Return the addresses of a host, each of which may be asked."""
        name = place.host.rstrip(".")
        if not self._allowed.isdisjoint({name, f"{name}:{place.port}", place.host_header}):
            return await self._resolve(place.host, place.port)
        if place.port not in _PORTS.values():
            raise NotFetched(f"names port {place.port}: photos are fetched from ports 80 and 443 only")
        addresses = await self._resolve(place.host, place.port)
        if not all(map(is_public, addresses)):
            raise NotFetched("is not on the public internet: upload the photo, or start with --allow-host")
        return addresses

    @contextlib.asynccontextmanager
    async def _connected(
        self, place: _ParsedUrl, addresses: list[str]
    ) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        reader, writer = await self._connect(place, addresses)
        try:
            yield reader, writer
        finally:
            writer.transport.abort()

    async def _connect(
        self, place: _ParsedUrl, addresses: list[str]
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        failure: OSError = ConnectionError("no address")
        if place.secure and self._tls is None:
            self._tls = ssl.create_default_context()
        for address in addresses[:_ADDRESSES_TRIED]:
            try:
                async with asyncio.timeout(_CONNECT_SECONDS):
                    return await asyncio.open_connection(
                        address,
                        place.port,
                        ssl=self._tls if place.secure else None,
                        server_hostname=place.host if place.secure else None,
                    )
            except OSError as error:  # TimeoutError is one
                failure = error
        raise failure

    async def _ask(self, place: _ParsedUrl, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> _Response:
        connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=_HEADER_BYTES)
        headers = [
            ("Host", place.host_header),
            ("User-Agent", f"acnelib/{acnelib.__version__}"),
            ("Accept", "image/*"),
            ("Accept-Encoding", "identity"),
            ("Connection", "close"),
        ]
        for event in (h11.Request(method="GET", target=place.target, headers=headers), h11.EndOfMessage()):
            writer.write(connection.send(event) or b"")
        await writer.drain()
        content = bytearray()
        while True:
            told = connection.next_event()
            if told is h11.NEED_DATA:
                connection.receive_data(await reader.read(_PIECE))
            elif isinstance(told, h11.Response):
                if location := _location(told):
                    return _Response(b"", location)
                self._check(told)
            elif isinstance(told, h11.Data):
                content += told.data
                if len(content) > self._limits.image_bytes:
                    raise NotFetched(self._too_large())
            elif isinstance(told, h11.EndOfMessage):
                return _Response(bytes(content))

    def _check(self, response: h11.Response) -> None:
        headers = dict(response.headers)
        if response.status_code != 200:
            raise NotFetched(f"is answered with HTTP {response.status_code}: check the address")
        if headers.get(b"content-encoding", b"identity").lower() != b"identity":
            raise NotFetched("is answered with compressed content, which was not asked for: upload the photo")
        if int(headers.get(b"content-length", b"0")) > self._limits.image_bytes:
            raise NotFetched(self._too_large())

    def _too_large(self) -> str:
        return f"has more than {format_bytes(self._limits.image_bytes)}: scale the photo down"


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise NotFetched("leads to something that is no URL: give the photo's own address") from error


def _location(response: h11.Response) -> str | None:
    if response.status_code not in _REDIRECTS:
        return None
    location = dict(response.headers).get(b"location", b"").decode("latin-1")
    if not location:
        raise NotFetched(f"is answered with HTTP {response.status_code} that leads nowhere: check the address")
    return location


def _place(url: str) -> _ParsedUrl:
    """Take a URL apart.

    Raises:
        NotFetched: It is no address of a photo.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise NotFetched("is no URL: check the address") from error
    if parts.scheme not in _PORTS or not host or _NOT_IN_URLS.search(url):
        raise NotFetched("is no address of a photo: give a URL that begins with https:// or http://")
    if "@" in parts.netloc:
        raise NotFetched("holds a user's name or password: leave them out")
    try:
        name = host if ":" in host else host.encode("idna").decode()
    except UnicodeError as error:
        raise NotFetched("names a host that no DNS knows: check the address") from error
    target = quote(parts.path or "/", safe=_SAFE)
    if parts.query:
        target += f"?{quote(parts.query, safe=_SAFE + '?')}"
    return _ParsedUrl(
        secure=parts.scheme == "https",
        host=name.casefold(),
        port=_PORTS[parts.scheme] if port is None else port,
        target=target,
    )
