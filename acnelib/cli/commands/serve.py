"""The command serve."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from acnelib.cli.commands.classify import ModelOption
from acnelib.cli.interruption import stopped_by_signals
from acnelib.cli.options import Workdir, settings_in
from acnelib.cli.output import say, show
from acnelib.errors import UsageError

if TYPE_CHECKING:
    from acnelib.api.runs.requests import CheckedSource, CheckedSources, RunRequest
    from acnelib.config.settings import Settings


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(serve)


def serve(
    host: Annotated[
        str,
        typer.Option(
            "--host",
            metavar="HOST",
            help="Address to listen on; the default accepts connections from this machine only.",
        ),
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", metavar="PORT", min=0, max=65535, help="Port; 0: any free port.")
    ] = 8100,
    model: ModelOption = "production",
    refresh: Annotated[
        float, typer.Option("--refresh", metavar="SECONDS", min=0.1, help="Interval between checks for a new version.")
    ] = 10.0,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(
            "--allow-host",
            metavar="HOST[:PORT]",
            help="Allow fetching photos from this host outside the public internet; may be repeated.",
        ),
    ] = None,
    workdir: Workdir = None,
) -> None:
    """Serve the HTTP API until stopped.

    It classifies photos, describes the model, and runs trainings. Clients need a token, created at the first start.
    """
    settings = settings_in(workdir)
    from acnelib.api.access import TOKEN_VARIABLE, Token
    from acnelib.api.application import create_app
    from acnelib.api.limits import Limits
    from acnelib.api.model_service import ModelService
    from acnelib.api.photos.fetching import PhotoFetcher
    from acnelib.api.runs.processes import RunManager
    from acnelib.api.server import Server
    from acnelib.config.loopback import is_loopback

    if any("/" in name or "@" in name for name in allow_host or ()):
        raise UsageError(f"--allow-host {allow_host}: write a host's name, or host:port, without http://")
    token = Token.find_or_make(settings.home, environ=os.environ)
    os.environ.pop(TOKEN_VARIABLE, None)  # child processes must not inherit it
    limits = Limits()
    server = Server(host=host, port=port)
    app = create_app(
        settings=settings,
        token=token,
        model_service=ModelService(model, settings=settings, refresh=refresh),
        runs=RunManager(settings, check=lambda request: checked(request, settings)),
        fetcher=PhotoFetcher(limits, allowed=allow_host or ()),
        limits=limits,
        stopping=lambda: server.stopping,
    )

    def ready() -> None:
        show(server.url)
        say(f"The token is in {token.where}; documentation: {server.url}/docs   (Ctrl-C stops it)")
        if not is_loopback(host):
            say("Requests, including the token, are not encrypted: put a server with TLS in front")

    with stopped_by_signals(server.stop):
        server.run(app, ready=ready)


def checked(request: RunRequest, settings: Settings) -> CheckedSources:
    """Check the request of a run, as `acne pipeline` does before it starts.

    Raises:
        AcneError: The request is invalid.
    """
    from acnelib.api.runs.requests import CheckedSources
    from acnelib.training.networks.recipes import Recipe

    if "\0" in (request.weights or ""):
        raise UsageError(f"no weights {request.weights!r}: name imagenet, starter, a file or a folder")
    for name in request.backbones:
        Recipe.parse(name)

    def each_once(texts: list[str]) -> tuple[CheckedSource, ...]:
        sources = [_checked_source(text, settings, accept_terms=request.accept_terms) for text in texts]
        return tuple({source.name: source for source in sources}.values())

    return CheckedSources(classes=each_once(request.sources), background=each_once(request.background))


def _checked_source(text: str, settings: Settings, *, accept_terms: bool) -> CheckedSource:
    from acnelib.api.runs.requests import CheckedSource
    from acnelib.scraping.sources import Source
    from acnelib.stages.scrape import check_permission

    if text.startswith("-") or "\0" in text:
        raise UsageError(f"no source {text!r}: name sample, a layout or a folder of class folders")
    source = Source.parse(text, settings=settings)
    check_permission(source, settings=settings, accept_terms=accept_terms)
    return CheckedSource(name=source.name, text=str(source.folder or text), folder=source.folder)
