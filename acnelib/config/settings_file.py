"""The settings file, ``settings.toml`` in the home: users edit it, and the program writes single entries.

A write keeps comments, order and all other entries. Of two programs that write at the same time, one waits.
"""

from __future__ import annotations

import contextlib
import tomllib
from typing import TYPE_CHECKING, Any

from acnelib.errors import SettingsInvalid
from acnelib.storage.files import PRIVATE, private_folder, write_text
from acnelib.text.plain_reasons import plain_reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tomlkit import TOMLDocument

_PATIENCE = 10.0  # seconds; writing takes some milliseconds


def read(path: Path) -> dict[str, Any]:
    """Return the contents of the file; empty when there is none.

    Raises:
        SettingsInvalid: The file cannot be read.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except NotADirectoryError as error:
        raise SettingsInvalid(f"{path.parent} is no folder, or lies in a file: set ACNE_HOME to a folder") from error
    except (OSError, ValueError) as error:
        raise SettingsInvalid(f"{path} cannot be read ({plain_reason(error)}): mend or delete it") from error


def read_setting(path: Path, name: str) -> str | None:
    """Return a setting from the file alone; None when it is not set.

    Raises:
        SettingsInvalid: The file cannot be read, or the setting is not text.
    """
    value = read(path).get(name)
    if not isinstance(value, str | None):
        raise SettingsInvalid(f'{path}: {name} = {value!r} is not text: write {name} = "…"')
    return value or None


def write_setting(path: Path, name: str, value: str | None) -> None:
    """Write one setting, atomically, or remove it (None); the rest of the file is unchanged.

    Raises:
        SettingsInvalid: The file cannot be read.
        OSError: It cannot be written.
    """
    if value is None and name not in read(path):
        return
    with _edited(path) as document:
        if value is None:
            del document[name]
        else:
            document[name] = value


def read_table(path: Path, name: str) -> dict[str, dict[str, str]]:
    """Return a table of tables that the program keeps; empty when there is none.

    Raises:
        SettingsInvalid: The file cannot be read, or has something else under this name.
    """
    table = read(path).get(name, {})
    if not isinstance(table, dict) or not all(isinstance(entry, dict) for entry in table.values()):
        raise SettingsInvalid(f"{path}: [{name}] is not as this program writes it: delete this table")
    return table


def write_table_entry(path: Path, name: str, key: str, entry: Mapping[str, str]) -> None:
    """Write one entry of a table of tables, atomically; its other entries and the rest of the file are unchanged.

    Raises:
        SettingsInvalid: The file cannot be read, or has something else under this name.
        OSError: It cannot be written.
    """
    import tomlkit

    with _edited(path) as document:
        read_table(path, name)  # so that something else under this name is refused
        if not isinstance(document.get(name), dict):
            document[name] = tomlkit.table()
        inline = tomlkit.inline_table()
        inline.update(entry)
        document[name][key] = inline


@contextlib.contextmanager
def _edited(path: Path) -> Iterator[TOMLDocument]:
    """Yield the document of the file for editing; it is written once, unless an exception passes."""
    import tomlkit
    from filelock import FileLock

    private_folder(path.parent)
    with FileLock(path.with_name(f".{path.name}.lock"), timeout=_PATIENCE, mode=PRIVATE):
        read(path)  # so that a broken file is reported as everywhere
        document = tomlkit.parse(path.read_bytes().decode() if path.exists() else "")
        yield document
        file = path.resolve()  # users may link it into a collection of settings
        mode = file.stat().st_mode & 0o777 if file.exists() else PRIVATE
        write_text(file, tomlkit.dumps(document), mode=mode)
