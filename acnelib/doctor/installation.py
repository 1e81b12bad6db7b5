"""Checks of the installation: Python, the extras, and the files that are shipped or downloaded."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from importlib.util import find_spec

from acnelib.doctor.check_result import CheckResult, failed, ok, skipped, warning
from acnelib.storage.files import sha256_of_file

EXTRAS = {
    "train": ("tensorflow", "keras", "sklearn", "pydantic"),
    "pipeline": ("mlflow", "luigi", "boto3", "nanio", "psutil", "parsel", "protego", "tenacity", "matplotlib"),
    "gui": ("PySide6",),
}
"""The modules whose presence shows that an extra is installed."""

_OLDEST, _TOO_NEW = (3, 11), (3, 14)
_QT = """
import PySide6.QtWidgets
from gui.screen import X11_COMMAND, missing_x11_library
print(PySide6.__version__, missing_x11_library() or "", X11_COMMAND, sep="\\n")
"""
_QT_SECONDS = 60.0


def python_version() -> CheckResult:
    """Check the interpreter."""
    detail = f"{platform.python_version()} ({sys.executable})"
    if _OLDEST <= sys.version_info[:2] < _TOO_NEW:
        return ok("Python", detail)
    return failed("Python", detail, "install acnelib with Python 3.11, 3.12 or 3.13")


def extra(name: str) -> CheckResult:
    """Check whether an extra is installed; none of its modules is imported."""
    title, missing = f"extra {name}", missing_of(name)
    if not missing:
        return ok(title, "installed")
    return skipped(title, f"not installed ({', '.join(missing)} missing)", f"pip install 'acnelib[{name}]'")


def missing_of(name: str) -> list[str]:
    """Return the modules of an extra that are not installed."""
    return [module for module in EXTRAS[name] if find_spec(module) is None]


def starter_weights() -> CheckResult:
    """Check whether the shipped weights are intact."""
    from acnelib.training.networks.weights_files import STARTER_FILE, STARTER_SHA256

    title, remedy = "starter weights", "install acnelib again"
    if not STARTER_FILE.is_file():
        return failed(title, f"{STARTER_FILE} is missing", remedy)
    if sha256_of_file(STARTER_FILE) != STARTER_SHA256:
        return failed(title, f"{STARTER_FILE} differs from the file that was shipped", remedy)
    return ok(title, "intact")


def imagenet_weights() -> CheckResult:
    """Check whether the weights of the default networks are present, without network access."""
    from acnelib.training.networks.recipes import BEST
    from acnelib.training.networks.weights_files import imagenet_path

    title, paths = "ImageNet weights", [imagenet_path(branch.backbone) for branch in BEST.branches]
    missing = [path for path in paths if not path.is_file()]
    if not missing:
        return ok(title, f"{BEST}: in {paths[0].parent}")
    if missing_of("train"):
        return skipped(title, "needed for training only")
    names = " and ".join(path.name for path in missing)
    return warning(
        title,
        f"{BEST}: not downloaded yet",
        f"go online for the first training, copy {names} to {paths[0].parent}, or use --weights DIR or starter",
    )


def qt() -> CheckResult:
    """Check whether Qt loads in a separate process, which reveals missing system libraries."""
    if missing_of("gui"):
        return skipped("Qt", "the app is not installed")
    remedy = "install the missing library (Debian: apt install libgl1 libegl1 libxkbcommon0 libfontconfig1)"
    command = [sys.executable, "-c", _QT]
    try:
        # Python must not import a file of the current folder as Qt.
        environment = os.environ | {"PYTHONSAFEPATH": "1"}
        ran = subprocess.run(
            command,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_QT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.SubprocessError) as error:
        return failed("Qt", error, remedy)
    if ran.returncode:
        return failed("Qt", (ran.stderr.strip().splitlines() or [f"exit code {ran.returncode}"])[-1], remedy)
    version, missing, command_for_x11 = ran.stdout.split("\n")[:3]
    if missing:
        return warning("Qt", f"{version}; windows on X11 need {missing}, which is missing", command_for_x11)
    return ok("Qt", version)
