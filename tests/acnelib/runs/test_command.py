"""The command of a run that the schedule and the API start."""

from __future__ import annotations

import subprocess
from pathlib import Path

from acnelib.runs.process import COMMAND


def test_a_file_in_the_current_folder_does_not_pass_for_a_module():
    Path("json.py").write_text("raise SystemExit('the file was imported')")
    ran = subprocess.run([*COMMAND, "--help"], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
