"""The HTTP server of the API."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from typing import TYPE_CHECKING

import uvicorn

from acnelib.api.boundary import Boundary
from acnelib.api.connections import bounded_protocol
from acnelib.api.limits import Limits
from acnelib.errors import ServiceFailed
from acnelib.text.plain_reasons import plain_reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.types import ASGIApp

GRACE_SECONDS = 30
_WAITING_CONNECTIONS = 1024


class Server:
    """One server on one address.

    Args:
        host: A name or address of this machine.
        port: 0 selects any free port.
        limits: The limits of connections and requests.

    Raises:
        ServiceFailed: The address or port is not available.

    Attributes:
        stopping: Whether the server was asked to stop.
        unanswered: Number of requests that its end cut off.
    """

    def __init__(self, *, host: str, port: int, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._socket = _listening(host, port)
        self._uvicorn: _Uvicorn | None = None
        self.stopping = False
        self.unanswered = 0

    @property
    def url(self) -> str:
        """The address, without a slash at the end."""
        host, port = self._socket.getsockname()[:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def run(self, app: ASGIApp, *, ready: Callable[[], None] = lambda: None) -> None:
        """Serve until stopped; pending requests are finished first.

        Args:
            app: The API.
            ready: Called once requests are answered.

        Raises:
            ServiceFailed: The application does not start.
        """
        boundary = Boundary(app)
        config = uvicorn.Config(
            boundary,
            log_config=None,  # the caller configures logging; URLs of requests may be private, so none is logged
            access_log=False,
            server_header=False,
            proxy_headers=False,
            ws="none",
            http=bounded_protocol(self._limits),
            h11_max_incomplete_event_size=self._limits.head_bytes,
            lifespan="on",
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        self._uvicorn = _Uvicorn(config, ready)
        if self.stopping:
            self._uvicorn.should_exit = True
        url = self.url
        if not logging.getLogger().isEnabledFor(logging.DEBUG):  # we report what it would
            logging.getLogger("uvicorn").setLevel(logging.CRITICAL)
        with contextlib.closing(self._socket):
            asyncio.run(self._uvicorn.serve(sockets=[self._socket]))
        if not self._uvicorn.started and not self.stopping:
            reason = boundary.start_failure or "for a reason that --debug shows"
            raise ServiceFailed(f"the API does not start on {url} ({reason})")
        self.unanswered = boundary.unanswered

    def stop(self) -> None:
        """Stop gracefully; a second time, at once. Safe in a signal handler and from another thread."""
        if self._uvicorn is not None:
            self._uvicorn.force_exit = self.stopping
            self._uvicorn.should_exit = True
        self.stopping = True


class _Uvicorn(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and call ``ready``."""
        try:
            await super().startup(sockets)
        except SystemExit:  # the application did not start
            self.should_exit = True
        if self.started:
            self._ready()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the caller."""
        yield


def _listening(host: str, port: int) -> socket.socket:
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server(address[:2], family=family, backlog=_WAITING_CONNECTIONS)
    except (OSError, OverflowError, UnicodeError) as error:
        raise ServiceFailed(
            f"the API cannot listen on {host}:{port} ({plain_reason(error)}): choose another --port, or 0 for any"
        ) from error
