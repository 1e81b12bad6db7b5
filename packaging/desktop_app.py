"""What the built desktop app starts with: the options of ``acne gui``."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import NoReturn

from acnelib.text.visible import visible
from gui.state.review_session import QueueOrder


def main() -> int:
    """Read the options and run the app; return the exit code."""
    _suit_the_desktop()
    parser = _Parser(prog="acnelib", description="The desktop app. A research tool, not a diagnosis.")
    parser.add_argument("files", metavar="FILE", nargs="*", help="photos, or folders of photos, to open")
    parser.add_argument(
        "--model",
        default="production",
        metavar="NAME|VERSION|DIR",
        help="production, staging, the number of a version, or the folder of a bundle",
    )
    parser.add_argument(
        "--review",
        choices=[order.value for order in QueueOrder],
        help="review the photos in this order",
    )
    parser.add_argument(
        "--trace-startup", action="store_true", help="print how long it took to start; with a file, leave afterwards"
    )
    parser.add_argument("--version", action="store_true", help="print the version and leave")
    arguments = parser.parse_args()
    if arguments.version:
        from acnelib import __version__

        print(f"acnelib {__version__}")
        return 0
    from gui.application import main as run

    return run(
        model=arguments.model, files=arguments.files, review=arguments.review, trace_startup=arguments.trace_startup
    )


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with the options in one line, whatever stands in them."""

    def error(self, message: str) -> NoReturn:
        """Print what is wrong, and leave."""
        super().error(visible(message))


def _suit_the_desktop() -> None:
    for stream in ("stdout", "stderr"):  # a program with a window has neither on Windows
        if getattr(sys, stream) is None:
            setattr(sys, stream, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  open to the end
    # What this program opens, as a browser, must not find the libraries that belong to this one.
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    if before is not None:
        os.environ["LD_LIBRARY_PATH"] = before
    elif getattr(sys, "frozen", False):
        os.environ.pop("LD_LIBRARY_PATH", None)


if __name__ == "__main__":
    sys.exit(main())
