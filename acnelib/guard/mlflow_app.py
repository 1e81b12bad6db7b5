"""MLflow's server behind the guard: the app that ``mlflow server --app-name acnelib`` runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from acnelib.guard.login import CHALLENGE, ServerLogin
from acnelib.guard.rules import AskedRequest, GuardRules, Refusal, RefusalStatus

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    AsgiApp = Callable[[Message, Receive, Send], Awaitable[None]]

APP = "acnelib"
"""The name of the app, by its entry point in the group ``mlflow.app``."""

PAGES = frozenset({"/"})  # the rest of an address in the UI follows #
OPEN_PATHS = frozenset({"/health", "/version"})


def app() -> GuardedApp:
    """Return MLflow's server behind the guard; uvicorn calls this in the process that listens.

    Raises:
        ServiceFailed: The process was started without a login.
    """
    rules = GuardRules(login=ServerLogin.of_environment(), pages=PAGES, open_paths=OPEN_PATHS)
    from acnelib.guard.artifact_roots import allow_own_roots_only

    allow_own_roots_only()
    from mlflow.server.fastapi_app import app as server

    return GuardedApp(server, rules)


class GuardedApp:
    """An ASGI app that passes on what the rules allow."""

    def __init__(self, inner: AsgiApp, rules: GuardRules) -> None:
        self._inner = inner
        self._rules = rules

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] == "lifespan":
            await self._inner(scope, receive, send)
            return
        headers = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in scope["headers"]]
        request = AskedRequest(method=scope.get("method", "GET"), path=scope["path"], headers=headers)
        if scope["type"] != "http":  # MLflow has no web sockets
            await send({"type": "websocket.close", "code": 1008})
        elif refusal := self._rules.refusal(request):
            await _refuse(refusal, send)
        else:
            await self._inner(scope, receive, send)


async def _refuse(refusal: Refusal, send: Send) -> None:
    body = refusal.reason.encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    if refusal.status == RefusalStatus.UNAUTHORIZED:
        headers.append((b"www-authenticate", CHALLENGE.encode()))
    await send({"type": "http.response.start", "status": int(refusal.status), "headers": headers})
    await send({"type": "http.response.body", "body": body})
