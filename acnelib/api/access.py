"""Access control: the token, and the headers that protect browsers."""

from __future__ import annotations

import contextlib
import hmac
import os
import re
import secrets
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from acnelib.api.problems import Problem
from acnelib.api.swagger_ui import PUBLIC_PATHS
from acnelib.errors import SettingsInvalid
from acnelib.storage.files import PART_SUFFIX, write_text
from acnelib.storage.trust import check_trusted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOKEN_VARIABLE = "ACNE_API_TOKEN"  # noqa: S105 - the variable's name, not a token
TOKEN_FILE = "api-token"  # noqa: S105
_FIT = re.compile(r"[\x21-\x7e]{16,512}")

PUBLIC_ROUTES = PUBLIC_PATHS | {"/openapi.json", "/v1/health"}
"""Paths that need no token: they reveal nothing about photos, people or this machine."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


@dataclass(frozen=True)
class Token:
    """The token that a client sends.

    Attributes:
        value: The secret itself; never shown or logged.
        where: Where its owner finds it, for messages.
    """

    value: str = field(repr=False)
    where: str

    @classmethod
    def find_or_make(cls, home: Path, *, environ: Mapping[str, str]) -> Token:
        """Return the token of the environment, else the one in the home folder, which the first start creates.

        Raises:
            SettingsInvalid: The token is too short, or other users can read or may have written the file.
        """
        if TOKEN_VARIABLE in environ:
            return cls(_fit(environ[TOKEN_VARIABLE], where=TOKEN_VARIABLE), where=f"the variable {TOKEN_VARIABLE}")
        path = home / TOKEN_FILE
        check_trusted(path)
        if not path.exists():
            _write_if_absent(path, secrets.token_urlsafe(32) + "\n")
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise SettingsInvalid(f"{path} can be read by other users: delete it for a new token, or chmod 600 it")
        return cls(_fit(path.read_text(encoding="utf-8", errors="replace").strip(), where=str(path)), where=str(path))

    def admits(self, authorization: bytes) -> bool:
        """Return whether an ``Authorization`` header carries this token."""
        scheme, _, shown = authorization.partition(b" ")
        return scheme.lower() == b"bearer" and hmac.compare_digest(shown.strip(), self.value.encode())


def _write_if_absent(path: Path, text: str) -> None:
    """Write a private file atomically unless it exists, so that two servers that start together share one token."""
    made = path.with_name(f".{path.name}.{secrets.token_hex(4)}{PART_SUFFIX}")
    write_text(made, text, mode=0o600)
    try:
        with contextlib.suppress(FileExistsError):
            os.link(made, path)
    finally:
        made.unlink()


def _fit(value: str, *, where: str) -> str:
    if not _FIT.fullmatch(value):
        raise SettingsInvalid(
            f"the token of {where} is not valid ({len(value)} characters): "
            "set one of at least 16 visible ASCII characters"
        )
    return value


class AuthMiddleware:
    """Checks the token before the body of a request is read, and adds the security headers to every response."""

    def __init__(self, app: ASGIApp, *, token: Token) -> None:
        self._app = app
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                added = ((name.lower().encode(), value.encode()) for name, value in HEADERS.items())
                message["headers"] = [*message["headers"], *(pair for pair in added if pair[0] not in present)]
            await send(message)

        shown = [value for name, value in scope["headers"] if name == b"authorization"]
        if scope["path"] in PUBLIC_ROUTES or (len(shown) == 1 and self._token.admits(shown[0])):
            await self._app(scope, receive, send_with_headers)
        else:
            await _refusal(shown=bool(shown)).answer()(scope, receive, send_with_headers)


def _refusal(*, shown: bool) -> Problem:
    what = "this is not the API's token" if shown else "this address requires the API's token"
    return Problem(
        401,
        Problem.UNAUTHORISED,
        f"{what}: send it as `Authorization: Bearer TOKEN`; `acne serve` prints where it is stored",
        headers={"WWW-Authenticate": "Bearer"},
    )
