"""The system's own view of a folder, with a file selected in it where the system can do that."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

if TYPE_CHECKING:
    from pathlib import Path


def show_in_folder(path: Path) -> bool:
    """Open the folder of a file; return whether the system took the request."""
    select = {"win32": ["explorer", f"/select,{path}"], "darwin": ["open", "-R", str(path)]}.get(sys.platform)
    if select is None:
        return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))
    try:
        subprocess.Popen(select, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except OSError:
        return False
    return True
