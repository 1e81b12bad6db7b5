"""The reference page of the command line, generated from the commands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from typer.main import get_command

from acnelib.cli.main import app

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAM = "acne"
_INTRODUCTION = """# Command line

Generated from the commands themselves; `acne COMMAND --help` prints the same. `--debug` works with every command and
shows the traceback of a failure.

Exit codes: 0 done, 1 failed, 2 wrong usage; 130, 143 and 129 interrupted by Ctrl-C, SIGTERM and a closed terminal.
"""


def command_reference() -> str:
    """Return the page as Markdown: one section for each command, with its arguments and options."""
    root = get_command(app)
    return "\n".join([_INTRODUCTION, *_sections(root, PROGRAM, parent=None)])


def command_names() -> list[str]:
    """Return the full name of every command, such as ``acne predict`` and ``acne atlas draw``."""
    return re.findall(r"^#+ `(acne .+)`$", command_reference(), re.MULTILINE)


def _sections(group: Any, path: str, *, parent: Any) -> Iterator[str]:
    context = group.context_class(group, info_name=path, parent=parent)
    for name, command in group.commands.items():
        if command.hidden:
            continue
        full_name = f"{path} {name}"
        yield _section(command, full_name, heading="#" * len(full_name.split()))
        if hasattr(command, "commands"):
            yield from _sections(command, full_name, parent=context)


def _section(command: Any, full_name: str, *, heading: str) -> str:
    context = command.context_class(command, info_name=full_name)
    usage = " ".join([full_name, *command.collect_usage_pieces(context)])
    lines = [f"{heading} `{full_name}`", "", *_paragraphs(command.help or ""), "```text", usage, "```", ""]
    for title, kind in (("Argument", "argument"), ("Option", "option")):
        records = [
            record
            for parameter in command.get_params(context)
            if parameter.param_type_name == kind and (record := _help_record(parameter, context))
        ]
        if records:
            lines += [f"| {title} | Meaning |", "|---|---|"]
            lines += [f"| `{_cell(name)}` | {_cell(text, code=False)} |" for name, text in records]
            lines.append("")
    return "\n".join(lines)


def _help_record(parameter: Any, context: Any) -> tuple[str, str] | None:
    if "--help" in parameter.opts or getattr(parameter, "hidden", False):
        return None
    record: tuple[str, str] | None = parameter.get_help_record(context)
    return record


def _paragraphs(text: str) -> list[str]:
    return [line for paragraph in text.split("\n\n") for line in (_prose(" ".join(paragraph.split())), "")]


def _prose(text: str) -> str:
    """Escape what Markdown would swallow outside of code."""
    return re.sub(r"(`[^`]*`)|([<>*_])", lambda found: found[1] or f"\\{found[2]}", text)


def _cell(text: str, *, code: bool = True) -> str:
    """Fit text into a cell of a table; a bar in code is no border for the site's Markdown."""
    joined = " ".join(text.split())
    return joined if code else _prose(joined).replace("|", "\\|")
