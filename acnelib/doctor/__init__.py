"""Probing whether everything that acnelib needs is there and works, with a remedy for what does not.

It starts nothing, and changes nothing but one small object that it writes to the artifact store and removes again.
It runs on a bare installation, too, so it must not import what belongs to an extra before it has asked for it.
"""

from acnelib.doctor.check_result import CheckResult, CheckStatus
from acnelib.doctor.checks import run_checks

__all__ = ["CheckResult", "CheckStatus", "run_checks"]
