"""The login that the user stored, for MLflow's own client: a plugin that it finds by its entry point."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mlflow.tracking.request_auth.abstract_request_auth_provider import RequestAuthProvider
from requests.auth import AuthBase

from acnelib.registry.login import auth_of, stored_for
from acnelib.registry.tracking.server import STORED_LOGIN

if TYPE_CHECKING:
    from requests import PreparedRequest

_API = re.compile(r"/(ajax-)?api/\d+\.\d+/")


class StoredLogin(RequestAuthProvider):
    """Gives MLflow's requests the login that is stored for the server they go to, and others none."""

    def get_name(self) -> str:
        """Return the name by which MLflow asks for it."""
        return STORED_LOGIN

    def get_auth(self) -> AuthBase:
        """Return what adds the login to a request."""
        return _OfItsServer()


class _OfItsServer(AuthBase):
    """Looks at each request where it goes: the variable that turns this on holds for every server of the process."""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        auth = auth_of(stored_for(_server_of(str(request.url)), os.environ))
        return request if auth is None else auth(request)


def _server_of(url: str) -> str:
    """Return the address of the tracking server whose API a request asks."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{_API.split(parts.path)[0]}"
