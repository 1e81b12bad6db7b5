"""Addresses: which host they are on, and what of them stays the same when a site moves."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

SIGNATURES = (
    "X-Amz-*",
    "X-Goog-*",
    "X-Oss-*",
    "AWSAccessKeyId",
    "GoogleAccessId",
    "OSSAccessKeyId",
    "Key-Pair-Id",
    "Signature",
    "sig",
)
"""Query parameters in which stores of files sign an address; they never say which picture is meant."""

_VALIDITY = ("Expires", "Policy", "st", "se", "skt", "ske")
"""Parameters with the period of validity of such a signature; new at each visit, too."""


def host_of(url: str) -> str:
    """Return an address's host, with its port unless that is the scheme's own."""
    parts = urlsplit(url)
    own = {"http": 80, "https": 443}.get(parts.scheme)
    return f"{parts.hostname}" if parts.port in {None, own} else f"{parts.hostname}:{parts.port}"


def origin_of(url: str) -> str:
    """Return an address's scheme, host and port."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def key_of(url: str) -> str:
    """Return an address's path and query, by which it is known again where the site moves."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def without_parameters(url: str, ignored: Iterable[str]) -> str:
    """Return an address without some of its query parameters; the others are unchanged.

    Args:
        url: The address.
        ignored: Names, in which ``*`` matches anything; case is ignored.
    """
    before, question, rest = url.partition("?")
    query, hash_sign, fragment = rest.partition("#")
    if not question or "#" in before:
        return url
    patterns = [pattern.casefold() for pattern in ignored]
    kept = [pair for pair in query.split("&") if not _is_named(unquote_plus(pair.partition("=")[0]), patterns)]
    return f"{before}{question if kept else ''}{'&'.join(kept)}{hash_sign}{fragment}"


def without_signatures(url: str) -> str:
    """Return an address without what a store of files signs it with, and the times for which that holds."""
    unsigned = without_parameters(url, SIGNATURES)
    return url if unsigned == url else without_parameters(unsigned, _VALIDITY)


def is_site(address: str) -> bool:
    """Say whether an address is that of a whole site: scheme, host and port, no more."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(host) and "@" not in parts.netloc and parts.path in {"", "/"}


def _is_named(name: str, patterns: list[str]) -> bool:
    return any(fnmatchcase(name.casefold(), pattern) for pattern in patterns)
