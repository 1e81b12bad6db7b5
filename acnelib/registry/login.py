"""Login at a tracking server: the embedded one's own, else from the environment, else what the user stored for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from requests.auth import AuthBase, HTTPBasicAuth

from acnelib.config.confirmed_servers import check_confirmed
from acnelib.config.credentials import Credentials, CredentialStore
from acnelib.config.settings import home_of
from acnelib.config.stack_login import own_login

if TYPE_CHECKING:
    from collections.abc import Mapping

    from requests import PreparedRequest


class BearerAuth(AuthBase):
    """Sends a token."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Add the token to a request."""
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def credentials_for(server: str, environ: Mapping[str, str]) -> Credentials | None:
    """Return what to log in with at a server: MLflow's own variables, else what is stored; None: nothing.

    At an embedded server its own login counts alone.

    Raises:
        UsageError: What the variables say cannot be right.
        SettingsInvalid: They are set, and only the ``luigi.cfg`` of a folder names the server.
    """
    if own := own_login(server, environ):
        return own
    given = Credentials.of_environment(environ)
    if given is None:
        return stored_for(server, environ)
    check_confirmed(server, environ)
    return given


def stored_for(server: str, environ: Mapping[str, str]) -> Credentials | None:
    """Return the embedded server's own login, else what the user stored for this very address; None: nothing."""
    return own_login(server, environ) or CredentialStore(home_of(environ)).of(server)


def auth_of(credentials: Credentials | None) -> AuthBase | None:
    """Return credentials as requests takes them; None: none are sent."""
    if not credentials:
        return None
    if credentials.token:
        return BearerAuth(credentials.token)
    # As bytes: requests would know the letters of Western Europe only.
    return HTTPBasicAuth(credentials.username.encode(), credentials.password.encode())
