"""HTTP of every route alike: HEAD wherever GET is, and bodies without a content encoding."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders

from acnelib.api.problems import unsupported_encoding

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class ProtocolMiddleware:
    """Answers HEAD as GET without the body, and refuses encoded bodies before they are read."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        encoding = Headers(scope=scope).get("content-encoding", "").strip().casefold()
        if encoding not in {"", "identity"}:
            await unsupported_encoding(encoding).answer()(scope, receive, send)
        elif scope["method"] == "HEAD":
            await _head(self._app, scope, send)
        else:
            await self._app(scope, receive, _with_head_allowed(send))


async def _head(app: ASGIApp, scope: Scope, send: Send) -> None:
    """Answer with the headers of GET; what follows them is cut off, even if it has no end."""
    begun, is_received = asyncio.Event(), False

    async def receive() -> Message:
        nonlocal is_received
        if not is_received:
            is_received = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await begun.wait()
        return {"type": "http.disconnect"}

    async def send_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            await _with_head_allowed(send)(message)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            begun.set()

    await app({**scope, "method": "GET"}, receive, send_headers)


def _with_head_allowed(send: Send) -> Send:
    """Return a function that sends, with HEAD in the list of allowed methods wherever GET is."""

    async def send_message(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 405:
            headers = MutableHeaders(raw=list(message["headers"]))
            methods = {method.strip() for method in headers.get("allow", "").split(",")}
            if "GET" in methods:
                headers["allow"] = ", ".join(sorted(methods | {"HEAD"}))
            message = {**message, "headers": headers.raw}
        await send(message)

    return send_message
