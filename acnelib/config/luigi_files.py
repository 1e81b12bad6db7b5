"""The files that Luigi reads its own configuration from, and the options in them that would break a run.

Luigi reads them when it is imported, and may run what a file of its logging names. A file that another user may have
written is therefore passed over where it lies in the current folder, and refused where a variable names it.
"""

from __future__ import annotations

import configparser
import os
from pathlib import Path
from typing import TYPE_CHECKING

from acnelib.config.setting_sources import nearest_luigi_cfg
from acnelib.errors import SettingsInvalid
from acnelib.storage.trust import check_trusted, distrust, is_trusted
from acnelib.text.plain_reasons import plain_reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, MutableMapping

PARSER = "LUIGI_CONFIG_PARSER"
PATH = "LUIGI_CONFIG_PATH"

_OWN_PARSERS = ("cfg", "conf", "ini")
_IN_FOLDER = ("client.cfg", "luigi.cfg")
_HARMLESS = {"check_complete_on_run": "true", "keep_alive": None}
"""Options of the section [worker] that acnelib's own luigi.cfg has; None: with any value."""


def luigi_files(environ: Mapping[str, str], cwd: Path) -> list[Path]:
    """Return the files that Luigi and acnelib read in a folder, the last of which wins.

    Raises:
        SettingsInvalid: Another user may have written the file that a variable names.
    """
    named = environ.get(PATH)
    if named:
        check_trusted(cwd / named, environ=environ)
    nearest = nearest_luigi_cfg(cwd, environ=environ)
    paths = [
        *found_files(environ, cwd),
        *([cwd / named] if named and not _is_toml(named) else []),
        *([nearest] if nearest else []),
    ]
    return [path for path in dict.fromkeys(paths) if path.is_file()]


def found_files(environ: Mapping[str, str], cwd: Path) -> list[Path]:
    """Return the trusted files that Luigi looks for by itself."""
    return [path for path in _looked_for(cwd) if path.is_file() and is_trusted(path, environ=environ)]


def untrusted_files(environ: Mapping[str, str], cwd: Path) -> list[Path]:
    """Return the files that Luigi would read by itself, and that another user may have written."""
    return [path for path in _looked_for(cwd) if path.is_file() and distrust(path, environ=environ)]


def _looked_for(cwd: Path) -> list[Path]:
    return [folder / name for folder in (Path("/etc/luigi"), cwd) for name in _IN_FOLDER]


def worker_options(environ: Mapping[str, str], cwd: Path) -> list[str]:
    """Return the options of workers that ``acne pipeline`` does without, each with its file.

    Raises:
        SettingsInvalid: A file cannot be read.
    """
    return [
        f"[worker] {option} in {path}"
        for path in luigi_files(environ, cwd)
        for option, value in _section(path, "worker")
        if option not in _HARMLESS or _HARMLESS[option] not in {None, value.strip().lower()}
    ]


def use_own_parser(environ: MutableMapping[str, str] | None = None) -> list[str]:
    """Let Luigi read ``luigi.cfg`` whatever its variables say, and return those that were overruled.

    To be called before Luigi is imported.

    Raises:
        SettingsInvalid: A file that Luigi reads at its import cannot be read.
    """
    environ = os.environ if environ is None else environ
    for path in luigi_files(environ, Path.cwd()):
        for _ in _section(path, "core"):
            pass
    overruled = foreign_variables(environ)
    for name in overruled:
        del environ[name]
    return overruled


def foreign_variables(environ: Mapping[str, str]) -> list[str]:
    """Return Luigi's variables that ask for another form of configuration than luigi.cfg."""
    parser, path = environ.get(PARSER, ""), environ.get(PATH, "")
    return [name for name, foreign in ((PARSER, parser not in {"", *_OWN_PARSERS}), (PATH, _is_toml(path))) if foreign]


def _is_toml(path: str) -> bool:
    return Path(path).suffix == ".toml"


def _section(path: Path, name: str) -> Iterator[tuple[str, str]]:
    """Yield the options of a section and their values, as they are written."""
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(path.read_text(encoding="utf-8"), source=str(path))
    except (OSError, ValueError, configparser.Error) as error:
        raise SettingsInvalid(f"{path} cannot be read by Luigi ({plain_reason(error)}): correct it") from error
    if parser.has_section(name):
        yield from parser.items(name)
