"""The command ``acne``: parses arguments, calls one function, prints.

Contains one module per group of commands, the display on the terminal, and the handling of Ctrl-C. Results go to
standard output, everything else to standard error; each command imports only what it needs.
"""

import sys

try:
    from acnelib.cli.main import main
except KeyboardInterrupt:  # Ctrl-C while the program is still being read
    sys.stderr.write("acne: interrupted\n")
    raise SystemExit(130) from None

__all__ = ["main"]
