"""Failures of a tracking server: its own words, or the reason of its silence, and the remedy that helps."""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from acnelib.config import tls
from acnelib.errors import TrackingFailed
from acnelib.text.plain_reasons import causes, plain_reason
from acnelib.text.redaction import without_logins
from acnelib.text.server_words import server_words
from acnelib.text.store_failures import failure_in_words

if TYPE_CHECKING:
    import requests

LOGIN = "set MLFLOW_TRACKING_USERNAME and _PASSWORD, or MLFLOW_TRACKING_TOKEN, or give them to the app"
OTHER_LOGIN = "check MLFLOW_TRACKING_USERNAME and _PASSWORD, MLFLOW_TRACKING_TOKEN, or what was given to the app"
ENTER_LOGIN = "enter the user name and password, or the token, of this server"
STORE_IS_DOWN = "its artifact store is down, or it is incomplete or none of acnelib's"

_UNAUTHORIZED, _FORBIDDEN, _TOO_LARGE, _TOO_MANY, _SERVER_ERROR = 401, 403, 413, 429, 500
_GATEWAY = {502, 503, 504}
_HOST_REFUSED = re.compile(r"\b(invalid|unknown|disallowed|bad)\W+host\b|dns rebinding", re.IGNORECASE)
_TLS_EXPECTED = re.compile(r"plain HTTP request|HTTPS port|requires? (TLS|SSL|HTTPS)", re.IGNORECASE)
_NO_TLS = ("WRONG_VERSION_NUMBER", "UNKNOWN_PROTOCOL", "HTTP_REQUEST", "RECORD_LAYER_FAILURE")
_CERTIFICATE_WANTED = ("CERTIFICATE_REQUIRED", "HANDSHAKE_FAILURE", "BAD_CERTIFICATE")
_UNTRUSTED = {18, 19, 20, 21}  # of OpenSSL: the chain ends with a certificate that this machine does not trust
_OF_TIME = {9, 10}  # of OpenSSL: not yet valid, expired
_OF_NAME = {62, 63, 64}  # of OpenSSL: another host, mail address or IP address


@dataclass(frozen=True, kw_only=True)
class ServerFailures:
    """The failures of one tracking server.

    Attributes:
        server: Its address; it may contain a login.
        variable: The environment variable that names the server; None where the address came from elsewhere, such as a
            file of settings or a form: messages then blame no variable.
        is_entered: Whether a login was entered, or left out, in a form.
        has_login: Whether requests are sent with a login.
        own_authority: Whether MLflow's variable names certificate authorities.
        secrets: Texts that are shown in no message.
    """

    server: str
    variable: str | None = None
    is_entered: bool = False
    has_login: bool = False
    own_authority: bool = False
    secrets: tuple[str, ...] = field(default=(), repr=False)

    @property
    def shown(self) -> str:
        """The address for messages."""
        return without_logins(self.server)

    def words(self, response: requests.Response) -> str:
        """Return an answer's own words as a part of a message; empty where it has none."""
        words = server_words(response.content, secrets=self.secrets)
        return f', saying "{words}"' if words else ""

    def of_answer(self, response: requests.Response, call: str) -> TrackingFailed:
        """Return the failure that an answer is, although MLflow may have given it.

        Args:
            response: The answer.
            call: What was asked.
        """
        status, words = response.status_code, self.words(response)
        refuses = f"{self.shown} refuses to answer (HTTP {status}){words}"
        if status in {_UNAUTHORIZED, _FORBIDDEN}:
            return TrackingFailed(refuses, remedy=self._remedy_of_refusal(status, words))
        if status == _TOO_MANY:
            return TrackingFailed(refuses, remedy="it gets too many requests: try again later")
        if (stored := self.of_store(response)) is not None:
            return stored
        if _is_mlflows(response):
            return TrackingFailed(f"{self.shown} answered HTTP {status} to {call}{words}", remedy="look at its log")
        if status in _GATEWAY:
            return TrackingFailed(
                f"{self.shown} answered HTTP {status} to {call}{words}",
                remedy="the server in front of MLflow answers, MLflow itself does not: start it, or try again later",
            )
        return self._foreign(response, call, words)

    def of_store(self, response: requests.Response) -> TrackingFailed | None:
        """Return the failure of the store behind the server, if its answer names one."""
        failure = failure_in_words(server_words(response.content)) if not response.ok else None
        if failure is None:
            return None
        where = f"the artifact store of {self.shown} fails ({failure.reason}, HTTP {response.status_code})"
        return TrackingFailed(f"{where}{self.words(response)}", remedy=f"where that server runs, {failure.remedy}")

    def of_error(self, error: Exception) -> TrackingFailed:
        """Return the failure that an error of a connection is."""
        where = f"the tracking server {self.shown}"
        if (insecure := self._of_tls(error)) is not None:
            reason, remedy = insecure
            return TrackingFailed(f"{where} cannot be reached by TLS ({reason})", remedy=remedy)
        names = {type(cause).__name__ for cause in causes(error)}
        remedy = f"start it (`acne up` for the embedded one) or {self._check_address}"
        if "ProxyError" in names:
            host = urlsplit(self.server).hostname
            remedy = f"correct HTTP_PROXY or HTTPS_PROXY, or add {host} to NO_PROXY"
        elif "NameResolutionError" in names:
            named = f" in {self.variable}" if self.variable else ""
            remedy = f"correct the host's name{named}, or see to this machine's network"
        elif names & {"BadStatusLine", "RemoteDisconnected", "ConnectionResetError"} and not self._is_encrypted:
            remedy = f"{self._check_address}; if the server speaks TLS there, write https://{self._host}"
        return TrackingFailed(f"{where} does not answer ({plain_reason(error)})", remedy=remedy)

    @property
    def _host(self) -> str:
        return self.shown.partition("://")[2]

    @property
    def _check_address(self) -> str:
        return f"check the address in {self.variable}" if self.variable else "check the address"

    @property
    def _is_encrypted(self) -> bool:
        return tls.is_encrypted(self.server)

    def _remedy_of_refusal(self, status: int, words: str) -> str:
        if _HOST_REFUSED.search(words):
            return (
                f"it does not know itself by the name {self._host}: start it with `mlflow server --allowed-hosts "
                f"{self._host}` (several by commas), or ask it by a name that it knows; a login does not help"
            )
        if "cross-origin" in words.lower():
            return "start it with `mlflow server --cors-allowed-origins`; a login does not help"
        if not self.has_login:
            return ENTER_LOGIN if self.is_entered else LOGIN
        if status == _UNAUTHORIZED:
            return ENTER_LOGIN if self.is_entered else OTHER_LOGIN
        return "let its administrator give this login the permission, or use another login"

    def _foreign(self, response: requests.Response, call: str, words: str) -> TrackingFailed:
        what = f"{self.shown} is no MLflow server ({call} gave HTTP {response.status_code})"
        if response.history and (host := urlsplit(response.url).hostname) != urlsplit(self.server).hostname:
            remedy = (
                f"{self._check_address}; if {host} is the login of a server in front of it, set MLFLOW_TRACKING_TOKEN"
            )
            return TrackingFailed(f"{what}: it leads to {host}", remedy=remedy)
        if not self._is_encrypted and _TLS_EXPECTED.search(words):
            return TrackingFailed(f"{what}{words}", remedy=f"write https://{self._host}")
        return TrackingFailed(f"{what}{words}", remedy=self._check_address)

    def _of_tls(self, error: Exception) -> tuple[str, str] | None:
        """Return reason and remedy of a failure of TLS; None for other failures."""
        failure = next((cause for cause in causes(error) if isinstance(cause, ssl.SSLError)), None)
        if failure is None:
            return None
        if isinstance(failure, ssl.SSLCertVerificationError):
            return f"its certificate is not trusted: {failure.verify_message}", self._remedy_of_certificate(failure)
        if any(name in str(failure).upper().replace(" ", "_") for name in _NO_TLS):
            return "it does not speak TLS there", f"write http://{self._host}, or name the port that speaks TLS"
        if any(name in str(failure).upper().replace(" ", "_") for name in _CERTIFICATE_WANTED):
            return "it asks for a certificate of this client", f"set {tls.CLIENT} to the file of certificate and key"
        return plain_reason(
            error
        ), f"check the files that {tls.AUTHORITY} and {tls.CLIENT} name, and {self._check_address}"

    def _remedy_of_certificate(self, failure: ssl.SSLCertVerificationError) -> str:
        if failure.verify_code in _OF_TIME:
            return "let its administrator renew the certificate, and check the clock of this machine"
        if failure.verify_code in _OF_NAME:
            return "ask it by a name that stands in its certificate"
        if self.own_authority:
            return f"let {tls.AUTHORITY} (or {tls.REQUESTS[0]}) name the authority that signed this certificate"
        return f"set {tls.AUTHORITY} to the file of the certificate authority that signed it"


def _is_mlflows(response: requests.Response) -> bool:
    try:
        return "error_code" in dict(response.json())
    except (ValueError, TypeError):
        return False
