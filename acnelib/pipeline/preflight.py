"""The preflight of a run: what would end it later is noticed before anything is computed."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from acnelib.config.luigi_files import worker_options
from acnelib.errors import TrackingFailed
from acnelib.export.destinations import destination_of
from acnelib.pipeline.failures import is_transient
from acnelib.registry.experiments import check_artifacts, check_experiment
from acnelib.registry.rest import MlflowRest
from acnelib.runs.notifications import Webhook
from acnelib.runs.stage import Stage
from acnelib.storage.files import check_writable
from acnelib.storage.trust import check_trusted
from acnelib.text.problems import Problems

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from acnelib.config.settings import Settings

_BEFORE_SERVER = {Stage.SCRAPE, Stage.CURATE}
_BEFORE_RUNS = {*_BEFORE_SERVER, Stage.SPLIT, Stage.ADAPT, Stage.FEATURES}


def check_machine(problems: Problems, settings: Settings, *, until: Stage = Stage.PROMOTE) -> None:
    """Check this machine's part of a run: its folders, its webhook, and the destination of exports.

    Args:
        problems: Receives what is wrong.
        settings: The settings of the run.
        until: The last stage of the run.
    """
    problems.check(lambda: check_trusted(settings.workdir))
    problems.check(lambda: check_writable(settings.workdir))
    problems.check(lambda: Webhook.of(settings))
    export_to = settings.export_to
    if export_to and until == Stage.PROMOTE:
        problems.check(lambda: destination_of(export_to, settings=settings).check())


def check_tracking(settings: Settings, *, until: Stage = Stage.PROMOTE) -> None:
    """Check that the tracking server takes the runs of a pipeline, as far as this one goes.

    Args:
        settings: The settings of the run.
        until: The last stage of the run.

    Raises:
        TrackingFailed: It does not answer, or does not take them.
    """
    server = settings.server()
    if until in _BEFORE_SERVER or server is None:
        return
    with contextlib.closing(MlflowRest(server)) as rest:
        check_experiment(rest, settings.model_name)
        if until not in _BEFORE_RUNS:
            check_artifacts(rest, settings.model_name)


def check_later_runs(settings: Settings, *, report: Callable[[str], None]) -> None:
    """Check what later runs need, as a schedule does when it starts.

    A server that is not up yet may be up by then: that is reported, and no failure.

    Args:
        settings: The settings of the runs.
        report: Receives what may be wrong.

    Raises:
        AcneError: Each run would fail.
    """
    problems = Problems()
    check_machine(problems, settings)
    try:
        check_tracking(settings)
    except TrackingFailed as error:
        if not is_transient(error):
            problems.add(error)
        elif not settings.uses_embedded:  # the embedded stack is started by the run
            report(f"Now, a run would fail: {error}")
    problems.raise_all()


def report_luigi_options(report: Callable[[str], None], *, overruled: Sequence[str] = ()) -> None:
    """Report what Luigi's own configuration asks for in vain.

    Args:
        report: Receives one line, if there is anything.
        overruled: Variables of Luigi that were overruled.

    Raises:
        SettingsInvalid: A file of it cannot be read.
    """
    ignored = [*worker_options(os.environ, Path.cwd()), *overruled]
    if ignored:
        report(f"Not used by this run, which it might break: {', '.join(ignored)}")
