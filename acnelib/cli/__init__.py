"""The command ``acne``: reads arguments, calls one function, prints.

What may live here: one module per group of commands, how things look on the terminal, what Ctrl-C does. Results go to
standard output, everything else to standard error; each command imports only what it needs.
"""

from acnelib.cli.main import main

__all__ = ["main"]
