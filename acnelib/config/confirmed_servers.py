"""Confirmed servers: those that may be sent a login which names no server of its own.

``MLFLOW_TRACKING_TOKEN``, ``_USERNAME`` and ``_PASSWORD`` and MLflow's ``~/.mlflow/credentials`` say nothing of the
server that they are meant for. A ``luigi.cfg`` comes with a folder, which may be an archive from elsewhere: a server
that only such a file names is sent none.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from acnelib.config.credentials import is_same_server
from acnelib.config.setting_sources import MLFLOWS_OWN, nearest_luigi_cfg, tracking_uri_in
from acnelib.config.settings import TOML_FILE, home_of
from acnelib.config.settings_file import read_setting
from acnelib.errors import SettingsInvalid
from acnelib.text.redaction import without_logins

if TYPE_CHECKING:
    from collections.abc import Mapping


def check_confirmed(server: str, environ: Mapping[str, str]) -> None:
    """Check that a server may be sent the login that the environment has.

    Args:
        server: Its address.
        environ: Environment variables.

    Raises:
        SettingsInvalid: Only the ``luigi.cfg`` of a folder names it.
    """
    path = nearest_luigi_cfg(Path.cwd(), environ=environ)
    named = tracking_uri_in(path) if path else None
    if named is None or not is_same_server(named, server):
        return
    own = (
        environ.get(MLFLOWS_OWN),
        environ.get("ACNE_TRACKING_URI"),
        read_setting(home_of(environ) / TOML_FILE, "tracking_uri"),
    )
    if any(address and is_same_server(address, server) for address in own):
        return
    raise SettingsInvalid(
        f"{path} names the server {without_logins(server)}, which you have not confirmed: the login in "
        "MLFLOW_TRACKING_* or ~/.mlflow/credentials is not sent there; if it is meant for that server, set "
        f"{MLFLOWS_OWN}={without_logins(server)}, else unset it"
    )
