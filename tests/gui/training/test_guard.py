"""The guard of a training's process."""

from __future__ import annotations

import subprocess
import sys

CHECK = "import signal, sys; sys.exit(signal.getsignal(signal.SIGINT) is signal.SIG_IGN)"


def test_a_command_can_be_interrupted_although_the_app_was_started_where_interrupts_are_ignored():
    ignoring = ["sh", "-c", "trap '' INT; exec \"$@\"", "sh"]
    with subprocess.Popen(
        [*ignoring, sys.executable, "-m", "gui.training.guard", sys.executable, "-c", CHECK],
        stdin=subprocess.PIPE,  # which stays open, as that of an app that runs
        start_new_session=True,
    ) as guard:
        assert guard.wait(timeout=30) == 0
