"""Luigi's configuration in a process of acnelib: a foreign ``luigi.cfg`` changes no run."""

from __future__ import annotations

from pathlib import Path

from acnelib.config.loopback import keep_from_proxies
from acnelib.config.setting_sources import nearest_luigi_cfg
from luigi_tasks.trusted_import import import_luigi

OVERRULED = import_luigi()
"""Variables of Luigi that do not count in this process."""

import luigi  # noqa: E402 - by now with the right configuration

WORKER_OPTIONS = {"check_complete_on_run": "true", "keep_alive": "false", "send_failure_email": "false"}
"""A task without its target has failed; the run itself waits for tasks of other workers, and reports failures."""

CORE_OPTIONS = {"no_configure_logging": "true", "parallel_scheduling": "false"}
"""The command line configures logging; tasks are scheduled in this process, whose listener they report to."""

_OWN_SECTIONS = ("worker", "scheduler", "resources")
"""Sections of which nothing else counts in a run: a limit or a time in them ends it without a task that failed."""


def configure_luigi() -> None:
    """Set the options that a run needs, and forget those that break it."""
    keep_from_proxies()  # requests to luigid
    if nearest := nearest_luigi_cfg(Path.cwd()):
        luigi.configuration.add_config_path(str(nearest))
    config = luigi.configuration.get_config()
    for section in _OWN_SECTIONS:
        config.remove_section(section)
    for section, options in (("worker", WORKER_OPTIONS), ("core", CORE_OPTIONS)):
        for key, value in options.items():
            config.set(section, key, value)
