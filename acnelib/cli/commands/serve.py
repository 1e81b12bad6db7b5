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
    from collections.abc import Sequence

    from acnelib.api.runs.requests import CheckedSource, CheckedSources, RunRequest
    from acnelib.config.settings import Settings
    from acnelib.scraping.sources import Source


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
    _report_preflight(settings)
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
    server = Server(host=host, port=port, limits=limits)
    runs = RunManager(settings, check=lambda request: checked(request, settings))
    app = create_app(
        settings=settings,
        token=token,
        model_service=ModelService(model, settings=settings, refresh=refresh),
        runs=runs,
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
    say(_goodbye(runs.ended_with_server, unanswered=server.unanswered))


def _goodbye(runs: Sequence[str], *, unanswered: int) -> str:
    """Return the line that the end of the server leaves."""
    line = "Stopped."
    if unanswered:
        line += f" {unanswered} request{'' if unanswered == 1 else 's'} could not be answered in time."
    if runs:
        line += f" Run {', '.join(runs)} was interrupted; finished results are kept."
    return line


def _report_preflight(settings: Settings) -> None:
    """Say at the start what would end each run; predictions may do without it."""
    from acnelib.errors import AcneError
    from acnelib.pipeline.preflight import check_later_runs

    try:
        check_later_runs(settings, report=say)
    except AcneError as error:
        say(f"Runs would fail, predictions may work: {error}")


def checked(request: RunRequest, settings: Settings) -> CheckedSources:
    """Check the request of a run, as `acne pipeline` does before it starts.

    Raises:
        AcneError: The request is invalid.
    """
    from acnelib.api.runs.requests import CheckedSources
    from acnelib.dataset.test_part import check_test_share
    from acnelib.pipeline.run import check_adaptation
    from acnelib.reviews import read_reviews
    from acnelib.scraping.sources import Sources, held_out_folder
    from acnelib.stages.scrape import check_permissions
    from acnelib.training.networks.recipes import Recipe

    if "\0" in (request.weights or ""):
        raise UsageError(f"no weights {request.weights!r}: name imagenet, starter, a file or a folder")
    for name in request.backbones:
        Recipe.parse(name)

    def parsed(texts: list[str]) -> list[Source]:
        return [_source(text, settings) for text in texts]

    check_test_share(request.test_share, test_folder=request.test is not None)
    test = None if request.test is None else held_out_folder(_plain(request.test), settings=settings)
    sources = Sources.of(
        parsed(request.sources),
        background=parsed(request.background),
        test=test,
        reviews=[_plain(path) for path in request.reviews],
    )
    read_reviews(sources.reviews)
    check_adaptation(
        adapt=request.adapt, epochs=request.epochs, background=bool(sources.background), until=request.until
    )
    check_permissions(sources, settings=settings, accept_terms=request.accept_terms)
    return CheckedSources(
        classes=tuple(map(_checked_source, sources.classes)),
        background=tuple(map(_checked_source, sources.background)),
        test=None if sources.test is None else _checked_source(sources.test),
        reviews=tuple(map(str, sources.reviews)),
    )


def _source(text: str, settings: Settings) -> Source:
    from acnelib.scraping.sources import Source

    return Source.parse(_plain(text), settings=settings)


def _plain(text: str) -> str:
    """Return a text that is no option and can be a path."""
    if text.startswith("-") or "\0" in text:
        raise UsageError(f"no source {text!r}: name sample, a layout or a folder of class folders")
    return text


def _checked_source(source: Source) -> CheckedSource:
    from acnelib.api.runs.requests import CheckedSource

    return CheckedSource(name=source.name, text=source.text, folder=source.folder)
