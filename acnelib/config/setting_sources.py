"""The places that settings are read from: the environment, then ``settings.toml``, then ``luigi.cfg``."""

from __future__ import annotations

import configparser
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from acnelib.config import settings_file
from acnelib.errors import SettingsInvalid
from acnelib.storage.trust import check_trusted, is_trusted
from acnelib.text.plain_reasons import plain_reason
from acnelib.text.problems import Problems

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

T = TypeVar("T")


@dataclass(frozen=True)
class _Value:
    """The text of a setting, and what messages call it: a variable, or a file and a name in it."""

    text: str
    called: str


NAMES = (
    "cache",
    "stack",
    "workdir",
    "model_name",
    "tracking_uri",
    "luigid_url",
    "contact",
    "gate_confidence",
    "gate_margin",
    "export_to",
    "webhook",
    "webhook_plain",
)

MLFLOWS_OWN = "MLFLOW_TRACKING_URI"
"""MLflow's own variable, which comes before ``ACNE_TRACKING_URI``."""

_SHARES = {"gate_confidence", "gate_margin"}
_YES_OR_NO = {"webhook_plain"}


@dataclass(frozen=True)
class SettingSources:
    """The texts of the settings that are set.

    Attributes:
        values: The text of each, by name.
        problems: What is wrong with them.
    """

    values: Mapping[str, _Value]
    problems: Problems = field(default_factory=Problems)

    @classmethod
    def read(cls, environ: Mapping[str, str], *, toml: Path, luigi_cfg: Path | None) -> SettingSources:
        """Read them; a file that cannot be read is a problem, too."""
        problems = Problems()
        files = (
            problems.check(lambda: _from_luigi_cfg(luigi_cfg)),
            problems.check(lambda: _from_toml(toml, problems, environ)),
        )
        values: dict[str, _Value] = {}
        for layer in (*files, _from_environment(environ)):
            values |= layer or {}
        return cls(values, problems)

    def origins(self) -> dict[str, str]:
        """Return the variable or file that each setting comes from."""
        return {name: value.called.removesuffix(f": {name}") for name, value in self.values.items()}

    def text(self, name: str) -> str | None:
        """Return a setting that needs no check."""
        return self.values[name].text if name in self.values else None

    def checked(self, name: str, check: Callable[..., T], default: T, **options: Any) -> T:
        """Return what a check makes of a setting; the default if it is not set, or is one of the problems."""
        if name not in self.values:
            return default
        value = self.values[name]
        result = self.problems.check(lambda: check(value.text, called=value.called, **options))
        return default if result is None else result


def nearest_luigi_cfg(cwd: Path, *, environ: Mapping[str, str] | None = None) -> Path | None:
    """Return the ``luigi.cfg`` of this folder or of the nearest one above it, if there is one.

    One that another user may have written would say where data are sent: it is passed over, in this folder, too.

    Args:
        cwd: The folder.
        environ: Environment variables; default those of this process.
    """
    found = (path for folder in (cwd, *cwd.parents) if (path := folder / "luigi.cfg").is_file())
    return next((path for path in found if is_trusted(path, environ=environ)), None)


def tracking_uri_in(luigi_cfg: Path) -> str | None:
    """Return the tracking server that a ``luigi.cfg`` names.

    Raises:
        SettingsInvalid: It cannot be read.
    """
    value = _from_luigi_cfg(luigi_cfg).get("tracking_uri")
    return value.text if value else None


def _from_environment(environ: Mapping[str, str]) -> dict[str, _Value]:
    variables = {name: f"ACNE_{name.upper()}" for name in NAMES}
    if environ.get(MLFLOWS_OWN):
        variables["tracking_uri"] = MLFLOWS_OWN
    return {name: _Value(text, variable) for name, variable in variables.items() if (text := environ.get(variable))}


def _from_toml(path: Path, problems: Problems, environ: Mapping[str, str]) -> dict[str, _Value]:
    check_trusted(path, environ=environ)
    table = settings_file.read(path)
    texts = {name: problems.check(partial(_text, path, name, table[name])) for name in NAMES if name in table}
    return {name: _Value(text, f"{path}: {name}") for name, text in texts.items() if text}


def _text(path: Path, name: str, value: object) -> str:
    """Return a value of TOML as the environment would have it: shares may be numbers there, and yes and no its own."""
    if isinstance(value, bool) and name in _YES_OR_NO:
        return "yes" if value else "no"
    if isinstance(value, int | float) and not isinstance(value, bool) and name in _SHARES:
        return str(value)
    if not isinstance(value, str):
        raise SettingsInvalid(f'{path}: {name} = {value!r} is not text: write {name} = "…"')
    return value


def _from_luigi_cfg(path: Path | None) -> dict[str, _Value]:
    if path is None:
        return {}
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(path.read_text(encoding="utf-8"), source=str(path))
    except (OSError, ValueError, configparser.Error) as error:
        raise SettingsInvalid(f"{path} cannot be read ({_place_of(error) or plain_reason(error)}): mend it") from error
    texts = dict(parser["acne"]) if parser.has_section("acne") else {}
    return {name: _Value(texts[name], f"{path}: {name}") for name in NAMES if texts.get(name)}


def _place_of(error: Exception) -> str:
    """Return which line of luigi.cfg is wrong, and how; empty where that is not known."""
    match error:
        case configparser.MissingSectionHeaderError():
            return f"line {error.lineno} stands before any [section]"
        case configparser.DuplicateSectionError() | configparser.DuplicateOptionError():
            return f"line {error.lineno} is there twice"
        case configparser.ParsingError():
            return f"line {error.errors[0][0]} is no setting"
    return ""
