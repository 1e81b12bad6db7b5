"""See that Qt finds the system libraries it wants; install them where that is allowed, else say how."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from gui import screen

PACKAGES = (*screen.PACKAGES, "fonts-dejavu-core")


def qt_starts() -> str | None:
    """Return None when a window could be made, if on no screen, else Qt's own word for what is missing."""
    code = "from PySide6.QtWidgets import QApplication; QApplication([])"
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    tried = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    return None if tried.returncode == 0 else tried.stderr.strip().splitlines()[-1]


def main() -> int:
    """Return 0 when Qt starts, at the latest after an installation."""
    missing = qt_starts()
    if missing is None:
        return 0
    command = f"apt-get install -y --no-install-recommends {' '.join(PACKAGES)}"
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        print(f"Qt lacks system libraries ({missing}); installing them", file=sys.stderr)
        subprocess.run([apt, "update", "-qq"], check=False)
        subprocess.run([apt, *command.split()[1:], "-qq"], check=False)
        missing = qt_starts()
    if missing is not None:
        print(f"Qt cannot start ({missing}); on Debian: sudo {command}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
