"""The login of the embedded stack, for clients of its servers: it counts before every other login.

Which folder an address belongs to is known from the records of stacks; what is stored for the address, or set for
another server, would only be refused there, and reveal the login of another server to this one.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from acnelib.config.credentials import AddressLogin, Credentials
from acnelib.config.listeners import is_taken_by_another_user
from acnelib.config.loopback import is_plain_loopback_url
from acnelib.config.settings import Settings
from acnelib.config.stack_choice import folder_of
from acnelib.errors import AcneError, ServiceFailed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CREDENTIALS = "credentials.json"
"""File in a stack's folder (mode 0600)."""

_HOST = "127.0.0.1"  # as records of stacks write it


def own_login(server: str, environ: Mapping[str, str] | None = None) -> Credentials | None:
    """Return the login of the embedded server at an address; None: no stack in use has this address.

    Args:
        server: The address; a login in it does not count.
        environ: Environment variables; default those of this process.

    Raises:
        ServiceFailed: A program of another user listens there, in place of the server.
    """
    address = AddressLogin.of(server).address.rstrip("/").replace("://localhost:", f"://{_HOST}:")
    if not is_plain_loopback_url(address):
        return None
    known = _login_in(folder_of(address))
    login = known or _login_in(_folder_by_settings(address, os.environ if environ is None else environ))
    if login and is_taken_by_another_user(urlsplit(address).port or 80, host=urlsplit(server).hostname):
        raise ServiceFailed(
            f"a program of another user listens at {address}, in place of your stack",
            remedy="run `acne up`, which takes another port; the login was not sent",
        )
    return login


def with_login(server: str, environ: Mapping[str, str] | None = None) -> AddressLogin:
    """Return an address and the login for it: the stack's own at an embedded server, else what is written into it.

    Args:
        server: The address.
        environ: Environment variables; default those of this process.

    Raises:
        ServiceFailed: A program of another user listens there, in place of the server.
    """
    written = AddressLogin.of(server)
    own = own_login(server, environ)
    return (
        written if own is None else AddressLogin(address=written.address, username=own.username, password=own.password)
    )


def _folder_by_settings(address: str, environ: Mapping[str, str]) -> Path | None:
    try:
        Settings.load(environ=environ).stack_choice()
    except (AcneError, OSError):
        return None
    return folder_of(address)


def _login_in(folder: Path | None) -> Credentials | None:
    if folder is None:
        return None
    try:
        content = json.loads((folder / CREDENTIALS).read_text(encoding="utf-8"))
        return Credentials(username=str(content["username"]), password=str(content["password"]))
    except (OSError, ValueError, KeyError, TypeError, AcneError):
        return None  # the server refuses the request, and `acne up` says what is wrong with the file
