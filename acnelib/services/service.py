"""The interface of the services of the stack."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from acnelib.bounded_http import bounded_session
from acnelib.services.ports import HOST

if TYPE_CHECKING:
    from collections.abc import Mapping

    import requests

# Variables that would configure the servers; they may be set for other purposes, so the stack removes them.
_LARGEST_ANSWER = 1_000_000  # bytes
DISTURBING = ("AWS_", "LUIGI_", "MLFLOW_", "_MLFLOW_", "NANIO_", "OTEL_", "UVICORN_")
DISTURBING_NAMES = {"FORWARDED_ALLOW_IPS", "WEB_CONCURRENCY"}


class Service(ABC):
    """A server: its command and environment in the stack's folder, and its health check."""

    name: ClassVar[str]
    title: ClassVar[str]
    data: ClassVar[tuple[str, ...]]
    """Its files and folders in the stack's folder."""
    caveat: ClassVar[str | None] = None
    """Data that a crash loses, in one sentence."""

    @abstractmethod
    def command(self, port: int) -> list[str]:
        """Return the command line; the current folder will be the stack's, so names in it are relative."""

    @abstractmethod
    def environment(self) -> dict[str, str]:
        """Return the variables that this service needs in addition to the inherited ones."""

    def files(self) -> dict[str, str]:
        """Return the text of each file that the server reads from its folder when it starts."""
        return {}

    @abstractmethod
    def answers(self, url: str, *, timeout: float) -> bool:
        """Return whether the server at ``url`` answers as this service does."""


def inherited(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment that a service inherits."""
    kept = {
        name: value
        for name, value in environ.items()
        if not name.startswith(DISTURBING) and name not in DISTURBING_NAMES
    }
    # The services talk to each other only; a file in the current folder must not pass for a module.
    return kept | {"NO_PROXY": HOST, "no_proxy": HOST, "PYTHONSAFEPATH": "1"}


def ask(
    url: str,
    *,
    timeout: float,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    data: bytes | None = None,
    auth: tuple[str, str] | None = None,
) -> requests.Response:
    """Send one request past any proxy.

    Raises:
        requests.RequestException: No answer within ``timeout`` seconds, or one that is too large.
    """
    with bounded_session(largest=_LARGEST_ANSWER, seconds=timeout) as session:
        session.trust_env = False
        return session.request(
            method, url, headers=dict(headers or {}), data=data, auth=auth, timeout=timeout, allow_redirects=False
        )
