"""The command env: addresses and logins of the servers in use, for other programs."""

from __future__ import annotations

import os
import shlex
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Annotated

import typer

from acnelib.cli.output import Format, say, show_exactly, show_json
from acnelib.config.credentials import VARIABLES, AddressLogin
from acnelib.config.settings import Settings
from acnelib.config.stack_login import with_login
from acnelib.errors import ServiceFailed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """One server.

    Attributes:
        url: Its address, without a login; None: there is no such server.
        username: Name of the account, or the access key of S3; None: there is no login.
        password: Its password, or the secret key of S3; None: there is none.
    """

    url: str | None
    username: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class Servers:
    """The servers that commands use now.

    Attributes:
        mlflow: The tracking server.
        luigid: The scheduler.
        s3: The store of artifacts.
        token: Token of the tracking server, in place of a user name and a password.
        bucket: Name of the bucket in the embedded store.
        region: Region of the embedded store.
        luigi_config: Configuration by which the command ``luigi`` finds the embedded luigid.
    """

    mlflow: Endpoint
    luigid: Endpoint
    s3: Endpoint
    token: str | None = field(default=None, repr=False)
    bucket: str | None = None
    region: str | None = None
    luigi_config: Path | None = None


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(env)


def env(
    output: Annotated[Format, typer.Option("--format", help="Output format; text is for the shell.")] = Format.TEXT,
) -> None:
    """Print addresses and logins of the servers in use, for other programs.

    In a shell, eval "$(acne env)" sets the variables of MLflow, of clients of S3 and of luigi. Starts nothing.
    """
    settings = Settings.load()
    servers = servers_of(settings, os.environ)
    if output == Format.JSON:
        show_json(_as_json(servers))
    else:
        show_exactly("".join(f"{line}\n" for line in _shell_lines(servers, settings, os.environ)))
    if settings.uses_embedded:
        _report_down(settings)


def servers_of(settings: Settings, environ: Mapping[str, str]) -> Servers:
    """Return the servers that commands with these settings use.

    Args:
        settings: The configured servers, and the choice of the embedded stack.
        environ: Environment variables, which may hold logins.

    Raises:
        ServiceFailed: No server is configured, and the embedded stack was never started.
    """
    if not settings.uses_embedded:
        return _configured(settings, environ)
    choice = settings.stack_choice()
    if not choice.record.get("services"):
        raise ServiceFailed(f"no stack was ever started in {choice.folder} ({choice.reason}): run `acne up`")
    from acnelib.services import Stack
    from acnelib.services.luigid import CLIENT_CONFIGURATION
    from acnelib.services.s3 import BUCKET, REGION

    keys = Stack(settings).credentials()
    return Servers(
        mlflow=Endpoint(url=settings.embedded_url("mlflow"), username=keys.username, password=keys.password),
        luigid=_luigid(settings),
        s3=Endpoint(url=settings.embedded_url("s3"), username=keys.access_key, password=keys.secret_key),
        bucket=BUCKET,
        region=REGION,
        luigi_config=None if settings.luigid_url else choice.folder / CLIENT_CONFIGURATION,
    )


def _configured(settings: Settings, environ: Mapping[str, str]) -> Servers:
    from acnelib.object_store import ENDPOINT
    from acnelib.registry.login import credentials_for

    server = str(settings.tracking_uri)
    mlflow = _endpoint(AddressLogin.of(server))
    login = credentials_for(server, environ)
    if login and login.username:
        mlflow = Endpoint(url=mlflow.url, username=login.username, password=login.password)
    keys = [environ.get(name) or None for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")]
    return Servers(
        mlflow=mlflow,
        luigid=_luigid(settings),
        s3=Endpoint(url=environ.get(ENDPOINT) or None, username=keys[0], password=keys[1]),
        token=login.token or None if login else None,
    )


def _luigid(settings: Settings) -> Endpoint:
    url = settings.scheduler()
    return Endpoint(url=None) if url is None else _endpoint(with_login(url))


def _endpoint(parts: AddressLogin) -> Endpoint:
    return Endpoint(url=parts.address.rstrip("/"), username=parts.username, password=parts.password)


def _with_its_login(url: str | None) -> str | None:
    return None if url is None else with_login(url).joined


def _as_json(servers: Servers) -> dict[str, dict[str, str | None]]:
    token = {"token": servers.token} if servers.token else {}
    place = {"bucket": servers.bucket, "region": servers.region} if servers.bucket else {}
    return {
        "mlflow": asdict(servers.mlflow) | token,
        "luigid": asdict(servers.luigid),
        "s3": asdict(servers.s3) | place,
    }


def _shell_lines(servers: Servers, settings: Settings, environ: Mapping[str, str]) -> Iterator[str]:
    values = {
        "MLFLOW_TRACKING_URI": servers.mlflow.url,
        "MLFLOW_TRACKING_USERNAME": servers.mlflow.username,
        "MLFLOW_TRACKING_PASSWORD": servers.mlflow.password,
        "MLFLOW_TRACKING_TOKEN": servers.token,
        "MLFLOW_S3_ENDPOINT_URL": servers.s3.url,
        "AWS_ENDPOINT_URL_S3": servers.s3.url,
        "AWS_ACCESS_KEY_ID": servers.s3.username,
        "AWS_SECRET_ACCESS_KEY": servers.s3.password,
        "AWS_DEFAULT_REGION": servers.region,
        "ACNE_LUIGID_URL": _with_its_login(settings.scheduler()),  # as every client of luigid takes it
        "LUIGI_CONFIG_PATH": str(servers.luigi_config) if servers.luigi_config else None,
    }
    own = environ.get("LUIGI_CONFIG_PATH")
    if servers.luigi_config and own not in {None, "", str(servers.luigi_config)}:
        del values["LUIGI_CONFIG_PATH"]
        say(f"LUIGI_CONFIG_PATH stays {own}: give `luigi` the option --scheduler-url {servers.luigid.url}")
    for name, value in values.items():
        if value is not None:
            yield f"export {name}={shlex.quote(value)}"
    outdated = [name for name in VARIABLES if values[name] is None]  # logins of another server
    if servers.bucket:
        outdated.append("AWS_SESSION_TOKEN")  # belongs to other keys
    for name in outdated:
        if environ.get(name):
            yield f"unset {name}"


def _report_down(settings: Settings) -> None:
    from acnelib.services import Stack

    down = [name for name, service in Stack(settings).status().items() if not service.healthy]
    if down:
        verb = "does" if len(down) == 1 else "do"
        say(f"{', '.join(down)} {verb} not answer now: run `acne up`, then ask for the addresses again.")
