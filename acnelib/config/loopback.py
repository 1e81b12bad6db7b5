"""Loopback addresses: traffic to them does not leave this machine, and no proxy applies."""

from __future__ import annotations

import ipaddress
import os
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import MutableMapping

_NAMES = ("localhost", "127.0.0.1", "::1")
_VARIABLES = ("no_proxy", "NO_PROXY")


def is_loopback(host: str) -> bool:
    """Say whether a host, a name or a number, is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_loopback_url(url: str) -> bool:
    """Say whether an address is on this machine."""
    try:
        return is_loopback(urlsplit(url).hostname or "")
    except ValueError:
        return False


def is_plain_loopback_url(url: str) -> bool:
    """Say whether an address is on this machine and not encrypted: a proxy could read what is sent there."""
    return url.lower().startswith("http://") and is_loopback_url(url)


def keep_from_proxies(environ: MutableMapping[str, str] | None = None) -> None:
    """Let clients that heed ``HTTP_PROXY`` reach this machine without it, in this process and those it starts.

    Args:
        environ: Environment variables; default those of this process.
    """
    environ = os.environ if environ is None else environ
    for variable in _VARIABLES:
        named = [name for name in environ.get(variable, "").split(",") if name.strip()]
        missing = [name for name in _NAMES if name not in map(str.strip, named)]
        if missing and "*" not in named:
            environ[variable] = ",".join([*named, *missing])
