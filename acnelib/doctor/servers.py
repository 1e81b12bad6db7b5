"""Checks of the servers: those of the embedded stack, and those in the settings."""

from __future__ import annotations

import contextlib
import secrets
from typing import TYPE_CHECKING

from acnelib.config.stack_choice import StackRule
from acnelib.doctor.check_result import CheckResult, failed, ok, skipped, warning
from acnelib.doctor.installation import missing_of
from acnelib.errors import ModelUnavailable, ServiceFailed, SettingsInvalid, TrackingFailed
from acnelib.registry.abandoned import find_abandoned
from acnelib.registry.experiments import PROBE, check_experiment
from acnelib.registry.rest import MlflowRest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from acnelib.config.settings import Settings
    from acnelib.services import Stack

_NEVER = "none was started or configured"
_START = "run `acne up`, `acne demo` or `acne pipeline`, or set MLFLOW_TRACKING_URI"


def stack_in_use(settings: Settings) -> CheckResult:
    """Say which stack is used, and which rule chose it."""
    title = "stack in use"
    if not settings.uses_embedded:
        named_by = settings.named_by.get("tracking_uri", "the calling program")
        detail = f"none of your own: the tracking server is {settings.tracking_uri}, named by {named_by}"
        if settings.luigid_url:
            named_by = settings.named_by.get("luigid_url", "the calling program")
            detail += f"; luigid is {settings.luigid_url}, named by {named_by}"
        return ok(title, detail)
    choice = settings.stack_choice()
    detail = f"{choice.folder} ({choice.reason})"
    if choice.passed_over:
        detail += f"; this folder's own would be {choice.passed_over}, with ACNE_STACK"
    if choice.rule == StackRule.NAMED and (users := choice.elsewhere):
        detail += f"; where it is not named, your stack in {users} is used"
    if not missing_of("pipeline") and (others := _stack(settings).others_running()):
        detail += f"; also running: {', '.join(map(str, others))}"
    return ok(title, detail)


def embedded_services(settings: Settings) -> Iterator[CheckResult]:
    """Check the processes of the embedded stack that clients use."""
    title = "embedded stack"
    if not settings.uses_embedded:
        yield skipped(title, f"not used: the tracking server is {settings.tracking_uri}")
    elif not settings.stack_record():
        yield skipped(title, "never started", _START)
    elif missing := missing_of("pipeline"):
        yield skipped(title, f"cannot be checked without {', '.join(missing)}", "pip install 'acnelib[pipeline]'")
    else:
        try:
            services = _stack(settings).status()
        except ServiceFailed as error:
            yield failed(title, error, "run `acne up`")
            return
        for name, service in services.items():
            if service.healthy:
                yield ok(f"service {name}", str(service.url))
            else:
                where = f"{service.url}: " if service.url else ""
                remedy = f"run `acne up`; if it does not stay up: `acne logs {name}`"
                yield failed(f"service {name}", f"{where}{service.why}", remedy)


def tracking_server(settings: Settings) -> CheckResult:
    """Check whether the tracking server that clients use answers as MLflow does."""
    title, server = "tracking server", settings.server()
    if server is None:
        return skipped(title, _NEVER, _START)
    try:
        with contextlib.closing(MlflowRest(server)) as rest:
            rest.get("experiments/search", max_results="1", gives="experiments", absent=[])
    except (TrackingFailed, ModelUnavailable, SettingsInvalid) as error:
        return _failed(title, error, _remedy(settings))
    return ok(title, f"{server} answers as MLflow does")


def experiment(settings: Settings) -> CheckResult:
    """Check whether runs can be written to the experiment of the model."""
    title, server = "experiment", settings.server()
    if server is None:
        return skipped(title, _NEVER, _START)
    try:
        with contextlib.closing(MlflowRest(server)) as rest:
            rest.get("experiments/search", max_results="1", gives="experiments", absent=[])
    except (TrackingFailed, ModelUnavailable, SettingsInvalid):
        return skipped(title, f"{server} does not answer as it should")
    try:
        with contextlib.closing(MlflowRest(server)) as rest:
            check_experiment(rest, settings.model_name)
    except (TrackingFailed, SettingsInvalid) as error:
        return _failed(title, error, _remedy(settings))
    return ok(title, settings.model_name)


def artifact_store(settings: Settings) -> CheckResult:
    """Write, read and delete a small artifact through the tracking server, as clients do."""
    title, server = "artifact store", settings.server()
    if server is None:
        return skipped(title, _NEVER, _START)
    token = secrets.token_hex(8)
    try:
        with contextlib.closing(MlflowRest(server)) as rest:
            rest.try_store(f"{PROBE}/{token}.txt", token.encode())
    except (TrackingFailed, ModelUnavailable, SettingsInvalid) as error:
        return _failed(title, error, _store_remedy(settings))
    return ok(title, f"written, read and deleted through {server}")


def s3_store(settings: Settings) -> CheckResult:
    """Write, read and delete a small object in the embedded S3 store, with its own keys."""
    title = "S3 store"
    if not settings.uses_embedded:
        return skipped(title, f"the store behind {settings.tracking_uri} is not managed by acnelib")
    if not settings.stack_record():
        return skipped(title, "never started", _START)
    if missing := missing_of("pipeline"):
        return skipped(title, f"cannot be checked without {', '.join(missing)}", "pip install 'acnelib[pipeline]'")
    from acnelib.services.s3 import S3

    url, token = str(settings.embedded_url("s3")), secrets.token_hex(8)
    try:
        S3(_stack(settings).credentials()).try_object(url, key=f"{PROBE}/{token}.txt", content=token.encode())
    except ServiceFailed as error:
        return failed(title, error.reason, error.remedy or "run `acne up`; if it fails again, see log/s3.log")
    return ok(title, f"written, read and deleted at {url}")


def luigid(settings: Settings) -> CheckResult:
    """Check whether the scheduler that runs use answers."""
    url = settings.scheduler()
    if url is None:
        return skipped("luigid", _NEVER, "run `acne up`, set ACNE_LUIGID_URL, or use --local-scheduler")
    remedy = "start that luigid or correct ACNE_LUIGID_URL" if settings.luigid_url else "run `acne up`"
    if missing := missing_of("pipeline"):
        return skipped("luigid", f"cannot be checked without {', '.join(missing)}", "pip install 'acnelib[pipeline]'")
    from acnelib.services.luigid import check_luigid

    try:
        check_luigid(url)
    except ServiceFailed as error:
        return failed("luigid", error.reason, remedy)
    return ok("luigid", url)


def unfinished_runs(settings: Settings) -> CheckResult:
    """Check whether killed processes of this machine left MLflow runs open."""
    title, server = "unfinished runs", settings.server()
    if server is None:
        return skipped(title, _NEVER, _START)
    if missing := missing_of("pipeline"):
        return skipped(title, f"cannot be checked without {', '.join(missing)}", "pip install 'acnelib[pipeline]'")
    try:
        abandoned = find_abandoned(server)
    except (TrackingFailed, ModelUnavailable, SettingsInvalid):
        return skipped(title, f"{server} does not answer")
    if abandoned:
        number = len(abandoned)
        what = f"{number} {'runs are' if number > 1 else 'run is'} still open, though the process has ended"
        return warning(title, what, "run `acne up`, which closes what killed processes left open")
    return ok(title, "none")


def _stack(settings: Settings) -> Stack:
    from acnelib.services import Stack

    return Stack(settings)


def _failed(title: str, error: TrackingFailed | ModelUnavailable | SettingsInvalid, remedy: str) -> CheckResult:
    """Return a failure of the server with its own remedy, if it has one."""
    if isinstance(error, TrackingFailed) and error.remedy and not error.remedy.startswith("start it"):
        return failed(title, error.reason, error.remedy)
    if isinstance(error, SettingsInvalid):
        return failed(title, error, "correct that")
    return failed(title, error, remedy)


def _remedy(settings: Settings) -> str:
    if settings.uses_embedded:
        return "run `acne up`"
    return "start it, or correct MLFLOW_TRACKING_URI and MLFLOW_TRACKING_USERNAME/PASSWORD/TOKEN"


def _store_remedy(settings: Settings) -> str:
    if settings.uses_embedded:
        return "run `acne up`, which repairs S3"
    return "ask its administrator whether it serves artifacts (--serve-artifacts) and its store is running"
