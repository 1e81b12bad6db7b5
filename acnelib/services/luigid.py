"""luigid: the scheduler that keeps two workers off one task, and draws the graph of tasks."""

from __future__ import annotations

import sys

import requests

from acnelib.bounded_http import bounded_session
from acnelib.errors import ServiceFailed
from acnelib.services.ports import HOST
from acnelib.services.service import Service, ask
from acnelib.text.plain_reasons import plain_reason
from acnelib.text.redaction import without_logins
from acnelib.text.server_words import server_words

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
    """The scheduler; it reads ``luigid.pickle`` when it starts and writes it when it is stopped."""

    name = "luigid"
    title = "luigid"
    data = ("luigid.pickle",)
    caveat = "luigid keeps its graph of tasks only when `acne down` ends it; a crash loses what came since"

    def command(self, port: int) -> list[str]:
        """Return the command line; luigi has no module to run for its scheduler."""
        entry = [sys.executable, "-c", "from luigi.cmdline import luigid; luigid()"]
        return [*entry, "--address", HOST, "--port", str(port), "--state-path", "luigid.pickle"]

    def environment(self) -> dict[str, str]:
        """Return where the settings are."""
        return {"LUIGI_CONFIG_PATH": CONFIGURATION}

    def files(self) -> dict[str, str]:
        """Return the settings."""
        return {CONFIGURATION: SETTINGS}

    def answers(self, url: str, *, timeout: float) -> bool:
        """Return whether the scheduler reports if it is paused."""
        try:
            response = ask(f"{url}/api/is_paused", timeout=timeout)
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
    where = f"luigid at {without_logins(url)}"
    remedy = "start it with `acne up` or `luigid`, set ACNE_LUIGID_URL, or run with --local-scheduler"
    try:
        with bounded_session(seconds=timeout) as session:
            answer = session.get(f"{url.rstrip('/')}/api/task_list", params={"data": '{"limit":1}'}, timeout=timeout)
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
