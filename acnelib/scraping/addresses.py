"""Addresses: which host they are on, and what of them stays the same when a site moves."""

from __future__ import annotations

from urllib.parse import urlsplit


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


def is_site(address: str) -> bool:
    """Say whether an address is that of a whole site: scheme, host and port, no more."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(host) and "@" not in parts.netloc and parts.path in {"", "/"}
