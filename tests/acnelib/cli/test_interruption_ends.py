"""An interrupted command ends, whatever is left running in it."""

from __future__ import annotations

import subprocess
import sys

from acnelib.cli.interruption import INTERRUPTED

LEAVES_A_THREAD = """
import threading
from acnelib.cli.interruption import end_soon
threading.Thread(target=threading.Event().wait).start()
end_soon(grace=0.1)
"""


def test_a_thread_that_does_not_end_keeps_an_interrupted_command_for_a_moment_only():
    ran = subprocess.run([sys.executable, "-c", LEAVES_A_THREAD], timeout=30, check=False)
    assert ran.returncode == INTERRUPTED
