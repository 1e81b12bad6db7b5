"""Where no window can be shown, one line says why and what to do, before Qt aborts the process."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from gui import screen

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a screen")


def test_no_screen_at_all() -> None:
    reason = screen.display_problem({})
    assert reason == ("there is no display: DISPLAY and WAYLAND_DISPLAY are not set; use `acne predict` in a terminal")


@pytest.mark.parametrize(
    "environ",
    [{"QT_QPA_PLATFORM": "offscreen"}, {"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":987"}],
    ids=["no screen wanted", "Wayland"],
)
def test_what_is_not_x11_is_left_to_qt(environ: dict[str, str]) -> None:
    assert screen.display_problem(environ) is None


def test_a_library_of_x11_that_is_missing_comes_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "missing_x11_library", lambda: "libxcb-cursor.so.0")
    reason = str(screen.display_problem({"DISPLAY": ":987"}))
    assert reason.startswith(
        "Qt cannot show a window, libxcb-cursor.so.0 is missing; on Debian and Ubuntu: sudo apt-get"
    )
    assert "libxcb-cursor0" in reason


def test_the_program_ends_with_that_line_alone_where_the_screen_is_gone() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "acnelib.cli", "gui"],
        env={name: value for name, value in os.environ.items() if name not in {"QT_QPA_PLATFORM", "WAYLAND_DISPLAY"}}
        | {"DISPLAY": ":987"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout, len(ran.stderr.splitlines())) == (1, "", 1)
    assert ("does not respond" in ran.stderr) is (screen.missing_x11_library() is None)
