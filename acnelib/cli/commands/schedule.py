"""The command schedule."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from acnelib.cli.interruption import stopped_by_signals
from acnelib.cli.options import (
    AcceptTerms,
    Adapt,
    AllowMissingSource,
    Backbones,
    BackgroundNames,
    Epochs,
    HeldOutFolder,
    HeldOutShare,
    ReviewFiles,
    SourceNames,
    Weights,
    Workdir,
    checked_options,
)
from acnelib.cli.output import say, show, show_lines
from acnelib.errors import UsageError
from acnelib.text.problems import Problems

if TYPE_CHECKING:
    from acnelib.config.settings import Settings
    from acnelib.schedule import Job, ScheduleOptions
    from acnelib.scraping.sources import Sources

USER_UNITS = "~/.config/systemd/user"


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(schedule)


def schedule(
    cron: Annotated[
        str,
        typer.Option(
            "--cron",
            metavar="EXPRESSION",
            help='Start times as a cron expression, in local time: "0 3 * * 1" is Mondays at 3:00; or @weekly.',
        ),
    ],
    source: SourceNames = None,
    background: BackgroundNames = None,
    test: HeldOutFolder = None,
    test_share: HeldOutShare = None,
    reviews: ReviewFiles = None,
    allow_missing_source: AllowMissingSource = False,
    accept_terms: AcceptTerms = False,
    backbone: Backbones = None,
    weights: Weights = None,
    adapt: Adapt = False,
    epochs: Epochs = None,
    workdir: Workdir = None,
    jitter: Annotated[
        int,
        typer.Option(
            "--jitter", metavar="SECONDS", min=0, help="Delay each run by a random time of up to this many seconds."
        ),
    ] = 0,
    once_missed: Annotated[
        bool,
        typer.Option("--once-missed/--skip-missed", help="Run once after missed start times, or skip them."),
    ] = True,
    systemd: Annotated[
        bool, typer.Option("--systemd", help="Print a systemd user service and timer, and exit.")
    ] = False,
    crontab: Annotated[bool, typer.Option("--crontab", help="Print a line for crontab -e, and exit.")] = False,
) -> None:
    """Run `acne pipeline` at regular times, until stopped.

    Runs never overlap; each prints one line with its outcome. Ctrl-C stops the schedule. With --systemd or --crontab,
    nothing is started or changed.
    """
    from acnelib.folders.structure import check_level
    from acnelib.pipeline.run import check_adaptation
    from acnelib.runs.stage import Stage
    from acnelib.schedule import CronTrigger, ScheduleOptions
    from acnelib.storage.workspace import Workspace

    problems = Problems()
    trigger = problems.check(lambda: CronTrigger.parse(cron))
    if systemd and crontab:
        problems.add(UsageError("--systemd and --crontab exclude each other: print one, then the other"))
    settings, sources = checked_options(
        problems,
        source=source,
        background=background,
        test=test,
        test_share=test_share,
        reviews=reviews,
        allow_missing_source=allow_missing_source,
        backbone=backbone,
        workdir=workdir,
    )
    check_adaptation(adapt=adapt, epochs=epochs, background=bool(sources.background), until=Stage.PROMOTE)
    options = ScheduleOptions(trigger=trigger or CronTrigger.parse(cron), jitter=jitter, catch_up=once_missed)
    for each in sources.all:  # otherwise a printed unit would fail only when it is due
        if each.folder is not None and each.folder.is_dir():
            check_level(each.folder, option=sources.option(each))
    root = settings.workdir
    folder = Workspace(root).source(sources.name)
    arguments = [word for each in sources.classes for word in ("--source", each.text)]
    arguments += [word for each in sources.background for word in ("--background", each.text)]
    arguments += ["--test", sources.test.text] if sources.test else []
    arguments += ["--test-share", f"{test_share}"] if test_share else []
    arguments += [word for path in sources.reviews for word in ("--reviews", str(path))]
    if allow_missing_source:
        arguments.append("--allow-missing-source")
    arguments += ["--workdir", str(root)]
    for option, values in (("--backbone", backbone or ()), ("--weights", [weights] if weights else ())):
        arguments += [word for value in values for word in (option, value)]
    arguments += ["--adapt"] if adapt else []
    arguments += ["--epochs", f"{epochs}"] if epochs else []
    if accept_terms:
        arguments.append("--accept-terms")
    if systemd or crontab:
        _print(options, _job(sources, arguments, folder), as_units=systemd)
    else:
        _follow(options, sources, arguments, folder, settings=settings, accept_terms=accept_terms)


def _follow(
    options: ScheduleOptions,
    sources: Sources,
    arguments: list[str],
    folder: Path,
    *,
    settings: Settings,
    accept_terms: bool,
) -> None:
    from acnelib.pipeline.preflight import check_later_runs
    from acnelib.schedule import PipelineRunner, Scheduler, ScheduleState, exclusive_schedule
    from acnelib.stages.scrape import check_permissions

    # Now, not when the first run is due.
    missing = "--allow-missing-source" in arguments
    check_permissions(sources, settings=settings, accept_terms=accept_terms, allow_missing=missing)
    check_later_runs(settings, report=say)
    runner = PipelineRunner(arguments, forward=say)
    followed = Scheduler(options, state=ScheduleState.of(folder), run=runner, show=show, say=say)

    def stop() -> None:
        followed.stop()
        runner.interrupt()

    with exclusive_schedule(folder), stopped_by_signals(stop):
        followed.follow()


def _job(sources: Sources, arguments: list[str], folder: Path) -> Job:
    from acnelib.schedule import Job, forwarded_environment

    environment, withheld = forwarded_environment(os.environ)
    for name in withheld:
        say(f"{name} may hold a credential and is left out: set it for the run yourself, or use settings.toml")
    return Job(
        sources=tuple(source.name for source in sources.classes),
        name=sources.name,
        command=(*_acne(), "pipeline", *arguments),
        directory=Path.cwd(),
        folder=folder,
        environment=environment,
    )


def _acne() -> tuple[str, ...]:
    """Return the absolute command of this program."""
    beside = Path(sys.executable).with_name("acne")
    if beside.is_file():
        return (str(beside),)
    found = shutil.which("acne")
    return (str(Path(found).absolute()),) if found else (sys.executable, "-P", "-m", "acnelib.cli")


def _print(options: ScheduleOptions, job: Job, *, as_units: bool) -> None:
    from acnelib.schedule import crontab_line, systemd_units

    if not as_units:
        show(crontab_line(options, job))
        if options.catch_up:
            say("Cron skips runs that were due while the machine was off; --systemd, or this command itself, does not.")
        return
    units = systemd_units(options, job)
    for name, text in units.items():
        show_lines(f"# {USER_UNITS}/{name}\n{text}")
    timer = next(name for name in units if name.endswith(".timer"))
    say(f"Write these two files, then: systemctl --user daemon-reload && systemctl --user enable --now {timer}")
    say("To run while you are not logged in: loginctl enable-linger")
