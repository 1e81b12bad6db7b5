"""luigid behind the guard, without a file of its state: the program that the stack starts, with luigid's options."""

from __future__ import annotations

import base64
import hashlib
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acnelib.guard.login import CHALLENGE, ServerLogin
from acnelib.guard.rules import AskedRequest, GuardRules, Refusal, RefusalStatus

if TYPE_CHECKING:
    from collections.abc import Callable

PAGES = frozenset({"/", "/static/visualiser/index.html"})
CALLS = "/api/"
READING_CALLS = frozenset(
    {
        "count_pending",
        "dep_graph",
        "fetch_error",
        "get_running_task_resources",
        "get_scheduler_message_response",
        "get_task_progress_percentage",
        "get_task_status_message",
        "graph",
        "has_task_history",
        "inverse_dep_graph",
        "is_pause_enabled",
        "is_paused",
        "resource_list",
        "task_list",
        "task_search",
        "worker_list",
    }
)
"""What luigid's page asks without a change; GET on all others would be a button on every page of the web."""

_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def main() -> None:
    """Run luigid with the arguments of this process.

    Raises:
        ServiceFailed: The process was started without a login.
    """
    rules = GuardRules(login=ServerLogin.of_environment(), pages=PAGES, calls=CALLS, reading_calls=READING_CALLS)
    import luigi.cmdline
    import luigi.scheduler
    import luigi.server

    # A pickle runs code when it is loaded, and each run fills the graph of tasks again.
    luigi.scheduler.SimpleTaskState.load = lambda _state: None  # type: ignore[method-assign]
    luigi.scheduler.SimpleTaskState.dump = lambda _state: None  # type: ignore[method-assign]
    luigi.server.app = guarded(luigi.server.app, rules)
    luigi.cmdline.luigid(sys.argv[1:])  # type: ignore[no-untyped-call]


def guarded(make_app: Callable[[Any], Any], rules: GuardRules) -> Callable[[Any], Any]:
    """Return a function that makes luigid's application behind the guard.

    Args:
        make_app: Makes luigid's application for a scheduler.
        rules: The rules for its requests.
    """
    import tornado.routing
    import tornado.web

    refusing_handler = _make_refusing_handler()

    class GuardedRouter(tornado.routing.Router):
        """Routes what the rules allow to luigid's application."""

        def __init__(self, inner: tornado.web.Application) -> None:
            self._inner = inner
            self._refusing = tornado.web.Application()

        def find_handler(self, request: Any, **options: Any) -> Any:
            headers = [(name.lower(), value) for name, value in request.headers.get_all()]
            asked = AskedRequest(method=request.method, path=request.path, headers=headers)
            refusal = rules.refusal(asked)
            if refusal is None:
                return self._inner.find_handler(request, **options)
            return self._refusing.get_handler_delegate(request, refusing_handler, {"refusal": refusal})

    _add_policy_to_every_answer()
    return lambda scheduler: GuardedRouter(make_app(scheduler))


def _make_refusing_handler() -> Any:
    import tornado.web

    class RefusingHandler(tornado.web.RequestHandler):
        """Answers every request with its refusal."""

        def initialize(self, refusal: Refusal) -> None:
            self._refusal = refusal

        def prepare(self) -> None:
            self.set_status(int(self._refusal.status))
            if self._refusal.status == RefusalStatus.UNAUTHORIZED:
                self.set_header("WWW-Authenticate", CHALLENGE)
            self.set_header("Content-Type", "text/plain; charset=utf-8")
            self.finish(self._refusal.reason)

    return RefusingHandler


def _add_policy_to_every_answer() -> None:
    import tornado.web

    policy = content_policy()

    def with_policy(handler: Any) -> None:
        handler.set_header("Content-Security-Policy", policy)
        handler.set_header("X-Frame-Options", "DENY")
        handler.set_header("X-Content-Type-Options", "nosniff")

    # The hook that tornado has for subclasses; no handler of luigid has its own.
    tornado.web.RequestHandler.set_default_headers = with_policy  # type: ignore[assignment, method-assign]


def content_policy() -> str:
    """Return the policy under which no text of a task can run as a script in luigid's page.

    The page shows messages, names and errors of tasks as HTML. It has one script in itself, which stays allowed.
    """
    import luigi

    page = Path(luigi.__file__).parent / "static" / "visualiser" / "index.html"
    scripts = _INLINE_SCRIPT.findall(page.read_text(encoding="utf-8"))
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    allowed = " ".join(["'self'", *(f"'sha256-{one}'" for one in hashes)])
    return (
        f"default-src 'self'; script-src {allowed}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "font-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


if __name__ == "__main__":
    main()
