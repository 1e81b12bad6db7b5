"""Notifications of the ends of runs: one POST of JSON to a webhook.

They contain no photos, and no paths or names of files.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import socket
import stat
import time
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests
import urllib3

from acnelib.bounded_http import bounded_session
from acnelib.config.loopback import is_plain_loopback_url
from acnelib.config.setting_values import checked_webhook
from acnelib.errors import AcneError, SettingsInvalid
from acnelib.storage.trust import check_trusted
from acnelib.text.plain_reasons import plain_reason

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from acnelib.config.settings import Settings

SECRET_VARIABLE = "ACNE_WEBHOOK_SECRET"  # noqa: S105 - the name of a variable
SECRET_FILE = "webhook.secret"  # noqa: S105 - the name of a file
SIGNATURE_HEADER = "X-Acnelib-Signature-256"
TIMEOUT = (3.0, 5.0)
"""Timeouts to connect and to read, in seconds."""

WAITS = (1.0, 4.0)
"""Seconds before the second and the third attempt."""

_LARGEST_ANSWER = 1_000_000  # bytes
_REFUSED, _TOO_MANY, _SERVER_ERROR = 400, 429, 500


class WebhookFailed(AcneError):
    """The webhook could not be reached, or refused the notification."""


class Event(StrEnum):
    """The event of a notification."""

    PROMOTED = "promoted"
    REJECTED = "rejected"
    FAILED = "failed"
    TEST = "test"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True, kw_only=True)
class Notification:
    """The end of a run; the fields are those of the JSON that is sent.

    Attributes:
        event: What happened.
        at: When, ISO 8601 in UTC.
        source: Name of the source of photos, without its path; None in a test.
        run: The time of the run, by which it can be resumed.
        version: The registered version, if the run registered one.
        decision: The decision of the gate, if there is one.
        reasons: The reasons, in sentences without paths.
        metrics: Metrics of the candidate, by name.
        run_url: URL of the candidate's run in the MLflow UI.
        compare_url: URL of the comparison of the candidates; None if there is only one.
        host: Name of the machine.
    """

    event: Event
    at: str = field(default_factory=_now)
    source: str | None = None
    run: str | None = None
    version: str | None = None
    decision: str | None = None
    reasons: tuple[str, ...] = ()
    metrics: Mapping[str, float] = field(default_factory=dict)
    run_url: str | None = None
    compare_url: str | None = None
    host: str = field(default_factory=socket.gethostname)

    def body(self) -> bytes:
        """Return the JSON that is sent and signed."""
        return json.dumps(asdict(self), ensure_ascii=False).encode()


@dataclass(frozen=True, kw_only=True)
class Webhook:
    """An address that receives notifications.

    Attributes:
        address: Its URL; it may contain a token, so messages show :attr:`place` instead.
        secret: The key that signs requests; None: they are not signed.
    """

    address: str = field(repr=False)
    secret: bytes | None = field(default=None, repr=False)

    @classmethod
    def of(cls, settings: Settings, *, environ: Mapping[str, str] | None = None) -> Webhook | None:
        """Return the webhook of the settings; None if there is none.

        Raises:
            SettingsInvalid: The address is not valid or not safe, or other users can read its secret.
        """
        if settings.webhook is None:
            return None
        checked_webhook(settings.webhook, plain=settings.webhook_plain)
        environ = os.environ if environ is None else environ
        return cls(address=settings.webhook, secret=_secret(settings.home / SECRET_FILE, environ))

    @property
    def place(self) -> str:
        """The URL for messages: without path, user or query."""
        parts = urlsplit(self.address)
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.scheme}://{parts.hostname}{port}"

    def send(self, notification: Notification, *, sleep: Callable[[float], None] = time.sleep) -> None:
        """Send a notification; if the server is down or busy, make three attempts in all.

        Raises:
            WebhookFailed: The notification was not delivered.
        """
        body = notification.body()
        headers = {"Content-Type": "application/json", "User-Agent": "acnelib"}
        if self.secret:
            headers[SIGNATURE_HEADER] = f"sha256={signature(body, self.secret)}"
        failure = self._post(body, headers)
        for wait in WAITS:
            if failure is None or not failure[1]:
                break
            sleep(wait)
            failure = self._post(body, headers)
        if failure is not None:
            raise WebhookFailed(f"the webhook at {self.place} {failure[0]}: check the address and its receiver")

    def _post(self, body: bytes, headers: Mapping[str, str]) -> tuple[str, bool] | None:
        """Return None, or the failure and whether it may be temporary."""
        try:
            with bounded_session(largest=_LARGEST_ANSWER) as session:
                session.trust_env = not is_plain_loopback_url(self.address)  # else a proxy would receive it
                with session.post(
                    self.address, data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False, stream=True
                ) as response:
                    code, redirects = response.status_code, response.is_redirect
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:  # its text has the whole address
            return f"does not answer ({plain_reason(error, quoting=False)})", True
        if code < _REFUSED and not redirects:
            return None
        return f"refused the notification (HTTP {code})", code >= _SERVER_ERROR or code == _TOO_MANY


def signature(body: bytes, secret: bytes) -> str:
    """Return the HMAC-SHA256 of a body, in hexadecimal digits, by which a receiver verifies the sender."""
    return hmac.new(secret, body, hashlib.sha256).hexdigest()


def _secret(path: Path, environ: Mapping[str, str]) -> bytes | None:
    if secret := environ.get(SECRET_VARIABLE):
        return secret.encode()
    check_trusted(path, environ=environ)
    try:
        mode = path.stat().st_mode
        if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise SettingsInvalid(f"{path} can be read by other users: chmod 600 {path}, and use a new secret")
        return path.read_bytes().strip() or None
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SettingsInvalid(f"{path} cannot be read ({plain_reason(error)}): correct or delete it") from error
