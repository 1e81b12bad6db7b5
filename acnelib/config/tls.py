"""TLS as MLflow's variables ask for it: an own certificate authority, a client's certificate, or no check at all."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from acnelib.errors import SettingsInvalid
from acnelib.storage.trust import check_trusted

if TYPE_CHECKING:
    from collections.abc import Mapping

INSECURE = "MLFLOW_TRACKING_INSECURE_TLS"
AUTHORITY = "MLFLOW_TRACKING_SERVER_CERT_PATH"
CLIENT = "MLFLOW_TRACKING_CLIENT_CERT_PATH"
REQUESTS = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""The variables of the library requests, which MLflow's own come before."""

VARIABLES = (INSECURE, AUTHORITY, CLIENT, *REQUESTS)

_YES, _NO = {"true", "1"}, {"false", "0", ""}


@dataclass(frozen=True, kw_only=True)
class TlsOptions:
    """How the certificate of a tracking server is checked.

    Attributes:
        verify: The file or folder of certificate authorities; True: those of this machine; False: no check.
        client: The file of this client's certificate and key; None: it shows none.
    """

    verify: bool | str = True
    client: str | None = None

    @classmethod
    def of(cls, environ: Mapping[str, str] | None = None) -> TlsOptions:
        """Return the options that the variables of MLflow and requests describe.

        Args:
            environ: Environment variables; default those of this process.

        Raises:
            SettingsInvalid: A file is missing, another user may have written it, or two variables contradict each
                other.
        """
        environ = os.environ if environ is None else environ
        insecure = _is_yes(INSECURE, environ.get(INSECURE, ""))
        if insecure and environ.get(AUTHORITY):
            raise SettingsInvalid(f"{INSECURE} and {AUTHORITY} are both set, and contradict each other: unset one")
        client = _existing(CLIENT, environ)
        if insecure:
            return cls(verify=False, client=client)
        found = (path for name in (AUTHORITY, *REQUESTS) if (path := _existing(name, environ)))
        return cls(verify=next(found, True), client=client)


def is_encrypted(address: str | None) -> bool:
    """Return whether requests to an address are encrypted."""
    return address is not None and address.lower().startswith("https://")


def _existing(name: str, environ: Mapping[str, str]) -> str | None:
    path = environ.get(name)
    if path and not Path(path).exists():
        raise SettingsInvalid(f"{name} = {path!r}: there is no such file: correct the path, or unset the variable")
    if path:
        check_trusted(Path(path), environ=environ)
    return path or None


def _is_yes(name: str, text: str) -> bool:
    if text.lower() not in _YES | _NO:
        raise SettingsInvalid(f"{name} = {text!r}: write true or false")
    return text.lower() in _YES
