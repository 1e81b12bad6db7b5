"""HTTP/1.1 connections with an end: heads that are too large or too slow, and bodies that no route reads."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from acnelib.api.bodies import head_too_large
from acnelib.api.problems import Problem

if TYPE_CHECKING:
    import asyncio

    from acnelib.api.limits import Limits


def bounded_protocol(limits: Limits) -> type[H11Protocol]:
    """Return the class of connections with these limits."""
    return type("Connection", (_BoundedProtocol,), {"limits": limits})


class _BoundedProtocol(H11Protocol):
    limits: Limits
    _deadline: asyncio.TimerHandle | None = None
    _is_refused = False

    def connection_made(self, transport: Any) -> None:
        """Begin; one connection too many is closed at once."""
        super().connection_made(transport)
        if len(self.connections) > self.limits.connections:
            self._refuse(Problem(503, "too-many-connections", "the server has too many connections: try again later"))
        else:
            self._watch_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._set_deadline(None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take some bytes, and watch how long the head of a request takes."""
        if self._is_refused:
            return  # reading goes on, since closing at once would take the answer from the client
        super().data_received(data)
        self._watch_head()

    def on_response_complete(self) -> None:
        """Continue with the connection, unless the request's body arrives for too long after the answer."""
        unread, answered = self.conn.their_state is h11.SEND_BODY, self.cycle
        super().on_response_complete()
        if unread:
            self.loop.call_later(self.limits.linger_seconds, self._close_unread, answered)
        else:
            self._watch_head()

    def send_400_response(self, msg: str) -> None:
        """Answer bytes that are no request in the API's format."""
        error = sys.exc_info()[1]
        if isinstance(error, h11.RemoteProtocolError) and error.error_status_hint == 431:
            self._refuse(head_too_large(self.limits))
        else:
            self._refuse(Problem(400, Problem.INVALID, f"this is no valid HTTP request ({msg.rstrip('.')})"))

    def _watch_head(self) -> None:
        """Start the time for the head of a request, or stop it once the head is there."""
        if self._is_refused:
            return
        if self.conn.their_state is not h11.IDLE:
            self._set_deadline(None)
        elif self._deadline is None:
            self._set_deadline(self.limits.head_seconds)

    def _set_deadline(self, seconds: float | None) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = None if seconds is None else self.loop.call_later(seconds, self._too_slow)

    def _too_slow(self) -> None:
        self._deadline = None
        seconds = self.limits.head_seconds
        self._refuse(Problem(408, "too-slow", f"the request took longer than {seconds:g} s to begin: send it again"))

    def _refuse(self, problem: Problem) -> None:
        """Send an answer that no route gives, where none was begun, and close the connection."""
        self._set_deadline(None)
        self._is_refused = True
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE} and not self.transport.is_closing():
            error = {"code": problem.code, "message": problem.message, "details": problem.details}
            body = json.dumps({"error": error}).encode()
            headers = [
                ("content-type", "application/json"),
                ("content-length", str(len(body))),
                ("connection", "close"),
            ]
            for event in (
                h11.Response(status_code=problem.status, headers=headers),
                h11.Data(data=body),
                h11.EndOfMessage(),
            ):
                self.transport.write(self.conn.send(event) or b"")
            if self.transport.can_write_eof():
                self.transport.write_eof()
        self._close_later()

    def _close_unread(self, answered: object) -> None:
        """Close the connection if the body of an answered request is arriving still.

        The rest of a small body is here soon, and the client sends its next request on this connection.
        """
        if self.cycle is answered and self.conn.their_state is h11.SEND_BODY:
            self.transport.close()

    def _close_later(self) -> None:
        self.loop.call_later(self.limits.linger_seconds, self.transport.close)
