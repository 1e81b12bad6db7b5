"""The command line ``acne``: its commands, and the handling of failures."""

from __future__ import annotations

import copy
import io
import logging
import sys
import threading
from typing import TYPE_CHECKING, Annotated

import typer

from acnelib.cli.commands import (
    adapt,
    classify,
    cross_validate,
    doctor,
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
from acnelib.cli.interruption import INTERRUPTED, end_soon
from acnelib.cli.output import fit_message, say, say_lines
from acnelib.errors import AcneError, UsageError
from acnelib.storage.files import storage_failure
from acnelib.text.visible import log_visibly, visible_traceback

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

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
    """Run ``acne`` and return its exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted."""
    is_whole_process = arguments is None
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in arguments
    arguments = [argument for argument in arguments if argument != "--debug"]
    _configure_logging(debug=debug)
    if is_whole_process:
        sys.excepthook = _print_unexpected
        threading.excepthook = lambda failed: _print_unexpected(failed.exc_type, failed.exc_value, failed.exc_traceback)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A file name may hold bytes that are not text; written as \udc80, JSON gives the exact name back.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        code = typer.main.get_command(_with_requested_command(arguments)).main(
            arguments, prog_name="acne", standalone_mode=False
        )
    except typer.TyperException as error:
        _print_usage_error(error)
        return error.exit_code
    except (AcneError, OSError, ModuleNotFoundError) as error:
        if debug:
            logging.getLogger("acnelib").exception("failed")
        failure = _as_acne_error(error)
        say(f"acne: {failure}")
        return 2 if isinstance(failure, UsageError) else 1
    except typer.Abort:
        code = INTERRUPTED
    if code == INTERRUPTED:  # typer returns this code after Ctrl-C, without a message
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


def _as_acne_error(error: AcneError | OSError | ModuleNotFoundError) -> AcneError:
    """Return a failure as an error with a message for the user."""
    if isinstance(error, AcneError):
        return error
    if isinstance(error, OSError):
        return storage_failure(error)
    package = (error.name or "").partition(".")[0]
    extras = {"PySide6": "gui", "fastapi": "serve", "uvicorn": "serve", "pyspark": "spark"}
    extra = extras.get(package, "train,pipeline")
    return AcneError(f"this command needs {package}, which is not installed: pip install 'acnelib[{extra}]'")


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


def _print_unexpected(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    """Print the traceback of an unexpected failure, with control characters in names made visible."""
    del kind, trace
    if error is not None and not isinstance(error, SystemExit):
        say_lines(visible_traceback(error))


def _configure_logging(*, debug: bool) -> None:
    log_visibly(level=logging.DEBUG if debug else logging.WARNING, pattern="acne: %(message)s", fit=fit_message)
    # At DEBUG it logs the address of each request, signatures included; at WARNING each attempt, although the last
    # error is reported anyway.
    logging.getLogger("urllib3").setLevel(logging.INFO if debug else logging.ERROR)
    if not debug:
        # Luigi logs the traceback of a failed task, of which the command prints one line.
        for name in ("luigi", "luigi-interface", "luigi.scheduler"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
