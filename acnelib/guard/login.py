"""The login that the embedded servers ask for: HTTP Basic, with one generated name and password."""

from __future__ import annotations

import base64
import hmac
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from acnelib.errors import ServiceFailed

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLES = ("ACNELIB_SERVER_USERNAME", "ACNELIB_SERVER_PASSWORD")
"""Environment variables of the servers; only their owner can read them there."""

CHALLENGE = 'Basic realm="acnelib", charset="UTF-8"'
"""The value of ``WWW-Authenticate``, to which browsers answer with their dialog."""


@dataclass(frozen=True, kw_only=True)
class ServerLogin:
    """The name and password of a server.

    Attributes:
        username: The name.
        password: The password.
    """

    username: str
    password: str = field(repr=False)

    @classmethod
    def of_environment(cls, environ: Mapping[str, str] | None = None) -> ServerLogin:
        """Read the login that this server was started with.

        Args:
            environ: Environment variables; default those of this process.

        Raises:
            ServiceFailed: There is none: the server would be open.
        """
        environ = os.environ if environ is None else environ
        username, password = (environ.get(name, "") for name in VARIABLES)
        if not (username and password):
            raise ServiceFailed(f"{' and '.join(VARIABLES)} are not set: start this server with `acne up`")
        return cls(username=username, password=password)

    @property
    def variables(self) -> dict[str, str]:
        """The environment variables that :meth:`of_environment` reads."""
        return dict(zip(VARIABLES, (self.username, self.password), strict=True))

    @property
    def header(self) -> str:
        """The value of ``Authorization``."""
        return f"Basic {self._token.decode()}"

    def accepts(self, header: str) -> bool:
        """Return whether a value of ``Authorization`` is this login; the time it takes does not depend on how close."""
        scheme, _, token = header.strip().partition(" ")
        # The password is random and long: a slow hash would protect nothing here, and costs 0.2 s a request.
        return scheme.lower() == "basic" and hmac.compare_digest(token.strip().encode(), self._token)

    @property
    def _token(self) -> bytes:
        return base64.b64encode(f"{self.username}:{self.password}".encode())
