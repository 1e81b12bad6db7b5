"""luigid: the scheduler that keeps two workers off one task, and draws the graph of tasks."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import requests

from acnelib.bounded_http import bounded_session
from acnelib.config.stack_login import with_login
from acnelib.errors import ServiceFailed
from acnelib.services.ports import HOST
from acnelib.services.service import Service, ask
from acnelib.text.plain_reasons import plain_reason
from acnelib.text.server_words import server_words

if TYPE_CHECKING:
    from acnelib.services.credentials import StackCredentials

CONFIGURATION = "luigid.cfg"
CLIENT_CONFIGURATION = "luigi_client.cfg"
"""File by which the command ``luigi`` finds this luigid, where ``LUIGI_CONFIG_PATH`` names it."""

# remove_delay: a week; by default the graph of a finished pipeline is empty after ten minutes.
# The next two: after `kill -9` of a worker its tasks are given to the next one within seconds.
# retry_delay: a failed task keeps its state and error until a run requests it again; runs retry by themselves where
# that helps.
# The rest: luigid's own messages go to its log, but not one line for each request of a worker.
SETTINGS = f"""\
[core]
logging_conf_file={CONFIGURATION}

[scheduler]
remove_delay=604800
worker_disconnect_delay=10
prune_on_get_work=true
retry_delay=-1
record_task_history=false

[loggers]
keys=root,luigi

[handlers]
keys=log

[formatters]
keys=line

[logger_root]
level=WARNING
handlers=log

[logger_luigi]
level=INFO
handlers=
qualname=luigi

[handler_log]
class=StreamHandler
formatter=line
args=()

[formatter_line]
format=%(asctime)s %(levelname)s %(name)s: %(message)s
"""


class Luigid(Service):
    """The scheduler; it keeps its state in memory, and neither reads nor writes luigi's file of it, a pickle."""

    name = "luigid"
    title = "luigid"
    data = ()
    caveat = "luigid keeps its graph of tasks in memory: after `acne down` or a crash it is empty until the next run"

    def __init__(self, credentials: StackCredentials) -> None:
        self._credentials = credentials

    def command(self, port: int) -> list[str]:
        """Return the command line: luigid behind the guard, which neither loads nor keeps a state."""
        entry = [sys.executable, "-m", "acnelib.guard.luigid"]
        return [*entry, "--address", HOST, "--port", str(port)]

    def environment(self) -> dict[str, str]:
        """Return where the settings are, and the login that the server asks for."""
        return {**self._credentials.login.variables, "LUIGI_CONFIG_PATH": CONFIGURATION}

    def files(self) -> dict[str, str]:
        """Return the settings."""
        return {CONFIGURATION: SETTINGS}

    def answers(self, url: str, *, timeout: float) -> bool:
        """Return whether the scheduler takes the login, and reports if it is paused."""
        try:
            login = (self._credentials.username, self._credentials.password)
            response = ask(f"{url}/api/is_paused", timeout=timeout, auth=login)
            return response.ok and "paused" in response.json()["response"]
        except (requests.RequestException, ValueError, KeyError, TypeError):
            return False


def check_luigid(url: str, *, timeout: float = 5.0) -> None:
    """Check that a scheduler answers as luigid does.

    Args:
        url: Its address.
        timeout: Seconds that it may take.

    Raises:
        ServiceFailed: It does not; the message has its own words.
    """
    scheduler = with_login(url)
    where = f"luigid at {scheduler.address}"
    remedy = "start it with `acne up` or `luigid`, set ACNE_LUIGID_URL, or run with --local-scheduler"
    try:
        with bounded_session(seconds=timeout) as session:
            answer = session.get(
                f"{scheduler.address.rstrip('/')}/api/task_list",
                params={"data": '{"limit":1}'},
                auth=scheduler.auth,
                timeout=timeout,
            )
    except (requests.RequestException, OSError) as error:
        if isinstance(error, requests.exceptions.SSLError):
            remedy = "let REQUESTS_CA_BUNDLE name the certificate authority of the server in front of it"
        elif isinstance(error, requests.exceptions.ProxyError):
            remedy = "correct HTTP_PROXY or HTTPS_PROXY, or add its host to NO_PROXY"
        raise ServiceFailed(f"{where} does not answer ({plain_reason(error)})", remedy=remedy) from error
    try:
        is_luigid = answer.ok and "response" in answer.json()
    except (ValueError, TypeError):
        is_luigid = False
    if not is_luigid:
        words = server_words(answer.content)
        raise ServiceFailed(
            f"{where} does not answer as luigid does (HTTP {answer.status_code})"
            f"{f', saying {words!r}' if words else ''}",
            remedy="check ACNE_LUIGID_URL, and the login of a server in front of it (https://NAME:PASSWORD@HOST)",
        )
