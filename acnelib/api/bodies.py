"""Limits of every request before anything parses it: its head, and the body of all routes but that of photos."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from acnelib.api.problems import Problem
from acnelib.text.formatting import format_bytes

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from acnelib.api.limits import Limits

PHOTO_ROUTE = "/v1/predictions"
"""The route that reads its own body, within limits of photos."""


class RequestLimits:
    """Reads the body of a request whole, within limits of size and time, before the application sees it."""

    def __init__(self, app: ASGIApp, *, limits: Limits) -> None:
        self._app = app
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            self._check_head(scope)
            if scope["path"] != PHOTO_ROUTE:
                receive = await self._received(scope, receive)
        except Problem as problem:
            await problem.answer()(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _check_head(self, scope: Scope) -> None:
        headers, limits = scope["headers"], self._limits
        size = len(scope.get("raw_path") or b"") + len(scope["query_string"])
        size += sum(len(name) + len(value) for name, value in headers)
        if len(headers) > limits.headers or size > limits.head_bytes:
            raise head_too_large(limits)

    async def _received(self, scope: Scope, receive: Receive) -> Receive:
        """Return what gives the application the body that has arrived.

        Raises:
            Problem: The body is too large or too slow.
        """
        limits = self._limits
        check_announced(scope["headers"], limits.json_bytes)
        try:
            async with asyncio.timeout(limits.json_seconds):
                messages = await _whole(receive, limits.json_bytes)
        except TimeoutError as error:
            raise Problem(
                408, "too-slow", f"the request took longer than {limits.json_seconds:g} s to arrive: send it again"
            ) from error

        async def replay() -> Message:
            return messages.pop(0) if messages else await receive()

        return replay


async def _whole(receive: Receive, largest: int) -> list[Message]:
    """Return a body as one message, after which a client that left is one more."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return [message]
        body += message.get("body", b"")
        if len(body) > largest:
            raise too_large(largest)
        if not message.get("more_body", False):
            return [{"type": "http.request", "body": bytes(body), "more_body": False}]


def check_announced(headers: list[tuple[bytes, bytes]], largest: int) -> None:
    """Check the size that a request announces.

    Raises:
        Problem: It exceeds the limit.
    """
    for name, value in headers:
        if name == b"content-length" and value.isdigit() and (len(value) > 15 or int(value) > largest):
            raise too_large(largest)


def too_large(largest: int) -> Problem:
    """Return the refusal of a body that is too large."""
    return Problem(413, "too-large", f"a request may have at most {format_bytes(largest)} here: send less at a time")


def head_too_large(limits: Limits) -> Problem:
    """Return the refusal of a head that is too large."""
    return Problem(
        431,
        "head-too-large",
        f"address and headers of a request may have at most {limits.headers} headers and "
        f"{format_bytes(limits.head_bytes)}: send fewer",
    )
