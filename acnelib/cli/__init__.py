"""The command ``acne``: parses arguments, calls one function, prints.

Contains one module per group of commands, the display on the terminal, and the handling of Ctrl-C. Results go to
standard output, everything else to standard error; each command imports only what it needs.
"""

from acnelib.cli.main import main

__all__ = ["main"]
