"""Checks of the installation, the machine, the servers and the model, each with a remedy.

The checks start nothing, and change nothing but one small object that they write to the artifact store and delete
again. They also run on a minimal installation, so they import modules of an extra only after checking for it.
"""

from acnelib.doctor.check_result import CheckResult, CheckStatus
from acnelib.doctor.checks import run_checks

__all__ = ["CheckResult", "CheckStatus", "run_checks"]
