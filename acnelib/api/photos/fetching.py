"""Photos fetched by URL, from the public internet only.

A host name is resolved once. Each of its addresses must be public, and the connection goes to the address that was
checked, so that DNS rebinding has no effect. The target of a redirect is checked in the same way. No proxies, cookies
or credentials are used, and no ports but 80 and 443.
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
"""Resolver: host name and port → addresses."""

_PORTS = {"http": 80, "https": 443}
_REDIRECTS = {301, 302, 303, 307, 308}
_CONNECT_SECONDS = 5.0
_ADDRESSES_TRIED = 4
_CHUNK_BYTES = 65_536
_HEADER_BYTES = 32_768
_NOT_IN_URLS = re.compile(r"[\x00-\x20\x7f\\]")
_SAFE = "%:@!$&'()*+,;=~-._/"


class NotFetched(AcneError):
    """A URL from which no photo could be fetched."""


@dataclass(frozen=True)
class _ParsedUrl:
    """The parts of a URL.

    Attributes:
        secure: Whether the scheme is https.
        host: The host name in the form that DNS uses, or an address.
        port: Port of the connection.
        target: Path and query of the request.
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
    """A response: the bytes of a photo, or the target of a redirect."""

    content: bytes
    location: str | None = None


async def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host from the resolver of the system."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class PhotoFetcher:
    """Fetches photos by URL.

    Args:
        limits: Bytes, seconds and redirects of one photo.
        allowed: Hosts, or ``host:port``, that may be fetched from though their addresses are not public.
        resolve: The resolver.
        tls: TLS settings; default: those of the system.
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
        """Return the content of a URL.

        Raises:
            NotFetched: The URL is not public, or its content exceeds the limits of time or size.
        """
        try:
            async with asyncio.timeout(self._limits.fetch_seconds):
                return await self._follow(url)
        except TimeoutError as error:
            raise NotFetched(f"took longer than {self._limits.fetch_seconds:g} s: upload the photo") from error
        except (OSError, UnicodeError) as error:
            raise NotFetched("cannot be reached: check the address, or upload the photo") from error
        except h11.RemoteProtocolError as error:
            raise NotFetched("does not answer with valid HTTP: upload the photo") from error

    async def _follow(self, url: str) -> bytes:
        for _ in range(self._limits.redirects + 1):
            place = _parse_url(url)
            addresses = await self._addresses(place)
            async with self._connected(place, addresses) as (reader, writer):
                answer = await self._request(place, reader, writer)
            if answer.location is None:
                return answer.content
            following = _joined(url, answer.location)
            if place.secure and not following.casefold().startswith("https:"):
                raise NotFetched("redirects from https to http: upload the photo")
            url = following
        raise NotFetched(f"has more than {self._limits.redirects} redirects: give the final URL of the photo")

    async def _addresses(self, place: _ParsedUrl) -> list[str]:
        """Return the addresses of a host, after checking that all are allowed."""
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

    async def _request(
        self, place: _ParsedUrl, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> _Response:
        connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=_HEADER_BYTES)
        headers = [
            ("Host", place.host_header),
            ("User-Agent", f"acnelib/{acnelib.__version__}"),
            ("Accept", "image/*"),
            ("Accept-Encoding", "identity"),
            ("Connection", "close"),
        ]
        for outgoing in (h11.Request(method="GET", target=place.target, headers=headers), h11.EndOfMessage()):
            writer.write(connection.send(outgoing) or b"")
        await writer.drain()
        content = bytearray()
        while True:
            event = connection.next_event()
            if event is h11.NEED_DATA:
                connection.receive_data(await reader.read(_CHUNK_BYTES))
            elif isinstance(event, h11.Response):
                if location := _location(event):
                    return _Response(b"", location)
                self._check(event)
            elif isinstance(event, h11.Data):
                content += event.data
                if len(content) > self._limits.image_bytes:
                    raise NotFetched(self._too_large())
            elif isinstance(event, h11.EndOfMessage):
                return _Response(bytes(content))

    def _check(self, response: h11.Response) -> None:
        headers = dict(response.headers)
        if response.status_code != 200:
            raise NotFetched(f"answers with HTTP {response.status_code}: check the address")
        if headers.get(b"content-encoding", b"identity").lower() != b"identity":
            raise NotFetched("answers with compressed content, which was not requested: upload the photo")
        if int(headers.get(b"content-length", b"0")) > self._limits.image_bytes:
            raise NotFetched(self._too_large())

    def _too_large(self) -> str:
        return f"has more than {format_bytes(self._limits.image_bytes)}: scale the photo down"


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise NotFetched("redirects to an invalid URL: give the final URL of the photo") from error


def _location(response: h11.Response) -> str | None:
    if response.status_code not in _REDIRECTS:
        return None
    location = dict(response.headers).get(b"location", b"").decode("latin-1")
    if not location:
        raise NotFetched(f"answers with HTTP {response.status_code} but without a Location header: check the address")
    return location


def _parse_url(url: str) -> _ParsedUrl:
    """Parse a URL.

    Raises:
        NotFetched: The URL is not valid for a photo.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise NotFetched("is not a valid URL: check the address") from error
    if parts.scheme not in _PORTS or not host or _NOT_IN_URLS.search(url):
        raise NotFetched("is not a web address: give a URL that begins with https:// or http://")
    if "@" in parts.netloc:
        raise NotFetched("contains a user name or password: remove them")
    try:
        name = host if ":" in host else host.encode("idna").decode()
    except UnicodeError as error:
        raise NotFetched("has an invalid host name: check the address") from error
    target = quote(parts.path or "/", safe=_SAFE)
    if parts.query:
        target += f"?{quote(parts.query, safe=_SAFE + '?')}"
    return _ParsedUrl(
        secure=parts.scheme == "https",
        host=name.casefold(),
        port=_PORTS[parts.scheme] if port is None else port,
        target=target,
    )
