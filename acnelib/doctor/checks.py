"""All checks, ordered so that one failure explains the next."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from acnelib.config.credentials import AddressLogin
from acnelib.config.settings import Settings
from acnelib.doctor import installation, machine, model, servers
from acnelib.doctor.check_result import CheckResult, failed, ok
from acnelib.errors import SettingsInvalid

if TYPE_CHECKING:
    from collections.abc import Iterator


def run_checks(settings: Settings | None = None) -> Iterator[CheckResult]:
    """Run all checks, and yield each result as soon as it is known.

    Args:
        settings: The settings; default: those of this process.
    """
    yield installation.python_version()
    yield from map(installation.extra, installation.EXTRAS)
    try:
        settings = settings or Settings.load()
        settings.stack_record()
    except SettingsInvalid as error:
        for problem in error.problems:
            yield failed("settings", problem, "correct that; the other checks need it")
        return
    for result in _checks(settings):
        yield _without_logins(result, settings)


def _checks(settings: Settings) -> Iterator[CheckResult]:
    yield ok("settings", str(settings.home))
    yield servers.stack_in_use(settings)
    yield from machine.writable_folders(settings)
    yield from machine.disk_space(settings)
    yield machine.webhook(settings)
    yield machine.luigi_configuration()
    yield installation.starter_weights()
    yield installation.imagenet_weights()
    yield installation.qt()
    yield from servers.embedded_services(settings)
    yield servers.tracking_server(settings)
    yield servers.experiment(settings)
    yield servers.artifact_store(settings)
    yield servers.s3_store(settings)
    yield servers.luigid(settings)
    yield servers.unfinished_runs(settings)
    yield from model.production(settings)


def _without_logins(result: CheckResult, settings: Settings) -> CheckResult:
    """Take names and passwords that are written into a server's address out of a result."""
    detail = result.detail
    for address in filter(None, (settings.tracking_uri, settings.luigid_url)):
        detail = detail.replace(address.rstrip("/"), AddressLogin.of(address).address.rstrip("/"))
    return replace(result, detail=detail)
