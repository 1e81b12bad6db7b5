"""The outermost layer of the API: no exception reaches the HTTP server, which would print its traceback."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from acnelib.api.problems import Problem, unexpected_problem

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

logger = logging.getLogger(__name__)


class Boundary:
    """Answers requests that failed or were abandoned at the end, and keeps why the application did not start.

    Attributes:
        unanswered: Number of requests that the end of the server cut off.
        start_failure: Why the application did not start, in one line; None if it did.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.unanswered = 0
        self.start_failure: str | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle the life of the application, or one request."""
        if scope["type"] == "lifespan":
            await self._live(scope, receive, send)
        else:
            await self._answer(scope, receive, send)

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_in_one_line(message: Message) -> None:
            if trace := message.get("message"):
                logger.debug("%s", trace)
                lines = str(trace).strip().splitlines()
                message = {**message, "message": lines[-1]}
                if message["type"] == "lifespan.startup.failed":
                    self.start_failure = lines[-1]
            await send(message)

        try:
            await self._app(scope, receive, send_in_one_line)
        except asyncio.CancelledError:
            logger.debug("the application was stopped at once")
        except Exception as error:  # the application has reported it as a message
            logger.debug("the application ended with an error", exc_info=error)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def send_and_note(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        except asyncio.CancelledError:
            self.unanswered += 1
            problem: Problem | None = Problem(
                503, "stopping", "the server stopped before this request was answered: send it again"
            )
        except Exception as error:  # the application has answered, and logged the failure in one line
            logger.debug("the traceback of the failed request:", exc_info=error)
            problem = None if begun else unexpected_problem(error)
        else:
            return
        if problem is not None and not begun:
            await problem.answer()(scope, receive, send)
