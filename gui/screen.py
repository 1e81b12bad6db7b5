"""The check of the display: where no window can be shown, Qt itself aborts the process with a page of text."""

from __future__ import annotations

import ctypes
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

PACKAGES = (
    "libegl1",
    "libgl1",
    "libglib2.0-0",
    "libdbus-1-3",
    "libfontconfig1",
    "libxkbcommon0",
    "libxkbcommon-x11-0",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-image0",
    "libxcb-keysyms1",
    "libxcb-randr0",
    "libxcb-render-util0",
    "libxcb-shape0",
    "libxcb-xinerama0",
)
"""Debian's packages with the libraries that Qt wants of the system, those of X11 among them."""

X11_COMMAND = f"sudo apt-get install {' '.join(name for name in PACKAGES if 'xcb' in name or 'x11' in name)}"


def display_problem(environ: Mapping[str, str]) -> str | None:
    """Return in one line why no window can be shown, and what to do; None: no reason is known.

    Args:
        environ: Environment variables.
    """
    if sys.platform != "linux":
        return None
    wanted = environ.get("QT_QPA_PLATFORM", "")
    if not (wanted or environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")):
        return "there is no display: DISPLAY and WAYLAND_DISPLAY are not set; use `acne predict` in a terminal"
    if not (wanted.startswith("xcb") or (not wanted and not environ.get("WAYLAND_DISPLAY"))):
        return None
    if missing := missing_x11_library():
        return f"Qt cannot show a window, {missing} is missing; on Debian and Ubuntu: {X11_COMMAND}"
    display = environ.get("DISPLAY", "")
    if not _answers(display):
        return f"the display {display or '(none)'} that DISPLAY names does not respond: has its session ended?"
    return None


def missing_x11_library() -> str | None:
    """Return what Qt's part for X11 lacks of the system, such as ``libxcb-cursor.so.0``; None: nothing."""
    from PySide6.QtCore import QLibraryInfo

    plugin = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)) / "platforms" / "libqxcb.so"
    if not plugin.is_file():
        return None
    try:
        ctypes.CDLL(str(plugin))  # Qt loads it next, in any case
    except OSError as error:
        library = re.match(r"lib[\w.+-]+\.so[\w.]*", str(error))
        return library[0] if library else str(error)
    return None


def _answers(display: str) -> bool:
    """Return whether an X server lets this process in; Qt would abort where none does.

    The connection stays to the end of the process: a server that only this process uses restarts when its last
    client goes, and would reject Qt until then.
    """
    xcb = ctypes.CDLL("libxcb.so.1")  # which Qt's part for X11 has loaded
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = (ctypes.c_void_p,)
    return not xcb.xcb_connection_has_error(xcb.xcb_connect(display.encode(), None))
