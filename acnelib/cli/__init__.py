"""The command ``acne``: reads arguments, calls one function, prints. Each command imports only what it needs."""

from acnelib.cli.main import main

__all__ = ["main"]
