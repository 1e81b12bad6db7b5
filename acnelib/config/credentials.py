"""The credentials with which the app logs in at a tracking server: one file (mode 0600), for one address.

``MLFLOW_TRACKING_TOKEN``, ``_USERNAME`` and ``_PASSWORD`` go before it; nothing in it is ever logged or shown again.
"""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

from acnelib.config.loopback import is_loopback
from acnelib.errors import UsageError
from acnelib.storage.files import PART_SUFFIX, write_json
from acnelib.storage.trust import check_trusted
from acnelib.text.plain_reasons import plain_reason

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

logger = logging.getLogger(__name__)

FILE = "server.json"
VARIABLES = ("MLFLOW_TRACKING_TOKEN", "MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD")


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """A token, or a user name and a password; none of them in any message.

    Attributes:
        token: Sent as a bearer's; goes before the others.
        username: Name of the account.
        password: Its password.
    """

    token: str = field(default="", repr=False)
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if not (self.token.isascii() and self.token.isprintable() and " " not in self.token):
            raise UsageError("the token has spaces, line breaks or letters that no token has: copy it again")
        if ":" in self.username:
            raise UsageError("a user name cannot have a colon: write the password into its own field")
        if self.password and not self.username:
            raise UsageError("there is a password but no user name: write both")

    def __bool__(self) -> bool:
        return bool(self.token or self.username)

    @classmethod
    def of_environment(cls, environ: Mapping[str, str]) -> Credentials | None:
        """Return what MLflow's own variables say; None when none of them is set."""
        if not any(environ.get(name) for name in VARIABLES):
            return None
        token, username, password = (environ.get(name, "") for name in VARIABLES)
        return cls(token=token.strip(), username=username, password=password if username else "")


class CredentialStore:
    """The file of credentials in the home: those of one server."""

    def __init__(self, home: Path) -> None:
        self.path = home / FILE

    def of(self, server: str) -> Credentials | None:
        """Return the credentials for this very address; None where there are none.

        Raises:
            SettingsInvalid: Another user may have written the file.
        """
        check_trusted(self.path)
        try:
            kept = json.loads(self.path.read_text("utf-8"))
            if not is_same_server(kept["server"], server):
                return None
            return Credentials(**{each.name: str(kept[each.name]) for each in fields(Credentials)})
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError, UsageError) as error:
            # The type only: the message may contain the credentials.
            logger.warning("%s cannot be read (%s): enter the server again", FILE, plain_reason(error, quoting=False))
            return None

    def keep(self, server: str, credentials: Credentials) -> None:
        """Keep the credentials for one address, in place of any others; empty ones: keep none.

        Raises:
            OSError: The file cannot be written.
        """
        self.delete()
        if credentials:
            write_json(self.path, {"server": checked_address(server), **asdict(credentials)}, mode=0o600)

    def delete(self) -> None:
        """Delete the file, and what a killed process left of it.

        Raises:
            OSError: It cannot be deleted.
        """
        for path in (self.path, *self.path.parent.glob(f".{FILE}.*{PART_SUFFIX}")):
            path.unlink(missing_ok=True)


def checked_address(text: str) -> str:
    """Return a tracking server's address as it is stored.

    Raises:
        UsageError: It is none, or has a password in it.
    """
    address = text.strip().rstrip("/")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise UsageError(f"{address!r} is no address: write one such as https://mlflow.example.org") from error
    if "@" in parts.netloc:  # never shown: it may contain a password
        raise UsageError("the address has a user name in it: write name and password into their own fields")
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        raise UsageError(f"{address!r} is no server's address: write one such as https://mlflow.example.org")
    if parts.query or parts.fragment or not address.isprintable() or " " in address:
        raise UsageError("that is more than a server's address: leave out spaces, and what follows ? or #")
    return address


@dataclass(frozen=True, kw_only=True)
class AddressLogin:
    """An address, and the login that was written into it.

    Attributes:
        address: The address without the login.
        username: Name of the account; None: there is no login.
        password: Its password.
    """

    address: str
    username: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)

    @property
    def joined(self) -> str:
        """The address with the login in it, for programs that have no other place for it; never to be shown."""
        if self.username is None:
            return self.address
        head, _, rest = self.address.partition("://")
        password = "" if self.password is None else f":{quote(self.password, safe='')}"
        return f"{head}://{quote(self.username, safe='')}{password}@{rest}"

    @property
    def auth(self) -> tuple[Any, Any] | None:
        """The login as requests takes it; None: there is none."""
        # As bytes: requests would know the letters of Western Europe only.
        return None if self.username is None else (self.username.encode(), (self.password or "").encode())

    @classmethod
    def of(cls, address: str) -> AddressLogin:
        """Separate the login (``http://NAME:PASSWORD@HOST``) from an address."""
        head, at, rest = address.partition("://")
        login, found, host = rest.partition("/")[0].rpartition("@")
        if not (at and found):
            return cls(address=address)
        username, colon, password = login.partition(":")
        bare = f"{head}://{host}{rest[len(login) + 1 + len(host) :]}"
        return cls(address=bare, username=unquote(username), password=unquote(password) if colon else None)


def is_readable_on_the_way(server: str) -> bool:
    """Return whether others on the network could read what is sent to an address: plain HTTP to another machine."""
    parts = urlsplit(server.strip())
    host = parts.hostname or ""
    return parts.scheme.lower() == "http" and not is_loopback(host)


def is_same_server(one: Any, other: str) -> bool:
    """Return whether two texts are one server's address."""
    return isinstance(one, str) and _normal(one) == _normal(other)


def _normal(server: str) -> tuple[str, str, str]:
    parts = urlsplit(server.strip())
    return parts.scheme.lower(), parts.netloc.lower(), parts.path.rstrip("/")
