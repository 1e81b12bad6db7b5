"""Paths, addresses and preferences of the program: one frozen :class:`Settings`.

Each setting comes from the first of these that has it: a flag of the command line, the environment
(``ACNE_<NAME>``, and MLflow's own ``MLFLOW_TRACKING_URI``), ``settings.toml`` in the home, the section
``[acne]`` of the nearest ``luigi.cfg``, the default below.
"""

from __future__ import annotations

import configparser
import logging
import math
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs

from acnelib.config import settings_file
from acnelib.config.loopback import is_loopback_url
from acnelib.config.stack_choice import RECORD, StackChoice, choose_stack
from acnelib.errors import SettingsInvalid
from acnelib.text.plain_reasons import plain_reason

if TYPE_CHECKING:
    from collections.abc import Mapping

logger = logging.getLogger(__name__)

APPLICATION = "acnelib"


def _named_by_caller() -> dict[str, str]:
    return {"stack": "the calling program"}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of the program for this machine and this user.

    Attributes:
        home: Folder of ``settings.toml`` and of ``stack.json``, which records the user's embedded stack.
        cache: Folder of downloaded model bundles, safe to delete.
        stack: Folder of the embedded stack that is named, else the default one; :meth:`stack_choice` has the folder
            that is used.
        workdir: Folder of photos, embeddings, candidates and the targets of tasks.
        model_name: Name of the registered model.
        tracking_uri: Address of the configured tracking server; None: the embedded one.
        luigid_url: Address of the configured luigid; None: the embedded one.
        contact: How the owner of a scraped site can reach the operator (an address or a URL).
        gate_confidence: Probability (0.5–1) of being better that the gate asks of a candidate.
        gate_margin: Macro-F1 (0–1) by which a candidate with another advantage may be worse.
        export_to: Folder or ``s3://BUCKET/PREFIX`` to which what the gate promotes is exported; None: nowhere.
        webhook: Address that is notified when a run ends; None: no notification.
        webhook_plain: Whether that address may be plain http:// on another machine.
        named_by: The variable or file that each setting comes from; settings without an entry are defaults.
    """

    home: Path
    cache: Path
    stack: Path
    workdir: Path
    model_name: str = "acne"
    tracking_uri: str | None = None
    luigid_url: str | None = None
    contact: str | None = None
    gate_confidence: float = 0.9
    gate_margin: float = 0.02
    export_to: str | None = None
    webhook: str | None = None
    webhook_plain: bool = False
    named_by: Mapping[str, str] = field(default_factory=_named_by_caller, compare=False, repr=False)

    @property
    def toml_file(self) -> Path:
        """The file of settings in the home: people write it, and the program only its own tables."""
        return self.home / "settings.toml"

    @property
    def stack_file(self) -> Path:
        """The file (mode 0600) that records the user's embedded stack."""
        return self.home / RECORD

    @property
    def uses_embedded(self) -> bool:
        """Whether the tracking server is that of the embedded stack: none is configured, or its own address is."""
        if self.tracking_uri is None:
            return True
        return is_loopback_url(self.tracking_uri) and self.tracking_uri.rstrip("/") == self.embedded_url("mlflow")

    def server(self) -> str | None:
        """Return the address of the tracking server to ask: the configured one, else the embedded one."""
        return self.tracking_uri or self.embedded_url("mlflow")

    def scheduler(self) -> str | None:
        """Return the address of luigid: the configured one, else the embedded one."""
        return self.luigid_url or self.embedded_url("luigid")

    def embedded_url(self, service: str) -> str | None:
        """Return the address of a service of the embedded stack that is used; None: it was never started."""
        entry = self.stack_record().get("services", {}).get(service)
        return str(entry["url"]) if entry else None

    def stack_record(self) -> dict[str, Any]:
        """Return the addresses of the embedded stack that is used; empty when it was never started.

        Raises:
            SettingsInvalid: Its record is not readable JSON.
        """
        return self.stack_choice().record

    def stack_choice(self) -> StackChoice:
        """Return the embedded stack that is used now, and why; another program may start or delete one at any time.

        Raises:
            SettingsInvalid: A record of a stack is not readable JSON.
        """
        return choose_stack(named_by=self.named_by.get("stack"), folder=self.stack, home_record=self.stack_file)

    @classmethod
    def load(cls, *, environ: Mapping[str, str] | None = None, cwd: Path | None = None) -> Settings:
        """Collect the settings for a process.

        Args:
            environ: Environment variables; default those of this process.
            cwd: Folder from which the nearest ``luigi.cfg`` is looked for; default the current one.

        Raises:
            SettingsInvalid: A file of settings cannot be parsed, or a value has the wrong type.
        """
        environ = os.environ if environ is None else environ
        cwd = Path.cwd() if cwd is None else cwd
        home = home_of(environ)
        cache = home / "cache" if environ.get("ACNE_HOME") else platformdirs.user_cache_path(APPLICATION)
        luigi_cfg = nearest_luigi_cfg(cwd)
        toml = home / "settings.toml"
        layers = (_from_environment(environ), _from_toml(toml), _from_luigi_cfg(luigi_cfg))

        def first(name: str) -> str | None:
            return next((layer[name] for layer in layers if layer.get(name)), None)

        def origin(name: str) -> str | None:
            origins = (_variable(name, environ), str(toml), str(luigi_cfg))
            return next((origin for layer, origin in zip(layers, origins, strict=True) if layer.get(name)), None)

        def place(name: str) -> str | None:
            value = first(name)
            return value if value is None or "://" in value else str((cwd / Path(value).expanduser()).absolute())

        def folder(name: str, default: Path) -> Path:
            value = first(name)
            return (cwd / Path(value).expanduser()).absolute() if value else default

        return cls(
            home=home,
            cache=folder("cache", cache),
            stack=folder("stack", (luigi_cfg.parent if luigi_cfg else home) / "mlruns"),
            workdir=folder("workdir", (cwd / "data").absolute()),
            model_name=first("model_name") or cls.model_name,
            tracking_uri=first("tracking_uri"),
            luigid_url=first("luigid_url"),
            contact=first("contact"),
            gate_confidence=_share("gate_confidence", first("gate_confidence"), cls.gate_confidence, least=0.5),
            gate_margin=_share("gate_margin", first("gate_margin"), cls.gate_margin, least=0.0),
            export_to=place("export_to"),
            webhook=first("webhook"),
            webhook_plain=_yes_or_no("webhook_plain", first("webhook_plain")),
            named_by={name: source for name in NAMES if (source := origin(name))},
        )


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

_SHARES = {"gate_confidence", "gate_margin"}
_YES_OR_NO = {"webhook_plain"}


def home_of(environ: Mapping[str, str]) -> Path:
    """Return the folder of ``settings.toml`` for a process with these environment variables."""
    named = environ.get("ACNE_HOME")
    return Path(named).expanduser().absolute() if named else platformdirs.user_data_path(APPLICATION)


def naming_variable(environ: Mapping[str, str] | None = None) -> str | None:
    """Return the environment variable that names the tracking server, before every file; None: none is set."""
    environ = os.environ if environ is None else environ
    return next((name for name in ("MLFLOW_TRACKING_URI", "ACNE_TRACKING_URI") if environ.get(name)), None)


def _share(name: str, text: str | None, default: float, *, least: float) -> float:
    if text is None:
        return default
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not least <= value < 1:
        raise SettingsInvalid(f"{name} = {text!r}: write a number from {least} to below 1, such as {default}")
    return value


def _yes_or_no(name: str, text: str | None) -> bool:
    if text not in {None, "yes", "no"}:
        raise SettingsInvalid(f"{name} = {text!r}: write yes or no")
    return text == "yes"


def nearest_luigi_cfg(cwd: Path) -> Path | None:
    """Return the ``luigi.cfg`` of this folder or of the nearest one above it, if there is one.

    One that a stranger put into a folder above, such as /tmp, would say where logins are sent: it is passed over.
    """
    found = (path for folder in (cwd, *cwd.parents) if (path := folder / "luigi.cfg").is_file())
    return next((path for path in found if _is_trusted(path, cwd)), None)


def _is_trusted(path: Path, cwd: Path) -> bool:
    """Return whether a file belongs to this user, to the system, or to the owner of the current folder."""
    if not hasattr(os, "geteuid"):
        return True
    if _owner(path) in {os.geteuid(), 0, _owner(cwd)}:
        return True
    logger.warning("%s belongs to another user and is not read: copy it into your own folder", path)
    return False


def _owner(path: Path) -> int:
    return path.stat().st_uid


def _variable(name: str, environ: Mapping[str, str]) -> str:
    return str(naming_variable(environ)) if name == "tracking_uri" else f"ACNE_{name.upper()}"


def _from_environment(environ: Mapping[str, str]) -> dict[str, str]:
    values = {name: environ[key] for name in NAMES if (key := f"ACNE_{name.upper()}") in environ}
    if uri := environ.get("MLFLOW_TRACKING_URI"):
        values["tracking_uri"] = uri
    return values


def _from_toml(path: Path) -> dict[str, str]:
    table = settings_file.read(path)
    return {name: _text(path, name, table[name]) for name in NAMES if name in table}


def _text(path: Path, name: str, value: object) -> str:
    """Return a value of TOML as the environment would have it: shares may be numbers there, and yes and no its own."""
    if isinstance(value, bool) and name in _YES_OR_NO:
        return "yes" if value else "no"
    if isinstance(value, int | float) and not isinstance(value, bool) and name in _SHARES:
        return str(value)
    if not isinstance(value, str):
        raise SettingsInvalid(f'{path}: {name} = {value!r} is not text: write {name} = "…"')
    return value


def _from_luigi_cfg(path: Path | None) -> dict[str, str]:
    if path is None:
        return {}
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(path.read_text(encoding="utf-8"), source=str(path))
    except (OSError, ValueError, configparser.Error) as error:
        raise SettingsInvalid(f"{path} cannot be read ({_place_of(error) or plain_reason(error)}): mend it") from error
    return dict(parser["acne"]) if parser.has_section("acne") else {}


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
