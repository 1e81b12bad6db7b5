"""Telling somebody elsewhere how a run ended: one POST of JSON to an address that they chose, and never more than that.

No photo is sent, and no path or name of anybody's files.
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

from acnelib.config.loopback import is_loopback, is_plain_loopback_url
from acnelib.errors import AcneError, SettingsInvalid
from acnelib.text.plain_reasons import plain_reason

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from acnelib.config.settings import Settings

SECRET_VARIABLE = "ACNE_WEBHOOK_SECRET"  # noqa: S105 - the name of a variable
SECRET_FILE = "webhook.secret"  # noqa: S105 - the name of a file
SIGNATURE_HEADER = "X-Acnelib-Signature-256"
TIMEOUT = (3.0, 5.0)
"""Seconds to connect, and of silence, after which a try counts as failed."""

WAITS = (1.0, 4.0)
"""Seconds before the second and the third try."""

_REFUSED, _TOO_MANY, _SERVER_ERROR = 400, 429, 500


class WebhookFailed(AcneError):
    """Whoever was to be told could not be reached, or refused."""


class Event(StrEnum):
    """What is told."""

    PROMOTED = "promoted"
    REJECTED = "rejected"
    FAILED = "failed"
    TEST = "test"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True, kw_only=True)
class Notification:
    """How a run ended; its fields are those of the JSON that is sent.

    Attributes:
        event: What happened.
        at: When, ISO 8601 in UTC.
        source: Name of the source of photos, without its path; None in a test.
        run: The run's time, to go on with it.
        version: The registered version, where the run came that far.
        decision: What the gate decided, where it did.
        reasons: Why, in sentences without paths.
        metrics: How good the candidate is, by name.
        run_url: Where the MLflow UI shows the run of the candidate.
        compare_url: Where it compares the candidates.
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
        """Return the JSON, as it is sent and signed."""
        return json.dumps(asdict(self), ensure_ascii=False).encode()


@dataclass(frozen=True, kw_only=True)
class Webhook:
    """An address that is told.

    Attributes:
        address: Where it is; it may hold a token, so it is shown by :attr:`place` only.
        secret: What requests are signed with; None: they are not.
    """

    address: str = field(repr=False)
    secret: bytes | None = field(default=None, repr=False)

    @classmethod
    def of(cls, settings: Settings, *, environ: Mapping[str, str] | None = None) -> Webhook | None:
        """Return the webhook of the settings; None where nobody wants to be told.

        Raises:
            SettingsInvalid: The address is none, or not safe, or its secret can be read by others.
        """
        if settings.webhook is None:
            return None
        _check_address(settings.webhook, plain=settings.webhook_plain)
        environ = os.environ if environ is None else environ
        return cls(address=settings.webhook, secret=_secret(settings.home / SECRET_FILE, environ))

    @property
    def place(self) -> str:
        """What messages call it: its host, without path, user or query."""
        parts = urlsplit(self.address)
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.scheme}://{parts.hostname}{port}"

    def send(self, notification: Notification, *, sleep: Callable[[float], None] = time.sleep) -> None:
        """Send it; a server that is down or busy is tried three times in all.

        Raises:
            WebhookFailed: It did not arrive.
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
            raise WebhookFailed(f"the webhook at {self.place} {failure[0]}: check the address, and who receives there")

    def _post(self, body: bytes, headers: Mapping[str, str]) -> tuple[str, bool] | None:
        """Return None, or what went wrong and whether it may pass."""
        try:
            with requests.Session() as session:
                session.trust_env = not is_plain_loopback_url(self.address)  # else a proxy would have it
                with session.post(
                    self.address, data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False, stream=True
                ) as response:
                    code, redirects = response.status_code, response.is_redirect
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:  # its text holds the whole address
            return f"does not answer ({plain_reason(error, quoting=False)})", True
        if code < _REFUSED and not redirects:
            return None
        return f"refused the notification (HTTP {code})", code >= _SERVER_ERROR or code == _TOO_MANY


def signature(body: bytes, secret: bytes) -> str:
    """Return the HMAC-SHA256 of a body, in hexadecimal digits, by which a receiver knows who sent it."""
    return hmac.new(secret, body, hashlib.sha256).hexdigest()


def _check_address(address: str, *, plain: bool) -> None:
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise SettingsInvalid("webhook is no address: write https://host/path") from error
    if parts.scheme not in {"http", "https"} or not host:
        raise SettingsInvalid(f"webhook = {parts.scheme or '…'}:… is no web address: write https://host/path")
    if parts.scheme == "http" and not plain and not is_loopback(host):
        raise SettingsInvalid(
            f'webhook: http://{host} would be told in the clear: write https://, or set webhook_plain = "yes"'
        )


def _secret(path: Path, environ: Mapping[str, str]) -> bytes | None:
    if told := environ.get(SECRET_VARIABLE):
        return told.encode()
    try:
        mode = path.stat().st_mode
        if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise SettingsInvalid(f"{path} can be read by others: chmod 600 {path}, and take a new secret")
        return path.read_bytes().strip() or None
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SettingsInvalid(f"{path} cannot be read ({plain_reason(error)}): mend or delete it") from error
