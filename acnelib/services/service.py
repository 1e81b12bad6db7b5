"""What every service of the stack has to say about itself."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

import requests

from acnelib.services.ports import HOST

if TYPE_CHECKING:
    from collections.abc import Mapping

# What configures the servers, whoever set it for another purpose: the stack decides for itself.
DISTURBING = ("AWS_", "LUIGI_", "MLFLOW_", "_MLFLOW_", "NANIO_", "OTEL_", "UVICORN_")
DISTURBING_NAMES = {"FORWARDED_ALLOW_IPS", "WEB_CONCURRENCY"}


class Service(ABC):
    """How one server is started in the stack's folder, and how it is asked whether it is well."""

    name: ClassVar[str]
    title: ClassVar[str]
    data: ClassVar[tuple[str, ...]]
    """What it keeps in the stack's folder."""
    caveat: ClassVar[str | None] = None
    """What of it does not outlive a crash, in a sentence."""

    @abstractmethod
    def command(self, port: int) -> list[str]:
        """Return the command line; the current folder will be the stack's, so names in it are relative."""

    @abstractmethod
    def environment(self) -> dict[str, str]:
        """Return the variables that this service needs besides those of whoever starts it."""

    def files(self) -> dict[str, str]:
        """Return the text of each file that the server reads from its folder when it starts."""
        return {}

    @abstractmethod
    def answers(self, url: str, *, timeout: float) -> bool:
        """Say whether the server at ``url`` answers as this service does."""


def inherited(environ: Mapping[str, str]) -> dict[str, str]:
    """Return what a service takes over from the environment of whoever starts it."""
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
) -> requests.Response:
    """Send one request past any proxy.

    Raises:
        requests.RequestException: No answer within ``timeout`` seconds.
    """
    with requests.Session() as session:
        session.trust_env = False
        return session.request(
            method, url, headers=dict(headers or {}), data=data, timeout=timeout, allow_redirects=False
        )
