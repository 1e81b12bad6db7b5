"""The check for a Java that Spark can run on."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from acnelib.errors import ServiceFailed
from acnelib.text.plain_reasons import plain_reason

if TYPE_CHECKING:
    from collections.abc import Mapping

MIN_VERSION = 17
ADVICE = f"install Java {MIN_VERSION} (Debian: apt-get install openjdk-17-jre-headless), or set JAVA_HOME to one"

_VERSION = re.compile(r'version "(?:1\.)?(\d+)')


def check_java(environ: Mapping[str, str] | None = None) -> None:
    """Check that Spark will find a Java that is new enough.

    Raises:
        ServiceFailed: There is none, or it is too old.
    """
    environ = os.environ if environ is None else environ
    home = environ.get("JAVA_HOME")
    java = str(Path(home, "bin", "java")) if home else shutil.which("java", path=environ.get("PATH", os.defpath))
    if java is None or not Path(java).is_file():
        where = f"JAVA_HOME = {home!r} has none" if home else "there is none on PATH"
        raise ServiceFailed(f"Spark needs Java, and {where}: {ADVICE}, or use --engine local")
    try:
        output = subprocess.run(
            [java, "-version"], capture_output=True, encoding="utf-8", errors="replace", timeout=30, check=False
        ).stderr
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ServiceFailed(f"{java} cannot be run ({plain_reason(error)}): {ADVICE}, or use --engine local") from error
    version = _VERSION.search(output)
    if version is None or int(version[1]) < MIN_VERSION:
        found = version[1] if version else "of unknown version"
        raise ServiceFailed(f"Spark needs Java {MIN_VERSION} or newer, and {java} is {found}: {ADVICE}")
