"""The command line ``acne``: its commands, and the handling of failures."""

from __future__ import annotations

import contextlib
import copy
import gc
import logging
import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from acnelib.cli.commands import (
    adapt,
    classify,
    cross_validate,
    doctor,
    env,
    export,
    operate,
    production,
    prune,
    schedule,
    score,
    serve,
    train,
    validate,
    withdraw,
)
from acnelib.cli.interruption import (
    INTERRUPTED,
    INTERRUPTIONS,
    end_soon,
    interrupted_by_requests,
    interruption_code,
)
from acnelib.cli.output import fit_message, say, say_lines
from acnelib.cli.streams import set_up_streams
from acnelib.cli.unexpected import as_acne_error, report_unexpected
from acnelib.errors import UsageError
from acnelib.text.visible import log_visibly

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_COLLECTION_THRESHOLDS = (50_000, 20, 20)

app = typer.Typer(
    name="acne",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Classify photos of acne and rosacea types, and train better models. A research tool, not a diagnosis.",
    epilog="Add --debug to any command to show the traceback of a failure.",
)
classify.add_to(app)
train.add_to(app)
adapt.add_to(app)
validate.add_to(app)
cross_validate.add_to(app)
withdraw.add_to(app)
production.add_to(app)
export.add_to(app)
score.add_to(app)
operate.add_to(app)
env.add_to(app)
prune.add_to(app)
doctor.add_to(app)
schedule.add_to(app)
serve.add_to(app)


def _show_version(requested: bool) -> None:
    if requested:
        import acnelib

        typer.echo(f"acne {acnelib.__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Options of every command."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``acne`` and return its exit code.

    0 done, 1 failed, 2 wrong usage; 130, 143 and 129 interrupted: by Ctrl-C, SIGTERM and a closed terminal.

    Args:
        arguments: The command line of a command in this process; None: that of the process, whose streams, signals and
            unexpected exceptions are then handled, too.
    """
    if arguments is not None:
        return _run(list(arguments), is_whole_process=False)
    set_up_streams()
    os.environ["PYTHONSAFEPATH"] = "1"  # a file in the current folder must not pass for a module of a child process
    with interrupted_by_requests(), seldom_collected():
        return _run(sys.argv[1:], is_whole_process=True)


@contextlib.contextmanager
def seldom_collected() -> Iterator[None]:
    """Collect garbage seldom while the block runs, and leave what is there then to the end of the process.

    Imports make objects that stay. With Python's own thresholds, looking for garbage among them takes a twentieth of
    the time of a training, and freeing them at the end of the process a second more.
    """
    before = gc.get_threshold()
    gc.set_threshold(*_COLLECTION_THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.freeze()


def _run(arguments: list[str], *, is_whole_process: bool) -> int:
    debug = "--debug" in arguments
    arguments = [argument for argument in arguments if argument != "--debug"]
    _configure_logging(debug=debug)
    if is_whole_process:
        report_unexpected(debug=debug)
    try:
        code = typer.main.get_command(_with_requested_command(arguments)).main(
            arguments, prog_name="acne", standalone_mode=False
        )
    except typer.TyperException as error:
        _print_usage_error(error)
        return error.exit_code
    except typer.Abort:
        code = INTERRUPTED
    except Exception as error:
        if debug:
            logging.getLogger("acnelib").exception("failed")
        failure = as_acne_error(error)
        say(f"acne: {failure}")
        return 2 if isinstance(failure, UsageError) else 1
    if code == INTERRUPTED:  # typer returns this code after a KeyboardInterrupt, without a message
        code = interruption_code()
    if code in INTERRUPTIONS:
        say("acne: interrupted")
        if is_whole_process:
            end_soon()
    return int(code or 0)


def _with_requested_command(arguments: Sequence[str]) -> typer.Typer:
    """Return the app with the requested command only: typer builds all its commands before it looks for one."""
    requested = next((argument for argument in arguments if not argument.startswith("-")), None)
    commands = [
        one for one in app.registered_commands if one.callback and _name_of(one.callback, one.name) == requested
    ]
    if not commands:  # a group of commands, help, or a mistake whose message lists all commands
        return app
    narrowed = copy.copy(app)
    narrowed.registered_commands, narrowed.registered_groups = commands, []
    return narrowed


def _name_of(callback: Callable[..., object], name: str | None) -> str:
    return name or callback.__name__.replace("_", "-")


def _print_usage_error(error: typer.TyperException) -> None:
    """Print one line for a usage error; the whole help if required arguments are missing altogether."""
    context: typer.Context | None = getattr(error, "ctx", None)
    message = error.format_message().replace("Value error, ", "")
    if type(error).__name__ == "NoArgsIsHelpError":  # typer does not export the class
        say_lines(message)
        return
    choices_in_line = message.replace(":\n\t", ": ").replace(",\n\t", ", ")
    hint = f" (see `{context.command_path} --help`)" if context else ""
    say(f"acne: {choices_in_line.rstrip('.')}{hint}")


def _configure_logging(*, debug: bool) -> None:
    log_visibly(level=logging.DEBUG if debug else logging.WARNING, pattern="acne: %(message)s", fit=fit_message)
    # At DEBUG it logs the address of each request, signatures included; at WARNING each attempt, although the last
    # error is reported anyway.
    logging.getLogger("urllib3").setLevel(logging.INFO if debug else logging.ERROR)
    if not debug:
        # Luigi logs the traceback of a failed task, of which the command prints one line.
        for name in ("luigi", "luigi-interface", "luigi.scheduler"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
