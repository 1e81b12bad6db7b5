"""The position and size of the window: restored on screens that may have changed, sensible the first time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QRect, QSize
from PySide6.QtGui import QGuiApplication

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtWidgets import QSplitter, QWidget

    from gui.state.preferences import Preferences

_SHARE = 0.8  # of the screen
_LARGEST = QSize(1400, 950)  # on a large screen, more would be far to look and to point
_SEEN = 80  # pixels of the window in both directions, so that it can be moved


def restore(window: QWidget, preferences: Preferences, *, splitters: Mapping[str, QSplitter] | None = None) -> None:
    """Put a window, before it is shown, where it was left; where that is not known or no more, in the middle.

    Args:
        window: The window.
        preferences: What is remembered.
        splitters: Its splitters by name.
    """
    known = window.restoreGeometry(_decoded(preferences.geometry))
    if not known:
        window.resize(first_size(_available(window).size(), least=window.minimumSize()))
    if not known or not _is_seen(window):
        bring_back(window)
    for name, splitter in (splitters or {}).items():
        if name in preferences.splitters:
            splitter.restoreState(_decoded(preferences.splitters[name]))


def remembered(window: QWidget, *, splitters: Mapping[str, QSplitter] | None = None) -> dict[str, Any]:
    """Return what to keep of a window, as :meth:`PreferenceStore.keep` takes it."""
    states = {name: _encoded(splitter.saveState()) for name, splitter in (splitters or {}).items()}
    return {"geometry": _encoded(window.saveGeometry()), "splitters": states}


def first_size(available: QSize, *, least: QSize) -> QSize:
    """Return the size of a window on a screen with so much room, where none is remembered."""
    wanted = QSize(round(available.width() * _SHARE), round(available.height() * _SHARE)).boundedTo(_LARGEST)
    return wanted.expandedTo(least).boundedTo(available)


def make_room(window: QWidget, height: int) -> None:
    """Make a window so high, as far as its screen allows, unless it is higher or fills the screen anyway."""
    if window.isMaximized() or window.isFullScreen() or window.height() >= height:
        return
    available = _available(window)
    beside = window.frameGeometry().height() - window.height()
    window.resize(window.width(), max(window.height(), min(height, available.height() - beside)))
    below = window.frameGeometry().bottom() - available.bottom()
    if below > 0:
        window.move(window.x(), max(available.top(), window.y() - below))


def bring_back(window: QWidget) -> None:
    """Put a window in the middle of its screen, and let it be no larger than that."""
    available = _available(window)
    window.resize(window.size().boundedTo(available.size()))
    place = QRect(window.pos(), window.size())
    place.moveCenter(available.center())
    window.move(place.topLeft())


def _is_seen(window: QWidget) -> bool:
    """Tell whether enough of a window, and the bar to move it by, lies on a screen that is there."""
    place = window.normalGeometry() if window.isMaximized() or window.isFullScreen() else window.geometry()
    for screen in QGuiApplication.screens():
        shown = screen.availableGeometry().intersected(place)
        if shown.width() >= _SEEN and shown.height() >= _SEEN and shown.top() <= place.top() + _SEEN:
            return True
    return False


def _available(window: QWidget) -> QRect:
    return window.screen().availableGeometry()


def _encoded(state: QByteArray) -> str:
    return bytes(state.toBase64().data()).decode("ascii")


def _decoded(text: str) -> QByteArray:
    return QByteArray.fromBase64(text.encode(errors="replace"))
