"""Commands for the embedded stack: up, down, status, logs."""

from __future__ import annotations

import contextlib
import time
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from acnelib.cli.output import Format, is_read, say, show, show_json
from acnelib.config.credentials import AddressLogin
from acnelib.config.settings import Settings
from acnelib.errors import ModelUnavailable, TrackingFailed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from acnelib.services import ServiceStatus
    from acnelib.services.logs import LogTail

_LOOK_SECONDS = 0.5

IN_A_BROWSER = "In a browser, MLflow and luigid ask for a name and a password: `acne env` prints them."


class ServiceName(StrEnum):
    """A service of the stack."""

    MLFLOW = "mlflow"
    LUIGID = "luigid"
    S3 = "s3"


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(up)
    app.command()(down)
    app.command()(status)
    app.command()(logs)


def up() -> None:
    """Start the embedded stack, or repair it.

    It is the stack that ACNE_STACK names, else your stack, wherever its folder is. A second one is
    started only where its folder is named. The services are an S3 store, the MLflow server and luigid, on 127.0.0.1;
    healthy services are left running. MLflow runs that a killed pipeline of this machine left open are closed as
    KILLED.
    """
    from acnelib.services import Stack

    settings = Settings.load()
    Stack(settings).up(report=say)
    say(IN_A_BROWSER)
    _close_abandoned_runs(settings)


def down() -> None:
    """Stop the embedded stack; its data are kept."""
    from acnelib.services import Stack

    settings = Settings.load()
    choice = settings.stack_choice()
    Stack(settings).down(report=say)
    if choice.passed_over:
        say(f"This was your stack in {choice.folder}, which commands in every folder use.")


def status(
    output: Annotated[Format, typer.Option("--format", help="Output format.")] = Format.TEXT,
) -> None:
    """Show the state of the embedded stack.

    Lists which stack it is and why, each service, and the disk space in use. Logins are not shown; `acne env` has them.
    """
    from acnelib.services import Stack
    from acnelib.services.disk import size_of

    settings = Settings.load()
    stack = Stack(settings)
    services, sizes = stack.status(), stack.sizes()
    sizes |= {"workdir": size_of(settings.workdir), "cache": size_of(settings.cache)}
    choice = settings.stack_choice()
    if output == Format.JSON:
        stack_in_use = {"directory": str(choice.folder), "rule": str(choice.rule), "reason": choice.reason}
        show_json({"stack": stack_in_use, **_status_as_json(services, sizes)})
        return
    show(f"{'stack':<7} {choice.folder}: {choice.reason}")
    for line in _status_lines(services, sizes):
        show(line)
    if not settings.uses_embedded:
        server = AddressLogin.of(str(settings.tracking_uri)).address
        show(f"{'note':<7} not used: {settings.named_by['tracking_uri']} names the tracking server {server}")
    if not all(service.healthy for service in services.values()):
        say("Start it with `acne up`.")


def logs(
    service: Annotated[
        ServiceName | None, typer.Argument(metavar="SERVICE", help="mlflow, luigid or s3 (default: all).")
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Keep printing new lines, until Ctrl-C.")] = False,
    lines: Annotated[int, typer.Option("--lines", "-n", metavar="N", min=0, help="Number of last lines to show.")] = 50,
) -> None:
    """Show the logs of the embedded stack's services."""
    from acnelib.errors import ServiceFailed
    from acnelib.services import Stack
    from acnelib.services.logs import tail

    files = Stack(Settings.load()).logs()
    if service is not None and service not in files:
        raise ServiceFailed(f"{service} was never started: run `acne up`")
    files = {name: path for name, path in files.items() if service in {None, name}}
    tails = {name: tail(path, lines) for name, path in files.items()}
    for name, written in tails.items():
        if len(files) > 1:
            show(f"==> {name} <==")
        for line in written.lines:
            show(line.expandtabs())
        if not written.lines and lines:
            say(f"{name} has written nothing to its log yet.")
    if follow:
        _follow(files, tails)


def _close_abandoned_runs(settings: Settings) -> None:
    from acnelib.registry.abandoned import close_abandoned

    server = settings.embedded_url("mlflow")
    try:
        closed = close_abandoned(str(server))
    except (TrackingFailed, ModelUnavailable) as error:  # the stack is up, as requested
        say(f"Could not look for runs that killed processes left open: {error}")
        return
    if closed:
        number = len(closed)
        say(f"Closed {number} run{'s' if number > 1 else ''} that a killed process had left open (status KILLED)")


def _status_as_json(services: Mapping[str, ServiceStatus], sizes: Mapping[str, int]) -> dict[str, Any]:
    rows = {
        name: {
            "url": one.url,
            "healthy": one.healthy,
            "why": one.why,
            "pid": one.pid,
            "since": one.since,
            "bytes": sizes[name],
            "caveat": one.caveat,
        }
        for name, one in services.items()
    }
    return {"services": rows, "bytes": dict(sizes)}


def _status_lines(services: Mapping[str, ServiceStatus], sizes: Mapping[str, int]) -> Iterator[str]:
    from acnelib.text.formatting import format_bytes

    for name, one in services.items():
        state = "healthy" if one.healthy else "down"
        runs = f"process {one.pid} since {one.since}" if one.healthy else str(one.why)
        where = f"{one.url}  " if one.url else ""
        yield f"{name:<7} {state:<8} {where}{runs}"
    titles = {"mlflow": "database", "s3": "bucket", "logs": "logs", "workdir": "working folder", "cache": "cache"}
    yield f"{'disk':<7} {', '.join(f'{title} {format_bytes(sizes[name])}' for name, title in titles.items())}"
    for one in services.values():
        if one.caveat and one.url:
            yield f"{'note':<7} {one.caveat}"


def _follow(files: Mapping[str, Path], tails: Mapping[str, LogTail]) -> None:
    from acnelib.cli.interruption import interruptible
    from acnelib.services.logs import follow

    def wait() -> bool:
        time.sleep(_LOOK_SECONDS)
        return is_read()

    # Ctrl-C must end it, even if the parent process ignores SIGINT.
    with contextlib.suppress(KeyboardInterrupt), interruptible(lambda: None):
        for name, line in follow(files, after=tails, wait=wait):
            show(f"{name}: {line}".expandtabs() if len(files) > 1 else line.expandtabs())
