"""The file of settings in the home, ``settings.toml``: people write it, and the program only what it keeps there.

What the program writes leaves every other line as it is; of two programs that write at once, one waits.
"""

from __future__ import annotations

import contextlib
import json
import re
import tomllib
from typing import TYPE_CHECKING, Any

from acnelib.errors import SettingsInvalid
from acnelib.storage.files import write_text
from acnelib.text.plain_reasons import plain_reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_PATIENCE = 10.0  # seconds; writing takes some milliseconds


def read(path: Path) -> dict[str, Any]:
    """Return all that the file says; empty when there is none.

    Raises:
        SettingsInvalid: The file cannot be read.
    """
    try:
        return tomllib.loads(path.read_text())
    except FileNotFoundError:
        return {}
    except NotADirectoryError as error:
        raise SettingsInvalid(f"{path.parent} is no folder, or lies in a file: set ACNE_HOME to a folder") from error
    except (OSError, ValueError) as error:
        raise SettingsInvalid(f"{path} cannot be read ({plain_reason(error)}): mend or delete it") from error


def kept_value(path: Path, name: str) -> str | None:
    """Return a setting as the file alone has it; None when it has none.

    Raises:
        SettingsInvalid: The file cannot be read, or the setting is not text.
    """
    value = read(path).get(name)
    if not isinstance(value, str | None):
        raise SettingsInvalid(f'{path}: {name} = {value!r} is not text: write {name} = "…"')
    return value or None


def keep_value(path: Path, name: str, value: str | None) -> None:
    """Write one setting, at once, or take it out (None); all else in the file stays as it is.

    Raises:
        SettingsInvalid: The file cannot be read, or has this setting in a form that cannot be replaced.
        OSError: It cannot be written.
    """
    if value is None and name not in read(path):
        return
    with _one_writer(path):
        before = read(path)
        lines = _lines(path)
        end = next((number for number, line in enumerate(lines) if line.lstrip()[:1] == "["), len(lines))
        setting = re.compile(rf"\s*{name}\s*=")
        place = next((number for number, line in enumerate(lines[:end]) if setting.match(line)), None)
        written = [] if value is None else [f"{name} = {json.dumps(value, ensure_ascii=False)}"]
        if place is not None:
            lines[place : place + 1] = written
        else:  # comments right above the first table are the table's
            while end > 0 and lines[end - 1].strip()[:1] in {"", "#"}:
                end -= 1
            lines[end:end] = written
        others = {key: old for key, old in before.items() if key != name}
        _write(lines, path, name, wanted=others if value is None else {**others, name: value})


def kept_table(path: Path, name: str) -> dict[str, dict[str, str]]:
    """Return a table of tables that the program keeps; empty when there is none.

    Raises:
        SettingsInvalid: The file cannot be read, or has something else under this name.
    """
    table = read(path).get(name, {})
    if not isinstance(table, dict) or not all(isinstance(entry, dict) for entry in table.values()):
        raise SettingsInvalid(f"{path}: [{name}] is not as this program writes it: delete this table")
    return table


def keep_entry(path: Path, name: str, key: str, entry: Mapping[str, str]) -> None:
    """Write one entry of a table of tables, at once; its others, and all else in the file, stay as they are.

    Raises:
        SettingsInvalid: The file cannot be read, or has this table in a form that cannot be replaced.
        OSError: It cannot be written.
    """
    with _one_writer(path):
        before, entries = read(path), {**kept_table(path, name), key: entry}
        lines = _lines(path)
        start, end = _lines_of_table(lines, name)
        table = [f"[{name}]", *(f"{json.dumps(each)} = {_inline(values)}" for each, values in entries.items())]
        if start == len(lines):  # a new table, at the end
            while lines and not lines[-1].strip():
                lines.pop()
            start = end = len(lines)
            table = ["", *table, ""] if lines else [*table, ""]
        _write([*lines[:start], *table, *lines[end:]], path, name, wanted={**before, name: entries})


@contextlib.contextmanager
def _one_writer(path: Path) -> Iterator[None]:
    from filelock import FileLock

    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_name(f".{path.name}.lock"), timeout=_PATIENCE):
        yield


def _lines(path: Path) -> list[str]:
    return path.read_bytes().decode().split("\n") if path.exists() else [""]


def _write(lines: list[str], path: Path, name: str, *, wanted: dict[str, Any]) -> None:
    """Write the lines of the file if they mean what is wanted."""
    text = "\n".join(lines)
    try:
        is_right = tomllib.loads(text) == wanted
    except ValueError:
        is_right = False
    if not is_right:
        raise SettingsInvalid(f"{path}: {name} stands there in a form that cannot be replaced: delete it")
    file = path.resolve()  # it may be a link into somebody's collection of settings
    write_text(file, text, mode=file.stat().st_mode & 0o777 if file.exists() else 0o666)


def _lines_of_table(lines: list[str], name: str) -> tuple[int, int]:
    """Return where a table begins and ends, the blank lines and comments before the next one left to that."""
    header = re.compile(rf"\s*\[\s*{name}\s*\]\s*(#.*)?")
    start = next((number for number, line in enumerate(lines) if header.fullmatch(line)), len(lines))
    end = next((number for number in range(start + 1, len(lines)) if lines[number].lstrip()[:1] == "["), len(lines))
    while end > start + 1 and lines[end - 1].strip()[:1] in {"", "#"}:
        end -= 1
    return start, end


def _inline(entry: Mapping[str, str]) -> str:
    pairs = ", ".join(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in entry.items())
    return f"{{ {pairs} }}"
