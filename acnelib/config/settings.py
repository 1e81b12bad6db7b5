"""Paths, addresses and preferences of the program: one frozen :class:`Settings`.

Each setting comes from the first of these that has it: a flag of the command line, the environment
(``ACNE_<NAME>``, and MLflow's own ``MLFLOW_TRACKING_URI``), ``settings.toml`` in the home, the section
``[acne]`` of the nearest ``luigi.cfg``, the default below.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs

from acnelib.config.loopback import is_loopback_url
from acnelib.config.setting_sources import MLFLOWS_OWN, NAMES, SettingSources, nearest_luigi_cfg
from acnelib.config.setting_values import (
    checked_export,
    checked_folder,
    checked_model_name,
    checked_server_address,
    checked_share,
    checked_webhook,
    checked_yes_or_no,
)
from acnelib.config.stack_choice import RECORD, StackChoice, choose_stack
from acnelib.config.tls import TlsOptions, is_encrypted
from acnelib.storage.trust import check_trusted

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["APPLICATION", "NAMES", "Settings", "home_of", "naming_variable", "nearest_luigi_cfg"]

APPLICATION = "acnelib"
TOML_FILE = "settings.toml"


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
        return self.home / TOML_FILE

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
            SettingsInvalid: A file of settings cannot be parsed, or values cannot be used; all of them are named.
        """
        environ = os.environ if environ is None else environ
        cwd = Path.cwd() if cwd is None else cwd
        home = home_of(environ)
        cache = home / "cache" if environ.get("ACNE_HOME") else platformdirs.user_cache_path(APPLICATION)
        luigi_cfg = nearest_luigi_cfg(cwd, environ=environ)
        sources = SettingSources.read(environ, toml=home / TOML_FILE, luigi_cfg=luigi_cfg)
        checked = sources.checked
        plain = checked("webhook_plain", checked_yes_or_no, cls.webhook_plain)
        settings = cls(
            home=home,
            cache=checked("cache", checked_folder, cache, cwd=cwd),
            stack=checked("stack", checked_folder, (luigi_cfg.parent if luigi_cfg else home) / "mlruns", cwd=cwd),
            workdir=checked("workdir", checked_folder, (cwd / "data").absolute(), cwd=cwd),
            model_name=checked("model_name", checked_model_name, cls.model_name),
            tracking_uri=checked("tracking_uri", checked_server_address, None, example="http://127.0.0.1:5000"),
            luigid_url=checked("luigid_url", checked_server_address, None, example="http://127.0.0.1:8082"),
            contact=sources.text("contact"),
            gate_confidence=checked(
                "gate_confidence", checked_share, cls.gate_confidence, least=0.5, such_as=cls.gate_confidence
            ),
            gate_margin=checked("gate_margin", checked_share, cls.gate_margin, least=0.0, such_as=cls.gate_margin),
            export_to=checked("export_to", checked_export, None, cwd=cwd),
            webhook=checked("webhook", checked_webhook, None, plain=plain),
            webhook_plain=plain,
            named_by=sources.origins(),
        )
        if is_encrypted(settings.tracking_uri):
            sources.problems.check(lambda: TlsOptions.of(environ))
        sources.problems.raise_all()
        return settings


def home_of(environ: Mapping[str, str]) -> Path:
    """Return the folder of ``settings.toml`` for a process with these environment variables.

    Raises:
        SettingsInvalid: It is no path, or another user may write there.
    """
    named = environ.get("ACNE_HOME")
    if named:
        home = checked_folder(named, cwd=Path.cwd(), called="ACNE_HOME")
    else:
        home = platformdirs.user_data_path(APPLICATION)
    check_trusted(home, environ=environ)
    return home


def naming_variable(environ: Mapping[str, str] | None = None) -> str | None:
    """Return the environment variable that names the tracking server, before every file; None: none is set."""
    environ = os.environ if environ is None else environ
    return next((name for name in (MLFLOWS_OWN, "ACNE_TRACKING_URI") if environ.get(name)), None)
