"""Options that several commands have, said once."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from acnelib.config.settings import Settings
from acnelib.errors import UsageError

SourceName: TypeAlias = Annotated[
    str,
    typer.Option(
        "--source", metavar="NAME|DIR", help="sample, a layout, layout@address, or a folder of class folders."
    ),
]

AcceptTerms: TypeAlias = Annotated[
    bool, typer.Option("--accept-terms", help="You read the site's terms and may use its photos under them.")
]

Backbones: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--backbone",
        metavar="NAME",
        help="Network, such as mobilenet_v2_0.35_224, or several joined by +; may be repeated, one candidate each "
        "(default: mobilenet_v1_0.75_224+mobilenet_v2_0.35_224; with starter weights mobilenet_v1_0.25_128).",
    ),
]

Weights: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--weights",
        metavar="NAME|FILE|DIR",
        help="imagenet, starter, a file or a folder (default: imagenet; sample: starter).",
    ),
]

Workdir: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--workdir", metavar="DIR", help="Working folder (default: ACNE_WORKDIR, the setting workdir, or ./data)."
    ),
]


def settings_in(workdir: Path | None) -> Settings:
    """Return this process' settings, with the working folder that was named."""
    settings = Settings.load()
    return replace(settings, workdir=workdir.expanduser().absolute()) if workdir else settings


def check_terminal(why: str) -> None:
    """Raise an error where nobody can be asked before something is done for good.

    Args:
        why: What makes the command ask.

    Raises:
        UsageError: There is no terminal.
    """
    if not (sys.stdin and sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(f"{why}, and there is no terminal to ask at: add --yes, or look first with --dry-run")
